// marimo's format: cells that need each other inside functions run as one unit: what others see of it.
import { describe, expect, it } from 'vitest';
import { Bench } from './bench.ts';

describe('a cell that calls a function of a unit', () => {
  const above = ['c = call a #1', 'fn a = b #2', 'fn b = a #3'];

  it('above all of it runs after all of it, whatever has run before', () => {
    const bench = new Bench(above, 'marimo');
    expect(bench.run('all').news).toBe('1 ok, 2 ok, 0 ok, run 1 ok');
    expect(bench.edit(0, 'c = call a #4').run('reactive', 0).statuses).toBe('fresh fresh fresh');
  });

  it('between its cells, too', () => {
    const bench = new Bench(['fn a = b #1', 'c = call a #2', 'fn b = a #3'], 'marimo');
    expect(bench.run('all').news).toBe('0 ok, 2 ok, 1 ok, run 1 ok');
  });

  it('takes all of it along', () => {
    expect(new Bench(above, 'marimo').plan('upstream', 0)).toBe('1 stale ancestor, 2 stale ancestor, 0 asked for');
  });

  it('does not run when any cell of it fails', () => {
    const bench = new Bench(['c = call a #1', 'fn a = b #2', 'fn b = a #3\nd = z #4'], 'marimo');
    expect(bench.run('all').news).toBe('1 ok, 2 raised, 0 skipped: failed, run 1 failed');
  });
});

describe('a cell of a unit', () => {
  it('sees nothing of what one below it has left in an earlier run', () => {
    const alone = new Bench(['fn b = d #1', 'fn d = b #2'], 'marimo').run('all').hold().run('only', 0);
    expect([...alone.state.bound.keys()]).toEqual([]);
  });

  it('is disabled with what one of them needs, and no longer than that', () => {
    const bench = new Bench(['a = #1', 'fn b = c #2', 'fn c = b a #3'], 'marimo', { 0: { disabled: true } });
    expect(bench.statuses).toBe('disabled disabled disabled');
    expect(bench.edit(2, 'fn c = b #4').statuses).toBe('disabled new new');
  });

  it('is no longer in conflict when what one of them needs at once is read later', () => {
    const bench = new Bench(['fn d = a #1', 'fn c = d #2', 'a = c #3'], 'marimo');
    expect(bench.statuses).toBe('conflict conflict conflict');
    expect(bench.edit(2, 'fn a = c #5').statuses).toBe('new new new');
  });
});
