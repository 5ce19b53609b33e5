/** Names behind functions: what the functions read that a cell calls, or that stand in values which it reads. */
import type { Name } from '../analysis/facts.ts';
import type { CellId } from '../notebook/notebook.ts';
import { cellOf, type Graph, writesOf } from './graph.ts';
import { inputsOf, writersFor } from './inputs.ts';
import { perShapeAnd } from './per-shape.ts';

/** However many writers a name has, and whether or not the cell reads it itself. */
export const namesBehind = perShapeAnd(findNames);

const none: ReadonlySet<Name> = new Set();

function findNames(graph: Graph, id: CellId): ReadonlySet<Name> {
  const hasFunctions = (giver: CellId) => giver !== id && cellOf(graph, giver).facts.deferredReads.size > 0;
  // Who only makes a function that calls others calls none of them yet.
  const now = [...inputsOf(graph, id)].filter(([name]) => !cellOf(graph, id).facts.refs.get(name)?.isDeferred);
  const givers = new Set(now.flatMap(([, cells]) => cells).filter(hasFunctions));
  if (givers.size === 0) return none;
  const names = new Set<Name>();
  // The set grows while it is walked.
  for (const giver of givers) {
    for (const name of cellOf(graph, giver).facts.deferredReads) {
      names.add(name);
      // Of several functions of a name, the one that is there at the call.
      for (const next of writersFor(graph, name, graph.positional.has(name) ? id : giver))
        if (hasFunctions(next)) givers.add(next);
    }
  }
  return names;
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
