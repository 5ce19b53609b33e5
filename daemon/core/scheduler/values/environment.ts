/**
 * The environment of a step: the versions that the graph gives it, no others. The kernel's globals are put right by what
 * differs from what they hold. Besides its inputs a cell sees every other name whose writer, as seen from the cell, is fresh
 * (of its own unit: has run):
 * `eval`, `globals()`, pickle and `df.query('@x')` then find what plain Python would show them.
 */
import type { Name } from '../../analysis/facts.ts';
import { isFile } from '../../analysis/implicit-files.ts';
import { PersistentMap } from '../../collections/persistent-map.ts';
import { conflictsOf } from '../../graph/conflicts.ts';
import { cellOf, changes, type Graph, type GraphCell, indexOf, knownWritesOf, writesOf } from '../../graph/graph.ts';
import { implicitOf, isImplicit } from '../../graph/implicit.ts';
import { implicitWriterFor, runsInPageOrder } from '../../graph/implicit-inputs.ts';
import { inputsOf, writersFor } from '../../graph/inputs.ts';
import type { CellId } from '../../notebook/notebook.ts';
import { currentVersion, givenBy, isGivenLater } from '../standing.ts';
import { type Run, type State, unbound, type Version } from '../state.ts';
import { isSpoilt } from './spent.ts';

export interface Rebinding {
  readonly bind: readonly (readonly [Name, Version])[];
  readonly unbind: readonly Name[];
  readonly bound: State['bound'];
  /** A run that executes an older text leaves the names it saw to be looked at again. */
  readonly unsettled: State['unsettled'];
  readonly settledFor: State['settledFor'];
}

/** What must change in the globals before the cell runs. Touches the unsettled names, those that the place matters for, and the cell's own. */
export function rebind(state: State, run: Run, cell: GraphCell, inputs: ReadonlyMap<Name, Version>): Rebinding {
  const { graph } = run;
  const own = writesForWorker(graph, cell);
  const unit = conflictsOf(graph).units.get(cell.id) ?? [];
  const settled = new Set(inputs.keys());
  addAll(settled, own);
  // Also what only functions bind, which is not its own: the step may have bound it otherwise before, as by exec.
  for (const id of [cell.id, ...unit]) addAll(settled, givenBy(graph, cellOf(graph, id)));
  addAll(settled, namesInSight(graph, cell));
  const names = new Set(state.unsettled.keys());
  for (const some of [placedNames(state, graph, cell.id), placedStates(state, graph, cell.id), settled]) addAll(names, some);
  const bind: (readonly [Name, Version])[] = [];
  const unbind: Name[] = [];
  let { bound } = state;
  for (const name of names) {
    if (isFile(name)) continue;
    const version = inputs.get(name) ?? (own.has(name) ? unbound : ambientVersion(state, graph, name, cell.id, unit));
    const held = bound.get(name) ?? unbound;
    if (held === version) continue;
    if (version === unbound) unbind.push(name);
    else bind.push([name, version]);
    bound = version === unbound ? bound.delete(name) : bound.set(name, version);
  }
  const isOfToday = graph === state.graph && run.parameters === state.parameters;
  return {
    bind,
    unbind,
    bound,
    unsettled: isOfToday ? PersistentMap.empty() : PersistentMap.from([...names].map((name) => [name, true])),
    settledFor: { shape: graph.shape, cell: cell.id, names: settled },
  };
}

function addAll(names: Set<Name>, others: Iterable<Name>): void {
  for (const name of others) names.add(name);
}

/** Code that can come by any name must not find one that a script only makes further down. */
function namesInSight({ format, writers }: Graph, { facts }: GraphCell): Iterable<Name> {
  return format === 'percent' && facts.mayBindAny ? writers.keys() : [];
}

/**
 * Names with several writers whose version may be another than where the last step ran: those that a cell from there to here
 * writes, and what that step had for itself.
 */
function placedNames({ settledFor }: State, graph: Graph, id: CellId): Iterable<Name> {
  const all = () => [...graph.positional.keys(), ...(settledFor?.names ?? [])];
  if (settledFor?.shape !== graph.shape) return all();
  if (graph.positional.size === 0) return settledFor.names;
  const [from, to] = [indexOf(graph, settledFor.cell), indexOf(graph, id)].sort((a, b) => a - b) as [number, number];
  if (to - from >= graph.positional.size) return all();
  const names = new Set(settledFor.names);
  for (const between of graph.order.slice(from, to + 1)) {
    for (const name of writesOf(graph.format, cellOf(graph, between))) if (graph.positional.has(name)) names.add(name);
  }
  return names;
}

/** The same of implicit names: their version nearly always depends on the place. */
function placedStates({ settledFor }: State, graph: Graph, id: CellId): Iterable<Name> {
  const { writers } = graph.implicit;
  if (writers.size === 0) return [];
  const [from, to] = [indexOf(graph, settledFor?.cell ?? id), indexOf(graph, id)].sort((a, b) => a - b) as [number, number];
  if (settledFor?.shape !== graph.shape || !runsInPageOrder(graph) || to - from >= writers.size) return writers.keys();
  return graph.order.slice(from, to + 1).flatMap((between) => implicitOf(cellOf(graph, between)).writes);
}

/** Names whose value the worker looks at when the step ends. */
export function writesForWorker(graph: Graph, cell: GraphCell): Set<Name> {
  const names = knownWritesOf(graph.format, cell);
  // What only functions bind is not bound by making them: it is as others left it, unless the cell calls others that bind it.
  if (graph.format === 'percent')
    for (const [name, { isLate }] of cell.facts.defs) if (isLate && !isBoundOtherwise(cell, name)) names.delete(name);
  for (const name of cell.facts.unbinds)
    if (!cell.facts.defs.has(name) && !inputsOf(graph, cell.id).has(name)) names.delete(name);
  for (const name of cell.facts.deleted) names.add(name);
  return names;
}

function isBoundOtherwise(cell: GraphCell, name: Name): boolean {
  return cell.observed.writes.includes(name) || cell.taken?.writes.has(name) === true || changes(cell, name);
}

/** The globals after a step: what it gave is bound; after a failure nothing that it may have touched is. */
export function boundAfter(
  bound: State['bound'],
  given: { step: Version; written: Iterable<Name>; kept: ReadonlyMap<Name, Version>; gone: Iterable<Name> },
): State['bound'] {
  let after = bound;
  for (const name of given.gone) after = after.delete(name);
  for (const name of given.written) after = after.set(name, given.kept.get(name) ?? given.step);
  return after;
}

/**
 * Of a name that no text above its definition mentions, what the definition gave is there above it, too: a function that was given from
 * below may read it. Code that can come by any name would notice.
 */
function giversInSight(graph: Graph, name: Name, reader: CellId): readonly CellId[] {
  if (isImplicit(name)) {
    const giver = implicitWriterFor(graph, name, reader);
    return giver === undefined ? [] : [giver];
  }
  const isEverywhere = graph.format === 'percent' && !graph.positional.has(name) && !cellOf(graph, reader).facts.mayBindAny;
  return isEverywhere ? (graph.writers.get(name) ?? []) : writersFor(graph, name, reader);
}

export function ambientVersion(state: State, graph: Graph, name: Name, reader: CellId, unit: readonly CellId[]): Version {
  const givers = giversInSight(graph, name, reader);
  if (isGivenLater(graph, reader, givers)) return unbound;
  const version = currentVersion(state, name, givers, unit);
  return version === undefined || isSpoilt(state, { graph, parameters: state.parameters }, name, version) ? unbound : version;
}
