/** A script in a session, with a real kernel: what is defined further down changes nothing above, however often cells run. */
import { expect, it } from 'vitest';
import { notebookText } from '../support/notebook-text.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();
const text = (...cells: string[]): string => notebookText('percent', cells);

it('a cell finds nothing of what runs below it when it runs again', async () => {
  const cells = [
    'print("late" in globals(), max(1, 2))',
    'try:\n    print(late)\nexcept NameError:\n    print("no")',
    'late = 1\nmax = min',
  ];
  const notebook = await daemon.notebook(text(...cells));
  for (const mode of ['all', 'reactive', 'all'] as const) {
    await notebook.run(mode, 0, 1);
    expect([notebook.shown(0), notebook.shown(1), notebook.statuses]).toEqual(['False 2\n', 'no\n', ['fresh', 'fresh', 'fresh']]);
  }
});

it('who calls a function is out of date when a name changes that it reads and that is defined below it', async () => {
  const notebook = await daemon.notebook(text('def f(): return cfg', 'cfg = 1', 'print(f())'));
  await notebook.run('all');
  await notebook.edit(text('def f(): return cfg', 'cfg = 2', 'print(f())'));
  expect(notebook.statuses).toEqual(['fresh', 'stale', 'stale']);
  await notebook.run('stale');
  expect([notebook.shown(2), notebook.statuses]).toEqual(['2\n', ['fresh', 'fresh', 'fresh']]);
});

it('a reader above the definition that changes its object in a function runs the same way each time', async () => {
  const notebook = await daemon.notebook(
    text('def show(xs):\n    xs.append(1)\n    print(xs)', 'show(xs)', 'xs = []', 'print(xs)'),
  );
  for (const mode of ['all', 'stale', 'all', 'reactive'] as const) {
    await notebook.run(mode, 1);
    expect([notebook.shown(1), notebook.shown(3)]).toEqual(['[1]\n', '[1]\n']);
  }
  expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh', 'fresh']);
});

it('a cell that fails says which cell further down defines the name', async () => {
  const notebook = await daemon.notebook(text('def f(): return cfg', 'print(f())', 'cfg = 1'));
  const { steps } = await notebook.run('all');
  expect(steps[1]).toMatchObject({
    outcome: 'raised',
    error: { message: "name 'cfg' is not defined; cell 3 defines it, further down" },
  });
});
