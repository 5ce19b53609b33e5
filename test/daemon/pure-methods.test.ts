/** Methods that give a new object change nothing: once a run has seen what the object is, a call of one is no change in place (A41). */
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { notebookText } from '../support/notebook-text.ts';
import { expectAsPython } from '../support/plain-python.ts';
import { scienceInterpreter } from '../support/science.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const science = await scienceInterpreter();
const python = 'python' in science ? `${dirname(science.python)}:` : '';
const daemon = sharedDaemon({ PATH: `${python}${process.env['PATH']}` });

const frame = 'import polars as pl\no = pl.DataFrame({"a": [2, 1]})';
const series = 'import pandas as pd\no = pd.Series([2, 1])';
const pure: readonly (readonly [string, string])[] = [
  [frame, 'o.sort("a");'],
  [frame, 'o.remove(o["a"] == 1);'],
  [frame, 'o.clear();'],
  [frame, 'o.reverse();'],
  [frame, 'o.update(o);'],
  [series, 'o.add(1);'],
];
const changing: readonly (readonly [string, string])[] = [
  [frame, 'o.extend(o.clone());'],
  [`${frame}["a"]`, 'o.sort(in_place=True);'],
  [series, 'o.update(o + 1);'],
  ['import numpy as np\no = np.array([2, 1])', 'o.sort()'],
  ['o = {2, 1}', 'o.add(3)'],
  ['class Ours(dict): pass\no = Ours()', 'o.update(a=1)'],
];
const look = 'print(o)';

describe.skipIf('skipped' in science)('a call as a statement', () => {
  it.each(pure)('of an object made by `%s`: `%s` changes nothing', async (made, call) => {
    const notebook = await daemon.notebook(notebookText('percent', [made, call, look]));
    await notebook.run('all');
    const shown = notebook.shown(2);
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
    // Neither who reads the object below follows from the call, nor does its definition run again for it.
    await notebook.edit(notebookText('percent', [made, `${call}\npass`, look]));
    expect(notebook.statuses).toEqual(['fresh', 'stale', 'stale']);
    await notebook.run('reactive', 1);
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
    expect((await notebook.run('only', 1)).steps).toMatchObject([{ outcome: 'ok' }]);
    expect([notebook.statuses, notebook.shown(2)]).toEqual([['fresh', 'fresh', 'fresh'], shown]);
  });

  it.each(changing)('of an object made by `%s`: `%s` changes it', async (made, call) => {
    const notebook = await daemon.notebook(notebookText('percent', [made, call, look]));
    await notebook.run('all');
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
    const shown = notebook.shown(2);
    expect((await notebook.run('only', 1)).steps).toMatchObject([{ outcome: 'skipped' }]);
    expect((await notebook.run('reactive', 1)).steps).toHaveLength(3);
    expect(notebook.shown(2)).toBe(shown);
  });

  it('is said in a marimo notebook only until it has run', async () => {
    const notebook = await daemon.notebook(notebookText('marimo', [frame, 'o.sort("a")', look]));
    const codes = () => notebook.followed.view.problems.map(({ code }) => code);
    expect(codes()).toEqual(['mutation-across-cells']);
    await notebook.run('all');
    expect(codes()).toEqual([]);
  });
});

describe('what a run has seen', () => {
  const text = (cells: readonly string[]) => notebookText('percent', cells);

  it('holds for the object that it saw: another one is looked at again', async () => {
    const cells = ['o = (1,).__class__', 'o = "x" if True else {1}', 'try: o.add(2)\nexcept AttributeError: pass', look];
    const notebook = await daemon.notebook(text(cells));
    await notebook.run('all');
    for (const made of ['o = {1}', 'o = "y"', 'o = {3, 1}']) {
      const edited = cells.with(1, made);
      await notebook.edit(text(edited));
      await notebook.run('stale');
      expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh', 'fresh']);
      expectAsPython(notebook, edited);
      await notebook.run('reactive', 2);
      expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh', 'fresh']);
      expectAsPython(notebook, edited);
    }
  });

  it('is not what the text says as soon as the object is another: the change is the text’s, and not hidden', async () => {
    const cells = ['o = "x"', 'try: o.add(2)\nexcept AttributeError: pass', look];
    const notebook = await daemon.notebook(notebookText('marimo', cells));
    const codes = () => notebook.followed.view.problems.map(({ code }) => code);
    await notebook.run('all');
    expect(codes()).toEqual([]);
    await notebook.edit(notebookText('marimo', cells.with(0, 'o = {1}')));
    await notebook.run('all');
    expect(codes()).toEqual(['mutation-across-cells']);
  });

  it('comes back with the text', async () => {
    const cells = ['o = "x"', 'try: o.add(2)\nexcept AttributeError: pass', look];
    const notebook = await daemon.notebook(text(cells));
    await notebook.run('all');
    await notebook.edit(text(cells.with(1, 'o.add(5)')));
    expect(notebook.statuses).toEqual(['fresh', 'stale', 'stale']);
    await notebook.edit(text(cells));
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
    expect((await notebook.run('only', 1)).steps).toMatchObject([{ outcome: 'ok' }]);
  });
});
