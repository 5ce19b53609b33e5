import { describe, expect, it } from 'vitest';
import { countAround, planRun } from '../../../daemon/core/scheduler/plan.ts';
import { Bench } from './bench.ts';

const chain = ['a = #1', 'b = a #2', 'c = b #3', 'd = #4'];

it('a cell that calls a function further down is stale when what that reads gets a second writer there', () => {
  const bench = new Bench(['b = call a #1', 'fn a = d #2\nd = #3', 'c = #4']).run('all');
  expect([bench.statuses, bench.readFrom(0)]).toEqual(['fresh fresh fresh', 'a of 1']);
  bench.edit(2, 'd = #5');
  expect([bench.statuses, bench.readFrom(0)]).toEqual(['stale fresh stale', 'a of 1; d of ']);
  expect(bench.run('stale').statuses).toBe('failed fresh fresh');
});

describe('a run takes', () => {
  it('the cell, what it needs that is stale, and what follows', () => {
    expect(new Bench(chain).plan('reactive', 1)).toBe('0 stale ancestor, 1 asked for, 2 descendant');
  });

  it('nothing above that is fresh', () => {
    expect(new Bench(chain).run('all').plan('reactive', 1)).toBe('1 asked for, 2 descendant');
  });

  it('no descendants when it is lazy, or asked for what stands above alone', () => {
    expect(new Bench(chain).lazy().plan('reactive', 1)).toBe('0 stale ancestor, 1 asked for');
    expect(new Bench(chain).plan('upstream', 1)).toBe('0 stale ancestor, 1 asked for');
  });

  it('only what is stale when it is asked for that', () => {
    expect(new Bench(chain).run('all').edit(1, 'b = a #9').plan('stale')).toBe('1 stale, 2 stale');
  });

  it('what a definition makes stale that runs again for a stale cell, in lazy mode, too', () => {
    const bench = new Bench(['a = #1', 'b = a #2', 'a ! #3']).lazy().run('all').edit(1, 'b = a #9');
    expect(bench.plan('stale')).toBe('0 used up, 1 stale, 2 descendant');
    expect(bench.run('stale').statuses).toBe('fresh fresh fresh');
  });

  it('a stale grandparent before a leaf, in lazy mode too', () => {
    expect(new Bench(chain).lazy().run('all').edit(0, 'a = #9').plan('reactive', 2)).toBe(
      '0 stale ancestor, 1 stale ancestor, 2 asked for',
    );
  });

  it('what lies between two cells of it, though that is fresh before it begins', () => {
    expect(new Bench(chain).run('all').plan('upstream', 0, 2)).toBe('0 asked for, 1 stale ancestor, 2 asked for');
    expect(new Bench(chain).lazy().run('all').edit(0, 'a = #9').edit(2, 'c = b #9').plan('stale')).toBe(
      '0 stale, 1 stale, 2 stale',
    );
  });

  it('what a definition that runs again makes stale and the cell needs, whether it is lazy or not', () => {
    for (const bench of [new Bench(['a = #1', 'b = a #2', 'a ! b #3']), new Bench(['a = #1', 'b = a #2', 'a ! b #3']).lazy()])
      expect(bench.run('all').plan('reactive', 2)).toBe('0 used up, 1 stale ancestor, 2 asked for');
  });

  it.each(['percent', 'marimo'] as const)(
    'what follows from the cell, and not what follows from its ancestors alone, in %s format (P63)',
    (format) => {
      const bench = new Bench(['a = #1', 'b = a #2', 'c = a #3', 'd = b #4'], format);
      expect(bench.plan('reactive', 1)).toBe('0 stale ancestor, 1 asked for, 3 descendant');
      expect(bench.run('reactive', 1).statuses).toBe('fresh fresh new fresh');
      bench.run('all').edit(0, 'a = #9').run('reactive', 1);
      expect(bench.statuses).toBe('fresh fresh stale fresh');
    },
  );

  it('what its descendants need that is stale, and nothing else that follows from that (P63)', () => {
    const bench = new Bench(['a = #1', 'b = #2', 'c = a b #3', 'd = b #4']).run('all').edit(1, 'b = #9');
    expect(bench.plan('reactive', 0)).toBe('0 asked for, 1 stale ancestor, 2 descendant');
    expect(bench.run('reactive', 0).statuses).toBe('fresh fresh fresh stale');
  });

  it('a descendant as one, though another descendant needs it, too (P63)', () => {
    const bench = new Bench(['a = #1', 'b = a #2', 'c = b #3', 'd = a c #4', 'e = c #5']);
    expect(bench.plan('reactive', 0)).toBe('0 asked for, 1 descendant, 2 descendant, 3 descendant, 4 descendant');
  });

  it('a definition again, whose other readers are marked and do not run (P63)', () => {
    const bench = new Bench(['a = #1', 'b = a #2', 'a ! #3', 'c = b #4', 'd = a #5']).run('all');
    expect(bench.plan('reactive', 2)).toBe('0 used up, 2 asked for, 4 descendant');
    expect(bench.run('reactive', 2).statuses).toBe('fresh stale fresh stale fresh');
    expect(bench.run('stale').statuses).toBe('fresh fresh fresh fresh fresh');
  });

  it('the definition again of what the cell changes in place', () => {
    const bench = new Bench(['a = #1', 'a ! #2', 'b = a #3']).run('all');
    expect(bench.plan('reactive', 1)).toBe('0 used up, 1 asked for, 2 descendant');
  });

  it('what lies behind a manual cell between two of it, and so tells why the lower one cannot run', () => {
    const bench = new Bench(['a = #1', 'b = a #2', 'c = b #3', 'd = c #4'], 'percent', { 1: { manual: true } });
    expect(bench.run('only', 0, 1, 2, 3).statuses).toBe('fresh fresh fresh fresh');
    expect(bench.plan('reactive', 0, 3)).toBe('0 asked for, 2 stale ancestor, 3 asked for');
    bench.news;
    expect(bench.run('reactive', 0, 3).news).toBe('0 ok, 2 skipped: stale, 3 skipped: skipped, run 2 failed');
  });

  it('manual cells only by name', () => {
    const bench = new Bench(chain, 'percent', { 2: { manual: true } });
    expect(bench.plan('all')).toBe('0 asked for, 1 asked for, 3 asked for');
    expect(bench.plan('reactive', 1)).toBe('0 stale ancestor, 1 asked for');
    expect(bench.plan('reactive', 2)).toContain('2 asked for');
  });
});

