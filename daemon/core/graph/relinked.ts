/** Which cells an edit may give other inputs, or others to run after: found from the names that it touches, not from all cells. */
import type { Name } from '../analysis/facts.ts';
import type { CellId } from '../notebook/notebook.ts';
import { cellOf, changes, type Graph, type GraphCell, readsOf, uses, writesOf } from './graph.ts';
import { inputsOf } from './inputs.ts';

interface TouchedNames {
  readonly written: ReadonlySet<Name>;
  readonly mentioned: ReadonlySet<Name>;
}

/** Of an edit that moves no cell. */
export function relinkedBy(before: Graph, after: Graph, edited: readonly GraphCell[], names: TouchedNames): ReadonlySet<CellId> {
  const found = new Set<CellId>(edited.map(({ id }) => id));
  for (const graph of [before, after]) {
    for (const name of names.written) for (const id of graph.readers.get(name) ?? []) found.add(id);
    for (const set of [names.written, names.mentioned]) {
      for (const name of set) for (const id of enders(graph, name)) found.add(id);
    }
    if (graph.format === 'percent') addCallers(graph, edited, names.written, found);
  }
  for (const graph of [before, after]) for (const id of [...found]) addEndersOfTaken(graph, id, found);
  return found;
}

/** Cells that run after all readers of a version, because they change or delete it. */
function enders(graph: Graph, name: Name): Iterable<CellId> {
  if (graph.format === 'percent') {
    return (graph.writers.get(name) ?? []).filter((id) => changes(cellOf(graph, id), name));
  }
  const cells = graph.readers.get(name) ?? [];
  return [...cells].filter((id) => cellOf(graph, id).facts.deleted.has(name));
}

/** Who changes what a function of another cell reads runs after those who call that function. */
function addEndersOfTaken(graph: Graph, id: CellId, found: Set<CellId>): void {
  const cell = graph.cells.get(id);
  if (graph.format === 'marimo' || graph.positional.size === 0 || !cell) return;
  const own = readsOf(graph.format, cell);
  for (const name of inputsOf(graph, id).keys()) if (!own.has(name)) for (const ender of enders(graph, name)) found.add(ender);
}

/**
 * Who calls a function takes on what it reads: those who use functions of an edited cell, or functions that read a name with other writers, and
 * those who use functions that read these in turn. Each function is gone through once, however many lead to it.
 */
function addCallers(graph: Graph, edited: readonly GraphCell[], written: ReadonlySet<Name>, found: Set<CellId>): void {
  const functions = new Set<CellId>();
  for (const { id } of edited) if (hasFunctions(graph, id)) functions.add(id);
  for (const name of written) {
    for (const id of graph.readers.get(name) ?? []) if (cellOf(graph, id).facts.deferredReads.has(name)) functions.add(id);
  }
  // The set grows while it is walked.
  for (const id of functions) {
    for (const name of writesOf(graph.format, cellOf(graph, id))) {
      for (const user of graph.readers.get(name) ?? []) {
        const cell = cellOf(graph, user);
        if (uses(cell, name)) found.add(user);
        if (cell.facts.deferredReads.has(name)) functions.add(user);
      }
    }
  }
}

function hasFunctions(graph: Graph, id: CellId): boolean {
  return (graph.cells.get(id)?.facts.deferredReads.size ?? 0) > 0;
}
