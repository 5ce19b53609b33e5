// Changes in place that only the run shows (`~`, `poke`), in both dialects.
import { describe, expect, it } from 'vitest';
import { PersistentMap } from '../../../daemon/core/collections/persistent-map.ts';
import { buildGraph } from '../../../daemon/core/graph/edit.ts';
import type { GraphCell } from '../../../daemon/core/graph/graph.ts';
import { nothingObserved } from '../../../daemon/core/graph/observed.ts';
import { type Format, noOptions } from '../../../daemon/core/notebook/notebook.ts';
import type { Event } from '../../../daemon/core/scheduler/events.ts';
import { planRun } from '../../../daemon/core/scheduler/plan.ts';
import { initialState, type RunMode, type State } from '../../../daemon/core/scheduler/state.ts';
import { statusOf } from '../../../daemon/core/scheduler/status.ts';
import { step } from '../../../daemon/core/scheduler/step.ts';
import { watchedNames } from '../../../daemon/core/scheduler/values/watched.ts';
import { defaultOptions } from '../../../protocol/running-options.ts';
import { FakeKernel } from '../../simulation/fake-kernel.ts';
import { factsOf } from '../../simulation/program.ts';

class Bench {
  readonly #kernel = new FakeKernel(1);
  readonly watched: string[] = [];
  readonly #whileRunning = new Map<string, () => void>();
  state: State;

  constructor(format: Format, ...lines: readonly string[]) {
    const cells = lines.map((code, at) => cell(String(at), code));
    this.state = initialState(format, defaultOptions);
    this.take({ type: 'edited', cells, removed: [], order: cells.map(({ id }) => id) });
  }

  take(event: Event): void {
    const { state, effects } = step(this.state, event);
    this.state = state;
    for (const effect of effects) {
      if (effect.type === 'start-kernel') this.take({ type: 'kernel-started', generation: effect.generation });
      if (effect.type !== 'evaluate') continue;
      this.watched.push(`${effect.cell.id}: ${effect.watched.join(' ')}`.trim());
      this.#kernel.evaluate(effect);
      this.#whileRunning.get(effect.cell.id)?.();
      const finished = this.#kernel.finish();
      if (finished) this.take(finished);
    }
  }

  run(mode: RunMode, ...roots: number[]): this {
    this.take({ type: 'run-requested', mode, roots: roots.map(String), parameters: undefined, stopAtFailure: false });
    return this;
  }

  edit(at: number, code: string): this {
    this.take({ type: 'edited', cells: [cell(String(at), code)], removed: [], order: undefined });
    return this;
  }

  /** It goes while its next step runs. */
  removeRunning(at: number): this {
    const order = this.state.graph.order.filter((id) => id !== String(at));
    this.#whileRunning.set(String(at), () => this.take({ type: 'edited', cells: [], removed: [String(at)], order }));
    return this;
  }

  remove(at: number): this {
    const order = this.state.graph.order.filter((id) => id !== String(at));
    this.take({ type: 'edited', cells: [], removed: [String(at)], order });
    return this;
  }

  insert(at: number, code: string): this {
    const order = this.state.graph.order.toSpliced(at, 0, String(at));
    this.take({ type: 'edited', cells: [cell(String(at), code)], removed: [], order });
    return this;
  }

  plan(at: number): string {
    return planRun(this.state, 'reactive', [String(at)])
      .map(({ cell, reason }) => `${cell} ${reason}`)
      .join(', ');
  }

  get statuses(): string {
    return this.state.graph.order.map((id) => statusOf(this.state, id).status).join(' ');
  }

  /** What the cells hold that were seen to change something. */
  get seen(): string {
    const cells = [...this.state.graph.cells.values()];
    return cells.flatMap((one) => one.observed.changes.map(({ name }) => `${one.id} ${name}`)).join(', ');
  }
}

function cell(id: string, code: string): GraphCell {
  return { id, kind: 'code', name: undefined, code, options: noOptions, facts: factsOf(code), observed: nothingObserved };
}

/** `def f7(): return f6()`, of which the simulation's language knows too few names. */
function functionCell(at: number): GraphCell {
  const code = at === 0 ? 'fn a = #1' : 'fn a = b #1';
  const facts = factsOf(code);
  const def = facts.defs.get('a');
  const ref = facts.refs.get('b');
  return {
    ...cell(String(at), code),
    facts: {
      ...facts,
      defs: new Map(def && [[`f${at}`, def]]),
      refs: new Map(ref && [[`f${at - 1}`, ref]]),
      deferredReads: new Set(ref && [`f${at - 1}`]),
    },
  };
}

const shared = ['a = #1', 'a ~ #2', 'b = a #3'];

