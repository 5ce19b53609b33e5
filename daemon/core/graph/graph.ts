/**
 * The dataflow graph of a notebook: which cell gives which name to which. A value: an edit gives a new graph that shares
 * all that did not change. Edges are not stored but looked up by name, so an edit touches only the names it touches.
 */
import type { Facts, Name } from '../analysis/facts.ts';
import { PersistentMap } from '../collections/persistent-map.ts';
import type { CellId, CellKind, CellOptions, Format } from '../notebook/notebook.ts';

export interface GraphCell {
  readonly id: CellId;
  readonly kind: CellKind;
  readonly name: string | undefined;
  readonly code: string;
  readonly options: CellOptions;
  readonly facts: Facts;
  /** Names that the cell was seen to write when it ran, though its text does not say so; forgotten when its text changes. */
  readonly found: ReadonlySet<Name>;
}

export interface Graph {
  readonly format: Format;
  /** Page order. */
  readonly order: readonly CellId[];
  readonly index: ReadonlyMap<CellId, number>;
  readonly cells: PersistentMap<CellId, GraphCell>;
  /** Cells that give a name a version (define, mutate, delete), in page order. */
  readonly writers: PersistentMap<Name, readonly CellId[]>;
  /** Cells in whose text the name is read or changed in place, or may be read by a function when it is called. */
  readonly readers: PersistentMap<Name, ReadonlySet<CellId>>;
  /** The same object as long as no edit changed a name or the order: what is derived from names alone is remembered by it. */
  readonly shape: object;
  /** Names whose version depends on where one stands: those with several writers, or with one that does not define them. */
  readonly positional: PersistentMap<Name, true>;
}

export interface GraphEdit {
  readonly cells: readonly GraphCell[];
  readonly removed: readonly CellId[];
  /** The new page order; absent when no cell came, went or moved. */
  readonly order: readonly CellId[] | undefined;
}

export function emptyGraph(format: Format): Graph {
  return {
    format,
    order: [],
    index: new Map(),
    cells: PersistentMap.empty(),
    writers: PersistentMap.empty(),
    readers: PersistentMap.empty(),
    positional: PersistentMap.empty(),
    shape: {},
  };
}

export function buildGraph(format: Format, cells: readonly GraphCell[]): Graph {
  return editGraph(emptyGraph(format), { cells, removed: [], order: cells.map(({ id }) => id) });
}

/** The names a cell gives a version of. marimo leaves mutation and deletion out of the graph's data edges. */
export function writesOf(format: Format, { facts, found }: GraphCell): Set<Name> {
  const names = new Set<Name>(facts.defs.keys());
  for (const name of found) names.add(name);
  if (format === 'percent') {
    for (const name of facts.mutations.keys()) names.add(name);
    for (const name of facts.deleted) names.add(name);
  }
  return names;
}

/** The names whose version a cell needs by its own text. Whether a branch binds a name first is told at run time, so a script may need it. */
export function readsOf(format: Format, { facts }: GraphCell): Set<Name> {
  const names = new Set<Name>(facts.refs.keys());
  if (format === 'percent') for (const name of facts.maybeReads) names.add(name);
  for (const name of facts.mutations.keys()) names.add(name);
  return names;
}

export function editGraph(graph: Graph, edit: GraphEdit): Graph {
  return changesNames(graph, edit) ? relink(graph, edit) : { ...graph, cells: withCells(graph.cells, edit.cells) };
}

/** Typing a value, a comment or a string changes no name: then all links stay. */
function changesNames(graph: Graph, edit: GraphEdit): boolean {
  if (edit.order || edit.removed.length > 0) return true;
  return edit.cells.some((cell) => {
    const old = graph.cells.get(cell.id);
    return !old || !hasSameNames(old, cell);
  });
}

function withCells(cells: Graph['cells'], changed: readonly GraphCell[]): Graph['cells'] {
  return changed.reduce((all, cell) => all.set(cell.id, cell), cells);
}

