// What happens to a notebook when a cell fails, is disabled, runs only by name, or is only marked.
import { describe, expect, it } from 'vitest';
import { cellOf, type GraphCell } from '../../../daemon/core/graph/graph.ts';
import { nothingObserved } from '../../../daemon/core/graph/observed.ts';
import type { Format } from '../../../daemon/core/notebook/notebook.ts';
import { statusOf } from '../../../daemon/core/scheduler/status.ts';
import { violations } from '../../simulation/invariants.ts';
import { factsOf } from '../../simulation/program.ts';
import { Bench } from './bench.ts';

// 0 → 1 → 3, 0 → 2, and 4 by itself; z is defined nowhere.
const tree = (root: string) => [root, 'b = a #2', 'c = a #3', 'd = b #4', 'e = #5'];

function ran(bench: Bench): string {
  return bench.run('all').news;
}

describe.each<Format>(['percent', 'marimo'])('a failure in a %s notebook', (format) => {
  it('skips exactly the descendants, each with the cell that it waits for', () => {
    const bench = new Bench(tree('a = z #1'), format);
    expect(ran(bench)).toBe('0 raised, 1 skipped: failed, 2 skipped: failed, 3 skipped: skipped, 4 ok, run 1 failed');
    expect(bench.statuses).toBe('failed skipped skipped skipped fresh');
    expect(statusOf(bench.state, '3').reason).toEqual({ type: 'skipped', cell: '1', name: 'b' });
  });

  it('in a branch leaves the other branch alone', () => {
    const bench = new Bench(['a = #1', 'b = a z #2', 'c = a #3', 'd = b #4', 'e = c #5'], format);
    expect(ran(bench)).toBe('0 ok, 1 raised, 2 ok, 3 skipped: failed, 4 ok, run 1 failed');
  });

  it('ends the run where that was asked for', () => {
    const bench = new Bench(tree('a = z #1'), format);
    bench.take({ type: 'run-requested', mode: 'all', roots: [], parameters: undefined, stopAtFailure: true });
    expect(bench.news).toMatch(/^0 raised, (\d skipped: run-stopped, ){4}run 1 failed$/);
  });

  it.each([
    ['stopped', false, '0 stopped, 1 skipped: stopped, 2 skipped: stopped, 3 skipped: stopped, 4 ok, run 1 ok'],
    ['stopped', true, '0 stopped, 1 skipped: stopped, 2 skipped: stopped, 3 skipped: stopped, 4 ok, run 1 ok'],
    ['exited', false, '0 stopped, 1 skipped: stopped, 2 skipped: stopped, 3 skipped: stopped, 4 ok, run 1 ok'],
    ['exited', true, `0 stopped, ${[1, 2, 3, 4].map((at) => `${at} skipped: run-exited`).join(', ')}, run 1 ok`],
  ] as const)('is none where the cell %s; with an end at failures: %s', (outcome, stopAtFailure, expected) => {
    const bench = new Bench(tree('a = #1'), format).hold();
    bench.take({ type: 'run-requested', mode: 'all', roots: [], parameters: undefined, stopAtFailure });
    expect(bench.finishAs(outcome).release().news).toBe(expected);
    expect(bench.statuses.split(' ')[0]).toBe('skipped');
    expect(statusOf(bench.state, '0').reason).toEqual({ type: 'stopped-itself' });
  });

  it('takes the values of the run before out of force, too', () => {
    const bench = new Bench(tree('a = #1'), format).run('all').edit(0, 'a = z #1');
    expect(bench.run('upstream', 0).statuses).toBe('failed stale stale stale fresh');
    bench.news;
    expect(bench.run('only', 1).news).toBe('1 skipped: stale, run 3 failed');
  });

  it('is over when the cell is mended', () => {
    const bench = new Bench(tree('a = z #1'), format).run('all').edit(0, 'a = #1').run('stale');
    expect(bench.statuses).toBe('fresh fresh fresh fresh fresh');
  });
});

it('a failure uses up what the cell changed in place: its definition runs again before it', () => {
  const bench = new Bench(['a = #1', 'a ! #2\nb = z #3', 'c = a #4']).run('all');
  expect(bench.statuses).toBe('fresh failed skipped');
  expect(bench.edit(1, 'a ! #2').plan('reactive', 1)).toBe('0 used up, 1 asked for, 2 descendant');
});

it('a failure leaves the version above to those who read that', () => {
  const bench = new Bench(['a = #1', 'b = a #2', 'a = z #3', 'c = a #4']);
  expect(ran(bench)).toBe('0 ok, 1 ok, 2 raised, 3 skipped: failed, run 1 failed');
});

