/** Code in a cell that is called text runs, as in Python; what is comments alone, or one string, does nothing (A38). */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

const text = `# %% [markdown]
# # Two ways

# of saying it.
# %% [markdown]
# Here the value is made.
x = 1
# and shown
print("x is", x)
# %% [markdown]
"""
x = 2
"""
# %% [raw]
print("raw", x)
# %% [md]
f"{x + 1}"
# %%
print("at last", x)
`;

it('a script prints what it prints in Python', async () => {
  const notebook = await daemon.notebook(text);
  await notebook.run('all');
  const kinds = notebook.followed.view.layout.map((_, at) => notebook.cell(at).kind);
  expect(kinds).toEqual(['markdown', 'code', 'markdown', 'code', 'code', 'code']);
  expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh', 'fresh', 'fresh', 'fresh']);
  const printed = [0, 1, 2, 3, 5].map((at) => notebook.shown(at)).join('');
  expect(printed).toBe(execFileSync('python3', [notebook.path], { encoding: 'utf8' }));
});

it('a line of code that comes and goes makes the cell code, and text again', async () => {
  const notebook = await daemon.notebook('# %% [markdown]\n# x = 1\n# %%\nprint(1)\n');
  expect(notebook.cell(0)).toMatchObject({ kind: 'markdown', status: 'fresh' });
  await notebook.edit('# %% [markdown]\n# x = 1\nx = 1\n# %%\nprint(1)\n');
  expect(notebook.cell(0)).toMatchObject({ kind: 'code', status: 'new', defs: ['x'] });
  await notebook.run('all');
  expect(notebook.cell(0).status).toBe('fresh');
  await notebook.edit('# %% [markdown]\n# x = 1\n# %%\nprint(1)\n');
  expect(notebook.cell(0)).toMatchObject({ kind: 'markdown', status: 'fresh', defs: [] });
});

it('a broken line of it is no longer passed over', async () => {
  const notebook = await daemon.notebook('# %% [markdown]\nSome words.\n# %%\nprint(1)\n');
  expect(notebook.followed.view.problems).toMatchObject([{ code: 'syntax-error' }]);
  await notebook.run('all');
  expect(notebook.statuses).toEqual(['failed', 'fresh']);
});
