/** States that have no variable: `x = draw p` goes on with the state p, `seed p` sets it. The text shows neither. */
import { describe, expect, it } from 'vitest';
import { conflictsOf } from '../../../daemon/core/graph/conflicts.ts';
import { orderCells } from '../../../daemon/core/graph/order.ts';
import { earlierTextsMax } from '../../../daemon/core/scheduler/bounds.ts';
import { variablesOf } from '../../../daemon/core/scheduler/values/variables.ts';
import { Bench } from './bench.ts';

const fresh = (count: number) => Array(count).fill('fresh').join(' ');

describe.each(['percent', 'marimo'] as const)('in %s format', (format) => {
  const draws = ['seed p #1', 'a = draw p #2', 'b = draw p #3', 'c = draw q #4'];

  it('a cell that draws follows those above it that draw from the same', () => {
    const bench = new Bench(draws, format).run('all').edit(1, 'a = draw p #5');
    expect(bench.statuses).toBe('fresh stale stale fresh');
    expect(bench.plan('reactive', 1)).toBe('1 asked for, 2 descendant');
    expect(bench.run('reactive', 1).statuses).toBe(fresh(4));
  });

  it('a version is given again, and the cell that gave it does not run again', () => {
    const bench = new Bench(draws, format).run('all');
    const first = bench.valueOf(1, 'a');
    expect([bench.plan('upstream', 1), bench.run('reactive', 1).valueOf(1, 'a')]).toEqual(['1 asked for', first]);
    expect(bench.statuses).toBe(fresh(4));
  });

  it('what is drawn below a cell that was taken out is drawn again', () => {
    const bench = new Bench(draws, format).run('all');
    bench.take({ type: 'edited', cells: [], removed: ['1'], order: ['0', '2', '3'] });
    expect(bench.statuses).toBe('fresh stale fresh');
    expect(bench.run('stale').valueOf(2, 'b')).toBe(new Bench(['seed p #1', 'b = draw p #3'], format).run('all').valueOf(1, 'b'));
  });

  it('an edited cell may still draw, until it has run', () => {
    const bench = new Bench(draws, format).run('all').edit(1, 'a = #5');
    expect([bench.statuses, bench.plan('reactive', 2)]).toEqual(['fresh stale stale fresh', '1 stale ancestor, 2 asked for']);
    expect(bench.run('only', 1).statuses).toBe('fresh fresh stale fresh');
    expect(bench.plan('reactive', 1)).toBe('1 asked for');
  });

  it('a text that is back may draw again, as it was seen to before others ran', () => {
    const bench = new Bench(draws, format).run('all').edit(1, 'a = #5').run('stale').edit(1, 'a = #6').run('stale');
    expect(bench.edit(1, draws[1] as string).statuses).toBe('fresh stale stale fresh');
    expect(bench.plan('reactive', 2)).toBe('1 stale ancestor, 2 asked for');
    expect(bench.edit(1, 'a = #7').statuses).toBe('fresh stale fresh fresh');
  });

  it('as many texts of a cell are remembered as is said', () => {
    const bench = new Bench(draws, format).run('all');
    for (let other = 1; other <= earlierTextsMax; other++) bench.edit(1, `a = draw q #1${other}`).run('stale');
    bench.edit(1, 'a = #5').run('stale');
    expect(bench.edit(1, draws[1] as string).statuses).toBe('fresh stale fresh fresh');
    expect(bench.edit(1, 'a = draw q #11').statuses).toBe('fresh stale fresh stale');
  });

  it('a failed cell leaves the state before it', () => {
    const bench = new Bench(['seed p #1', 'x = draw p #2\nn = nowhere #3', 'b = draw p #3'], format).run('all');
    const alone = new Bench(['seed p #1', 'b = draw p #3'], format).run('all');
    expect([bench.statuses, bench.valueOf(2, 'b')]).toEqual(['fresh failed fresh', alone.valueOf(1, 'b')]);
  });

  it('a cell that has drawn and fails now leaves those below it without the state, like readers of its variables', () => {
    const bench = new Bench(['m = #9', 'seed p #1', 'x = draw p #2\nn = m #5', 'b = draw p #3'], format).run('all');
    expect(bench.edit(0, 'q = #9').run('stale').statuses).toBe('fresh fresh failed skipped');
    expect(bench.edit(0, 'm = #9').run('stale').statuses).toBe(fresh(4));
  });

  it('several cells that set one are no problem, and what they set is no variable (P65)', () => {
    const bench = new Bench(['seed p #1', 'seed p #2', 'a = draw p #3'], format).run('all');
    expect([bench.statuses, conflictsOf(bench.state.graph).cells.size]).toEqual([fresh(3), 0]);
    expect(variablesOf(bench.state).map(({ name }) => name)).toEqual(['a']);
    expect([...bench.state.graph.writers.keys()]).toEqual(['a']);
  });

  it('to set what was set before leaves its readers alone', () => {
    const bench = new Bench(['seed p #1', 'a = draw p #3'], format).run('all');
    bench.news;
    expect([bench.run('reactive', 0).news, bench.statuses]).toEqual(['0 ok, 1 cached, run 2 ok', fresh(2)]);
  });

  it('a disabled cell does not count', () => {
    const bench = new Bench(draws, format).run('all').option(1, { disabled: true });
    expect(bench.statuses).toBe('fresh disabled stale fresh');
    expect(bench.run('stale').statuses).toBe('fresh disabled fresh fresh');
    expect(bench.option(1, { disabled: false }).statuses).toBe('fresh fresh stale fresh');
  });

  it('code beside the cells goes on with the state, and the cells get their own again (P66)', () => {
    const bench = new Bench(draws, format).run('all');
    const first = bench.valueOf(2, 'b');
    bench.evaluate('ann', 'z = draw p #7\nseed q #8');
    expect([bench.statuses, bench.run('reactive', 2).valueOf(2, 'b')]).toEqual([fresh(4), first]);
  });
});

it('a cell found to draw where nobody has set the state stays fresh when whoever may have set it did not', () => {
  const bench = new Bench(['d = b #1', 'c = draw q #2', 'b = #3']).run('all');
  bench.edit(0, 'd = draw q #4\ne = b #5').edit(1, 'c = #6');
  expect(bench.run('stale').statuses).toBe(fresh(3));
});

it('what is seen to be shared never changes the order', () => {
  const bench = new Bench(['a = b d #1', 'x = draw p #2', 'b = draw p #3', 'd = #4'], 'marimo');
  const order = () => orderCells(bench.state.graph, bench.state.graph.order).join(' ');
  const before = order();
  bench.run('all');
  expect([order(), bench.statuses]).toEqual([before, fresh(4)]);
});
