/** Who gives a cell its names, in both dialects: inputs, parents, children. */
import type { Name } from '../analysis/facts.ts';
import { itemAt } from '../assert.ts';
import { firstFrom } from '../collections/first-from.ts';
import { PersistentMap } from '../collections/persistent-map.ts';
import { PersistentSet } from '../collections/persistent-set.ts';
import { countWhile } from '../collections/sorted.ts';
import type { CellId } from '../notebook/notebook.ts';
import { type Calls, callsOf } from './calls.ts';
import { fileReadersAfter, fileWritersBefore } from './file-order.ts';
import { definitionBelow, placeFor, writersByPlace } from './from-below.ts';
import { cellOf, changes, changesOf, type Graph, type GraphCell, readsOf, uses, writesOf } from './graph.ts';
import { expectedOf } from './observed.ts';
import { perShape } from './per-shape.ts';

/**
 * For each name that other cells give the cell: the cells that may give it, nearest first. Only a conditional writer is followed by another.
 * None where a function that the cell reads needs a name whose writers all stand below.
 */
export type Inputs = ReadonlyMap<Name, readonly CellId[]>;

/** What others give a cell, and which of it its text does not name: functions that it calls read that. */
interface Needs {
  readonly inputs: Inputs;
  readonly taken: ReadonlySet<Name>;
}

/** Cells that take a name on from functions. */
type Takers = PersistentMap<Name, PersistentSet<CellId>>;

/** Found when first asked for, by the shape of the graph. */
interface Known {
  needs: PersistentMap<CellId, Needs>;
  takers: Takers | undefined;
  readonly parents: Map<CellId, ReadonlySet<CellId>>;
  readonly children: Map<CellId, ReadonlySet<CellId>>;
  /** By name, in the order of the places at which they count. */
  readonly readers: Map<Name, readonly CellId[]>;
  /** Whether some cell gives the name a value, or does more than to unbind it in a handler. */
  readonly given: Map<Name, boolean>;
}

/** Fewer writers of a name are gone through rather than sorted with its readers. */
const writersScannedMax = 8;

const knownOf = perShape(() => knowing(PersistentMap.empty(), undefined));

function knowing(needs: Known['needs'], takers: Takers | undefined): Known {
  return { needs, takers, parents: new Map(), children: new Map(), readers: new Map(), given: new Map() };
}

export function inputsOf(graph: Graph, id: CellId): Inputs {
  return needsOf(graph, id).inputs;
}

function needsOf(graph: Graph, id: CellId): Needs {
  const known = knownOf(graph);
  const found = known.needs.get(id);
  if (found) return found;
  const needs = computeNeeds(graph, id);
  known.needs = known.needs.set(id, needs);
  return needs;
}

function remembered(sets: Known['children'], id: CellId, compute: () => ReadonlySet<CellId>): ReadonlySet<CellId> {
  const found = sets.get(id) ?? compute();
  sets.set(id, found);
  return found;
}

/** After an edit, what is known of the inputs of all but the relinked cells holds on. */
export function carryInputs(before: Graph, after: Graph, relinked: Iterable<CellId>): void {
  const known = knownOf.known(before);
  if (!known) return;
  let { needs, takers } = known;
  for (const id of relinked) needs = needs.delete(id);
  knownOf.carry(after, knowing(needs, undefined));
  if (!takers) return;
  for (const id of relinked) takers = retaken(takers, id, needsOf(before, id).taken, needsOf(after, id).taken);
  knownOf(after).takers = takers;
}

function computeNeeds(graph: Graph, id: CellId): Needs {
  const cell = graph.cells.get(id);
  const inputs = new Map<Name, readonly CellId[]>();
  if (!cell) return { inputs, taken: nothing };
  const called: CellId[] = [];
  for (const name of readsOf(graph.format, cell)) {
    const givers = writersFor(graph, name, id);
    if (givers.length === 0) continue;
    inputs.set(name, givers);
    if (uses(cell, name)) called.push(...givers);
  }
  if (graph.format === 'marimo') return { inputs, taken: nothing };
  const taken = takenOn(graph, id, called);
  for (const name of taken) inputs.set(name, writersFor(graph, name, id));
  return { inputs, taken };
}

const nothing: ReadonlySet<Name> = new Set();

function retaken(takers: Takers, id: CellId, before: ReadonlySet<Name>, after: ReadonlySet<Name>): Takers {
  let next = takers;
  for (const name of before) {
    const others = after.has(name) ? undefined : next.get(name)?.delete(id);
    if (others) next = others.size > 0 ? next.set(name, others) : next.delete(name);
  }
  for (const name of after) next = next.set(name, next.get(name)?.add(id) ?? PersistentSet.of(id));
  return next;
}

