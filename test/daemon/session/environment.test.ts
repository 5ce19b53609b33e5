/** The names that a cell sees when it looks among all of them are those that its place in the text of today gives it. */
import { expect, it } from 'vitest';
import { notebookText } from '../../support/notebook-text.ts';
import { sharedDaemon } from '../../support/shared-daemon.ts';

const daemon = sharedDaemon();

it('nothing of what stands below it, also where functions there and above it need each other', async () => {
  const text = (more: string): string =>
    notebookText('percent', [
      `def f(n): return g(n)${more}`,
      'print("h" in globals())',
      'def g(n): return 0 if n == 0 else f(n - 1)\nh = 5',
    ]);
  const notebook = await daemon.notebook(text(''));
  await notebook.run('all');
  await notebook.run('only', 1);
  expect([notebook.statuses, notebook.shown(1)]).toEqual([['fresh', 'fresh', 'fresh'], 'False\n']);
  // As in a run from nothing, where the last one has not run by then.
  await notebook.edit(text('\nprint("h" in globals())\n1 / 0'));
  await notebook.run('all');
  expect([notebook.statuses[0], notebook.shown(0)]).toEqual(['failed', 'False\n']);
  expect(notebook.shown(1)).toBe('False\n');
});
