// Cells that need each other inside functions run as one unit: what others see of it.
import { describe, expect, it } from 'vitest';
import { Bench } from './bench.ts';

describe('a cell that calls a function of a unit', () => {
  // `a` reads b when it is called, and b is made of a.
  const above = ['c = call a #1', 'fn a = b #2', 'b = a #3'];

  it('above all of it runs after all of it, whatever has run before', () => {
    const bench = new Bench(above);
    expect(bench.run('all').news).toBe('1 ok, 2 ok, 0 ok, run 1 ok');
    expect(bench.edit(0, 'c = call a #4').run('reactive', 0).statuses).toBe('fresh fresh fresh');
  });

  it('between its cells, too', () => {
    const bench = new Bench(['fn a = b #1', 'c = call a #2', 'b = a #3']);
    expect(bench.run('all').news).toBe('0 ok, 2 ok, 1 ok, run 1 ok');
  });

  it('takes all of it along', () => {
    expect(new Bench(above).plan('upstream', 0)).toBe('1 stale ancestor, 2 stale ancestor, 0 asked for');
  });

  it('does not run when any cell of it fails', () => {
    const bench = new Bench(['c = call a #1', 'fn a = b #2', 'b = a z #3']);
    expect(bench.run('all').news).toBe('1 ok, 2 raised, 0 skipped: failed, run 1 failed');
  });
});

describe('a cell of a unit', () => {
  const unit = ['fn b = a #1\nd = #2', 'd = d #3', 'a = d #4'];

  it('is stale when another cell of it gives the name than the one that gave it', () => {
    const bench = new Bench(unit).run('all');
    expect([bench.statuses, bench.readFrom(2)]).toEqual(['fresh fresh fresh', 'd of 1']);
    bench.edit(1, 'c = d #3');
    expect([bench.statuses, bench.readFrom(2)]).toEqual(['stale stale stale', 'd of 0']);
    expect(bench.run('stale').statuses).toBe('fresh fresh fresh');
  });

  it('sees nothing of what one below it has left in an earlier run', () => {
    const bench = new Bench(['fn b = d #1', 'c = #2', 'fn d = c #3']).run('all').edit(1, 'c = call b #4');
    bench.news;
    expect(bench.run('all').news).toBe('0 ok, 1 raised, 2 skipped: failed, run 2 failed');
    const alone = new Bench(['fn b = d #1', 'd = b #2']).run('all').hold().run('only', 0);
    expect([...alone.state.bound.keys()]).toEqual([]);
  });

  it('is disabled with what one of them needs, and no longer than that', () => {
    const bench = new Bench(['a = #1', 'fn b = c #2', 'c = b a #3'], 'percent', { 0: { disabled: true } });
    expect(bench.statuses).toBe('disabled disabled disabled');
    expect(bench.edit(2, 'c = b #4').statuses).toBe('disabled new new');
  });

  it('is no longer in conflict with a cell that another of them needs from now on', () => {
    const bench = new Bench(['d = a #1\nb = #2', 'fn d = c #3', 'a = b #4']);
    expect(bench.statuses).toBe('conflict new conflict');
    bench.edit(2, 'fn c = d #5');
    expect([bench.readFrom(1), bench.statuses]).toEqual(['c of 2; d of 0', 'new new new']);
  });

  it('is stale when the one that gives the name has run without it', () => {
    expect(new Bench(unit).run('all').run('only', 1).statuses).toBe('stale stale stale');
  });
});