it('a name that a branch left alone is used up for its giver, too', () => {
  // `maybe d = #1` binds nothing, `maybe d = #3` does.
  const cells = (salt: number) => ['d = #1', `maybe d = #${salt}\nx = d #3`, 'd ! #4', 'y = d #5'];
  expect(new Bench(cells(1)).run('all').plan('reactive', 1)).toBe('0 used up, 1 asked for, 2 descendant, 3 descendant');
  expect(new Bench(cells(3)).run('all').plan('reactive', 1)).toBe('1 asked for, 2 descendant, 3 descendant');
});

describe('the order is', () => {
  it('page order where that is valid', () => {
    expect(new Bench(['a = #1', 'b = #2', 'c = a b #3']).plan('reactive', 1, 0)).toBe('0 asked for, 1 asked for, 2 descendant');
  });

  it('that of the graph where a cell reads what stands below it', () => {
    expect(new Bench(['b = a #1', 'a = #2'], 'marimo').plan('all')).toBe('1 asked for, 0 asked for');
  });

  it('that of the graph also where a path leads through cells that are not in the run', () => {
    const bench = new Bench(['c = b #1', 'b = a #2', 'a = #3'], 'marimo').run('all');
    expect(bench.plan('only', 0, 2)).toBe('2 asked for, 0 asked for');
  });
});

it.each([
  ['reactive', ['1'], { above: 1, below: 1 }],
  ['upstream', ['1'], { above: 1, below: 0 }],
  ['only', ['1'], { above: 0, below: 0 }],
  ['reactive', ['0', '2'], { above: 0, below: 1 }],
  ['all', [], { above: 0, below: 0 }],
] as const)('counts what a %s run of %j needs and what follows (P63)', (mode, roots, counts) => {
  expect(countAround(planRun(new Bench(chain).state, mode, roots))).toEqual(counts);
});

describe('statuses', () => {
  it('are new, then fresh, stale after an edit, and fresh again when it is undone', () => {
    const bench = new Bench(chain);
    expect(bench.statuses).toBe('new new new new');
    expect(bench.run('all').statuses).toBe('fresh fresh fresh fresh');
    expect(bench.edit(1, 'b = a #9').statuses).toBe('fresh stale stale fresh');
    expect(bench.edit(1, 'b = a #2').statuses).toBe('fresh fresh fresh fresh');
  });

  it('tell a failure and those that were skipped for it', () => {
    expect(new Bench(['a = z #1', 'b = a #2', 'c = #3']).run('all').statuses).toBe('failed skipped fresh');
  });

  it('tell what is disabled, and what needs it', () => {
    expect(new Bench(chain, 'percent', { 0: { disabled: true } }).run('all').statuses).toBe('disabled disabled disabled fresh');
  });

  it('tell conflicts in marimo notebooks, and what cannot run for them', () => {
    expect(new Bench(['a = #1', 'a = #2', 'b = a #3'], 'marimo').run('all').statuses).toBe('conflict conflict skipped');
  });

  it('tell a cycle', () => {
    expect(new Bench(['a = b #1', 'b = a #2'], 'marimo').run('all').statuses).toBe('conflict conflict');
  });

  it('are not kept stale by a disabled cell that only has to run before', () => {
    const bench = new Bench(['a = #1', 'fn b = c #2', 'fn c = a #3\na ! #4'], 'percent', { 1: { disabled: true } });
    expect(bench.run('all').statuses).toBe('fresh disabled fresh');
  });

  it('leave functions alone that need each other', () => {
    expect(new Bench(['fn f = g #1', 'fn g = f #2', 'x = call f #3']).run('all').statuses).toBe('fresh fresh fresh');
  });
});
