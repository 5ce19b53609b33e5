/** A generator that the whole program shares is watched from its first seeding on: what cells drew before was not seen. */
import { describe, expect, it } from 'vitest';
import { type Implicit, noFacts } from '../../../daemon/core/analysis/facts.ts';
import { Bench } from './bench.ts';

const random = '<state of random>';
const seeds: Implicit = { reads: [], writes: [random], consumes: [] };
const draws: Implicit = { reads: [random], writes: [random], consumes: [] };

/** `import random`, a cell that seeds, one that draws, and one that does neither. The text says only who mentions the module. */
function bench(format: 'percent' | 'marimo'): Bench {
  const opened = new Bench(['a = #1', 'b = a #2', 'c = a #3', 'd = #4'], format).hold();
  for (const id of ['0', '1', '2']) {
    const cell = opened.state.graph.cells.get(id) as NonNullable<ReturnType<typeof opened.state.graph.cells.get>>;
    const cells = [{ ...cell, facts: { ...noFacts, ...cell.facts, modules: new Set(['random']) } }];
    opened.take({ type: 'edited', cells, removed: [], order: undefined });
  }
  return opened;
}

describe.each(['percent', 'marimo'] as const)('in %s format, after the first seeding (P65)', (format) => {
  const run = (opened: Bench, at: number, implicit?: Implicit) => opened.run('only', at).finishSeen(implicit ? { implicit } : {});

  it('a cell below that may have drawn before is out of date, and fresh when it has drawn again', () => {
    const opened = run(run(run(run(bench(format), 0), 2), 3), 1, seeds);
    expect(opened.statuses).toBe('fresh fresh stale fresh');
    expect(run(opened, 2, draws).statuses).toBe('fresh fresh fresh fresh');
  });

  it('it stays so when it is edited and changed back, until it is seen to draw nothing', () => {
    const opened = run(run(run(bench(format), 0), 2), 1, seeds);
    const cell = opened.state.graph.cells.get('2');
    opened.edit(2, 'c = #9');
    if (cell)
      opened.take({
        type: 'edited',
        cells: [{ ...cell, observed: { writes: [], reads: [], changes: [] } }],
        removed: [],
        order: undefined,
      });
    expect(opened.statuses).toBe('fresh fresh stale new');
    expect(run(opened, 2, { reads: [], writes: [], consumes: [] }).statuses).toBe('fresh fresh fresh new');
  });

  it('a cell above is not, until it stands below', () => {
    const opened = run(run(run(bench(format), 0), 1), 2, seeds);
    expect(opened.statuses).toBe('fresh fresh fresh new');
    opened.take({ type: 'edited', cells: [], removed: [], order: ['0', '2', '1', '3'] });
    expect(opened.statuses).toBe('fresh fresh stale new');
  });

  it('who ran since was looked at, and only the first seeding counts', () => {
    const opened = run(run(run(run(bench(format), 0), 1, seeds), 2), 3, seeds);
    opened.take({ type: 'edited', cells: [], removed: [], order: ['0', '1', '3', '2'] });
    expect(opened.statuses).toBe('fresh fresh fresh fresh');
  });
});
