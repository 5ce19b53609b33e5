/** Tracebacks name the line where the text is now: what is compiled stays so while lines come and go above it. */
import { expect, it } from 'vitest';
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
