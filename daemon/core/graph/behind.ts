/** Names behind functions: what the functions read that a cell calls, or that stand in values which it reads. */
import type { Name } from '../analysis/facts.ts';
import type { CellId } from '../notebook/notebook.ts';
import { cellOf, type Graph, indexOf, writesOf } from './graph.ts';
import { inputsOf, writersFor } from './inputs.ts';
import { perShapeAnd } from './per-shape.ts';

/** However many writers a name has, and whether or not the cell reads it itself. */
export const namesBehind = perShapeAnd(findNames);

const none: ReadonlySet<Name> = new Set();

interface Behind {
  readonly names: ReadonlySet<Name>;
  /** The cells whose functions read them. */
  readonly cells: ReadonlySet<CellId>;
}

function findNames(graph: Graph, id: CellId): ReadonlySet<Name> {
  // Who only makes a function that calls others calls none of them yet.
  const now = [...inputsOf(graph, id)].filter(([name]) => !cellOf(graph, id).facts.refs.get(name)?.isDeferred);
  const givers = new Set(now.flatMap(([, cells]) => cells).filter((giver) => giver !== id && hasFunctions(graph, giver)));
  if (givers.size === 0) return none;
  const shared = behindGivers(graph, [...givers].join(' '));
  const isShared = shared && !shared.cells.has(id) && indexOf(graph, id) > shared.lowest;
  return isShared ? shared.names : walk(graph, givers, id).names;
}

/** The same for all who call functions of these cells from below all others that lead on; undefined where one of these has several texts. */
const behindGivers = perShapeAnd((graph, givers: string): (Behind & { readonly lowest: number }) | undefined => {
  const behind = walk(graph, new Set(givers.split(' ')), undefined);
  const placed = [...behind.names].filter((name) => graph.positional.has(name)).map((name) => graph.writers.get(name) ?? []);
  const leading = placed.filter((writers) => writers.some((id) => hasFunctions(graph, id)));
  if (leading.some(({ length }) => length > 1)) return undefined;
  return { ...behind, lowest: leading.flat().reduce((lowest, id) => Math.max(lowest, indexOf(graph, id)), -1) };
});

function walk(graph: Graph, givers: Set<CellId>, caller: CellId | undefined): Behind {
  const names = new Set<Name>();
  // The set grows while it is walked.
  for (const giver of givers) {
    for (const name of cellOf(graph, giver).facts.deferredReads) {
      if (names.has(name) && caller !== undefined && graph.positional.has(name)) continue;
      names.add(name);
      // Of several functions of a name, the one that is there at the call.
      for (const next of leadingOn(graph, name, giver, caller))
        if (next !== caller && hasFunctions(graph, next)) givers.add(next);
    }
  }
  return { names, cells: givers };
}

/** Without a caller, wherever it stands. */
function leadingOn(graph: Graph, name: Name, giver: CellId, caller: CellId | undefined): readonly CellId[] {
  if (!graph.positional.has(name)) return writersFor(graph, name, giver);
  return caller === undefined ? (graph.writers.get(name) ?? []) : writersFor(graph, name, caller);
}

function hasFunctions(graph: Graph, id: CellId): boolean {
  return cellOf(graph, id).facts.deferredReads.size > 0;
}

/** The same, from the name: who may read it through functions. Found by name, wherever the cells stand, so that it may be too many. */
export const readersBehind = perShapeAnd(findReaders);

function findReaders(graph: Graph, name: Name): ReadonlySet<CellId> {
  const readers = new Set<CellId>();
  const readLater = (id: CellId, read: Name) => cellOf(graph, id).facts.deferredReads.has(read);
  const givers = new Set([...(graph.readers.get(name) ?? [])].filter((id) => readLater(id, name)));
  // The set grows while it is walked.
  for (const giver of givers) {
    for (const write of writesOf(graph.format, cellOf(graph, giver))) {
      for (const user of graph.readers.get(write) ?? []) {
        if (user !== giver && !cellOf(graph, user).facts.refs.get(write)?.isDeferred) readers.add(user);
        if (readLater(user, write)) givers.add(user);
      }
    }
  }
  return readers;
}