it('watches what a cell is given, by itself and through functions, and does not visibly change', () => {
  const bench = new Bench('percent', 'a = #1', 'c = #2', 'fn f = a #3', 'fn g = f #4', 'b = call g #5', 'c ! a #6').run('all');
  expect(bench.watched).toEqual(['0:', '1:', '2: a', '3: f a', '4: g f a', '5: a']);
});

it('watches the nearest hundred names behind functions of functions, and no more', () => {
  const cells = Array.from({ length: 150 }, (_, at) => functionCell(at));
  const graph = buildGraph('percent', cells);
  const reader = graph.cells.get('149') as GraphCell;
  const given = { outer: new Map([['f148', 149]]), inner: new Map(), later: new Map() };
  const bound = PersistentMap.from(cells.map(({ id }) => [`f${id}`, Number(id) + 1] as const));
  const watched = watchedNames(graph, reader, given, bound);
  expect([watched.length, watched.at(0), watched.at(-1)]).toEqual([101, 'f148', 'f48']);
});

describe.each(['percent', 'marimo'] as const)(
  'a change in place that is seen only when the cell runs, in %s format',
  (format) => {
    it('makes the definition run again before the cell does', () => {
      const bench = new Bench(format, ...shared);
      expect(bench.plan(1)).toBe('0 stale ancestor, 1 asked for');
      bench.run('all');
      expect(bench.statuses).toBe('fresh fresh fresh');
      expect(bench.plan(1)).toBe('0 used up, 1 asked for, 2 descendant');
      expect(bench.run('reactive', 1).statuses).toBe('fresh fresh fresh');
    });

    it('is noticed through a function, too', () => {
      const bench = new Bench(format, 'a = #1', 'fn f = a #2', 'poke f #3').run('all');
      expect([bench.seen, bench.statuses]).toEqual(['2 a', 'fresh fresh fresh']);
      expect(bench.plan(2)).toBe('0 used up, 1 stale ancestor, 2 asked for');
    });

    it('consumes what functions read for others, when the text that changed it is another', () => {
      const bench = new Bench(format, 'a = #1\nfn f = a #2', 'poke f #3', 'b = a #4').run('all');
      expect(bench.edit(1, 'poke f #5').statuses).toBe('fresh stale stale');
      expect(bench.plan(1)).toBe('0 used up, 1 asked for, 2 descendant');
      expect(bench.run('reactive', 1).statuses).toBe('fresh fresh fresh');
      expect(bench.seen).toBe('1 a');
    });

    it('consumes what functions read for others, when the cell that changed it is gone', () => {
      const bench = new Bench(format, 'a = #1\nfn f = a #2', 'a ! #3', 'fn g = f #4', 'b = call f #5').run('all');
      expect(bench.remove(1).statuses).toBe('fresh fresh stale');
      expect(bench.plan(3)).toBe('0 used up, 3 asked for');
      expect(bench.run('only', 3).statuses).toMatch(/stale$/);
      expect(bench.run('upstream', 3).statuses).toBe('fresh stale fresh');
    });

    it('makes who reads the object out of date when a cell that changes it comes, is another, and goes', () => {
      const bench = new Bench(format, 'a = #1', 'b = a #2').run('all').insert(2, 'a ~ #3');
      bench.take({ type: 'edited', cells: [], removed: [], order: ['0', '2', '1'] });
      expect(bench.run('upstream', 2).statuses).toBe('fresh fresh stale');
      expect(bench.run('stale').statuses).toBe('fresh fresh fresh');
      expect(bench.edit(2, 'a ~ #4').statuses).toBe('fresh stale stale');
      expect(bench.run('stale').statuses).toBe('fresh fresh fresh');
      expect(bench.remove(2).statuses).toBe('fresh stale');
      expect(bench.run('stale').statuses).toBe('fresh fresh');
    });

    it('counts until the text changes, and not as long as only comments do', () => {
      const bench = new Bench(format, ...shared).run('all');
      expect(bench.seen).toBe('1 a');
      const { state } = bench;
      const same = state.graph.cells.get('1') as GraphCell;
      bench.take({
        type: 'edited',
        cells: [{ ...cell('1', same.code), code: `# why\n${same.code}` }],
        removed: [],
        order: undefined,
      });
      expect([bench.seen, bench.statuses]).toEqual(['1 a', 'fresh fresh fresh']);
      expect(bench.edit(1, 'c = a #9').seen).toBe('');
    });

    it('is known of a cell that was removed while it ran, when the removal is undone', () => {
      const bench = new Bench(format, ...shared).removeRunning(1).run('all');
      expect(bench.seen).toBe('');
      expect(bench.insert(1, 'a ~ #2').seen).toBe('1 a');
    });

    it('uses the object up when the cell fails, too', () => {
      const bench = new Bench(format, 'a = #1', 'a ~ #2\nb = missing #3', 'c = #4').run('all');
      expect([bench.seen, bench.statuses]).toEqual(['1 a', 'fresh failed fresh']);
      expect(bench.plan(1)).toBe('0 used up, 1 asked for');
    });
  },
);

