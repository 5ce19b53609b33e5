/** Who gives a cell its names, in both dialects: inputs, parents, children. */
import type { Name } from '../analysis/facts.ts';
import { itemAt } from '../assert.ts';
import { PersistentMap } from '../collections/persistent-map.ts';
import type { CellId } from '../notebook/notebook.ts';
import { fileReadersAfter, fileWritersBefore } from './file-order.ts';
import { cellOf, changes, changesOf, type Graph, type GraphCell, indexOf, readsOf, writesOf } from './graph.ts';

/**
 * For each name that other cells give the cell: the cells that may give it, nearest first. Only a conditional writer is followed by another.
 * None where a function that the cell reads needs a name whose writers all stand below.
 */
export type Inputs = ReadonlyMap<Name, readonly CellId[]>;

/** Found when first asked for, by the shape of the graph. */
interface Known {
  inputs: PersistentMap<CellId, Inputs>;
  readonly parents: Map<CellId, ReadonlySet<CellId>>;
  readonly children: Map<CellId, ReadonlySet<CellId>>;
  /** By name, in page order. */
  readonly readers: Map<Name, readonly CellId[]>;
  /** Whether some cell gives the name a value, or does more than to unbind it in a handler. */
  readonly given: Map<Name, boolean>;
}

/** Fewer writers of a name are gone through rather than sorted with its readers. */
const writersScannedMax = 8;

const cache = new WeakMap<object, Known>();

function knownOf(graph: Graph): Known {
  const known = cache.get(graph.shape) ?? knowing(PersistentMap.empty());
  cache.set(graph.shape, known);
  return known;
}

function knowing(inputs: Known['inputs']): Known {
  return { inputs, parents: new Map(), children: new Map(), readers: new Map(), given: new Map() };
}

export function inputsOf(graph: Graph, id: CellId): Inputs {
  const known = knownOf(graph);
  const found = known.inputs.get(id);
  if (found) return found;
  const inputs = computeInputs(graph, id);
  known.inputs = known.inputs.set(id, inputs);
  return inputs;
}

function remembered(sets: Known['children'], id: CellId, compute: () => ReadonlySet<CellId>): ReadonlySet<CellId> {
  const found = sets.get(id) ?? compute();
  sets.set(id, found);
  return found;
}

/** After an edit, what is known of the inputs of all but the relinked cells holds on. */
export function carryInputs(before: Graph, after: Graph, relinked: Iterable<CellId>): void {
  const known = cache.get(before.shape);
  if (!known) return;
  let { inputs } = known;
  for (const id of relinked) inputs = inputs.delete(id);
  cache.set(after.shape, knowing(inputs));
}

function computeInputs(graph: Graph, id: CellId): Inputs {
  const cell = graph.cells.get(id);
  const inputs = new Map<Name, readonly CellId[]>();
  if (!cell) return inputs;
  for (const name of readsOf(graph.format, cell)) {
    const givers = writersFor(graph, name, id);
    if (givers.length > 0) inputs.set(name, givers);
  }
  if (graph.format === 'percent') for (const name of takenOn(graph, id, inputs)) inputs.set(name, writersFor(graph, name, id));
  return inputs;
}

/** The cells that may give `name` to the cell `id`, nearest first. */
export function writersFor(graph: Graph, name: Name, id: CellId): readonly CellId[] {
  const writers = graph.writers.get(name) ?? [];
  return graph.format === 'marimo' ? writers.filter((writer) => writer !== id) : percentWriters(graph, writers, name, id);
}