function relink(graph: Graph, edit: GraphEdit): Graph {
  const order = edit.order ?? graph.order;
  const index = edit.order ? new Map(order.map((id, at) => [id, at])) : graph.index;
  const touched = new Set<Name>();
  let { cells, writers, readers } = graph;
  const unlink = (id: CellId) => {
    const cell = cells.get(id);
    if (!cell) return;
    for (const name of writesOf(graph.format, cell)) {
      writers = writers.set(
        name,
        (writers.get(name) ?? []).filter((writer) => writer !== id),
      );
      touched.add(name);
    }
    for (const name of mentions(graph.format, cell)) readers = readers.set(name, without(readers.get(name), id));
    cells = cells.delete(id);
  };
  const link = (cell: GraphCell) => {
    cells = cells.set(cell.id, cell);
    for (const name of writesOf(graph.format, cell)) {
      writers = writers.set(name, [...(writers.get(name) ?? []), cell.id]);
      touched.add(name);
    }
    for (const name of mentions(graph.format, cell)) readers = readers.set(name, new Set(readers.get(name)).add(cell.id));
  };
  for (const id of edit.removed) unlink(id);
  for (const cell of edit.cells) {
    unlink(cell.id);
    link(cell);
  }
  if (edit.order) for (const name of graph.positional.keys()) touched.add(name);
  let { positional } = graph;
  const at = (id: CellId) => index.get(id) ?? -1;
  for (const name of touched) {
    const sorted = (writers.get(name) ?? []).toSorted((a, b) => at(a) - at(b));
    writers = sorted.length > 0 ? writers.set(name, sorted) : writers.delete(name);
    const isPositional = sorted.length > 1 || (sorted[0] !== undefined && !cells.get(sorted[0])?.facts.defs.has(name));
    positional = isPositional ? positional.set(name, true) : positional.delete(name);
  }
  return { format: graph.format, order, index, cells, writers, readers, positional, shape: {} };
}

/** The graph after a cell was seen to write names that its text does not announce. */
export function withFound(graph: Graph, id: CellId, names: readonly Name[]): Graph {
  const cell = graph.cells.get(id);
  const news = cell ? names.filter((name) => !cell.found.has(name) && !cell.facts.defs.has(name)) : [];
  if (!cell || news.length === 0) return graph;
  return editGraph(graph, { cells: [{ ...cell, found: new Set([...cell.found, ...news]) }], removed: [], order: undefined });
}

export function indexOf(graph: Graph, id: CellId): number {
  return graph.index.get(id) ?? -1;
}

/** Whether two texts of a cell say the same to the graph. */
function hasSameNames(a: GraphCell, b: GraphCell): boolean {
  return (
    a.options.disabled === b.options.disabled &&
    a.options.manual === b.options.manual &&
    a.kind === b.kind &&
    sameSet(a.found, b.found) &&
    sameFacts(a.facts, b.facts)
  );
}

function sameFacts(a: Facts, b: Facts): boolean {
  return (
    sameKeys(a.refs, b.refs) &&
    [...a.refs].every(([name, ref]) => b.refs.get(name)?.isDeferred === ref.isDeferred) &&
    sameKeys(a.defs, b.defs) &&
    [...a.defs].every(([name, def]) => sameDef(def, b.defs.get(name))) &&
    sameKeys(a.mutations, b.mutations) &&
    sameSet(a.deleted, b.deleted) &&
    sameSet(a.deferredReads, b.deferredReads) &&
    sameSet(a.maybeReads, b.maybeReads)
  );
}

type Def = Facts['defs'] extends ReadonlyMap<Name, infer D> ? D : never;

function sameDef(a: Def, b: Def | undefined): boolean {
  return b !== undefined && a.kind === b.kind && a.isConditional === b.isConditional && a.imported === b.imported;
}

function sameKeys(a: ReadonlyMap<Name, unknown>, b: ReadonlyMap<Name, unknown>): boolean {
  return a.size === b.size && [...a.keys()].every((key) => b.has(key));
}

function sameSet(a: ReadonlySet<Name>, b: ReadonlySet<Name>): boolean {
  return a.size === b.size && [...a].every((key) => b.has(key));
}

function mentions(format: Format, cell: GraphCell): Set<Name> {
  return new Set([...readsOf(format, cell), ...cell.facts.deferredReads]);
}

function without(set: ReadonlySet<CellId> | undefined, id: CellId): ReadonlySet<CellId> {
  const rest = new Set(set);
  rest.delete(id);
  return rest;
}
