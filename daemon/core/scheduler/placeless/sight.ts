/**
 * What a placeless step sees: of each name the newest value that a cell of the page has given, or what a run of a certain cell would be
 * given now; and before that, what its client has made of the name.
 */
import type { Name } from '../../analysis/facts.ts';
import { conflictsOf } from '../../graph/conflicts.ts';
import { cellOf, type Graph } from '../../graph/graph.ts';
import { isImplicit } from '../../graph/implicit.ts';
import { inputsOf, writersFor } from '../../graph/inputs.ts';
import type { CellId } from '../../notebook/notebook.ts';
import { isGivenLater, isHeld, standingOf, stillGives, versionGiven } from '../standing.ts';
import { type Evaluating, type Placeless, type State, spentKey, unbound, type Version } from '../state.ts';
import { versionsOf } from '../values/early-cutoff.ts';
import { ambientVersion, type Rebinding, writesForWorker } from '../values/environment.ts';
import { isSpoilt, isUsedUp } from '../values/spent.ts';
import { layerOf } from './layers.ts';

/** Of the names that the step sees, and of the values that it does not see: so many are watched. Those that the code reads come first. */
const watchedNamesMax = 100;

export interface Sight extends Pick<Evaluating, 'stale' | 'hidden'> {
  /** Of every name that is to be bound. */
  readonly versions: ReadonlyMap<Name, Version>;
  readonly watched: readonly Name[];
}

/** What the notebook has for a name. */
interface Value {
  readonly version: Version;
  /** The cell that gave it. */
  readonly giver: CellId | undefined;
  readonly isStale: boolean;
}

const nothing: Value = { version: unbound, giver: undefined, isStale: false };

export function sightOf(state: State, placeless: Placeless): Sight {
  const layer = layerOf(state, placeless.client);
  const values = valuesRead(state, placeless);
  const read = [...values.keys()];
  for (const name of state.graph.writers.keys())
    if (!values.has(name)) values.set(name, valueSeen(state, placeless, name, false));
  const visible = [...values].filter(([name, { version }]) => version !== unbound && !layer.has(name));
  const own = [...layer].filter(([, { version }]) => version !== unbound);
  const versions = new Map([...visible, ...own].map(([name, { version }]) => [name, version]));
  return {
    versions,
    stale: read.filter((name) => values.get(name)?.isStale && !layer.has(name)),
    watched: visible.slice(0, watchedNamesMax).map(([name]) => name),
    hidden: layer.size === 0 ? new Map() : hiddenFrom(state, versions),
  };
}

/** Values of the notebook that the layer may hold under names of its own, though the step does not see them. */
function hiddenFrom(state: State, versions: Sight['versions']): Sight['hidden'] {
  const records = [...state.records.values(), ...state.removed.values()].filter((record) => isHeld(state, record));
  const hidden = records.flatMap(versionsOf).filter(([name, version]) => !isImplicit(name) && versions.get(name) !== version);
  return new Map(hidden.slice(0, watchedNamesMax).map(([name, version]) => [spentKey(version, name), { name, version }]));
}

/** The names that the code reads, and those that the functions read that it may call, with what the notebook has for them. */
function valuesRead(state: State, placeless: Placeless): Map<Name, Value> {
  const { refs, maybeReads, mutations, deleted, deferredReads } = placeless.facts;
  const layer = layerOf(state, placeless.client);
  const names = new Set([...refs.keys(), ...maybeReads, ...mutations.keys(), ...deleted, ...deferredReads]);
  const values = new Map<Name, Value>();
  // The set grows while it is walked.
  for (const name of names) {
    const value = valueSeen(state, placeless, name, true);
    values.set(name, value);
    const giver = value.giver === undefined ? undefined : state.graph.cells.get(value.giver);
    for (const deferred of layer.get(name)?.reads ?? giver?.facts.deferredReads ?? []) names.add(deferred);
  }
  return values;
}

function valueSeen(state: State, { at }: Placeless, name: Name, isRead: boolean): Value {
  return at === undefined ? newestValue(state, name) : valueAt(state, at, name, isRead);
}

/** Of the cells on the page that write it, the one that ran last says what it is. */
function newestValue(state: State, name: Name): Value {
  let newest = nothing;
  let last = 0;
  for (const giver of giversOf(state.graph, name)) {
    const record = state.records.get(giver);
    const version = versionGiven(record, name);
    if (!record || version === undefined || record.step < last || !isHeld(state, record)) continue;
    last = record.step;
    newest = version === unbound ? nothing : { version, giver, isStale: isOutdated(state, giver, name, version) };
  }
  return newest;
}

/** In marimo's format who deletes a name is no writer of it. */
function giversOf(graph: Graph, name: Name): Iterable<CellId> {
  const writers = graph.writers.get(name) ?? [];
  if (graph.format !== 'marimo') return writers;
  const deletes = (id: CellId) => cellOf(graph, id).facts.deleted.has(name);
  return new Set([...writers, ...[...(graph.readers.get(name) ?? [])].filter(deletes)]);
}

function isOutdated(state: State, giver: CellId, name: Name, version: Version): boolean {
  return !stillGives(standingOf(state, giver), name) || isSpoilt(state, state, name, version);
}

/** What the cell or, in its place, the code reads is given though it is out of date. Of other names the cell is given what is fresh. */
function valueAt(state: State, at: CellId, name: Name, isRead: boolean): Value {
  const { graph } = state;
  const inputs = inputsOf(graph, at);
  const isInput = inputs.has(name);
  if (!isInput && writesForWorker(graph, cellOf(graph, at)).has(name)) return nothing;
  if (isInput || isRead) return givenAt(state, at, name, inputs.get(name) ?? writersFor(graph, name, at));
  const unit = conflictsOf(graph).units.get(at) ?? [];
  return { ...nothing, version: ambientVersion(state, graph, name, at, unit) };
}

function givenAt(state: State, at: CellId, name: Name, givers: readonly CellId[]): Value {
  if (isGivenLater(state.graph, at, givers)) return nothing;
  let isStale = false;
  for (const giver of givers) {
    isStale ||= !stillGives(standingOf(state, giver), name);
    const record = state.records.get(giver);
    const version = record && isHeld(state, record) ? versionGiven(record, name) : undefined;
    if (version === unbound) return nothing;
    if (version !== undefined) return { version, giver, isStale: isStale || isUsedUp(state, state, name, version, at) };
  }
  return nothing;
}

/** What must change in the globals, which may hold names that nobody gives. Implicit states are seen as they are. */
export function rebindFor({ bound: before }: State, { versions }: Sight): Pick<Rebinding, 'bind' | 'unbind' | 'bound'> {
  const unbind = [...before.keys()].filter((name) => !versions.has(name) && !isImplicit(name));
  const bind = [...versions].filter(([name, version]) => before.get(name) !== version);
  let bound = before;
  for (const name of unbind) bound = bound.delete(name);
  for (const [name, version] of bind) bound = bound.set(name, version);
  return { bind, unbind, bound };
}
