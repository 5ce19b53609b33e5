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

/** A notebook of the simulation's language whose cells load files: `uses[2]` are those of cell 2. */
class Bench {
  readonly #kernel = new FakeKernel(1);
  readonly #uses: Readonly<Record<string, readonly string[]>>;
  /** What the disk has. */
  readonly disk = new Map<string, string>();
  state: State = initialState('percent', defaultOptions);
  ran: string[] = [];

  constructor(lines: readonly string[], uses: Readonly<Record<number, readonly string[]>>) {
    this.#uses = uses;
    for (const file of Object.values(uses).flat()) this.disk.set(file, '1');
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
      const files = new Map((this.#uses[effect.cell.id] ?? []).map((file) => [file, this.disk.get(file) ?? '']));
      if (finished?.type !== 'finished') continue;
      this.take(finished);
      this.take({ type: 'files-loaded', cell: effect.cell.id, step: effect.step, files });
    }
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

  get statuses(): string {
    return this.state.graph.order.map((id) => statusOf(this.state, id).status).join(' ');
  }
}

function cell(id: string, code: string): GraphCell {
  return { id, kind: 'code', name: undefined, code, options: noOptions, facts: factsOf(code), observed: nothingObserved };
}

const lines = ['a = #1', 'b = a #2', 'c = #3', 'd = c #4'];

describe('a file that changed', () => {
  it('makes the cells stale that have loaded it, and what follows from them; nothing runs', () => {
    const bench = new Bench(lines, { 1: ['m'], 2: ['m', 'n'] }).run('all').change('n', '2');
    expect([bench.statuses, bench.ran.length]).toEqual(['fresh fresh stale stale', 4]);
    expect(statusOf(bench.state, '2').reason).toEqual({ type: 'file-changed', file: 'n' });
    bench.change('m', '2');
    expect(bench.statuses).toBe('fresh stale stale stale');
  });

  it('leaves them fresh again when it is what it was', () => {
    expect(new Bench(lines, { 0: ['m'] }).run('all').change('m', '2').change('m', '1').statuses).toBe('fresh fresh fresh fresh');
  });

  it('takes its cells into a run that needs them, and no others', () => {
    const bench = new Bench(lines, { 0: ['m'], 2: ['n'] }).run('all').change('m', '2').run('reactive', 1);
    expect([bench.ran, bench.statuses]).toEqual([['0', '1'], 'fresh fresh fresh fresh']);
  });

  it('that nobody has loaded changes nothing', () => {
    const bench = new Bench(lines, { 0: ['m'] });
    const before = bench.change('x', '1').state;
    expect(bench.change('x', '1').state).toBe(before);
    expect(bench.run('all').statuses).toBe('fresh fresh fresh fresh');
  });

  it('while the cell ran leaves it stale', () => {
    const bench = new Bench(lines, { 0: ['m'] });
    // The session knew before the step said what it had loaded.
    bench.take({ type: 'files-changed', files: new Map([['m', '2']]) });
    expect(bench.run('all').statuses).toBe('stale stale fresh fresh');
    bench.disk.set('m', '2');
    expect(bench.run('stale').statuses).toBe('fresh fresh fresh fresh');
  });

  it.each([1, 2, 3])('at any moment, and any number of times: history %i', (seed) => {
    const roll = random(seed);
    const bench = new Bench(lines, { 0: ['m'], 1: ['n'], 2: ['m', 'n'], 3: ['o'] });
    for (let move = 0; move < 200; move++) {
      if (roll(2) === 0) bench.change(pick(roll, ['m', 'n', 'o']), String(roll(3)));
      else bench.run(pick(roll, ['reactive', 'upstream', 'only', 'stale', 'all']), roll(4));
    }
    expect(bench.run('stale').statuses).toBe('fresh fresh fresh fresh');
  });
});
