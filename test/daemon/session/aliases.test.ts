/**
 * A change under another name is not known before the cell has run: so it is today, and so docs/what-is-watched.md says. When who reads the
 * other name is stale at once, both are to be changed.
 */
import { describe, expect, it } from 'vitest';
import { notebookText } from '../../support/notebook-text.ts';
import { sharedDaemon } from '../../support/shared-daemon.ts';

const daemon = sharedDaemon();

describe.each(['percent', 'marimo'] as const)('in a %s notebook (W19)', (format) => {
  it.each([
    ['a = b = []', 'a.append(1)', 'print(b)'],
    ['a = []\nb = a', 'a.append(1)', 'print(b)'],
    ['a = []\nd = {"k": a}', 'a.append(1)', 'print(d)'],
    ['a = b = {}', 'a["k"] = 1', 'print(b)'],
  ])('%j: what a new cell %j changes makes its readers stale once it has run', async (first, change, reader) => {
    const notebook = await daemon.notebook(notebookText(format, [first, reader, 'print(a)']));
    await notebook.run('all');
    await notebook.edit(notebookText(format, [first, change, reader, 'print(a)']));
    expect(notebook.statuses).toEqual(['fresh', 'new', 'fresh', 'stale']);
    await notebook.run('only', 1);
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'stale', 'stale']);
    await notebook.run('stale');
    expect(notebook.shown(2)).toContain('1');
  });
});
