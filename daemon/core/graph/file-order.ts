/**
 * In marimo's format, where the page says nothing of the order: the cell that writes a file runs before those above it that read the file by the
 * same path, as their texts say. Not where several cells write it, and never so that cells would need each other.
 */
import type { Implicit, Name } from '../analysis/facts.ts';
import { isFile, mayMake } from '../analysis/implicit-files.ts';
import type { CellId } from '../notebook/notebook.ts';
import { cellOf, type Graph, indexOf } from './graph.ts';
import { nothingImplicit } from './implicit.ts';
import { perShape } from './per-shape.ts';

interface FileOrder {
  readonly writersOf: Map<CellId, Set<CellId>>;
  readonly readersOf: Map<CellId, Set<CellId>>;
}

/** Who gives a cell its variables: `parentsOf` of inputs.ts. */
type ParentsOf = (graph: Graph, id: CellId) => ReadonlySet<CellId>;

const orderOf = perShape(findOrder);
const nobody: ReadonlySet<CellId> = new Set();

/** The cells that write what this one reads. */
export function fileWritersBefore(graph: Graph, id: CellId, parentsOf: ParentsOf): ReadonlySet<CellId> {
  return orderOf(graph, parentsOf).writersOf.get(id) ?? nobody;
}

export function fileReadersAfter(graph: Graph, id: CellId, parentsOf: ParentsOf): ReadonlySet<CellId> {
  return orderOf(graph, parentsOf).readersOf.get(id) ?? nobody;
}

function findOrder(graph: Graph, parentsOf: ParentsOf): FileOrder {
  const order: FileOrder = { writersOf: new Map(), readersOf: new Map() };
  const { writers, readers } = graph.implicit;
  const parents = (id: CellId) => [...parentsOf(graph, id), ...writersAbove(graph, id), ...(order.writersOf.get(id) ?? [])];
  for (const [name, cells] of writers) {
    if (!isFile(name)) continue;
    const [writer, ...others] = cells.filter((id) => saysItMakes(graph, id, name));
    if (writer === undefined || others.length > 0) continue;
    for (const reader of (readers.get(name) ?? []).filter((id) => saidBy(graph, id).reads.includes(name)))
      if (indexOf(graph, reader) < indexOf(graph, writer) && !isAbove(reader, writer, parents)) add(order, writer, reader);
  }
  return order;
}

/** Cells that write what this one reads, and stand above it anyway. */
function writersAbove(graph: Graph, id: CellId): readonly CellId[] {
  const writersOf = (name: Name) => (graph.implicit.writers.get(name) ?? []).filter((writer) => saysItMakes(graph, writer, name));
  const writers = saidBy(graph, id).reads.filter(isFile).flatMap(writersOf);
  return writers.filter((writer) => indexOf(graph, writer) < indexOf(graph, id));
}

/** What steps were seen to do changes no order: a run of the same text takes the same one again. */
function saidBy(graph: Graph, id: CellId): Implicit {
  return cellOf(graph, id).facts.implicit ?? nothingImplicit;
}

function saysItMakes(graph: Graph, id: CellId, name: Name): boolean {
  return saidBy(graph, id).writes.includes(name) && mayMake(cellOf(graph, id).facts.files, name);
}

/** Whether the one cell runs before the other in any case. */
function isAbove(id: CellId, other: CellId, parents: (id: CellId) => readonly CellId[]): boolean {
  const above = new Set([other]);
  // The set grows while it is walked.
  for (const cell of above) {
    if (cell === id) return true;
    for (const parent of parents(cell)) above.add(parent);
  }
  return false;
}

function add({ writersOf, readersOf }: FileOrder, writer: CellId, reader: CellId): void {
  writersOf.set(reader, (writersOf.get(reader) ?? new Set()).add(writer));
  readersOf.set(writer, (readersOf.get(writer) ?? new Set()).add(reader));
}
