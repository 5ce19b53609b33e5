import { type Name, noFacts } from '../../../daemon/core/analysis/facts.ts';
import type { GraphCell } from '../../../daemon/core/graph/graph.ts';
import { inputsOf } from '../../../daemon/core/graph/inputs.ts';
import { nothingObserved, type Observed } from '../../../daemon/core/graph/observed.ts';
import { type CellOptions, type Format, noOptions } from '../../../daemon/core/notebook/notebook.ts';
import { forkState, withParameters } from '../../../daemon/core/scheduler/beginnings.ts';
import type { Effect, PlacelessFinished } from '../../../daemon/core/scheduler/effects.ts';
import type { Event, SetState } from '../../../daemon/core/scheduler/events.ts';
import { planRun } from '../../../daemon/core/scheduler/plan.ts';
import { versionGiven } from '../../../daemon/core/scheduler/standing.ts';
import { initialState, type RunMode, type SchedulerOptions, type State } from '../../../daemon/core/scheduler/state.ts';
import { statusOf } from '../../../daemon/core/scheduler/status.ts';
import { step } from '../../../daemon/core/scheduler/step.ts';
import { defaultOptions } from '../../../protocol/running-options.ts';
import { FakeKernel } from '../../simulation/fake-kernel.ts';
import { factsOf } from '../../simulation/program.ts';

type Options = Partial<Pick<CellOptions, 'disabled' | 'manual'>>;

/** A notebook of the simulation's language, a cell a line; the cell of the first line is `0`. Steps end at once unless they are held. */
export class Bench {
  #kernel = new FakeKernel(1);
  readonly #log: string[] = [];
  #isHeld = false;
  #startsKernel = true;
  /** Of each cell that sets states: in how many more of its steps, and which. */
  readonly #setters = new Map<string, { times: number; readonly state: SetState }>();
  state: State;

  constructor(lines: readonly string[], format: Format = 'percent', options: Readonly<Record<number, Options>> = {}) {
    const cells = lines.map((code, at) => cell(String(at), code, options[at]));
    this.state = initialState(format, defaultOptions);
    this.take({ type: 'edited', cells, removed: [], order: cells.map(({ id }) => id) });
  }

