/**
 * The dataflow graph of a notebook: which cell gives which name to which. A value: an edit gives a new graph that shares
 * all that did not change (`edit.ts`). Edges are not stored but looked up by name (`inputs.ts`), so an edit touches only the names it touches.
 */
import type { Facts, Name } from '../analysis/facts.ts';
import { impossible } from '../assert.ts';
import { PersistentMap } from '../collections/persistent-map.ts';
import type { PersistentSet } from '../collections/persistent-set.ts';
import type { CellId, CellKind, CellOptions, Format } from '../notebook/notebook.ts';
import { type ImplicitLinks, noImplicitLinks } from './implicit-links.ts';
import { expectedOf, type Observed } from './observed.ts';

export interface GraphCell {
  readonly id: CellId;
  readonly kind: CellKind;
  readonly name: string | undefined;
  readonly code: string;
  readonly options: CellOptions;
  readonly facts: Facts;
  readonly observed: Observed;
  /** What functions of other cells do when this one calls them. The graph itself puts it here. */
  readonly taken?: Taken | undefined;
}

/** Global names that the functions which a cell calls, decorates with or passes on may bind (percent format alone). */
export interface Taken {
  readonly writes: ReadonlySet<Name>;
  /** Of these, the ones that the functions read, too: `xs += [1]` changes the object in place. */
  readonly changes: ReadonlySet<Name>;
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
  readonly readers: PersistentMap<Name, PersistentSet<CellId>>;
  /** marimo's format: cells that change the object of a name that others give them. */
  readonly changers: PersistentMap<Name, readonly CellId[]>;
  /** Cells with functions that bind global names. */
  readonly globalWriters: PersistentMap<CellId, true>;
  /** Cells that call them. */
  readonly takers: PersistentMap<CellId, Taken>;
  /** The same object as long as no edit changed a name or the order: what is derived from names alone is remembered by it. */
  readonly shape: object;
  /**
   * Names whose version depends on where one stands: those with several writers, or with one that does not define them, and in a script those that
   * are mentioned above their only definition, or that Python has by birth.
   */
  readonly positional: PersistentMap<Name, true>;
  /** Percent format: cells that mention a name above its only definition. */
  readonly early: PersistentMap<Name, ReadonlySet<CellId>>;
  /** Percent format: cells below which no read is certain. */
  readonly doubtful: PersistentMap<CellId, true>;
  /** The place of the first of them. */
  readonly certainUntil: number;
  /** Percent format: reads from below that would close a cycle. They fail, as in Python. */
  readonly cut: PersistentMap<Name, ReadonlySet<CellId>>;
  /** The graph with them, where there are any. */
  readonly uncut: Graph | undefined;
  /** Which cells write and read implicit names. These stand in no other links. */
  readonly implicit: ImplicitLinks;
}

export function emptyGraph(format: Format): Graph {
  return {
    format,
    order: [],
    index: new Map(),
    cells: PersistentMap.empty(),
    writers: PersistentMap.empty(),
    readers: PersistentMap.empty(),
    changers: PersistentMap.empty(),
    globalWriters: PersistentMap.empty(),
    takers: PersistentMap.empty(),
    positional: PersistentMap.empty(),
    early: PersistentMap.empty(),
    doubtful: PersistentMap.empty(),
    certainUntil: Number.POSITIVE_INFINITY,
    cut: PersistentMap.empty(),
    uncut: undefined,
    implicit: noImplicitLinks,
    shape: {},
  };
}

/** The names a cell gives a version of, or may give one. */
export function writesOf(format: Format, cell: GraphCell): Set<Name> {
  const names = knownWritesOf(format, cell);
  if (format === 'percent') for (const name of expectedOf(cell)) names.add(name);
  return names;
}

/** The names that it gives a version of by its text, or as it was seen. marimo leaves mutation and deletion out of the graph's data edges. */
export function knownWritesOf(format: Format, { facts, observed, taken }: GraphCell): Set<Name> {
  const names = new Set<Name>(facts.defs.keys());
  for (const name of observed.writes) names.add(name);
  if (format === 'percent') {
    for (const name of facts.mutations.keys()) names.add(name);
    for (const name of facts.deleted) names.add(name);
    for (const name of facts.unbinds) names.add(name);
    for (const name of taken?.writes ?? []) names.add(name);
  }
  return names;
}

/** The names whose version a cell needs by its own text. Whether a branch binds a name first is told at run time, so a script may need it. */
export function readsOf(format: Format, cell: GraphCell): Set<Name> {
  const { facts } = cell;
  const names = new Set<Name>(facts.refs.keys());
  if (format === 'percent') for (const name of facts.maybeReads) names.add(name);
  for (const name of changesOf(cell)) names.add(name);
  return names;
}

/** The names whose object the cell changes in place, itself or by functions that it calls. */
export function changesOf({ facts, taken }: GraphCell): Iterable<Name> {
  return taken && taken.changes.size > 0 ? new Set([...facts.mutations.keys(), ...taken.changes]) : facts.mutations.keys();
}

export function changes({ facts, taken }: GraphCell, name: Name): boolean {
  return facts.mutations.has(name) || (taken?.changes.has(name) ?? false);
}

/** Whether the cell itself reads the name when it runs, not just functions that it makes. */
export function uses(cell: GraphCell, name: Name): boolean {
  const { refs, maybeReads } = cell.facts;
  return refs.get(name)?.isDeferred === false || maybeReads.has(name) || changes(cell, name);
}

/** Names that a cell reads, or that its functions may read when they are called. */
export function mentionsOf(format: Format, cell: GraphCell): Set<Name> {
  const names = readsOf(format, cell);
  for (const name of cell.facts.deferredReads) names.add(name);
  return names;
}

/** marimo's format: names that the cell changes, or may change, and takes from others. In a script who changes a name is a writer of it. */
export function foreignChanges(format: Format, cell: GraphCell): readonly Name[] {
  if (format === 'percent') return [];
  const { defs } = cell.facts;
  return [...new Set([...changesOf(cell), ...expectedOf(cell)])].filter((name) => !defs.has(name));
}

/** The cell that must be there: one that the links of the graph name, or that runs. */
export function cellOf(graph: Pick<Graph, 'cells'>, id: CellId): GraphCell {
  return graph.cells.get(id) ?? impossible(`cell ${id} is needed, but it is not in the graph`);
}

export function indexOf(graph: Graph, id: CellId): number {
  return graph.index.get(id) ?? -1;
}
