// What placeless steps must see, do and leave alone, told apart from the scheduler's own account: from what the kernel was seen to do.
import type { Facts } from '../../daemon/core/analysis/facts.ts';
import { type Graph, type GraphCell, writesOf } from '../../daemon/core/graph/graph.ts';
import { inputsOf, isConditional, writersFor } from '../../daemon/core/graph/inputs.ts';
import type { Evaluate, EvaluatePlaceless, PlacelessFinished } from '../../daemon/core/scheduler/effects.ts';
import type { Event } from '../../daemon/core/scheduler/events.ts';
import { isGivenLater, isHeld, standingOf, stillGives } from '../../daemon/core/scheduler/standing.ts';
import { type Placeless, type State, spentKey } from '../../daemon/core/scheduler/state.ts';
import { statusOf } from '../../daemon/core/scheduler/status.ts';
import { versionsOf } from '../../daemon/core/scheduler/values/early-cutoff.ts';
import { writesForWorker } from '../../daemon/core/scheduler/values/environment.ts';
import type { FakeKernel } from './fake-kernel.ts';
import { type Globals, isByBirth, type Thing } from './program.ts';

type Finished = Extract<Event, { type: 'finished' }>;
type Requested = Extract<Event, { type: 'placeless-requested' }>;

/** What was asked for, and when. */
interface Asked extends Requested {
  /** Runs that had been accepted by then. */
  readonly runs: number;
  /** The client went away afterwards. */
  isOrphan: boolean;
}

/** What a step left of names; undefined where it unbound them. */
type Left = Map<string, Thing | undefined>;

export class PlacelessOracle {
  #count = 0;
  /** The cell whose step is under way, unless it was removed for good meanwhile. */
  #running: string | undefined;
  /** By number; those that have not been answered. */
  readonly #asked = new Map<number, Asked>();
  readonly #given = new Map<string, { readonly at: number; readonly left: Left }>();
  readonly #layers = new Map<string, Left>();
  /** By client and name: what functions read that the step made which bound the name. */
  readonly #layerReads = new Map<string, ReadonlySet<string>>();
  /** Objects that only placeless steps have made. */
  readonly #made = new Set<Thing>();
  /** Objects that placeless steps have changed. */
  readonly #changed = new Set<Thing>();
  #before: { readonly globals: Globals; readonly kept: ReadonlyMap<string, readonly [Thing, string]> } | undefined;