  take(event: Event): void {
    const { state, effects } = step(this.state, event);
    this.state = state;
    for (const effect of effects) {
      this.#note(effect);
      if (effect.type === 'start-kernel' && this.#startsKernel) this.#start(effect.generation);
      if (effect.type === 'evaluate') this.#kernel.evaluate(effect);
      else if (effect.type === 'evaluate-placeless') this.#kernel.evaluatePlaceless(effect);
      else continue;
      if (!this.#isHeld) this.finish();
    }
  }

  /** A fork, with a copy of the kernel. */
  fork(): Bench {
    const fork = new Bench([]);
    fork.#kernel = this.#kernel.fork();
    fork.state = forkState(this.state);
    return fork;
  }

  /** Values that stand in before anything is asked. */
  given(values: Readonly<Record<Name, string>>): this {
    this.state = withParameters(this.state, new Map(Object.entries(values)));
    return this;
  }

  /** What the last step of the cell gave the name. */
  valueOf(at: number, name: Name): string | undefined {
    const version = versionGiven(this.state.records.get(String(at)), name);
    return version === undefined ? undefined : this.#kernel.values.get(version)?.get(name)?.value;
  }

  /** A kernel that is asked for does not come. */
  withoutKernel(): this {
    this.#startsKernel = false;
    return this;
  }

  /** A placeless step of a client. */
  evaluate(client: string, code: string, at?: string): this {
    this.take({ type: 'placeless-requested', client, clientName: client, code, facts: factsOf(code), at });
    return this;
  }

  /** What is bound, and by which step. */
  get bound(): Readonly<Record<Name, number>> {
    return Object.fromEntries([...this.state.bound].sort());
  }

  /** From here on steps end when they are told to. */
  hold(): this {
    this.#isHeld = true;
    return this;
  }

  /** The step under way ends; where its values hold functions, these read such names. */
  finish(held: readonly Name[] = []): this {
    return this.finishSeen({ reads: held });
  }

  /** It ends, and was seen to do this. */
  finishSeen(seen: Partial<Observed>): this {
    const finished = this.#kernel.finish();
    if (finished) this.take({ ...finished, observed: { ...finished.observed, ...seen }, statesSet: this.#statesSet() });
    return this;
  }

  /** The next steps of the cell, so many, set the state that the name is bound to; or placeless ones. */
  sets(at: number | 'placeless', name: Name, times = 1, allowsSelfLoops = false): this {
    this.#setters.set(String(at), { times, state: { names: [name], allowsSelfLoops } });
    return this;
  }

  #statesSet(): readonly SetState[] {
    const { kernel } = this.state;
    const setter = this.#setters.get(kernel.phase === 'busy' ? kernel.cell : 'placeless');
    if (!setter || setter.times === 0) return [];
    setter.times--;
    return [setter.state];
  }

  /** The step under way ends itself. */
  finishAs(outcome: 'stopped' | 'exited'): this {
    const finished = this.#kernel.finish();
    if (finished) this.take({ ...finished, outcome, deleted: [...finished.written], written: [] });
    return this;
  }

  /** It ends, and every later one by itself. */
  release(): this {
    this.#isHeld = false;
    return this.finish();
  }

  /** What happened since this was asked last: `0 ok`, `1 skipped: cancelled`, `run 2 ok`. */
  get news(): string {
    return this.#log.splice(0).join(', ');
  }

  #start(generation: number): void {
    this.#kernel = new FakeKernel(generation);
    this.take({ type: 'kernel-started', generation });
  }

  #note(effect: Effect): void {
    if (effect.type === 'placeless-finished') this.#log.push(placelessNews(effect));
    if (effect.type === 'step-finished') this.#log.push(`${effect.cell} ${effect.outcome}`);
    if (effect.type === 'step-cached') this.#log.push(`${effect.cell} cached`);
    if (effect.type === 'step-skipped') this.#log.push(`${effect.cell} skipped: ${effect.reason.type}`);
    if (effect.type === 'run-continued')
      this.#log.push(`run ${effect.run} goes on: ${effect.plan.map(({ cell, reason }) => `${cell} ${reason}`).join(' ')}`);
    if (effect.type === 'run-sealed') this.#log.push(`run ${effect.run} ${effect.outcome}`);
  }

  run(mode: RunMode, ...roots: number[]): this {
    this.take({ type: 'run-requested', mode, roots: roots.map(String), parameters: undefined, stopAtFailure: false });
    return this;
  }

  runWith(values: Readonly<Record<Name, string>>, mode: RunMode, ...roots: number[]): this {
    const parameters = new Map(Object.entries(values));
    this.take({ type: 'run-requested', mode, roots: roots.map(String), parameters, stopAtFailure: false });
    return this;
  }

  move(values: Readonly<Record<Name, string>>): this {
    this.take({ type: 'control-moved', values: new Map(Object.entries(values)) });
    return this;
  }

  cancel(...cells: number[]): this {
    this.take({ type: 'cancel-requested', run: undefined, cells: cells.length > 0 ? cells.map(String) : undefined });
    return this;
  }

  edit(at: number, code: string): this {
    this.take({ type: 'edited', cells: [cell(String(at), code)], removed: [], order: undefined });
    return this;
  }

  /** All code of the cell is taken out. */
  blank(at: number): this {
    const old = this.state.graph.cells.get(String(at)) as GraphCell;
    this.take({ type: 'edited', cells: [{ ...old, code: '', facts: noFacts }], removed: [], order: undefined });
    return this;
  }

  option(at: number, options: Options): this {
    const old = this.state.graph.cells.get(String(at)) as GraphCell;
    this.take({
      type: 'edited',
      cells: [{ ...old, options: { ...old.options, ...options } }],
      removed: [],
      order: undefined,
    });
    return this;
  }

  earlyCutoff(): this {
    return this.#setOptions({ earlyCutoff: true });
  }

  lazy(): this {
    return this.#setOptions({ mode: 'lazy' });
  }

  #setOptions(options: Partial<SchedulerOptions>): this {
    this.take({ type: 'options-changed', options: { ...this.state.options, ...options } });
    return this;
  }

  /** `2 asked for, 3 descendant` */
  plan(mode: RunMode, ...roots: number[]): string {
    return planRun(this.state, mode, roots.map(String))
      .map(({ cell, reason }) => `${cell} ${reason}`)
      .join(', ');
  }

  /** Who gives the cell its names: `d of 1, 0`, the nearest first. */
  readFrom(at: number): string {
    return [...inputsOf(this.state.graph, String(at))].map(([name, givers]) => `${name} of ${givers.join(', ')}`).join('; ');
  }

  get statuses(): string {
    return this.state.graph.order.map((id) => statusOf(this.state, id).status).join(' ');
  }
}

function cell(id: string, code: string, options: Options = {}): GraphCell {
  return {
    id,
    kind: 'code',
    name: undefined,
    code,
    options: { ...noOptions, ...options },
    facts: factsOf(code),
    observed: nothingObserved,
  };
}

/** `ann ok, stale: a, defined: b`. */
function placelessNews({ placeless, outcome, step: _, type: __, ...names }: PlacelessFinished): string {
  const told = Object.entries(names).filter(([, list]) => list.length > 0);
  return [`${placeless.client} ${outcome}`, ...told.map(([what, list]) => `${what}: ${list.join(' ')}`)].join('; ');
}
