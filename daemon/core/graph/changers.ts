/**
 * marimo's format: readers share the object that a cell changes in place, and a run from top to bottom gives each of them the object as those
 * before it have left it.
 */
import type { Name } from '../analysis/facts.ts';
import type { CellId } from '../notebook/notebook.ts';
import { readersBehind } from './behind.ts';
import { cellOf, foreignChanges, type Graph } from './graph.ts';
import { placesInRun } from './order.ts';

/** Of the names that the cell reads, itself or through functions: the cells that change their objects before it runs. */
export function changersBefore(graph: Graph, id: CellId): ReadonlyMap<Name, readonly CellId[]> {
  const found = new Map<Name, readonly CellId[]>();
  for (const [name, changers] of graph.changers) {
    if (!isValue(graph, name) || !readsShared(graph, name, id)) continue;
    const before = changers.filter((changer) => standsBefore(graph, changer, id));
    if (before.length > 0) found.set(name, before);
  }
  return found;
}

/** The cells that are given what this one has changed. */
export function readersAfter(graph: Graph, id: CellId): readonly CellId[] {
  const cell = graph.cells.get(id);
  if (graph.changers.size === 0 || !cell) return [];
  const readers = new Set(foreignChanges(graph.format, cell).flatMap((name) => sharersOf(graph, name)));
  return [...readers].filter((reader) => standsBefore(graph, id, reader));
}

/** Every cell for which it matters in which order others change what it reads. */
export function sharers(graph: Graph): readonly CellId[] {
  return [...graph.changers.keys()].flatMap((name) => sharersOf(graph, name));
}

/** In a run of all cells: what one of them reads further down may put it behind the other, whichever stands higher. */
export function standsBefore(graph: Graph, first: CellId, second: CellId): boolean {
  const places = placesInRun(graph);
  return (places.get(first) ?? 0) < (places.get(second) ?? 0);
}

/** Modules are settings more often than values: who sets something in one concerns nobody who uses it. */
function isValue(graph: Graph, name: Name): boolean {
  return (graph.writers.get(name) ?? []).every((id) => cellOf(graph, id).facts.defs.get(name)?.kind !== 'import');
}

/** Who only makes a function that reads the name reads nothing yet. */
function readsShared(graph: Graph, name: Name, id: CellId): boolean {
  const { facts } = cellOf(graph, id);
  if (facts.defs.has(name)) return false;
  return facts.refs.get(name)?.isDeferred === false || facts.mutations.has(name) || readersBehind(graph, name).has(id);
}

function sharersOf(graph: Graph, name: Name): readonly CellId[] {
  if (!isValue(graph, name)) return [];
  const readers = new Set([...(graph.readers.get(name) ?? []), ...readersBehind(graph, name)]);
  return [...readers].filter((id) => readsShared(graph, name, id));
}