  get unanswered(): readonly number[] {
    return [...this.#asked.keys()];
  }

  isAsked(id: number, event: Requested, runs: number): void {
    this.#asked.set(id, { ...event, runs, isOrphan: false });
  }

  isAnswered({ placeless }: PlacelessFinished): void {
    if (!this.#asked.delete(placeless.id)) throw new Error(`placeless step ${placeless.id} ends twice`);
  }

  cellBegins({ runs }: State, { cell }: Evaluate, { globals }: FakeKernel): void {
    for (const [id, asked] of this.#asked)
      if (asked.runs < (runs[0]?.run ?? 0))
        throw new Error(`${cell.id} runs before placeless step ${id}, which was asked for first`);
    this.#given.delete(cell.id);
    this.#running = cell.id;
    for (const [name, thing] of globals)
      if (this.#made.has(thing)) throw new Error(`${cell.id} sees ${name}, which a placeless step has defined`);
  }

  cellEnds(graph: Graph, id: string, event: Finished, { globals }: FakeKernel): void {
    const cell = graph.cells.get(id) as GraphCell;
    if (this.#running !== id) return;
    const left: Left = new Map();
    this.#given.set(id, { at: ++this.#count, left });
    if (event.outcome !== 'ok') return;
    const changed = graph.format === 'percent' ? event.observed.changes.map(({ name }) => name) : [];
    for (const name of [...event.written, ...event.observed.writes, ...changed]) {
      const isChanged = changed.includes(name) || cell.taken?.changes.has(name);
      const isLeftAlone = event.untouched?.includes(name) && isConditional(graph, id, name) && !isChanged;
      if (!isLeftAlone) left.set(name, globals.get(name));
    }
    for (const name of event.deleted) left.set(name, undefined);
  }

  /** What removed cells gave does not come back from here on. */
  runIsAccepted({ graph }: State): void {
    for (const id of this.#given.keys()) if (!graph.cells.has(id)) this.#given.delete(id);
    // Nor does what it is about to give.
    if (this.#running !== undefined && !graph.cells.has(this.#running)) this.#running = undefined;
  }

  clientIsGone(client: string): void {
    this.#layers.delete(client);
    for (const asked of this.#asked.values()) if (asked.client === client) asked.isOrphan = true;
  }

  kernelIsGone(): void {
    this.#given.clear();
    this.#layers.clear();
    this.#before = undefined;
  }

  begins(state: State, { placeless: { id } }: EvaluatePlaceless, kernel: FakeKernel): void {
    const placeless = this.#asked.get(id) as Asked;
    const [first] = this.#asked.keys();
    if (id !== first || state.runs.some(({ run }) => run <= placeless.runs))
      throw new Error(`placeless step ${id} begins too early`);
    if (placeless.isOrphan) throw new Error(`placeless step ${id} begins, though its client is gone`);
    const layer = this.#layers.get(placeless.client) ?? new Map<string, Thing | undefined>();
    const asked = this.#namesAsked(state.graph, placeless, layer);
    for (const name of new Set([...kernel.globals.keys(), ...state.graph.writers.keys(), ...layer.keys()])) {
      const found = kernel.globals.get(name);
      if (layer.has(name) ? found === layer.get(name) : this.#mayBe(state, placeless, name, found, asked)) continue;
      throw new Error(
        `${describe(placeless)} sees ${name} as ${found?.value}${layer.has(name) ? ', which its layer hides' : ''}`,
      );
    }
    this.#checkStale(state, placeless, layer, kernel);
    this.#before = { globals: new Map(kernel.globals), kept: keptValues(kernel) };
  }

  /** Gives the look at what follows from the end, for when the scheduler knows of it. */
  ends({ id }: Placeless, event: Finished, { globals }: FakeKernel): (state: State) => void {
    const kept = this.#before?.kept ?? new Map<string, readonly [Thing, string]>();
    const { client, facts, isOrphan } = this.#asked.get(id) as Asked;
    const before = this.#before?.globals ?? new Map<string, Thing>();
    const layer = this.#layers.get(client) ?? new Map<string, Thing | undefined>();
    for (const name of new Set([...before.keys(), ...globals.keys()])) {
      const [was, is] = [before.get(name), globals.get(name)];
      const isBound = is !== was || (event.outcome === 'ok' && facts.defs.get(name)?.isConditional === false);
      if (is && is !== was && ![...before.values()].includes(is) && !isByBirth(is)) this.#made.add(is);
      if (is && isBound) {
        layer.set(name, is);
        this.#layerReads.set(`${client} ${name}`, facts.deferredReads);
      } else if (!is && layer.get(name)) layer.delete(name);
      else if (!is && was) layer.set(name, undefined);
    }
    if (!isOrphan && layer.size > 0) this.#layers.set(client, layer);
    for (const [thing, value] of kept.values()) if (thing.value !== value) this.#changed.add(thing);
    return (state) => this.#checkConsumed(state, facts, event.step, kept);
  }

  /** What was changed in place is consumed, and nothing else. */
  #checkConsumed(state: State, facts: Facts, step: number, kept: ReadonlyMap<string, readonly [Thing, string]>): void {
    this.#checkTold(state, step);
    for (const record of [...state.records.values(), ...state.removed.values()]) {
      if (!isHeld(state, record)) continue;
      for (const [name, version] of versionsOf(record)) {
        const [thing, value] = kept.get(spentKey(version, name)) ?? [];
        const spendings = state.spent.get(spentKey(version, name)) ?? [];
        // One that a cell has changed before may count as one object with what it then bound.
        const isConsumed = spendings.length > 0 && spendings.every((by) => by.step === step);
        // The next one may have begun, and consumed it in its turn.
        if (thing && thing.value !== value && !spendings.some(({ cell }) => cell === undefined))
          throw new Error(`${name} of step ${version} was changed and counts on`);
        if (thing && thing.value === value && isConsumed && !facts.mutations.has(name))
          throw new Error(`${name} of step ${version} is consumed, though nobody changed it`);
      }
    }
  }

  /** A fresh cell whose value a placeless step has changed says so. */
  #checkTold(state: State, step: number): void {
    for (const [id, record] of state.records) {
      const isChanged = versionsOf(record).some(([name, version]) =>
        state.spent.get(spentKey(version, name))?.some((by) => by.step === step),
      );
      const { status, reason } = statusOf(state, id);
      if (isChanged && status === 'fresh' && reason?.type !== 'changed-beside')
        throw new Error(`${id} does not say that its value was changed`);
    }
  }

  /** What the code reads, and what functions read that it may call. */
  #namesAsked(graph: Graph, { client, at, facts }: Asked, layer: Left): ReadonlySet<string> {
    const { refs, maybeReads, mutations, deleted, deferredReads } = facts;
    const names = new Set([...refs.keys(), ...maybeReads, ...mutations.keys(), ...deleted, ...deferredReads]);
    if (at === undefined) return names;
    const inputs = inputsOf(graph, at);
    const own = writesForWorker(graph, graph.cells.get(at) as GraphCell);
    // The set grows while it is walked.
    for (const name of names) {
      const givers = inputs.get(name) ?? (own.has(name) ? [] : writersFor(graph, name, at));
      const giver = this.#giver(givers, name);
      const others = layer.has(name)
        ? this.#layerReads.get(`${client} ${name}`)
        : giver && graph.cells.get(giver)?.facts.deferredReads;
      for (const other of others ?? []) names.add(other);
    }
    return names;
  }

  #mayBe(state: State, { at }: Asked, name: string, found: Thing | undefined, asked: ReadonlySet<string>): boolean {
    const { graph } = state;
    if (at === undefined) return found === this.#newest(graph, name);
    const inputs = inputsOf(graph, at).get(name);
    const cell = graph.cells.get(at) as GraphCell;
    if (!inputs && writesForWorker(graph, cell).has(name)) return found === undefined;
    // What is out of date is given where the cell or the code asks for it, and what is below only where nobody can tell.
    const isAsked = inputs !== undefined || asked.has(name);
    const isAnywhere = graph.format === 'percent' && !isAsked && !graph.positional.has(name) && !cell.facts.mayBindAny;
    const givers = inputs ?? (isAnywhere ? (graph.writers.get(name) ?? []) : writersFor(graph, name, at));
    const given = isGivenLater(graph, at, givers) ? undefined : this.#first(givers, name);
    if (found === given) return true;
    const isSure = givers.every((giver) => standingOf(state, giver).isFresh) && !(given && this.#changed.has(given));
    return found === undefined && !isAsked && !(isSure && state.spent.size === 0);
  }

  /** Of the cells on the page that write the name, the one that ran last. */
  #newest(graph: Graph, name: string): Thing | undefined {
    let newest: { readonly at: number; readonly thing: Thing | undefined } | undefined;
    for (const [id, { at, left }] of this.#given) {
      const cell = graph.cells.get(id);
      const writes = cell && (writesOf(graph.format, cell).has(name) || cell.facts.deleted.has(name));
      if (writes && left.has(name) && at > (newest?.at ?? 0)) newest = { at, thing: left.get(name) };
    }
    return newest?.thing;
  }

  #first(givers: readonly string[], name: string): Thing | undefined {
    return this.#given.get(this.#giver(givers, name) ?? '')?.left.get(name);
  }

  #giver(givers: readonly string[], name: string): string | undefined {
    return givers.find((giver) => this.#given.get(giver)?.left.has(name));
  }

  /** Names that the text reads, and whose giver is not fresh or whose object another placeless step has changed, are named. */
  #checkStale(state: State, placeless: Asked, layer: Left, { globals }: FakeKernel): void {
    if (state.kernel.phase !== 'evaluating') throw new Error('a placeless step begins and the kernel does not know it');
    const { stale } = state.kernel;
    for (const name of placeless.facts.refs.keys()) {
      const thing = globals.get(name);
      if (!thing || layer.has(name)) continue;
      const giver = [...this.#given].filter(([, { left }]) => left.get(name) === thing).map(([id]) => id);
      const isFresh = giver.some((id) => state.graph.cells.has(id) && stillGives(standingOf(state, id), name));
      if ((!isFresh || this.#changed.has(thing)) && !stale.includes(name))
        throw new Error(`${describe(placeless)} is not told that ${name} is out of date`);
    }
    for (const name of stale) if (layer.has(name)) throw new Error(`${name} of the layer of ${placeless.client} is called stale`);
  }
}

function keptValues({ values }: FakeKernel): Map<string, readonly [Thing, string]> {
  const kept = new Map<string, readonly [Thing, string]>();
  for (const [step, names] of values) for (const [name, thing] of names) kept.set(spentKey(step, name), [thing, thing.value]);
  return kept;
}

function describe({ client, code, at }: Asked): string {
  return `${client}'s step "${code.replaceAll('\n', ' ; ')}"${at === undefined ? '' : ` at ${at}`}`;
}