function takersOf(graph: Graph, name: Name): Iterable<CellId> {
  const known = knownOf(graph);
  const takers = known.takers ?? findTakers(graph);
  known.takers = takers;
  return takers.get(name) ?? [];
}

function findTakers(graph: Graph): Takers {
  let takers: Takers = PersistentMap.empty();
  for (const id of graph.order) takers = retaken(takers, id, nothing, needsOf(graph, id).taken);
  return takers;
}

/** The cells that may give `name` to the cell `id`, nearest first. */
export function writersFor(graph: Graph, name: Name, id: CellId): readonly CellId[] {
  const writers = graph.writers.get(name) ?? [];
  return graph.format === 'marimo' ? writers.filter((writer) => writer !== id) : percentWriters(graph, name, id);
}

function percentWriters(graph: Graph, name: Name, id: CellId): readonly CellId[] {
  const writers = writersByPlace(graph, name);
  const below = definitionBelow(graph, name, id);
  const above: CellId[] = [];
  for (let at = countAbove(graph, name, writers, placeFor(graph, name, id)) - 1; at >= 0; at--) {
    const writer = itemAt(writers, at);
    above.push(writer);
    if (writer === below || !isConditional(graph, writer, name)) return above;
  }
  return isGiven(graph, name) ? above : [];
}

/** Names of handlers are mostly nothing but that: then the cells that unbind them give each other nothing. */
function isGiven(graph: Graph, name: Name): boolean {
  const { given } = knownOf(graph);
  const known = given.get(name) ?? (graph.writers.get(name) ?? []).some((id) => !onlyUnbinds(cellOf(graph, id), name));
  given.set(name, known);
  return known;
}

function onlyUnbinds(cell: GraphCell, name: Name): boolean {
  const { facts, observed, taken } = cell;
  return facts.unbinds.has(name) && !facts.defs.has(name) && !observed.writes.includes(name) && taken?.writes.has(name) !== true;
}

/** How many of these cells, in the order of their places, stand above the place. */
function countAbove(graph: Graph, name: Name, cells: readonly CellId[], place: number): number {
  return countWhile(cells, (id) => placeFor(graph, name, id) < place);
}

/** A writer that may leave the name as it was: it binds it in a branch, unbinds it in a handler, or was only seen to bind it at run time. */
export function isConditional(graph: Graph, writer: CellId, name: Name): boolean {
  const cell = cellOf(graph, writer);
  const { facts, observed, taken } = cell;
  if (facts.mutations.has(name)) return false;
  const def = facts.defs.get(name);
  if (def) return def.isConditional;
  if (facts.unbinds.has(name) || observed.writes.includes(name) || taken?.writes.has(name) === true) return true;
  return !facts.deleted.has(name) && expectedOf(cell).includes(name);
}

/** Names that functions of these cells read when the cell calls them, and functions that those call in turn. */
function takenOn(graph: Graph, id: CellId, called: readonly CellId[]): ReadonlySet<Name> {
  const found = new Set<Calls>();
  const add = (giver: CellId) => {
    const calls = giver !== id && cellOf(graph, giver).facts.deferredReads.size > 0 ? callsOf(graph, giver) : undefined;
    if (calls) found.add(calls);
  };
  called.forEach(add);
  if (found.size === 0) return nothing;
  const taken = new Set<Name>();
  // The set grows while it is walked.
  for (const { names, next } of found) {
    for (const calls of next) found.add(calls);
    for (const name of names) {
      if (taken.has(name)) continue;
      taken.add(name);
      // Of several functions of a name, the one that is there at the call.
      writersFor(graph, name, id).forEach(add);
    }
  }
  return taken;
}

/** The cells that give this cell its names. */
export function parentsOf(graph: Graph, id: CellId): ReadonlySet<CellId> {
  return remembered(knownOf(graph).parents, id, () => new Set([...inputsOf(graph, id).values()].flat()));
}

/** The cells that this cell gives a name to. */
export function childrenOf(graph: Graph, id: CellId): ReadonlySet<CellId> {
  return remembered(knownOf(graph).children, id, () => findChildren(graph, id));
}

function findChildren(graph: Graph, id: CellId): ReadonlySet<CellId> {
  const children = new Set<CellId>();
  const cell = graph.cells.get(id);
  if (!cell) return children;
  for (const name of writesOf(graph.format, cell)) {
    for (const reader of readersInReach(graph, name, id)) {
      if (reader !== id && inputsOf(graph, reader).get(name)?.includes(id)) children.add(reader);
    }
  }
  return children;
}

