// marimo refuses a setup cell that takes names from other cells: in a session it is in conflict, with a problem that says what to do.
import { describe, expect, it } from 'vitest';
import { marimoText } from '../support/marimo-notebook.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

describe('a setup cell', () => {
  it.each([
    ['reads it', 'print(base)\nrate = 2'],
    ['reads it in a function', 'rate = 2\ndef f():\n    return base'],
    ['deletes it', 'rate = 2\ndel base'],
    ['changes it', 'rate = 2\nbase.append(1)'],
  ])('that takes a name from another cell is in conflict, and does not run (%s)', async (_, setup) => {
    const notebook = await daemon.notebook(marimoText(['base = [1]', 'print("rate is", rate)', 'print("beside")'], setup));
    const { steps } = await notebook.run('all');
    expect(notebook.statuses).toEqual(['conflict', 'fresh', 'skipped', 'fresh']);
    expect(notebook.cell(0).reason).toBe('the setup cell runs first, and takes names from other cells');
    expect(steps.map(({ outcome }) => outcome)).toEqual(['ok', 'skipped', 'skipped', 'ok']);
    const [problem] = notebook.followed.view.problems.filter(({ code }) => code === 'setup-dependency');
    expect(problem?.message).toMatch(/cannot take base from cell 2\. Move that definition here, or this line there\.$/);
  });

  it('runs as soon as the text is mended, and is in conflict again when it is not', async () => {
    const cells = ['base = 1', 'print("rate is", rate)'];
    const notebook = await daemon.notebook(marimoText(cells, 'rate = base'));
    expect(notebook.statuses).toEqual(['conflict', 'new', 'skipped']);
    await notebook.edit(marimoText(cells, 'rate = 3'));
    expect(notebook.statuses).toEqual(['new', 'new', 'new']);
    await notebook.run('all');
    expect([notebook.statuses, notebook.shown(2)]).toEqual([['fresh', 'fresh', 'fresh'], 'rate is 3\n']);
    await notebook.edit(marimoText(['base = 1', 'print("rate is", rate)', 'x = 1'], 'rate = base'));
    expect(notebook.statuses).toEqual(['conflict', 'fresh', 'skipped', 'new']);
    await notebook.edit(marimoText(['other = 1', 'print("rate is", rate)', 'x = 1'], 'rate = base'));
    expect(notebook.statuses[0]).toBe('stale');
  });

  it('that takes a builtin, or a name that nobody defines, is none of this', async () => {
    const notebook = await daemon.notebook(marimoText(['print(size)'], 'size = len("abc")'));
    await notebook.run('all');
    expect([notebook.statuses, notebook.shown(1)]).toEqual([['fresh', 'fresh'], '3\n']);
  });
});
