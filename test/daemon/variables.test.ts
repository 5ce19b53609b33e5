import { expect, it } from 'vitest';
import { refusalName } from '../../protocol/errors.ts';
import { variablesListedMax } from '../../protocol/limits.ts';
import type { ParamsOf } from '../../protocol/methods.ts';
import type { TestNotebook } from '../support/daemon.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

const list = ({ client, session }: TestNotebook, asked: Partial<ParamsOf<'variables/list'>> = {}) =>
  client.request('variables/list', { session, ...asked });

const names = async (notebook: TestNotebook, asked: Partial<ParamsOf<'variables/list'>> = {}) =>
  (await list(notebook, asked)).variables.map(({ name }) => name).join(' ');

/** Starts the cell, which prints before it goes on until it is interrupted. */
async function startEndless(notebook: TestNotebook, at: number): Promise<number> {
  const run = await notebook.start('only', at);
  await notebook.followed.waitFor(() => notebook.shown(at).includes('ready'));
  return run;
}

async function interrupt({ client, session }: TestNotebook): Promise<void> {
  await client.request('run/interrupt', { session });
}

it('lists what the cells have defined, where they stand on the page (P46)', async () => {
  const notebook = await daemon.notebook(
    '# %%\nx = 1\n__all__ = []\n# %%\nimport os\ndef f(): pass\n# %%\ny = "text"\nz = [x]\n',
  );
  await notebook.run('all');
  const { variables, more, note } = await list(notebook);
  expect([more, note]).toEqual([false, undefined]);
  const [first, second, third] = [0, 1, 2].map((at) => notebook.cell(at).id);
  expect(variables).toEqual([
    { name: 'x', cell: first, step: 1, type: 'int', preview: '1' },
    { name: 'os', cell: second, step: 2, type: 'module', preview: 'module os' },
    { name: 'f', cell: second, step: 2, type: 'function', preview: 'function f' },
    { name: 'y', cell: third, step: 3, type: 'str', preview: "'text'", length: 4 },
    { name: 'z', cell: third, step: 3, type: 'list', preview: '[1]', length: 1 },
  ]);
});

it('lists what is there at the end of the page: the last definition, and nothing that was deleted (P46)', async () => {
  const notebook = await daemon.notebook('# %%\nx = 1\ny = 2\nz = 3\n# %%\nx = "two"\n# %%\ndel y\n# %%\n1 / 0\nw = 4\n');
  await notebook.run('all');
  expect((await list(notebook)).variables.map(({ name, preview }) => [name, preview])).toEqual([
    ['z', '3'],
    ['x', "'two'"],
  ]);
  // A cell that runs alone is given other names; those of the notebook are the same.
  await notebook.run('only', 0);
  expect(await names(notebook)).toBe('z x');
});

it('lists a part, and says whether more follow (P46)', async () => {
  const count = variablesListedMax + 5;
  const code = Array.from({ length: count }, (_, at) => `v${at} = ${at}`).join('\n');
  const notebook = await daemon.notebook(`# %%\n${code}\n`);
  await notebook.run('all');
  const all = await list(notebook);
  expect([all.variables.length, all.more]).toEqual([variablesListedMax, true]);
  const rest = await list(notebook, { offset: variablesListedMax });
  expect([rest.variables.map(({ preview }) => preview), rest.more]).toEqual([['200', '201', '202', '203', '204'], false]);
  const part = await list(notebook, { offset: 1, limit: 2 });
  expect([part.variables.map(({ name }) => name), part.more]).toEqual([['v1', 'v2'], true]);
  expect(await names(notebook, { names: ['v3', 'none', 'v1'] })).toBe('v1 v3');
  await expect(list(notebook, { limit: variablesListedMax + 1 })).rejects.toThrow('limit');
});

it('lists while a cell runs, as the values were when another step ended (P46)', async () => {
  const notebook = await daemon.notebook('# %%\nxs = [1]\n# %%\nxs.append(2)\nprint("ready")\nwhile True: pass\n');
  await notebook.run('only', 0);
  expect((await list(notebook)).variables).toMatchObject([{ name: 'xs', preview: '[1]' }]);
  await startEndless(notebook, 1);
  expect((await list(notebook)).variables).toMatchObject([{ name: 'xs', preview: '[1]', asOf: 1 }]);
  await interrupt(notebook);
});

it('has nothing to list without a kernel, and says so (P46)', async () => {
  const notebook = await daemon.notebook('# %%\nx = 1\n');
  expect(await list(notebook)).toMatchObject({ variables: [], more: false, note: expect.stringContaining('No kernel') });
  await notebook.run('all');
  expect(await names(notebook)).toBe('x');
  await notebook.client.request('kernel/restart', { session: notebook.session });
  await notebook.followed.waitFor(({ kernel }) => kernel.phase === 'idle' && kernel.generation === 2);
  expect(await list(notebook)).toEqual({ variables: [], more: false });
});

it('refuses while C code holds the interpreter, and lists again afterwards (P46)', async () => {
  const hold = 'import ctypes\nprint("ready")\nctypes.PyDLL(None).usleep(3_000_000)';
  const notebook = await daemon.notebook(`# %%\nx = 1\n# %%\n${hold}\n`);
  await notebook.run('only', 0);
  const run = await startEndless(notebook, 1);
  const refused = () => list(notebook).then(() => undefined, refusalName);
  // The first ones may come before the call.
  while ((await refused()) === undefined);
  expect(await Promise.all([refused(), refused()])).toEqual(['not-answering', 'not-answering']);
  expect((await notebook.wait(run)).outcome).toBe('ok');
  expect(await names(notebook)).toBe('x ctypes');
});

it('says which step runs, and for how long (P47)', async () => {
  const notebook = await daemon.notebook('# %%\nprint("ready")\nwhile True: pass\n');
  const info = () => notebook.client.request('kernel/info', { session: notebook.session });
  expect((await info()).step).toBeUndefined();
  await startEndless(notebook, 0);
  const first = await info();
  expect(first.step).toMatchObject({ cell: notebook.cell(0).id, step: 1 });
  expect(first.memoryBytes).toBeGreaterThan(1_000_000);
  const runningMs = async () => (await info()).step?.runningMs ?? 0;
  while ((await runningMs()) <= (first.step?.runningMs ?? 0));
  await interrupt(notebook);
});

it('leaves no trace in what a notebook shows, nor in what is stale', async () => {
  const text = [
    'xs = [1]',
    'xs.append(len(xs))\nfor _ in range(300_000): pass\nprint(xs)',
    'n = sum(xs)\nfor _ in range(300_000): pass',
    'print(n)\nraise ValueError(n)',
    'm = n + 1\nm',
  ];
  const shownBy = async (asks: boolean, name: string) => {
    const notebook = await daemon.notebook(`${text.map((cell) => `# %%\n${cell}`).join('\n')}\n`, name);
    let isOver = false;
    const asking = (async () => {
      while (asks && !isOver) await list(notebook).catch(() => undefined);
    })();
    const seen: unknown[] = [];
    for (const roots of [[], [1], [2], [0]]) {
      await notebook.run(roots.length === 0 ? 'all' : 'reactive', ...roots);
      seen.push([notebook.statuses, text.map((_, at) => notebook.shown(at))]);
    }
    isOver = true;
    await asking;
    return seen;
  };
  expect(await shownBy(true, 'with.py')).toEqual(await shownBy(false, 'without.py'));
});