describe.each<Format>(['percent', 'marimo'])('a disabled cell in a %s notebook', (format) => {
  const disabled = () => new Bench(tree('a = #1'), format, { 1: { disabled: true } });

  it('does not run, nor does what follows from it, and each says why', () => {
    const bench = disabled();
    expect(ran(bench)).toBe('0 ok, 1 skipped: disabled, 2 ok, 3 skipped: disabled, 4 ok, run 1 ok');
    expect(bench.statuses).toBe('fresh disabled fresh disabled fresh');
    expect(statusOf(bench.state, '3').reason).toEqual({ type: 'disabled', cell: '1' });
  });

  it('is left out of what another cell takes along', () => {
    expect(disabled().plan('reactive', 0)).toBe('0 asked for, 2 descendant');
    expect(disabled().plan('stale')).toBe('0 stale, 2 stale, 4 stale');
  });

  it('has its values back when it is enabled again and nothing changed meanwhile', () => {
    const bench = new Bench(tree('a = #1'), format).run('all');
    bench.option(1, { disabled: true });
    expect(bench.statuses).toBe('fresh disabled fresh disabled fresh');
    bench.option(1, { disabled: false });
    expect(bench.statuses).toBe('fresh fresh fresh fresh fresh');
  });
});

it('what a disabled cell would redefine is not read from the cell above it instead', () => {
  const bench = new Bench(['a = #1', 'a = #2', 'b = a #3'], 'percent', { 1: { disabled: true } }).run('all');
  expect(bench.statuses).toBe('fresh disabled disabled');
});

describe('a manual cell', () => {
  const manual = () => new Bench(tree('a = #1'), 'percent', { 1: { manual: true } });

  it('runs by name alone, and what needs it is skipped', () => {
    const bench = manual();
    expect(ran(bench)).toBe('0 ok, 2 ok, 3 skipped: stale, 4 ok, run 1 failed');
    expect(bench.statuses).toBe('fresh new fresh new fresh');
  });

  it('is left stale by what stands above it, with what follows from it', () => {
    const bench = manual().run('all').run('reactive', 1);
    expect(bench.statuses).toBe('fresh fresh fresh fresh fresh');
    expect(bench.edit(0, 'a = #9').run('reactive', 0).statuses).toBe('fresh stale fresh stale fresh');
    expect(bench.run('stale').statuses).toContain('fresh stale fresh');
    expect(bench.run('reactive', 1).statuses).toBe('fresh fresh fresh fresh fresh');
  });

  it('takes along what it needs when it is named', () => {
    expect(manual().plan('reactive', 1)).toBe('0 stale ancestor, 1 asked for, 3 descendant');
  });
});

describe('a lazy notebook', () => {
  it('marks what follows and does not run it', () => {
    const bench = new Bench(tree('a = #1')).run('all').lazy().edit(0, 'a = #9');
    expect(bench.run('reactive', 0).statuses).toBe('fresh stale stale stale fresh');
  });

  it('runs what is stale above what is asked for, however far', () => {
    const bench = new Bench(tree('a = #1')).run('all').lazy().edit(0, 'a = #9');
    bench.news;
    expect(bench.run('reactive', 3).news).toBe('0 ok, 1 ok, 3 ok, run 2 ok');
    expect(bench.statuses).toBe('fresh fresh stale fresh fresh');
  });
});

describe('what changes while a run waits', () => {
  it('an edit makes the cell stale after its step, which ran the text of the plan', () => {
    const bench = new Bench(tree('a = #1')).hold().run('all').edit(4, 'e = #9');
    expect(bench.release().statuses).toBe('fresh fresh fresh fresh stale');
  });

  it('an edit of the running cell makes it stale, with what followed from it', () => {
    const bench = new Bench(tree('a = #1')).hold().run('all').edit(0, 'a = #9');
    expect(bench.release().statuses).toBe('stale stale stale stale fresh');
  });

  it('a cell that is removed before its turn is skipped', () => {
    const bench = new Bench(tree('a = #1')).hold().run('all');
    bench.take({ type: 'edited', cells: [], removed: ['4'], order: ['0', '1', '2', '3'] });
    expect(bench.release().news).toBe('0 ok, 1 ok, 2 ok, 3 ok, 4 skipped: removed, run 1 failed');
  });
});

