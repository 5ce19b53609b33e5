// Import cells with a real kernel: an edit of one concerns only who uses the imports that changed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestNotebook } from '../support/daemon.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

const percent = (...cells: string[]): string => cells.map((code) => `# %%\n${code}\n`).join('');

/** The same cells as marimo writes them. */
const marimo = (...cells: string[]): string =>
  `import marimo\n\napp = marimo.App()\n\n${cells.map((code) => `\n@app.cell\ndef _():\n${code.replaceAll(/^/gm, '    ')}\n    return\n`).join('\n')}`;

const users = ['print(os.sep)', 'a = dumps([])', 'print(a)'];

const outcomesOf = async (notebook: TestNotebook, at: number) =>
  (await notebook.run('reactive', at)).steps.map(({ outcome }) => outcome);

it('parts of one package are loaded by the cells that name them (A13)', async () => {
  const notebook = await daemon.notebook(
    percent('import xml.dom', 'import xml.sax', 'print(xml.dom.__name__, xml.sax.__name__)'),
  );
  await notebook.run('reactive', 2);
  expect([notebook.shown(2), ...notebook.statuses]).toEqual(['xml.dom xml.sax\n', 'fresh', 'fresh', 'fresh']);
  await notebook.edit(percent('import xml.etree', 'import xml.sax', 'print(xml.dom.__name__, xml.sax.__name__)'));
  expect(notebook.statuses).toEqual(['stale', 'stale', 'stale']);
});

describe.each([
  ['percent', percent],
  ['marimo', marimo],
])('in a %s notebook', (_format, textOf) => {
  it('another import concerns only who uses it (P64)', async () => {
    const notebook = await daemon.notebook(textOf('import os\nfrom json import dumps', ...users));
    await notebook.run('all');
    await notebook.edit(textOf('import os; import sys\nfrom json import dumps', ...users));
    expect(notebook.statuses).toEqual(['stale', 'fresh', 'fresh', 'fresh']);
    expect(await outcomesOf(notebook, 0)).toEqual(['ok']);
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh', 'fresh']);
    await notebook.edit(textOf('import os; import sys\nfrom pickle import dumps', ...users));
    expect(notebook.statuses).toEqual(['stale', 'fresh', 'stale', 'stale']);
    expect(await outcomesOf(notebook, 0)).toEqual(['ok', 'ok', 'ok']);
  });

  it('an import that fails leaves none of its names (P64)', async () => {
    const notebook = await daemon.notebook(textOf('import os', 'print(os.sep)'));
    await notebook.run('all');
    await notebook.edit(textOf('import os; import not_to_be_had', 'print(os.sep)'));
    expect(notebook.statuses).toEqual(['stale', 'fresh']);
    expect(await outcomesOf(notebook, 0)).toEqual(['raised']);
    expect(notebook.statuses).toEqual(['failed', 'stale']);
    await notebook.edit(textOf('import os', 'print(os.sep)'));
    expect(await outcomesOf(notebook, 0)).toEqual(['ok', 'ok']);
  });

  it('an alias that is the name itself says nothing new (A16)', async () => {
    const notebook = await daemon.notebook(textOf('import os\nfrom json import dumps', ...users));
    await notebook.run('all');
    await notebook.edit(textOf('import os as os\nfrom json import dumps as dumps', ...users));
    expect(notebook.statuses).toEqual(['stale', 'fresh', 'fresh', 'fresh']);
  });

  it('a cell that does the same again leaves who uses its imports fresh (P64)', async () => {
    const notebook = await daemon.notebook(textOf('import os\nfrom json import dumps\nn = os.sep', ...users, 'print(n)'));
    await notebook.run('all');
    await notebook.run('only', 0);
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh', 'fresh', 'stale']);
  });

  it('a module that is loaded anew is another (P64)', async () => {
    const write = (n: number) => writeFileSync(join(daemon.folder, 'ours.py'), `n = ${n}\n`);
    write(1);
    const notebook = await daemon.notebook(textOf('import ours, os', 'print(ours.n)', 'print(os.sep)'));
    await notebook.run('all');
    await notebook.edit(textOf('import ours, os, sys', 'print(ours.n)', 'print(os.sep)'));
    expect(notebook.statuses).toEqual(['stale', 'fresh', 'fresh']);
    write(2);
    await notebook.followed.waitFor(() => notebook.statuses[1] === 'stale');
    await notebook.run('stale');
    expect([notebook.shown(1), ...notebook.statuses]).toEqual(['2\n', 'fresh', 'fresh', 'fresh']);
  });

  it.each([
    ['os.environ["HW_S"] = "1"', 'import os', 'print(os.environ["HW_S"])'],
    ['sys.path.append("nowhere")', 'import sys', 'print(sys.path[-1])'],
    ['plain.limit = 1', 'import types as plain', 'print(plain.limit)'],
    ['settings["depth"] = 1', 'from json.decoder import BACKSLASH as settings', 'print(settings["depth"])'],
  ])('%s needs no import again', async (setting, imports, reader) => {
    const cells = [`${imports}\nprint("imported")`, setting, reader];
    const notebook = await daemon.notebook(textOf(...cells));
    await notebook.run('all');
    const shown = notebook.shown(2);
    const { steps } = await notebook.run('reactive', 1);
    expect(steps.map(({ cell }) => cell)).not.toContain(notebook.cell(0).id);
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
    expect(notebook.shown(2)).toBe(shown);
  });
});
