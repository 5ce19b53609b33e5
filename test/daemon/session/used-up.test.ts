/** Objects that a cell changed in place are made again before anyone needs them as they were. */
import { expect, it } from 'vitest';
import type { TestNotebook } from '../../support/daemon.ts';
import { notebookText } from '../../support/notebook-text.ts';
import { sharedDaemon } from '../../support/shared-daemon.ts';

const daemon = sharedDaemon();

function open(...cells: string[]): Promise<TestNotebook> {
  return daemon.notebook(notebookText('percent', cells));
}

it.each([
  ['leaves it as it is', 'if len(q) > 1:\n    q = []', '[1, 2]\n'],
  ['binds another', 'if len(q) == 1:\n    q = [3]', '[3, 2]\n'],
])('also by way of a cell that may bind the name and %s', async (_, perhaps, shown) => {
  const notebook = await open('q = [1]', perhaps, 'q.append(2)', 'print(q)');
  await notebook.run('all');
  for (const at of [1, 2, 1]) {
    await notebook.run('reactive', at);
    expect([notebook.statuses, notebook.shown(3)]).toEqual([['fresh', 'fresh', 'fresh', 'fresh'], shown]);
  }
});

it('by way of a cell that binds the name to the object that it was given', async () => {
  const notebook = await open('def same(q): return q', 'q = [1]', 'q = same(q)', 'q.append(2)', 'print(q)');
  await notebook.run('all');
  await notebook.run('reactive', 2);
  expect([notebook.statuses.at(-1), notebook.shown(4)]).toEqual(['fresh', '[1, 2]\n']);
});
