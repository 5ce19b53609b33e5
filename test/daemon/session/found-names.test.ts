/** Names that a cell makes at run time, by `exec` or through `globals()`, belong to it while its text is what ran. */
import { expect, it } from 'vitest';
import type { TestNotebook } from '../../support/daemon.ts';
import { notebookText } from '../../support/notebook-text.ts';
import { sharedDaemon } from '../../support/shared-daemon.ts';

const daemon = sharedDaemon();

function open(...cells: string[]): Promise<TestNotebook> {
  return daemon.notebook(notebookText('percent', cells));
}

it('come back with the text, when an edit is undone, for those who look among all names', async () => {
  const cells = ['globals()["z"] = 1', '"z" in globals()'];
  const notebook = await open(...cells);
  await notebook.run('all');
  await notebook.edit(notebookText('percent', ['globals()["y"] = 1', cells[1] as string]));
  await notebook.run('only', 1);
  expect(notebook.shown(1)).toBe('False');
  await notebook.edit(notebookText('percent', cells));
  expect(notebook.statuses).toEqual(['fresh', 'stale']);
  await notebook.run('only', 1);
  expect(notebook.shown(1)).toBe('True');
});
