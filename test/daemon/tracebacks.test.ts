/** Tracebacks name the line where the text is now: what is compiled stays so while lines come and go above it. */
import { expect, it } from 'vitest';
import type { TestNotebook } from '../support/daemon.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();
const f = '# %%\ndef f():\n    return 1 / 0\n';
const g = '# %%\ndef g():\n    return f()\n';
const call = '# %%\ng()\n';
const above = '# %%\nnew = 1\n\n\n';

/** Line and text of each frame, as the error and its text have them. */
async function framesAfter(edited: string, cell: number) {
  const notebook = await daemon.notebook(f + g + call);
  await notebook.run('all');
  await notebook.edit(edited);
  await notebook.run('reactive', cell);
  const { error } = notebook.cell(cell);
  const lines = edited.split('\n');
  const frames = (error?.frames ?? []).map(({ line }) => lines[line - 1]?.trim());
  const told = [...(error?.text ?? '').matchAll(/line (\d+), in/g)].map(([, line]) => lines[Number(line) - 1]?.trim());
  return { notebook, frames, told };
}

const whole = ['g()', 'return f()', 'return 1 / 0'];

it.each([
  ['lines were added above all', above + f + g + call, 3],
  ['lines were added between them', `${f}\n\n\n${above}${g}\n\n${call}`, 3],
  ['a cell was moved down', `${g}${f}\n\n${call}`, 2],
  ['lines were added in a cell', `${f}${g}${call}`.replace('# %%\ndef g', '# %% a title\n\n\ndef g'), 2],
])('when %s', async (_, edited, cell) => {
  const { frames, told } = await framesAfter(edited, cell);
  expect({ frames, told }).toEqual({ frames: whole, told: whole });
});

it('also in what is printed', async () => {
  const notebook = await daemon.notebook(f + g);
  await notebook.run('all');
  const shows = `${above}${f}${g}# %%\nimport traceback, warnings\ntry:\n    g()\nexcept Exception:\n    traceback.print_exc()\n`;
  await notebook.edit(shows);
  await notebook.run('only', 3);
  const lines = shows.split('\n');
  const told = [...(notebook.shown(3) ?? '').matchAll(/line (\d+), in/g)].map(([, line]) => lines[Number(line) - 1]?.trim());
  expect(told).toEqual(whole);
});

it('also in warnings of functions, which stand at their own line', async () => {
  const warns = '# %%\nimport warnings\ndef h():\n    warnings.warn("told")\n';
  const notebook = await daemon.notebook(warns);
  await notebook.run('all');
  const edited = `${above}${warns}# %%\nh()\n`;
  await notebook.edit(edited);
  await notebook.run('only', 2);
  const [, line] = /notebook\.py:(\d+): UserWarning: told/.exec(notebook.shown(2) ?? '') ?? [];
  expect(edited.split('\n')[Number(line) - 1]?.trim()).toBe('warnings.warn("told")');
});

it('of a cell that is gone, the line is that where it stood', async () => {
  const { notebook } = await framesAfter(`${g}# %%\ng()\n`, 1);
  expect(notebook.cell(1).error?.text).toMatch(/NameError|1 \/ 0|division/);
});

/** Where the view says that each frame of the cell's error is now. */
function placed(notebook: TestNotebook, at: number, text: string): readonly (string | undefined)[] {
  const { layout } = notebook.followed.view;
  const lines = text.split('\n');
  return (notebook.cell(at).error?.frames ?? []).map(({ cell, cellLine = -1 }) => {
    const place = layout.find(({ id }) => id === cell);
    return place && lines[place.codeLine + cellLine]?.replace(/#.*/, '').trim();
  });
}

const explained = f.replace('    return', '    # it fails\n\n    return');

it.each([
  ['of a cell that another one has called', explained + g + call],
  ['of the line itself', f.replace('1 / 0', '1 / 0  # fails') + g + call],
  ['of all of them, and cells above', `${above}${explained}${g.replace('return', '# on\n    return')}${call}# end\n`],
  ['with brackets', f.replace('1 / 0', '(\n        1 / 0\n    )') + g + call],
])('the lines of an error follow edits of comments and layout %s (P78)', async (_, edited) => {
  const notebook = await daemon.notebook(f + g + call);
  await notebook.run('all');
  await notebook.edit(edited);
  const at = notebook.statuses.length - 1;
  if (!edited.includes('(\n')) expect(notebook.statuses.at(-1)).toBe('failed');
  const last = edited.includes('(\n') ? 'return (' : 'return 1 / 0';
  expect(placed(notebook, at, edited)).toEqual(['g()', 'return f()', last]);
  await notebook.edit(f + g + call);
  expect(placed(notebook, 2, f + g + call)).toEqual(whole);
});

it('also before the error is raised, and of a cell that was commented out (P78)', async () => {
  const notebook = await daemon.notebook(f + g + call);
  await notebook.run('all');
  await notebook.edit(explained + g + call);
  await notebook.run('only', 2);
  expect(placed(notebook, 2, explained + g + call)).toEqual(whole);
  await notebook.edit(`${explained}${g}# %%\n# g()\n`);
  expect(notebook.cell(2).error).toBeUndefined();
  const back = `${explained}${g}# %%\n# again\ng()\n`;
  await notebook.edit(back);
  expect(placed(notebook, 2, back)).toEqual(whole);
});

it.each([
  ['y = 1(', 'y = 1', false],
  ['def f():\n    x\n  y', 'def f():\n    x\n    y', false],
  ['return 3', '3', false],
  ['y = 1(', 'y = 1(  # not closed', true],
  ['exec("y = 1(")', 'exec("y = 1")', true],
  ['raise SyntaxError("mine")', 'raise SyntaxError("other")', true],
  ['1 / 0', '1 / 1', true],
])('what kept %j from being compiled goes with that text: %j (P78)', async (before, after, stays) => {
  const notebook = await daemon.notebook(`# %%\n${before}\n`);
  await notebook.run('all');
  const { error } = notebook.cell(0);
  expect(error).toBeDefined();
  await notebook.edit(`# %%\n${after}\n`);
  expect(notebook.cell(0).error).toEqual(stays ? error : undefined);
});
