import { describe, expect, it } from 'vitest';
import type { GraphCell } from '../../../daemon/core/graph/graph.ts';
import { nothingObserved } from '../../../daemon/core/graph/observed.ts';
import { noOptions } from '../../../daemon/core/notebook/notebook.ts';
import type { Event } from '../../../daemon/core/scheduler/events.ts';
import { initialState, type RunMode, type State } from '../../../daemon/core/scheduler/state.ts';
import { statusOf } from '../../../daemon/core/scheduler/status.ts';
import { step } from '../../../daemon/core/scheduler/step.ts';
import { defaultOptions } from '../../../protocol/running-options.ts';
import { FakeKernel } from '../../simulation/fake-kernel.ts';
import { violations } from '../../simulation/invariants.ts';
import { factsOf } from '../../simulation/program.ts';
import { pick, random } from '../../support/random.ts';

interface Uses {
  readonly reads?: string;
  /** The step gives the file this mark, or where it is `+` one more than it has. */
  readonly writes?: readonly [file: string, mark: string];
}

/** A notebook of the simulation's language whose cells read and write data files. */
class Bench {
  readonly #kernel = new FakeKernel(1);
  readonly #uses: Readonly<Record<string, Uses>>;
  readonly disk = new Map<string, string>();
  state: State = initialState('percent', defaultOptions);
  ran: string[] = [];

  constructor(lines: readonly string[], uses: Readonly<Record<number, Uses>>) {
    this.#uses = uses;
    const cells = lines.map((code, at) => cell(String(at), code));
    this.take({ type: 'edited', cells, removed: [], order: cells.map(({ id }) => id) });
  }

  take(event: Event): void {
    const { state, effects } = step(this.state, event);
    this.state = state;
    expect(violations(state)).toEqual([]);
    for (const effect of effects) {
      if (effect.type === 'start-kernel') this.take({ type: 'kernel-started', generation: effect.generation });
      if (effect.type !== 'evaluate') continue;
      this.ran.push(effect.cell.id);
      this.#kernel.evaluate(effect);
      const finished = this.#kernel.finish();
      if (finished?.type !== 'finished') continue;
      const files = this.#usedBy(effect.cell.id);
      this.take(finished);
      this.take({ type: 'data-used', cell: effect.cell.id, step: effect.step, ...files, hasMore: false });
    }
  }

  #usedBy(id: string): { read: Map<string, string>; written: Map<string, string> } {
    const { reads, writes } = this.#uses[id] ?? {};
    const read = new Map(reads === undefined ? [] : [[reads, this.disk.get(reads) ?? 'missing']]);
    if (!writes) return { read, written: new Map() };
    const [file, mark] = writes;
    this.disk.set(file, mark === '+' ? `${this.disk.get(file) ?? ''}+` : mark);
    read.delete(file);
    return { read, written: new Map([[file, this.disk.get(file) ?? '']]) };
  }

  run(mode: RunMode, ...roots: number[]): this {
    this.ran = [];
    this.take({ type: 'run-requested', mode, roots: roots.map(String), parameters: undefined, stopAtFailure: false });
    return this;
  }

  change(file: string, mark: string): this {
    this.disk.set(file, mark);
    this.take({ type: 'files-changed', files: new Map([[file, mark]]) });
    return this;
  }

  move(...order: number[]): this {
    this.take({ type: 'edited', cells: [], removed: [], order: order.map(String) });
    return this;
  }

  get statuses(): string {
    return this.state.graph.order.map((id) => statusOf(this.state, id).status).join(' ');
  }
}

function cell(id: string, code: string): GraphCell {
  return { id, kind: 'code', name: undefined, code, options: noOptions, facts: factsOf(code), observed: nothingObserved };
}

const lines = ['a = #1', 'b = a #2', 'c = #3', 'd = c #4'];

describe('a data file (P67)', () => {
  it('that changed makes the cells stale that have read it, and what follows, until it is what it was', () => {
    const bench = new Bench(lines, { 0: { reads: 'm' } }).run('all').change('m', '2');
    expect(bench.statuses).toBe('stale stale fresh fresh');
    expect(statusOf(bench.state, '0').reason).toEqual({ type: 'data-changed', file: 'm' });
    expect(bench.change('m', 'missing').statuses).toBe('fresh fresh fresh fresh');
    expect(bench.change('m', '2').run('reactive', 1).statuses).toBe('fresh fresh fresh fresh');
  });

  it('that a cell writes makes the cells below stale that have read something else', () => {
    const bench = new Bench(lines, { 0: { writes: ['m', '+'] }, 2: { reads: 'm' } }).run('all');
    expect(bench.statuses).toBe('fresh fresh fresh fresh');
    expect(bench.run('reactive', 0).statuses).toBe('fresh fresh stale stale');
    expect(bench.run('stale').statuses).toBe('fresh fresh fresh fresh');
  });

  it('that is written as it was changes nothing', () => {
    const bench = new Bench(lines, { 0: { writes: ['m', '1'] }, 2: { reads: 'm' } }).run('all').run('reactive', 0);
    expect(bench.statuses).toBe('fresh fresh fresh fresh');
  });

  it('that a cell below writes leaves those above alone that have read it before', () => {
    const bench = new Bench(lines, { 0: { reads: 'm' }, 2: { writes: ['m', '+'] } }).run('all');
    expect(bench.statuses).toBe('fresh fresh fresh fresh');
    // A change from outside is another thing.
    expect(bench.change('m', 'x').statuses).toBe('stale stale fresh fresh');
  });

  it('counts as written by the place where its writer stands now', () => {
    const bench = new Bench(lines, { 0: { reads: 'm' }, 2: { writes: ['m', '+'] } }).run('all');
    expect(bench.move(2, 3, 0, 1).statuses).toBe('fresh fresh stale stale');
    expect(bench.move(0, 1, 2, 3).statuses).toBe('fresh fresh fresh fresh');
    bench.take({ type: 'edited', cells: [], removed: ['2', '3'], order: ['0', '1'] });
    expect(bench.statuses).toBe('stale stale');
  });

  it('makes no loop of cells that write what they read, or what others read', () => {
    const bench = new Bench(lines, { 0: { reads: 'm', writes: ['m', '+'] }, 2: { reads: 'm', writes: ['m', '+'] } });
    for (let times = 0; times < 3; times++) expect(bench.run('all').statuses).toBe('fresh fresh fresh fresh');
  });

  it.each([1, 2, 3])('at any moment, and any number of times: history %i', (seed) => {
    const roll = random(seed);
    const bench = new Bench(lines, { 0: { reads: 'm' }, 1: { writes: ['m', '1'] }, 2: { reads: 'm' }, 3: { reads: 'n' } });
    for (let move = 0; move < 200; move++) {
      if (roll(2) === 0) bench.change(pick(roll, ['m', 'n']), String(roll(3)));
      else bench.run(pick(roll, ['reactive', 'upstream', 'only', 'stale', 'all']), roll(4));
    }
    bench.run('stale').run('stale');
    expect(bench.statuses).toBe('fresh fresh fresh fresh');
  });
});
