/** Names that a cell makes at run time, by `exec` or through `globals()`, belong to it while its text is what ran. */
import { expect, it } from 'vitest';
import type { TestNotebook } from '../../support/daemon.ts';
import { notebookText } from '../../support/notebook-text.ts';
import { sharedDaemon } from '../../support/shared-daemon.ts';

const daemon = sharedDaemon();

function open(...cells: string[]): Promise<TestNotebook> {
  return daemon.notebook(notebookText('percent', cells));
}

const made = 'globals()["z"] = 1';
const other = 'globals()["y"] = 1';

it('come back with the text, when an edit is undone, for those who look among all names', async () => {
  const looks = 'sorted({"y", "z"} & globals().keys())';
  const notebook = await open(made, looks);
  await notebook.run('all');
  await notebook.edit(notebookText('percent', [other, looks]));
  await notebook.run('only', 1);
  expect(notebook.shown(1)).toBe('[]');
  await notebook.edit(notebookText('percent', [made, looks]));
  expect(notebook.cell(0).status).toBe('fresh');
  await notebook.run('only', 1);
  expect(notebook.shown(1)).toBe("['z']");
});

it('may still come from an edited cell: who reads one by its name waits for it, until the edit is undone', async () => {
  const reads = '"z" in globals()';
  const notebook = await open(made, reads);
  await notebook.run('all');
  await notebook.edit(notebookText('percent', [other, reads]));
  await notebook.run('only', 1);
  expect(notebook.statuses).toEqual(['stale', 'stale']);
  expect(notebook.shown(1)).toBe('True');
  await notebook.edit(notebookText('percent', [made, reads]));
  expect(notebook.statuses).toEqual(['fresh', 'fresh']);
  await notebook.edit(notebookText('percent', [other, reads]));
  await notebook.run('stale');
  expect(notebook.shown(1)).toBe('False');
});
