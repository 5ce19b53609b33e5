/** Cells that are removed and come back before the next run: with their values, and with what they showed. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { TestNotebook } from '../../support/daemon.ts';
import { notebookText } from '../../support/notebook-text.ts';
import { sharedDaemon } from '../../support/shared-daemon.ts';

const daemon = sharedDaemon();

function open(...cells: string[]): Promise<TestNotebook> {
  return daemon.notebook(notebookText('percent', cells));
}

it('show again what they showed, and say again how they failed', async () => {
  const cells = ['print("one")\n1', '1 / 0', '3'];
  const notebook = await open(...cells);
  await notebook.run('all');
  await notebook.edit(notebookText('percent', ['3']));
  await notebook.edit(notebookText('percent', cells));
  expect(notebook.statuses).toEqual(['fresh', 'failed', 'fresh']);
  expect([notebook.shown(0), notebook.shown(2)]).toEqual(['one\n1', '3']);
  expect(notebook.cell(1).error?.name).toBe('ZeroDivisionError');
  const { view } = await notebook.client.request('session/attach', { session: notebook.session });
  expect(view?.cells).toEqual(notebook.followed.view.cells);
});

it('show what their step printed while they were gone', async () => {
  const wait =
    'import pathlib, time\nprint("begun", flush=True)\nwhile not pathlib.Path("go").exists(): time.sleep(0.01)\nprint("ended")';
  const notebook = await open(wait, '2');
  const run = await notebook.start('reactive', 0);
  await notebook.followed.waitFor(() => notebook.shown(0).includes('begun'));
  await notebook.edit(notebookText('percent', ['2']));
  await writeFile(join(daemon.folder, 'go'), '');
  await notebook.wait(run);
  await notebook.edit(notebookText('percent', [wait, '2']));
  expect([notebook.statuses, notebook.shown(0)]).toEqual([['fresh', 'new'], 'begun\nended\n']);
});

it('are new, and show what they did as something of before, when a run has let their values go', async () => {
  const notebook = await open('print("one")', '2');
  await notebook.run('all');
  await notebook.edit(notebookText('percent', ['2']));
  await notebook.run('all');
  await notebook.edit(notebookText('percent', ['print("one")', '2']));
  expect([notebook.statuses, notebook.shown(0), typeof notebook.cell(0).asOf]).toEqual([['new', 'fresh'], 'one\n', 'number']);
});
