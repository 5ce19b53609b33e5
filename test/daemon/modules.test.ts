import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestNotebook } from '../support/daemon.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

const percent = (...cells: string[]): string => cells.map((code) => `# %%\n${code}\n`).join('');

/** The same cells as marimo writes them. */
const marimo = (...cells: string[]): string =>
  `import marimo\n\napp = marimo.App()\n\n${cells.map((code) => `\n@app.cell\ndef _():\n${code.replaceAll(/^/gm, '    ')}\n    return\n`).join('\n')}`;

const write = (name: string, text: string): void => writeFileSync(join(daemon.folder, name), text);

const cells = ['import helpers', 'y = helpers.double(4)\ny', 'z = 1'];

async function becomes(notebook: TestNotebook, ...statuses: string[]): Promise<void> {
  await notebook.followed.waitFor(() => notebook.statuses.join() === statuses.join());
}

describe.each([
  ['percent', percent],
  ['marimo', marimo],
])('a module beside a %s notebook that is edited', (_format, textOf) => {
  it('makes the cells that import it stale, with what follows, and is loaded when they run', async () => {
    write('helpers.py', 'def double(x): return x * 2');
    const notebook = await daemon.notebook(textOf(...cells));
    await notebook.run('all');
    expect([notebook.shown(1), ...notebook.statuses]).toEqual(['8', 'fresh', 'fresh', 'fresh']);

    write('helpers.py', 'def double(x): return x * 20');
    await becomes(notebook, 'stale', 'stale', 'fresh');
    expect(notebook.cell(0).reason).toBe('the module helpers.py has changed');
    // Nothing has run by itself.
    expect(notebook.shown(1)).toBe('8');

    await notebook.run('reactive', 1);
    expect([notebook.shown(1), ...notebook.statuses]).toEqual(['80', 'fresh', 'fresh', 'fresh']);
  });

  it('leaves them fresh again when the edit is undone', async () => {
    write('helpers.py', 'def double(x): return x * 2');
    const notebook = await daemon.notebook(textOf(...cells));
    await notebook.run('all');
    write('helpers.py', 'def double(x): return x * 20');
    await becomes(notebook, 'stale', 'stale', 'fresh');
    write('helpers.py', 'def double(x): return x * 2');
    await becomes(notebook, 'fresh', 'fresh', 'fresh');
  });
});

it('reaches cells through the modules that import it', async () => {
  write('helpers.py', 'from numbers_of_ours import n\ndef double(x): return x * n');
  write('numbers_of_ours.py', 'n = 2');
  const notebook = await daemon.notebook(percent(...cells));
  await notebook.run('all');
  write('numbers_of_ours.py', 'n = 200');
  await becomes(notebook, 'stale', 'stale', 'fresh');
  expect(notebook.cell(0).reason).toBe('the module numbers_of_ours.py has changed');
  await notebook.run('stale');
  expect(notebook.shown(1)).toBe('800');
});

it('makes a cell that failed over it stale, and is found broken or gone by the next run', async () => {
  write('helpers.py', 'def double(x): return 1 / 0');
  const notebook = await daemon.notebook(percent('import helpers\nhelpers.double(4)'));
  await notebook.run('all');
  expect(notebook.statuses).toEqual(['failed']);
  write('helpers.py', 'def double(x): return x * 2');
  await becomes(notebook, 'stale');
  await notebook.run('all');
  expect(notebook.shown(0)).toBe('8');
  rmSync(join(daemon.folder, 'helpers.py'));
  await becomes(notebook, 'stale');
  await notebook.run('all');
  expect([notebook.statuses, notebook.cell(0).error?.name]).toEqual([['failed'], 'ModuleNotFoundError']);
});

it('is seen at the latest when a run starts, and when it changed while the cell ran', async () => {
  write('helpers.py', 'x = 1');
  const notebook = await daemon.notebook(
    percent('import helpers, pathlib\npathlib.Path("helpers.py").write_text("x = 22")\nhelpers.x', 'import helpers\nhelpers.x'),
  );
  await notebook.run('only', 0);
  await becomes(notebook, 'stale', 'new');
  await notebook.run('only', 1);
  expect([notebook.shown(0), notebook.shown(1)]).toEqual(['1', '22']);
});

it('changes nothing where the project says so', async () => {
  write('pyproject.toml', '[tool.headwater]\nauto_reload = false\n');
  write('helpers.py', 'def double(x): return x * 2');
  const notebook = await daemon.notebook(percent(...cells));
  await notebook.run('all');
  write('helpers.py', 'def double(x): return x * 20');
  await notebook.run('only', 2);
  expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
  await notebook.run('all');
  expect(notebook.shown(1)).toBe('8');
});
