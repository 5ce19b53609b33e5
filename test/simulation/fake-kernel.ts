// A kernel that keeps values by step as the real one does, and runs the simulation's language or, in a session, that of its provider.

import { isImplicit, sameImplicit } from '../../daemon/core/graph/implicit.ts';
import type { Begin, Evaluate, EvaluatePlaceless } from '../../daemon/core/scheduler/effects.ts';
import type { Event } from '../../daemon/core/scheduler/events.ts';
import { ChangedThings } from './changed-things.ts';
import { execute, type Globals, isModule, States, type Thing } from './program.ts';

type Finished = Extract<Event, { type: 'finished' }>;

/** A step. */
export type Job = Pick<
  Evaluate,
  'step' | 'bind' | 'unbind' | 'forget' | 'writes' | 'watched' | 'changing' | 'compare' | 'compareObjects' | 'parameters'
> & {
  readonly cell: Pick<Evaluate['cell'], 'code'>;
} & Partial<Pick<Evaluate, 'implicit'>>;

/** A step of no cell. */
export type PlacelessJob = Omit<EvaluatePlaceless, 'type' | 'placeless'> & { readonly placeless: { readonly code: string } };

export class FakeKernel {
  readonly generation: number;
  readonly #execute: typeof execute;
  readonly globals: Globals = new Map();
  readonly values = new Map<number, Map<string, Thing>>();
  /** By implicit name: as they are, and as steps left them. */
  readonly states = new Map<string, string>();
  readonly keptStates = new Map<number, Map<string, string>>();
  /** The steps whose values are bound. */
  readonly #boundFrom = new Map<string, number>();
  #job: Job | PlacelessJob | undefined;
  /** What the job is to be compared with. */
  #earlier: ReadonlyMap<string, Thing> = new Map();
  #earlierStates: ReadonlyMap<string, readonly [number, string]> = new Map();

  constructor(generation: number, run = execute) {
    this.generation = generation;
    this.#execute = run;
  }

  get isBusy(): boolean {
    return this.#job !== undefined;
  }