describe('a name that is made at run time', () => {
  const cells = ['d = #1', 'exec d #2', 'x = d #3'];

  it('belongs to the text that made it, also when that is gone for a while', () => {
    const bench = new Bench(cells).run('all').run('stale');
    const written = bench.readFrom(2);
    expect(written).toBe('d of 1, 0');
    expect([bench.edit(1, 'e = #9').readFrom(2), bench.statuses]).toEqual([written, 'fresh stale stale']);
    expect(bench.edit(1, 'exec d #2').readFrom(2)).toBe(written);
    expect(bench.statuses).toBe('fresh fresh fresh');
    expect(bench.edit(1, 'e = #9').run('only', 1).readFrom(2)).toBe('d of 0');
  });

  it('comes back with a cell that is cut and pasted', () => {
    const bench = new Bench(cells).run('all').run('stale');
    const cell = bench.state.graph.cells.get('1');
    bench.take({ type: 'edited', cells: [], removed: ['1'], order: ['0', '2'] });
    if (cell)
      bench.take({ type: 'edited', cells: [{ ...cell, observed: nothingObserved }], removed: [], order: ['0', '1', '2'] });
    expect([bench.readFrom(2), bench.statuses]).toEqual(['d of 1, 0', 'fresh fresh fresh']);
  });

  it('is not there when the cell runs again, though its function might bind it, too', () => {
    const bench = new Bench(['fn c = > a #1\nexec a #2', 'x = #3']).run('all');
    expect(bench.state.bound.get('a')).toBe(1);
    expect(bench.hold().run('only', 0).state.bound.has('a')).toBe(false);
    expect(bench.release().state.bound.get('a')).toBe(3);
  });

  it('does not belong to a text that came while the other ran', () => {
    const bench = new Bench(cells).hold().run('only', 1).edit(1, 'e = #9').release();
    expect(bench.readFrom(2)).toBe('d of 1, 0');
    expect(bench.edit(1, 'exec d #2').readFrom(2)).toBe('d of 1, 0');
    expect(bench.edit(1, 'e = #9').run('only', 1).release().readFrom(2)).toBe('d of 0');
  });
});

it('a change uses up what cells further down have bound to the name again, for when they are given it as before', () => {
  const bench = new Bench(['b = #1', 'c = #2', 'b is b #3', 'x = b #4']).run('all').edit(1, 'b ~ #5').run('only', 1);
  bench.take({ type: 'edited', cells: [], removed: ['1'], order: ['0', '2', '3'] });
  expect(bench.plan('upstream', 3)).toBe('0 used up, 2 used up, 3 asked for');
});

it('a reader waits no more for a cell to change its object that was skipped', () => {
  const bench = new Bench(['g = #1', 'x = nowhere #2', 'g ! x #3', 'y = g #4'], 'marimo').run('only', 0).run('only', 3);
  expect(bench.statuses).toBe('fresh new new stale');
  expect(bench.run('only', 2).statuses).toBe('fresh new new fresh');
});

it('a name that nobody gives is as one that somebody has unbound', () => {
  const bench = new Bench(['x = #1', 'del x', 'try y = x #2']).run('all');
  bench.take({ type: 'edited', cells: [], removed: ['1'], order: ['0', '2'] });
  expect(bench.statuses).toBe('fresh stale');
  bench.take({ type: 'edited', cells: [], removed: ['0'], order: ['2'] });
  expect(bench.statuses).toBe('fresh');
});

it('a name that a cell changes by functions of others is its own version, also where functions of its own bind it', () => {
  const bench = new Bench(['d = #1', 'fn f = d > d #2', 'x = call f #3\nfn g = > d #4', 'y = d #5']);
  expect(ran(bench)).toBe('0 ok, 1 ok, 2 ok, 3 ok, run 1 ok');
  expect(bench.statuses).toBe('fresh fresh fresh fresh');
});

it('a name that is found counts for who reads it above its definition', () => {
  const bench = new Bench(['exec b #1', 'd = b #2', 'b = d #3']);
  expect(bench.statuses).toBe('new new new');
  expect(ran(bench)).toBe('0 ok, 1 ok, 2 ok, run 1 ok');
  expect([bench.statuses, bench.readFrom(1)]).toEqual(['fresh fresh fresh', 'b of 0']);
});

it('a cell that is inserted gives a name that functions of other cells read a place: who uses them is looked at again', () => {
  const bench = new Bench(['b = #1', 'fn d = b a #2', 'fn c = d b #3']).run('all');
  expect(bench.statuses).toBe('fresh fresh fresh');
  const inserted: GraphCell = { ...cellOf(bench.state.graph, '0'), id: '9', code: 'a ! #4', facts: factsOf('a ! #4') };
  bench.take({ type: 'edited', cells: [inserted], removed: [], order: ['0', '1', '2', '9'] });
  expect(violations(bench.state)).toEqual([]);
});