/** Of a name that cells write one after the other: whoever stands between this writer and the next that surely writes it. */
function readersInReach(graph: Graph, name: Name, writer: CellId): Iterable<CellId> {
  const writers = writersByPlace(graph, name);
  if (graph.format === 'marimo' || writers.length < writersScannedMax) return possibleReaders(graph, name);
  const at = countAbove(graph, name, writers, placeFor(graph, name, writer));
  const next = firstFrom(writers, at + 1, (other) => !isConditional(graph, other, name));
  const readers = readersByPlace(graph, name);
  const countUpTo = (id: CellId) => countAbove(graph, name, readers, placeFor(graph, name, id));
  return readers.slice(countUpTo(writer), next === undefined ? undefined : countUpTo(next) + 1);
}

function readersByPlace(graph: Graph, name: Name): readonly CellId[] {
  const { readers } = knownOf(graph);
  const place = (id: CellId) => placeFor(graph, name, id);
  const found = readers.get(name) ?? [...possibleReaders(graph, name)].sort((a, b) => place(a) - place(b));
  readers.set(name, found);
  return found;
}

/** Cells that mention the name, and those that take it on from functions. */
export function possibleReaders(graph: Graph, name: Name): Iterable<CellId> {
  const readers = graph.readers.get(name) ?? [];
  return graph.format === 'marimo' || !graph.positional.has(name) ? readers : new Set([...readers, ...takersOf(graph, name)]);
}

/**
 * Cells that must run before this one besides its parents. percent: who changes an object in place runs after all readers of the
 * version that it changes. marimo: who deletes a name runs after every reader of it, and who reads a file after the cell that writes it.
 */
export function precedersOf(graph: Graph, id: CellId): Set<CellId> {
  const cell = graph.cells.get(id);
  const before = new Set<CellId>();
  if (!cell) return before;
  if (graph.format === 'marimo') {
    for (const name of foreignDeletions(cell))
      for (const reader of graph.readers.get(name) ?? []) if (reader !== id && reads(graph, reader, name)) before.add(reader);
    if (graph.implicit.writers.size > 0) for (const writer of fileWritersBefore(graph, id, parentsOf)) before.add(writer);
    return before;
  }
  for (const name of changesOf(cell)) {
    for (const giver of inputsOf(graph, id).get(name) ?? []) {
      for (const reader of childrenOf(graph, giver)) if (mustPrecede(graph, reader, id, name, giver)) before.add(reader);
    }
  }
  return before;
}

/** Both take the name from the giver, and the reader is not one that may read what the changer leaves. */
function mustPrecede(graph: Graph, reader: CellId, changer: CellId, name: Name, giver: CellId): boolean {
  const givers = inputsOf(graph, reader).get(name);
  return reader !== changer && givers?.includes(giver) === true && !givers.includes(changer);
}

/** Names of other cells that this one deletes. Who tidies up a name of its own (`x = 1; del x`) takes it from nobody. */
export function foreignDeletions({ facts }: GraphCell): Name[] {
  return [...facts.deleted].filter((name) => !facts.defs.has(name));
}

/** Cells that must run after this one besides its children: the reverse of `precedersOf`. */
export function followersOf(graph: Graph, id: CellId): Set<CellId> {
  if (graph.format === 'percent') return changersAfter(graph, id);
  const after = deletersOf(graph, id);
  if (graph.implicit.writers.size > 0) for (const reader of fileReadersAfter(graph, id, parentsOf)) after.add(reader);
  return after;
}

function deletersOf(graph: Graph, id: CellId): Set<CellId> {
  const after = new Set<CellId>();
  for (const name of graph.cells.get(id)?.facts.refs.keys() ?? []) {
    for (const other of graph.readers.get(name) ?? [])
      if (other !== id && cellOf(graph, other).facts.deleted.has(name) && precedersOf(graph, other).has(id)) after.add(other);
  }
  return after;
}

function changersAfter(graph: Graph, id: CellId): Set<CellId> {
  const after = new Set<CellId>();
  for (const [name, givers] of inputsOf(graph, id)) {
    if (!graph.positional.has(name)) continue;
    const writers = graph.writers.get(name) ?? [];
    for (const giver of givers) {
      for (const other of writers.length < writersScannedMax ? writers : childrenOf(graph, giver)) {
        const takesIt = changes(cellOf(graph, other), name) && inputsOf(graph, other).get(name)?.includes(giver);
        if (takesIt && mustPrecede(graph, id, other, name, giver)) after.add(other);
      }
    }
  }
  return after;
}

function reads(graph: Graph, id: CellId, name: Name): boolean {
  return cellOf(graph, id).facts.refs.has(name);
}

/** Names on the edge from one cell to another. */
export function edgeNames(graph: Graph, from: CellId, to: CellId): Name[] {
  return [...inputsOf(graph, to)].filter(([, givers]) => givers.includes(from)).map(([name]) => name);
}
