import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Format } from '../../../daemon/core/notebook/notebook.ts';
import type { TestNotebook } from '../../support/daemon.ts';
import { notebookText } from '../../support/notebook-text.ts';
import { sharedDaemon } from '../../support/shared-daemon.ts';
import { until } from '../../support/until.ts';

const daemon = sharedDaemon();

/** What a client that comes now sees of the first cell, and what it gets when it asks for the outputs. */
async function seenAnew({ path, session, cell }: TestNotebook): Promise<unknown> {
  const other = await daemon.open(path, undefined, await daemon.client());
  const { text } = await other.client.request('output/get', { session, cell: other.cell(0).id });
  expect(other.cell(0)).toEqual(cell.call(other, 0));
  return [other.shown(0), text];
}

it.each<[Format, string]>([
  ['percent', '# print("one")'],
  ['percent', ''],
  ['marimo', '# print("one")'],
])('shows nothing, in %s format, of code that became %j, until it is there again (P45)', async (format, empty) => {
  const notebook = await daemon.notebook(notebookText(format, ['print("one")', '2']));
  await notebook.run('all');
  const { lastStep } = notebook.cell(0);
  await notebook.edit(notebookText(format, [empty, '2']));
  expect([notebook.statuses, notebook.shown(0), notebook.shown(1)]).toEqual([['fresh', 'fresh'], '', '2']);
  expect([notebook.cell(0).lastStep, await seenAnew(notebook)]).toEqual([undefined, ['', '']]);
  await notebook.run('all');
  expect([notebook.statuses, notebook.shown(0)]).toEqual([['fresh', 'fresh'], '']);
  await notebook.edit(notebookText(format, ['print("one")  # again', '2']));
  expect([notebook.statuses, notebook.shown(0)]).toEqual([['fresh', 'fresh'], 'one\n']);
  expect([notebook.cell(0).lastStep, await seenAnew(notebook)]).toEqual([lastStep, ['one\n', 'one\n']]);
});

it('shows no error of code that is gone', async () => {
  const notebook = await daemon.notebook('# %%\n1 / 0\n');
  await notebook.run('all');
  await notebook.edit('# %%\n# 1 / 0\n');
  expect([notebook.statuses, notebook.cell(0).error]).toEqual([['fresh'], undefined]);
  await notebook.edit('# %%\n1 / 0\n');
  expect([notebook.statuses, notebook.cell(0).error?.name]).toEqual([['failed'], 'ZeroDivisionError']);
});

it('shows what code prints that is taken away while it runs, to the end of its step (P45)', async () => {
  const code = [
    'import os, time',
    'print("one", flush=True)',
    'while not os.path.exists("go"): time.sleep(0.01)',
    'print("two")',
  ];
  const notebook = await daemon.notebook(`# %%\n${code.join('\n')}\n`);
  const run = await notebook.start('all');
  await notebook.followed.waitFor(() => notebook.shown(0) === 'one\n');
  await notebook.edit('# %%\n# nothing\n');
  expect([notebook.statuses, notebook.shown(0)]).toEqual([['running'], 'one\n']);
  writeFileSync(join(daemon.folder, 'go'), '');
  await notebook.wait(run);
  expect([notebook.statuses, notebook.shown(0)]).toEqual([['fresh'], '']);
  await notebook.edit(`# %%\n${code.join('\n')}\n`);
  expect([notebook.statuses, notebook.shown(0)]).toEqual([['fresh'], 'one\ntwo\n']);
});

it('tells what a thread of it prints later as of no cell', async () => {
  const late = ['def late():', '    while not os.path.exists("go"): time.sleep(0.01)', '    print("late")'];
  const code = ['import os, threading, time', ...late, 'threading.Thread(target=late).start()'];
  const notebook = await daemon.notebook(`# %%\n${code.join('\n')}\n`);
  const unattributed: string[] = [];
  notebook.client.onEvent(notebook.session, (event) => {
    if (event.type === 'output.unattributed') unattributed.push(event.text);
  });
  await notebook.run('all');
  await notebook.edit('# %%\n# nothing\n');
  writeFileSync(join(daemon.folder, 'go'), '');
  await until(() => unattributed.join('') === 'late\n', 'what the thread printed is told');
  expect(notebook.shown(0)).toBe('');
});
