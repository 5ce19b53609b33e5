import { afterEach, expect, it } from 'vitest';
import { TestDaemon } from '../../support/daemon.ts';
import { notebookText } from '../../support/notebook-text.ts';

let daemon: TestDaemon;

afterEach(() => daemon.stop());

/** Wrong today: nothing in the text prints it any more, nothing marks it, and no run takes it away. */
it('goes on showing, as fresh, what a cell printed whose code has become a comment', async () => {
  daemon = await TestDaemon.create();
  const notebook = await daemon.notebook(notebookText('percent', ['print("one")', '2']));
  await notebook.run('all');
  await notebook.edit(notebookText('percent', ['# print("one")', '2']));
  await notebook.run('all');
  expect([notebook.statuses, notebook.shown(0)]).toEqual([['fresh', 'fresh'], 'one\n']);
  // What is right: it is there again when the comment is taken away.
  await notebook.edit(notebookText('percent', ['print("one")', '2']));
  expect([notebook.statuses, notebook.shown(0)]).toEqual([['fresh', 'fresh'], 'one\n']);
});
