/**
 * The three ways in which a notebook comes to show what its text does not say (Pimentel et al., "A Large-scale Study about
 * Quality and Reproducibility of Jupyter Notebooks", 2019, figure 2): a cell that ran more than once, one that was edited after
 * it ran, one that was removed after it ran. None of them can be reached, in either dialect, with a real kernel.
 */
import { describe, expect, it } from 'vitest';
import type { TestNotebook } from '../support/daemon.ts';
import { notebookText } from '../support/notebook-text.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

describe.each(['percent', 'marimo'] as const)('a %s notebook has no state hidden', (format) => {
  const text = (...cells: string[]): string => notebookText(format, cells);
  const open = async (...cells: string[]): Promise<TestNotebook> => {
    const notebook = await daemon.notebook(text(...cells));
    await notebook.run('all');
    return notebook;
  };

  describe('by a cell that runs again', () => {
    it('which changes an object of another cell', async () => {
      const notebook = await open('xs = [1]', 'xs.append(len(xs))\nprint(xs)');
      expect(notebook.shown(1)).toBe('[1, 1]\n');
      for (const mode of ['reactive', 'upstream', 'all'] as const) {
        expect((await notebook.run(mode, 1)).outcome).toBe('ok');
        expect([notebook.shown(1), notebook.statuses]).toEqual(['[1, 1]\n', ['fresh', 'fresh']]);
      }
    });

    it('alone, without what its object was made by: it is refused with the reason', async () => {
      const notebook = await open('xs = [1]', 'xs.append(len(xs))\nprint(xs)');
      const { steps } = await notebook.run('only', 1);
      expect(steps).toMatchObject([{ outcome: 'skipped', reason: expect.stringContaining('xs') }]);
      expect(notebook.shown(1)).toBe('[1, 1]\n');
    });

    it('which counts up a number of another cell: as in a script, or refused as marimo refuses it', async () => {
      const notebook = await open('n = 1', 'n += 1', 'print("n is", n)');
      for (const _ of [1, 2, 3]) await notebook.run('reactive', 1).catch(() => undefined);
      if (format === 'percent') expect([notebook.statuses, notebook.shown(2)]).toEqual([['fresh', 'fresh', 'fresh'], 'n is 2\n']);
      else expect([notebook.statuses, notebook.shown(2)]).toEqual([['conflict', 'conflict', 'skipped'], '']);
    });
  });

  describe('by a cell that is edited after it ran', () => {
    it('with another value: what follows is marked at once, and cannot be run on the old one', async () => {
      const notebook = await open('x = 1', 'y = x + 1', 'print("y is", y)');
      await notebook.edit(text('x = 5', 'y = x + 1', 'print("y is", y)'));
      expect([notebook.statuses, notebook.shown(2)]).toEqual([['stale', 'stale', 'stale'], 'y is 2\n']);
      expect((await notebook.run('only', 2)).steps).toMatchObject([{ outcome: 'skipped' }]);
      expect((await notebook.run('upstream', 2)).steps).toHaveLength(3);
      expect([notebook.statuses, notebook.shown(2)]).toEqual([['fresh', 'fresh', 'fresh'], 'y is 6\n']);
    });

    it('with another name: the old one is gone for those who read it, in whichever way', async () => {
      const readers = ['print("x is", x)', 'print("x" in globals())', 'print(eval("x"))'];
      const notebook = await open('x = 1', ...readers);
      expect([1, 2, 3].map((at) => notebook.shown(at))).toEqual(['x is 1\n', 'True\n', '1\n']);
      await notebook.edit(text('z = 1', ...readers));
      await notebook.run('all');
      expect(notebook.statuses).toEqual(['fresh', 'failed', 'fresh', 'failed']);
      expect([1, 3].map((at) => notebook.cell(at).error?.name)).toEqual(['NameError', 'NameError']);
      expect(notebook.shown(2)).toBe('False\n');
    });

    it('in a function that others have called', async () => {
      const notebook = await open('def f(): return "old"', 'def g(): return f()', 'print(g())');
      expect(notebook.shown(2)).toBe('old\n');
      await notebook.edit(text('def f(): return "new"', 'def g(): return f()', 'print(g())'));
      expect(notebook.statuses).toEqual(['stale', 'stale', 'stale']);
      await notebook.run('reactive', 2);
      expect(notebook.shown(2)).toBe('new\n');
    });
  });

  describe('by a cell that is removed after it ran', () => {
    it('whose name others read', async () => {
      const notebook = await open('x = 1', 'print("x is", x)');
      await notebook.edit(text('print("x is", x)'));
      expect([notebook.statuses, notebook.shown(0)]).toEqual([['stale'], 'x is 1\n']);
      expect((await notebook.run('stale')).outcome).toBe('failed');
      expect([notebook.statuses, notebook.cell(0).error?.name]).toEqual([['failed'], 'NameError']);
    });

    it('whose change of an object others saw', async () => {
      const notebook = await open('xs = [1]', 'xs.append(2)', 'print(sum(xs))');
      await notebook.edit(text('xs = [1]', 'print(sum(xs))'));
      await notebook.run('all');
      expect([notebook.statuses, notebook.shown(1)]).toEqual([['fresh', 'fresh'], '1\n']);
    });

    it('whose function others have kept', async () => {
      const notebook = await open('k = 2', 'def f(): return k', 'print(f())');
      await notebook.edit(text('def f(): return k', 'print(f())'));
      expect(notebook.statuses).toEqual(['stale', 'stale']);
      await notebook.run('stale');
      expect(notebook.statuses[1]).toBe('failed');
      expect(notebook.cell(1).error?.name).toBe('NameError');
    });
  });
});