function percentWriters(graph: Graph, writers: readonly CellId[], name: Name, id: CellId): readonly CellId[] {
  const here = indexOf(graph, id);
  const above: CellId[] = [];
  for (let at = countAbove(graph, writers, here) - 1; at >= 0; at--) {
    const writer = itemAt(writers, at);
    above.push(writer);
    if (!isConditional(graph, writer, name)) return above;
  }
  if (above.length > 0) return isGiven(graph, name) ? above : [];
  const [only] = writers;
  const canBeReadAbove = writers.length === 1 && only !== undefined && only !== id && cellOf(graph, only).facts.defs.has(name);
  return canBeReadAbove ? [only] : [];
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

/** How many of these cells, in page order, stand above the place. */
function countAbove(graph: Graph, cells: readonly CellId[], place: number): number {
  let [low, high] = [0, cells.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (indexOf(graph, itemAt(cells, middle)) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A writer that may leave the name as it was: it binds it in a branch, unbinds it in a handler, or was only seen to bind it at run time. */
export function isConditional(graph: Graph, writer: CellId, name: Name): boolean {
  const cell = cellOf(graph, writer);
  if (cell.facts.mutations.has(name)) return false;
  return (
    cell.facts.defs.get(name)?.isConditional ??
    (cell.facts.unbinds.has(name) || cell.observed.writes.includes(name) || (cell.taken?.writes.has(name) ?? false))
  );
}

/**
 * Names that functions read when this cell calls them: the deferred reads of the cells it reads from, and of the cells those
 * functions read from in turn. Only names with several writers matter, since the others mean the same everywhere.
 */
function takenOn(graph: Graph, id: CellId, inputs: Inputs): Iterable<Name> {
  const todo: CellId[] = [];
  for (const givers of inputs.values())
    for (const giver of givers) if (cellOf(graph, giver).facts.deferredReads.size > 0) todo.push(giver);
  if (todo.length === 0) return todo;
  const taken = new Set<Name>();
  const seen = new Set<CellId>([id]);
  for (let giver = todo.pop(); giver !== undefined; giver = todo.pop()) {
    if (seen.has(giver)) continue;
    seen.add(giver);
    for (const name of cellOf(graph, giver).facts.deferredReads) {
      // Of several functions of a name, the one that is there at the call.
      const isPositional = graph.positional.has(name);
      if (isPositional) taken.add(name);
      todo.push(...writersFor(graph, name, isPositional ? id : giver));
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
  const writers = graph.writers.get(name) ?? [];
  if (graph.format === 'marimo' || writers.length < writersScannedMax) return possibleReaders(graph, name);
  const here = indexOf(graph, writer);
  const next = writers.slice(countAbove(graph, writers, here + 1)).find((other) => !isConditional(graph, other, name));
  const readers = readersByPlace(graph, name);
  const first = countAbove(graph, readers, here);
  return readers.slice(first, next === undefined ? undefined : countAbove(graph, readers, indexOf(graph, next) + 1));
}

function readersByPlace(graph: Graph, name: Name): readonly CellId[] {
  const { readers } = knownOf(graph);
  const found = readers.get(name) ?? [...possibleReaders(graph, name)].sort((a, b) => indexOf(graph, a) - indexOf(graph, b));
  readers.set(name, found);
  return found;
}

/** Cells that mention the name, and those that may take it on by reading functions. */
export function possibleReaders(graph: Graph, name: Name): Iterable<CellId> {
  const readers = graph.readers.get(name) ?? [];
  if (graph.format === 'marimo' || !graph.positional.has(name)) return readers;
  const found = new Set(readers);
  for (const id of found) {
    const cell = cellOf(graph, id);
    if (!cell.facts.deferredReads.has(name) && !passesFunctionsOn(graph, id, found)) continue;
    for (const write of writesOf(graph.format, cell)) for (const reader of graph.readers.get(write) ?? []) found.add(reader);
  }
  return found;
}

/** A cell whose functions read functions of a cell that is already found. */
function passesFunctionsOn(graph: Graph, id: CellId, found: ReadonlySet<CellId>): boolean {
  return [...cellOf(graph, id).facts.deferredReads].some((name) =>
    (graph.writers.get(name) ?? []).some((writer) => writer !== id && found.has(writer)),
  );
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
    for (const giver of givers) {
      for (const other of childrenOf(graph, giver)) {
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
