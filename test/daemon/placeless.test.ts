import { expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { layersMax, placelessQueuedMax } from '../../daemon/limits.ts';
import { refusalName } from '../../protocol/errors.ts';
import { placelessCodeCharactersMax, placelessKeptMax } from '../../protocol/limits.ts';
import type { ResultOf } from '../../protocol/methods.ts';
import type { TestNotebook } from '../support/daemon.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

type Answer = ResultOf<'code/evaluate'>;

function open(text: string): Promise<TestNotebook> {
  return daemon.notebook(text);
}

function evaluate({ client, session }: TestNotebook, code: string, at?: string): Promise<Answer> {
  return client.request('code/evaluate', { session, code, ...(at !== undefined && { at }) });
}

/** Everything that the step shows, as plain text, or its error in a line. */
function shown({ outputs, error }: Answer): string {
  const texts = outputs.map((output) => (output.type === 'stream' ? output.text : output.bundle['text/plain']));
  return [...texts, ...(error ? [`${error.name}: ${error.message}`] : [])].join('');
}

async function repl(notebook: TestNotebook, code: string, at?: string): Promise<string> {
  return shown(await evaluate(notebook, code, at));
}

/** The same notebook through another connection. */
async function another(notebook: TestNotebook): Promise<TestNotebook> {
  return daemon.open(notebook.path, undefined, await daemon.client('another'));
}

it('sees the newest value of each name, and names those that are out of date (P57)', async () => {
  const notebook = await open('# %%\nx = 1\n# %%\ny = x + 1\n');
  await notebook.run('all');
  expect(await evaluate(notebook, 'x + y')).toMatchObject({
    outcome: 'ok',
    outputs: [{ type: 'result', bundle: { 'text/plain': '3' } }],
    names: { stale: [], defined: [], deleted: [], changed: [] },
  });
  await notebook.edit('# %%\nx = 5\n# %%\ny = x + 1\n');
  expect(await evaluate(notebook, 'x + y')).toMatchObject({ names: { stale: ['x', 'y'] } });
  await notebook.run('reactive', 0);
  expect(await repl(notebook, 'x + y')).toBe('11');
  await notebook.edit('# %%\ny = 7\n');
  expect(await repl(notebook, 'x')).toBe("NameError: name 'x' is not defined");
});

it('answers with the number of the last event of the step (P24)', async () => {
  const notebook = await open('# %%\nxs = []\n');
  await notebook.run('all');
  const { seq } = await evaluate(notebook, 'xs.append(1)');
  const view = await notebook.followed.waitFor((view) => view.seq >= seq);
  expect([view.seq, view.kernel.phase, notebook.cell(0).reason]).toEqual([
    seq,
    'idle',
    '<repl 2> changed xs in place; run the cell to restore it',
  ]);
});

it('starts a kernel where none runs, and runs no cell', async () => {
  const notebook = await open('# %%\nx = 1\n');
  expect(await repl(notebook, 'print("x" in globals())')).toBe('False\n');
  expect(notebook.statuses).toEqual(['new']);
});

it('names what a function reads that is out of date (P57)', async () => {
  const text = '# %%\nk = 2\n# %%\ndef f():\n    return k\n';
  const notebook = await open(text);
  await notebook.run('all');
  await notebook.edit(text.replace('2', '3'));
  expect(await evaluate(notebook, 'f()')).toMatchObject({ names: { stale: ['f', 'k'] } });
});

it('sees with a cell what that cell would see (P57)', async () => {
  const notebook = await open('# %%\nx = 1\n# %%\ny = x\n# %%\nx = 2\n# %%\nz = x\n');
  await notebook.run('all');
  const at = (cell: number) => repl(notebook, 'print(x, "y" in globals())', notebook.cell(cell).id);
  expect([await at(1), await at(3)]).toEqual(['1 False\n', '2 True\n']);
  expect(await evaluate(notebook, 'x', 'no-cell').catch(refusalName)).toBe('no-such-cell');
});

it('shows what a client defines to later steps of this client alone, and to no cell (P58)', async () => {
  const notebook = await open('# %%\nx = 1\n# %%\nprint(x, "mine" in globals())\n');
  await notebook.run('all');
  const other = await another(notebook);
  expect(await evaluate(notebook, 'x = 10; mine = x')).toMatchObject({ names: { defined: ['x', 'mine'] } });
  expect(await repl(notebook, 'x, mine')).toBe('(10, 10)');
  expect(await repl(other, 'x, "mine" in globals()')).toBe('(1, False)');
  await notebook.run('reactive', 1);
  expect(notebook.shown(1)).toBe('1 False\n');
  expect(await repl(notebook, 'x')).toBe('10');
});

it('shows the name of the notebook again when the own one is deleted, and hides one that is not the own (P58)', async () => {
  const notebook = await open('# %%\nx = 1\n# %%\nprint(x)\n');
  await notebook.run('all');
  await evaluate(notebook, 'x = 10');
  expect(await evaluate(notebook, 'del x')).toMatchObject({ names: { deleted: ['x'] } });
  expect(await repl(notebook, 'x')).toBe('1');
  await evaluate(notebook, 'del x');
  expect(await repl(notebook, 'x')).toBe("NameError: name 'x' is not defined");
  await notebook.run('reactive', 1);
  expect(notebook.shown(1)).toBe('1\n');
});

it.each([
  ['detaches', async ({ client, session }: TestNotebook) => void (await client.request('session/detach', { session }))],
  ['loses its kernel', async ({ client, session }: TestNotebook) => void (await client.request('kernel/restart', { session }))],
])('forgets what a client has defined when it %s (P58)', async (_, leave) => {
  const notebook = await open('# %%\nx = 1\n');
  await evaluate(notebook, 'mine = 1');
  await leave(notebook);
  expect(await repl(notebook, '"mine" in globals()')).toBe('False');
});

it('forgets what a client has defined when its connection ends (P58)', async () => {
  const notebook = await open('# %%\nx = 1\n');
  const other = await another(notebook);
  await evaluate(other, 'import weakref\nclass Mine: pass\nmine = Mine()\nimport builtins; builtins.seen = weakref.ref(mine)');
  expect(await repl(notebook, 'seen() is None')).toBe('False');
  other.client.close();
  await notebook.followed.waitFor(() => true);
  let isGone = 'False';
  for (let tries = 0; tries < 100 && isGone === 'False'; tries++)
    isGone = await repl(notebook, 'import gc; gc.collect(); seen() is None');
  expect(isGone).toBe('True');
});

it('consumes what it changes in place, as a cell does (P59)', async () => {
  const notebook = await open('# %%\nxs = [1]\n# %%\nprint(xs)\n');
  await notebook.run('all');
  expect(await evaluate(notebook, 'xs.append(2)')).toMatchObject({ names: { changed: ['xs'] } });
  expect(notebook.statuses).toEqual(['fresh', 'fresh']);
  await notebook.followed.waitFor(() => notebook.cell(0).reason !== undefined);
  expect(notebook.cell(0).reason).toBe('<repl 3> changed xs in place; run the cell to restore it');
  expect(await evaluate(notebook, 'xs')).toMatchObject({ names: { stale: ['xs'] } });
  const { steps } = await notebook.run('reactive', 1);
  expect(steps.map(({ cell }) => cell)).toEqual([notebook.cell(0).id, notebook.cell(1).id]);
  expect([notebook.shown(1), notebook.cell(0).reason]).toEqual(['[1]\n', undefined]);
  expect(await evaluate(notebook, 'xs')).toMatchObject({ names: { stale: [] } });
});

it.each([
  ['in a function', 'def add(ys):\n    ys.append(2)\nadd(xs)', []],
  ['under a name of its own', 'ys.append(2)', ['ys = xs']],
  ['under its name, which it defined itself', 'xs.append(2)', ['xs = xs']],
  ['that its name no longer means', 'ys.append(2)', ['ys = xs', 'xs = 0']],
])('notices a change %s (P59)', async (_, code, before) => {
  const notebook = await open('# %%\nxs = [1]\n# %%\nprint(xs)\n');
  await notebook.run('all');
  for (const step of before) await evaluate(notebook, step);
  expect(await evaluate(notebook, code)).toMatchObject({ names: { changed: ['xs'] } });
  await notebook.run('reactive', 1);
  expect(notebook.shown(1)).toBe('[1]\n');
});

it('has its turn after what was asked for before, and before what is asked for later (P60)', async () => {
  const notebook = await open('# %%\nimport time; time.sleep(0.3); x = 1\n# %%\nx = 2\n');
  const first = await notebook.start('all');
  const answer = evaluate(notebook, 'x');
  await notebook.client.request('graph/plan', { session: notebook.session, mode: 'all' });
  const last = await notebook.start('reactive', 0);
  expect(shown(await answer)).toBe('2');
  await notebook.wait(first);
  await notebook.wait(last);
});

it('keeps its turn between quick cells that are sent ahead (P60)', async () => {
  const cells = Array.from({ length: 100 }, (_, at) => `# %%\nx${at} = ${at === 0 ? '0' : `x${at - 1} + 1`}\n`);
  const notebook = await open(cells.join(''));
  await notebook.run('only', 0);
  const first = await notebook.start('all');
  const answers = ['x99 = x99 + 1; x99', 'x99 + 1'].map((code) => evaluate(notebook, code));
  await notebook.client.request('graph/plan', { session: notebook.session, mode: 'all' });
  const last = await notebook.start('all');
  expect((await Promise.all(answers)).map(shown)).toEqual(['100', '101']);
  expect([(await notebook.wait(first)).outcome, (await notebook.wait(last)).outcome]).toEqual(['ok', 'ok']);
  expect(await repl(await another(notebook), 'x99')).toBe('99');
});

it('is taken out of the queue when its request is cancelled, or interrupted (P60)', async () => {
  const notebook = await open('# %%\nx = 1\n');
  await evaluate(notebook, 'import time');
  const { session, client } = notebook;
  const [running, waiting] = [new CancellationTokenSource(), new CancellationTokenSource()];
  const first = client.request('code/evaluate', { session, code: 'before = 1\ntime.sleep(60)' }, running.token);
  await notebook.followed.waitFor((view) => view.placeless.at(-1)?.code.startsWith('before') === true);
  const second = client.request('code/evaluate', { session, code: 'print(1)' }, waiting.token);
  waiting.cancel();
  expect(await second).toMatchObject({ outcome: 'cancelled', outputs: [] });
  running.cancel();
  expect(await first).toMatchObject({ outcome: 'interrupted', names: { defined: ['before'] } });
});

it('is interrupted with run/interrupt, and all that wait are cancelled (P60)', async () => {
  const notebook = await open('# %%\nx = 1\n');
  const first = evaluate(notebook, 'import time\ntime.sleep(60)');
  await notebook.followed.waitFor((view) => view.placeless.length > 0 && view.kernel.phase === 'busy');
  const second = evaluate(notebook, '1');
  await notebook.client.request('graph/plan', { session: notebook.session, mode: 'all' });
  expect(await notebook.client.request('run/interrupt', { session: notebook.session })).toEqual({ interrupted: 1 });
  expect([(await first).outcome, (await second).outcome]).toEqual(['interrupted', 'cancelled']);
});

it('ends with its kernel, which says so (P60)', async () => {
  const notebook = await open('# %%\nx = 1\n');
  const answer = await evaluate(notebook, 'import os, signal; os.kill(os.getpid(), signal.SIGKILL)');
  expect(answer).toMatchObject({ outcome: 'interrupted', error: { name: 'KernelDied' } });
  expect(await repl(notebook, '1')).toBe('1');
});

it('asks in input()', async () => {
  const notebook = await open('# %%\nx = 1\n');
  const answer = evaluate(notebook, 'name = input("name? ")\nname');
  const { input } = await notebook.followed.waitFor((view) => view.input !== undefined);
  expect(input).toEqual({ input: 1, step: 1, prompt: 'name? ', isPassword: false });
  await notebook.client.request('input/reply', { session: notebook.session, input: 1, text: 'Ada', echo: true });
  expect(shown(await answer)).toBe("name? Ada\n'Ada'");
});

it('shows each step to all clients, the last ones in the view, and folding stays closed (P61)', async () => {
  const notebook = await open('# %%\nx = 1\n');
  const other = await another(notebook);
  for (let at = 0; at <= placelessKeptMax; at++) await evaluate(notebook, `print(${at})`);
  await other.followed.waitFor(
    (view) => view.placeless.at(-1)?.outcome !== undefined && view.placeless.at(-1)?.code === 'print(50)',
  );
  const { view } = await notebook.client.request('session/attach', { session: notebook.session });
  expect(other.followed.view.placeless).toEqual(view?.placeless);
  expect(view?.placeless.map(({ code }) => code)).toEqual(
    Array.from({ length: placelessKeptMax }, (_, at) => `print(${at + 1})`),
  );
  expect(view?.placeless[0]).toMatchObject({
    client: 'test',
    outcome: 'ok',
    outputs: [{ type: 'stream', text: '1\n', elided: 0 }],
  });
});

it('has the text of its streams to be read beyond what the view shows (P61)', async () => {
  const notebook = await open('# %%\nx = 1\n');
  const { step, outputs } = await evaluate(notebook, 'print("a" * 100_000)');
  const [output] = outputs;
  expect(output).toMatchObject({ type: 'stream', elided: 100_001 - 65_536 });
  const part = { session: notebook.session, index: 0, offset: 99_999, max: 10 };
  expect(await notebook.client.request('output/read', { ...part, step })).toEqual({ from: 99_999, text: 'a\n', length: 100_001 });
  expect(await notebook.client.request('output/read', part).catch(refusalName)).toBe('no-such-output');
});

it('is refused where there is too much of something (P62)', async () => {
  const notebook = await open('# %%\nx = 1\n');
  expect(await evaluate(notebook, ' '.repeat(placelessCodeCharactersMax + 1)).catch(refusalName)).toBe('limit-reached');
  const first = evaluate(notebook, 'import time\ntime.sleep(60)');
  await notebook.followed.waitFor((view) => view.placeless.length > 0);
  const waiting = Array.from({ length: placelessQueuedMax }, () => evaluate(notebook, '1'));
  await notebook.client.request('graph/plan', { session: notebook.session, mode: 'all' });
  expect(await evaluate(notebook, '1').catch(refusalName)).toBe('limit-reached');
  await notebook.client.request('run/interrupt', { session: notebook.session });
  expect(new Set((await Promise.all(waiting)).map(({ outcome }) => outcome))).toEqual(new Set(['cancelled']));
  await first;
});

it('is refused where too many clients have names of their own (P62)', async () => {
  const notebook = await open('# %%\nx = 1\n');
  const { session } = notebook;
  for (let at = 0; at < layersMax; at++) await (await daemon.client()).request('code/evaluate', { session, code: 'mine = 1' });
  expect(await evaluate(notebook, 'mine = 1').catch(refusalName)).toBe('limit-reached');
});
