/** Names that the text plainly gives to one object: who changes it by one of them may change it by the others, also before that has been seen. */
import { describe, expect, it } from 'vitest';
import type { TestNotebook } from '../../support/daemon.ts';
import { notebookText } from '../../support/notebook-text.ts';
import { sharedDaemon } from '../../support/shared-daemon.ts';

const daemon = sharedDaemon();

describe.each(['percent', 'marimo'] as const)('in a %s notebook (A42)', (format) => {
  const text = (...cells: string[]) => notebookText(format, cells);
  const last = ({ statuses }: TestNotebook) => statuses.at(-1);

  async function ran(...cells: string[]): Promise<TestNotebook> {
    const notebook = await daemon.notebook(text(...cells));
    await notebook.run('all');
    return notebook;
  }

  it.each([
    ['a = b = []', 'a.append(1)', 'print(b)', '[1]'],
    ['a = b = []', 'b.append(1)', 'print(a)', '[1]'],
    ['a = []\nb = a', 'a.append(1)', 'print(b)', '[1]'],
    ['a = []\nb: list = a', 'b += [1]; None', 'print(a)', '[1]'],
    ['a = b = {}', 'a["k"] = 1', 'print(b)', "{'k': 1}"],
    ['a = c = []\nb = c', 'a.append(1)', 'print(b)', '[1]'],
    ['from types import SimpleNamespace\nif 1:\n    a = b = SimpleNamespace()', 'a.n = 1', 'print(vars(b))', "{'n': 1}"],
  ])('%s: a new cell with %s makes a cell stale that reads another name', async (first, change, reader, shown) => {
    if (format === 'marimo' && change.includes('+=')) return;
    const notebook = await ran(first, reader);
    await notebook.edit(text(first, change, reader));
    expect(notebook.statuses).toEqual(['fresh', 'new', 'stale']);
    await notebook.run('upstream', 2);
    expect([notebook.shown(2).trim(), ...notebook.statuses]).toEqual([shown, 'fresh', 'fresh', 'fresh']);
  });

  it('so does an edited cell, and where another cell gives the other name', async () => {
    const notebook = await ran('a = []', 'b = a', 'z = 1', 'print(b)');
    await notebook.edit(text('a = []', 'b = a', 'a.append(1)', 'print(b)'));
    expect(last(notebook)).toBe('stale');
  });

  it('is known from the beginning', async () => {
    const notebook = await daemon.notebook(text('a = b = []', 'a.append(1)', 'print(b)'));
    await notebook.run('upstream', 2);
    expect([notebook.shown(2), ...notebook.statuses]).toEqual(['[1]\n', 'fresh', 'fresh', 'fresh']);
  });

  it('is no more once the cell has run and has not changed it', async () => {
    const cells = ['a = b = []', 'b.append(0)', 'if b:\n    a[0:0] = []', 'print(b)'];
    const notebook = await ran(cells[0] as string, cells[1] as string, cells[3] as string);
    await notebook.edit(text(...cells));
    expect(last(notebook)).toBe('stale');
    await notebook.run('stale');
    await notebook.run('stale');
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh', 'fresh']);
  });

  it.each([
    ['a = b = 1', 'print(b)'],
    ['def f():\n    a = b = []\na = []\nb = []', 'print(b)'],
    ['a = []\nb = [*a]', 'print(b)'],
  ])('%s: not of one object', async (first, reader) => {
    const notebook = await ran(first, reader);
    await notebook.edit(text(first, 'try:\n    a[0:0] = []\nexcept TypeError:\n    pass', reader));
    expect(notebook.statuses).toEqual(['fresh', 'new', 'fresh']);
  });
});