it('consumes a kept value that is not bound while its object is changed, for when it comes back', () => {
  const bench = new Bench('percent', 'a = #1', 'b is a #2', 'c = b #3', 'a ~ #4')
    .run('upstream', 2)
    .edit(1, 'b = #5')
    .run('only', 3);
  expect([bench.seen, bench.statuses]).toEqual(['3 a', 'fresh stale stale fresh']);
  expect(bench.edit(1, 'b is a #2').statuses).toBe('fresh fresh fresh fresh');
  expect(bench.plan(2)).toBe('0 used up, 1 used up, 2 asked for');
});

it('sees a change under another name that others give before, and under none that they give later', () => {
  const aliases = new Bench('percent', 'a = #1', 'b is a #2', 'a ~ #3', 'c = b #4').run('all');
  expect([aliases.seen, aliases.statuses]).toEqual(['2 a, 2 b', 'fresh fresh fresh fresh']);
  expect(aliases.edit(2, 'a ~ #5').statuses).toBe('fresh fresh stale stale');
  const later = new Bench('percent', 'fn f = a #1\npoke f #2', 'a = #3', 'b is a #4');
  expect(later.run('all').seen).not.toContain('b');
});

it('consumes what other cells have only bound to the name again, too', () => {
  const bench = new Bench('percent', 'b = #1', 'b is b #2', 'b ~ #3').run('all');
  expect([bench.seen, bench.plan(2)]).toEqual(['2 b', '0 used up, 1 used up, 2 asked for']);
});

it('makes the readers below out of date in a script, and nobody above', () => {
  const bench = new Bench('percent', 'a = #1', 'b = a #2', 'a ~ #3', 'c = a #4').run('upstream', 1).run('upstream', 3);
  expect(bench.statuses).toBe('fresh fresh new fresh');
  expect(bench.run('only', 2).statuses).toBe('fresh fresh fresh stale');
});

it('makes the cell out of date above the definition, where as a writer it is given the name no more', () => {
  const bench = new Bench('percent', 'poke f #1', 'fn f = a #2\na = #3').run('all');
  expect([bench.seen, bench.statuses]).toEqual(['0 a', 'stale fresh']);
  expect(bench.run('reactive', 0).statuses).toBe('failed fresh');
});

it('gives the changed object again when the cell runs again, also where only a function of it binds the name', () => {
  const bench = new Bench('percent', 'a = #1', 'fn f = > a #2\na ~ #3', 'b = a #4').run('all').run('reactive', 1);
  expect([bench.seen, bench.statuses]).toEqual(['1 a', 'fresh fresh fresh']);
  expect(bench.state.records.get('2')?.inputs.get('a')).toBe(bench.state.records.get('1')?.step);
});

it('gives no version of a name that the cell deletes when it has changed the object', () => {
  const bench = new Bench('percent', 'a = #1', 'a ~ #2\ndel a', 'b = #3', 'c = a #4').run('all');
  expect([bench.seen, bench.statuses]).toEqual(['1 a', 'fresh fresh fresh failed']);
  expect([...bench.state.bound.keys()]).toEqual(['b']);
});

it("gives in marimo's format what a cell has changed that runs before, though it stands below", () => {
  const bench = new Bench('marimo', 'd = b e #1', 'b = #2', 'b ! #3', 'e = #4').run('all');
  expect(bench.statuses).toBe('fresh fresh fresh fresh');
  expect(bench.plan(0)).toBe('0 asked for');
});

it.each([
  ['it is another', ['a = #1', 'a ! #2', 'c = #3'], 1, 'd = #4'],
  ['what it reads is another, and it fails', ['a = #1', 'e = #2', 'a ! e #3\nb = missing #4', 'c = #5'], 1, 'e = #6'],
])("hides in marimo's format what a cell has changed from those who look around, once %s", (_, cells, at, code) => {
  const bench = new Bench('marimo', ...cells).run('all');
  const last = cells.length - 1;
  expect(bench.run('only', last).state.bound.has('a')).toBe(true);
  expect(bench.edit(at, code).run('only', last).state.bound.has('a')).toBe(false);
});

it("shares the object with readers in marimo's format, in the order of the page", () => {
  const bench = new Bench('marimo', 'a = #1', 'b = a #2', 'a ~ #3', 'c = a #4').run('all');
  expect(bench.statuses).toBe('fresh fresh fresh fresh');
  expect(bench.plan(3)).toBe('3 asked for');
  expect(bench.plan(1)).toBe('0 used up, 1 asked for');
  expect(bench.edit(2, 'd = #9').plan(3)).toBe('0 used up, 2 stale ancestor, 3 asked for');
  expect(bench.run('only', 2).plan(3)).toBe('0 used up, 3 asked for');
});
