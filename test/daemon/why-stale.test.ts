/** Why a cell is stale, as clients show it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestNotebook } from '../support/daemon.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

const percent = (...cells: string[]): string => cells.map((code) => `# %%\n${code}\n`).join('');

const marimo = (...cells: string[]): string =>
  `import marimo\n\napp = marimo.App()\n\n${cells.map((code) => `\n@app.cell\ndef _():\n${code.replaceAll(/^/gm, '    ')}\n    return\n`).join('\n')}`;

const why = (notebook: TestNotebook): (string | undefined)[] =>
  notebook.statuses.map((status, at) => (status === 'stale' ? (notebook.cell(at).reason ?? 'unsaid') : status));

describe.each([
  ['percent', percent],
  ['marimo', marimo],
])('a stale cell of a %s notebook says why (P70)', (_format, textOf) => {
  it.each<[string, string[], string[], string[]]>([
    [
      'its text',
      ['x = 1', 'print(x)'],
      ['x = 2', 'print(x)'],
      ['edited since it ran', 'x comes from cell 1, which is not up to date'],
    ],
    [
      'what it reads comes from another cell',
      ['x = 1', 'y = 2', 'def f(): return 3', 'print(x)'],
      ['x = 1', 'y = 2', 'def f(): return 3', 'print(y)'],
      ['fresh', 'fresh', 'fresh', 'edited since it ran'],
    ],
    [
      'no cell gives what it reads any more',
      ['x = 1', 'n = 2', 'print(x)'],
      ['n = 2', 'print(x)'],
      ['fresh', 'no cell above gives x any more'],
    ],
    [
      'a generator',
      ['import random; random.seed(1)', 'print(random.random())'],
      ['import random; random.seed(2)', 'print(random.random())'],
      ['edited since it ran', 'the module random comes from cell 1, which is not up to date'],
    ],
    [
      'the state of a generator',
      ['import random', 'r = random.Random(1)', 'n = 1; [r.random() for _ in range(n)]', 'print(r.random())'],
      ['import random', 'r = random.Random(1)', 'n = 2; [r.random() for _ in range(n)]', 'print(r.random())'],
      [
        'fresh',
        'fresh',
        'edited since it ran',
        'it uses the random numbers of r, which cell 3 changes, and cell 3 is not up to date',
      ],
    ],
    [
      'a file that a cell writes',
      ['open("out.txt", "w").write("1")', 'print(open("out.txt").read())'],
      ['open("out.txt", "w").write("2")', 'print(open("out.txt").read())'],
      ['edited since it ran', 'out.txt comes from cell 1, which is not up to date'],
    ],
  ])('%s', async (_what, before, after, reasons) => {
    const notebook = await daemon.notebook(textOf(...before));
    await notebook.run('all');
    await notebook.edit(textOf(...after));
    expect(why(notebook)).toEqual(reasons);
  });

  it('and says it otherwise when the cell above has run', async () => {
    const texts = ['import random; random.seed(1)', 'print(random.random())', 'x = 1', 'print(x)'];
    const notebook = await daemon.notebook(textOf(...texts));
    await notebook.run('all');
    await notebook.edit(textOf(...texts.map((code) => code.replace('seed(1)', 'seed(2)').replace('x = 1', 'x = 2'))));
    for (const at of [0, 2]) await notebook.run('only', at);
    const anew = ['fresh', 'cell 1 has given the module random anew', 'fresh', 'cell 3 has given x anew'];
    await notebook.followed.waitFor(() => why(notebook).join() === anew.join());
  });

  it('after its kernel was started again, too', async () => {
    const notebook = await daemon.notebook(textOf('x = 1', 'print(x)'));
    await notebook.run('all');
    await notebook.client.request('kernel/restart', { session: notebook.session });
    await notebook.followed.waitFor(() => notebook.followed.view.kernel.phase === 'idle');
    expect(why(notebook)).toEqual(['the kernel was restarted', 'the kernel was restarted']);
  });

  it('where a parameter was given another value', async () => {
    const notebook = await daemon.notebook(textOf('x = 1', 'print(x)'));
    await notebook.run('all');
    const { run } = await notebook.client.request('run/start', {
      session: notebook.session,
      mode: 'only',
      roots: [notebook.cell(1).id],
      parameters: { x: '2' },
    });
    await notebook.client.request('run/wait', { session: notebook.session, run });
    expect(notebook.cell(0).reason).toBe('a parameter in it was given another value');
  });
});

it('a change in place in a script: who gives the object now', async () => {
  const cells = ['xs = []', 'xs.append(1)', 'print(xs)'];
  const notebook = await daemon.notebook(percent(...cells));
  await notebook.run('all');
  await notebook.edit(percent('xs = []', 'n = 1', 'print(xs)'));
  expect(why(notebook)).toEqual(['fresh', 'edited since it ran', 'xs comes from cell 1 now']);
});

it('a change in place in a marimo file: who is to change the object', async () => {
  const cells = ['xs = []', 'xs.append(1)', 'print(xs)'];
  const notebook = await daemon.notebook(marimo(...cells));
  await notebook.run('all');
  await notebook.edit(marimo('xs = []', 'xs.append(2)', 'print(xs)'));
  expect(why(notebook)).toEqual(['fresh', 'edited since it ran', 'xs comes from cell 2, which is not up to date']);
  await notebook.edit(marimo('xs = []', 'n = 1', 'print(xs)'));
  expect(why(notebook)).toEqual(['fresh', 'edited since it ran', 'the cell that changed xs in place does so no more']);
});

it('names the cell as it is called now', async () => {
  const text = (title: string) => `# %% ${title}\nx = 2\n# %%\nprint(x)\n`;
  const notebook = await daemon.notebook(text('one').replace('2', '1'));
  await notebook.run('all');
  await notebook.edit(text('one'));
  expect(notebook.cell(1).reason).toBe('x comes from one, which is not up to date');
  await notebook.edit(text('other'));
  await notebook.followed.waitFor(() => notebook.cell(1).reason === 'x comes from other, which is not up to date');
  await notebook.edit(`# %%\nn = 1\n${text('')}`);
  await notebook.followed.waitFor(() => notebook.cell(2).reason === 'x comes from cell 2, which is not up to date');
});

it('tells of a file before the cells above it', async () => {
  writeFileSync(join(daemon.folder, 'a.csv'), '1');
  const notebook = await daemon.notebook(percent('x = 1', 'print(x, open("a.csv").read())'));
  await notebook.run('all');
  await notebook.client.request('graph/plan', { session: notebook.session, mode: 'stale', roots: [] });
  writeFileSync(join(daemon.folder, 'a.csv'), '2');
  await notebook.edit(percent('x = 2', 'print(x, open("a.csv").read())'));
  await notebook.followed.waitFor(() => notebook.cell(1).reason === 'the file a.csv has changed');
});

it('a stale cell says so where only a function that it calls uses what is out of date', async () => {
  const cells = ['n = 1\ndef f(): return n', 'n = 5', 'print(f())'];
  const notebook = await daemon.notebook(percent(...cells));
  await notebook.run('all');
  await notebook.edit(percent(...cells.with(1, 'n = 6')));
  expect(notebook.cell(2).reason).toBe('n (used by what it calls) comes from cell 2, which is not up to date');
});

it('a stale cell says which state of the process it uses', async () => {
  const cells = ['import os', 'os.chdir("/")', 'print(os.getcwd())'];
  const notebook = await daemon.notebook(percent(...cells));
  await notebook.run('all');
  await notebook.edit(percent(...cells.with(1, 'os.chdir("/usr")')));
  expect(notebook.cell(2).reason).toBe('it uses the working directory, which cell 2 changes, and cell 2 is not up to date');
});