  /** A copy, as a process makes of itself: what is one object here is one object there. */
  fork(run = this.#execute): FakeKernel {
    const copies = new Map<Thing, Thing>();
    const copyOf = (thing: Thing): Thing => {
      const copy = copies.get(thing) ?? (isModule(thing) ? thing : { ...thing });
      copies.set(thing, copy);
      return copy;
    };
    const copyAll = (things: ReadonlyMap<string, Thing>) => [...things].map(([name, thing]) => [name, copyOf(thing)] as const);
    const fork = new FakeKernel(this.generation, run);
    for (const [name, thing] of copyAll(this.globals)) fork.globals.set(name, thing);
    for (const [step, things] of this.values) fork.values.set(step, new Map(copyAll(things)));
    for (const [name, state] of this.states) fork.states.set(name, state);
    for (const [step, states] of this.keptStates) fork.keptStates.set(step, new Map(states));
    for (const [name, step] of this.#boundFrom) fork.#boundFrom.set(name, step);
    return fork;
  }

  evaluate(job: Job): void {
    const compared = [...job.compare, ...job.compareObjects];
    this.#earlier = new Map(compared.filter(([name]) => !isImplicit(name)).map(([name, step]) => [name, this.#kept(name, step)]));
    this.#earlierStates = new Map(
      job.compare.filter(([name]) => isImplicit(name)).map(([name, step]) => [name, [step, this.#keptState(name, step)]]),
    );
    this.#prepare(job);
    this.#job = job;
  }

  evaluatePlaceless(job: PlacelessJob): void {
    this.#earlier = new Map(job.hidden.map(([label, name, step]) => [label, this.#kept(name, step)]));
    this.#prepare(job);
    this.#job = job;
  }

  #prepare(job: Pick<Begin, 'step' | 'bind' | 'unbind' | 'forget'>): void {
    if (this.#job) throw new Error('one step at a time');
    if (this.values.has(job.step)) throw new Error(`values are kept of step ${job.step} already`);
    const states = job.bind
      .filter(([name]) => isImplicit(name))
      .map(([name, step]) => [name, this.#keptState(name, step)] as const);
    for (const step of job.forget) {
      this.values.delete(step);
      this.keptStates.delete(step);
    }
    for (const name of job.unbind) (isImplicit(name) ? this.states : this.globals).delete(name);
    for (const [name, state] of states) this.states.set(name, state);
    for (const [name, step] of job.bind) {
      if (isImplicit(name)) continue;
      this.globals.set(name, this.#kept(name, step));
      this.#boundFrom.set(name, step);
    }
  }

  /** Lets the step that is under way end. */
  finish(isInterrupted = false): Finished | undefined {
    const job = this.#job;
    if (!job) return undefined;
    this.#job = undefined;
    if ('placeless' in job) return this.#finishPlaceless(job, isInterrupted);
    const before = new Map(this.globals);
    const watched = job.watched.map((name) => [name, this.globals.get(name) as Thing] as const);
    const things = new ChangedThings(this.globals, watched, job.changing);
    const states = new States(this.states);
    const ended = this.#execute(job.cell.code, this.globals, job.parameters, states);
    const found = [...this.globals]
      .filter(([name, value]) => before.get(name) !== value && !job.writes.includes(name))
      .map(([name]) => name);
    const changes = things.changes(this.globals);
    const aside = things.aside(this.globals, this.values, this.#boundFrom);
    const observed = { writes: found, reads: [], changes, ...seenStates(states, job.implicit) };
    const gone = [...before.keys()].filter((name) => !this.globals.has(name));
    if (ended !== 'ok' || isInterrupted) {
      for (const name of [...job.writes, ...found]) this.globals.delete(name);
      return {
        type: 'finished',
        generation: this.generation,
        step: job.step,
        outcome: isInterrupted || ended === 'ok' ? 'interrupted' : ended,
        written: [],
        deleted: gone,
        observed,
        aside,
      };
    }
    const written = job.writes.filter((name) => this.globals.has(name));
    const untouched = written.filter((name) => before.get(name) === this.globals.get(name));
    const unchanged = [...this.#keepUnchanged(job, written), ...this.#keepStates(job.step, states)];
    const kept = [...written, ...found, ...changes.map(({ name }) => name)].filter((name) => this.globals.has(name));
    const changed = kept.filter((name) => !unchanged.includes(name));
    this.#keep(job.step, changed);
    return {
      type: 'finished',
      generation: this.generation,
      step: job.step,
      outcome: 'ok',
      written,
      deleted: gone,
      observed,
      aside,
      untouched,
      unchanged,
    };
  }

  /** What it bound and unbound counts however it ended. */
  #finishPlaceless({ placeless, step, writes, watched, changing }: PlacelessJob, isInterrupted: boolean): Finished {
    const before = new Map(this.globals);
    const given = [...watched.map((name) => [name, this.globals.get(name) as Thing] as const), ...this.#earlier];
    const things = new ChangedThings(this.globals, given, changing);
    const states = new States(this.states);
    const ended = this.#execute(placeless.code, this.globals, undefined, states);
    for (const [name, state] of states.values) this.states.set(name, state);
    const changes = things.changes(this.globals);
    const aside = things.aside(this.globals, this.values, this.#boundFrom);
    const written = writes.filter((name) => this.globals.has(name));
    const found = [...this.globals.keys()].filter(
      (name) => before.get(name) !== this.globals.get(name) && !writes.includes(name),
    );
    this.#keep(step, [...written, ...found]);
    return {
      type: 'finished',
      generation: this.generation,
      step,
      outcome: isInterrupted ? 'interrupted' : ended,
      written,
      deleted: [...before.keys()].filter((name) => !this.globals.has(name)),
      observed: { writes: found, reads: [], changes, ...seenStates(states) },
      aside,
      untouched: written.filter((name) => before.get(name) === this.globals.get(name)),
    };
  }

  #keep(step: number, names: readonly string[]): void {
    this.values.set(step, new Map(names.map((name) => [name, this.globals.get(name) as Thing])));
    for (const name of names) this.#boundFrom.set(name, step);
  }

  #keptState(name: string, step: number): string {
    const state = this.keptStates.get(step)?.get(name);
    if (state === undefined) throw new Error(`${name} of step ${step} is not kept`);
    return state;
  }

  /** Under this step's number, or under the one that they had where they are equal. Gives the names of those. */
  #keepStates(step: number, { values, writes }: States): string[] {
    const unchanged = [...writes].filter((name) => this.#earlierStates.get(name)?.[1] === values.get(name));
    for (const name of writes) {
      const state = values.get(name) as string;
      const number = unchanged.includes(name) ? (this.#earlierStates.get(name)?.[0] ?? step) : step;
      this.states.set(name, state);
      this.keptStates.set(number, new Map([...(this.keptStates.get(number) ?? []), [name, state]]));
    }
    return unchanged;
  }

  #kept(name: string, step: number): Thing {
    const value = this.values.get(step)?.get(name);
    if (value === undefined) throw new Error(`${name} of step ${step} is not kept`);
    return value;
  }

  /** The earlier values that are equal stay under the number that they had. */
  #keepUnchanged({ compare, compareObjects }: Job, written: readonly string[]): string[] {
    const now = (name: string) => (written.includes(name) ? this.globals.get(name) : undefined);
    const isEqual = compare.filter(([name]) => isSame(this.#earlier.get(name), now(name)));
    const isObject = compareObjects.filter(([name]) => this.#earlier.get(name) === now(name));
    const unchanged = new Map([...isEqual, ...isObject]);
    for (const [name, step] of unchanged) {
      const value = this.#earlier.get(name) as Thing;
      this.globals.set(name, value);
      this.values.set(step, new Map([...(this.values.get(step) ?? []), [name, value]]));
      this.#boundFrom.set(name, step);
    }
    return [...unchanged.keys()];
  }
}

/** Where it is not what was expected. */
function seenStates({ reads, writes }: States, expected?: Evaluate['implicit']) {
  const implicit = { reads: [...reads], writes: [...writes], consumes: [] };
  return sameImplicit(implicit, expected) ? {} : { implicit };
}

function isSame(a: Thing | undefined, b: Thing | undefined): boolean {
  return a?.isPlain === true && b?.isPlain === true && a.value === b.value;
}
