/** A graph after an edit: links are renewed for the names that the edit touches, and what was derived is kept for all other cells. */
import type { Facts, Name } from '../analysis/facts.ts';
import { isFile } from '../analysis/implicit-files.ts';
import { PersistentMap } from '../collections/persistent-map.ts';
import { PersistentSet } from '../collections/persistent-set.ts';
import type { CellId, Format } from '../notebook/notebook.ts';
import { carryConflicts } from './conflicts.ts';
import { changes, foreignChanges, type Graph, type GraphCell, mentionsOf, type Taken, writesOf } from './graph.ts';
import { isImplicit, sameImplicit } from './implicit.ts';
import { carryImplicitInputs, relinkedImplicitly } from './implicit-inputs.ts';
import { implicitLinksOf, relinkImplicit, sortImplicitLinks } from './implicit-links.ts';
import { carryInputs } from './inputs.ts';
import { type Observed, observing } from './observed.ts';
import { relinkedBy } from './relinked.ts';
import { sameTaken, takersIn } from './taken.ts';

export interface GraphEdit {
  /** New ones, and those that differ. */
  readonly cells: readonly GraphCell[];
  readonly removed: readonly CellId[];
  /** The new page order; absent when no cell came, went or moved. */
  readonly order: readonly CellId[] | undefined;
}

/** What an edit did to the links. */
export interface GraphChange {
  /** Names of which a writer came, went or writes otherwise. */
  readonly written: ReadonlySet<Name>;
  /** Names of which a reader came or went. */
  readonly mentioned: ReadonlySet<Name>;
  /** Cells that may have other inputs, or others to run after, than before; undefined: any cell, because the order changed. */
  readonly relinked: ReadonlySet<CellId> | undefined;
}

export interface EditedGraph {
  readonly graph: Graph;
  readonly change: GraphChange;
}

export const noChange: GraphChange = { written: new Set(), mentioned: new Set(), relinked: new Set() };

/** In page order. */
export function buildGraph(format: Format, cells: readonly GraphCell[]): Graph {
  const written = cells.map(asWritten);
  const graph = linkCells(format, written);
  const takers = takersIn(graph);
  if (takers.size === 0) return graph;
  return linkCells(
    format,
    written.map((cell) => withTaken(cell, takers.get(cell.id))),
  );
}

/** As its text says. */
function asWritten(cell: GraphCell): GraphCell {
  return withTaken(cell, undefined);
}

function withTaken({ taken: _, ...cell }: GraphCell, taken: Taken | undefined): GraphCell {
  return taken ? { ...cell, taken } : cell;
}

function linkCells(format: Format, cells: readonly GraphCell[]): Graph {
  const order = cells.map(({ id }) => id);
  const writers = new Map<Name, CellId[]>();
  const readers = new Map<Name, CellId[]>();
  const changers = new Map<Name, CellId[]>();
  const add = (links: Map<Name, CellId[]>, name: Name, id: CellId) => {
    const known = links.get(name);
    if (known) known.push(id);
    else links.set(name, [id]);
  };
  for (const cell of cells) {
    for (const name of writesOf(format, cell)) add(writers, name, cell.id);
    for (const name of mentionsOf(format, cell)) add(readers, name, cell.id);
    for (const name of foreignChanges(format, cell)) add(changers, name, cell.id);
  }
  const table = PersistentMap.from(cells.map((cell) => [cell.id, cell] as const));
  const positional = [...writers].filter(([name, ids]) => isPositional(table, ids, name)).map(([name]) => [name, true] as const);
  return {
    format,
    order,
    index: new Map(order.map((id, at) => [id, at])),
    cells: table,
    writers: PersistentMap.from(writers),
    readers: PersistentMap.from([...readers].map(([name, ids]) => [name, PersistentSet.of(...ids)] as const)),
    positional: PersistentMap.from(positional),
    implicit: implicitLinksOf(cells, new Map(order.map((id, at) => [id, at]))),
    changers: PersistentMap.from(changers),
    globalWriters: PersistentMap.from(cells.filter(bindsGlobals).map(({ id }) => [id, true] as const)),
    takers: PersistentMap.from(cells.flatMap(({ id, taken }) => (taken ? [[id, taken] as const] : []))),
    shape: {},
  };
}

export function editGraph(graph: Graph, edit: GraphEdit): EditedGraph {
  if (graph.order.length === 0 && edit.order?.length === edit.cells.length) {
    return { graph: buildGraph(graph.format, edit.cells), change: { ...noChange, relinked: undefined } };
  }
  if (!edit.order && edit.removed.length === 0) {
    const differing = edit.cells.filter((cell) => !hasSameNames(graph.cells.get(cell.id), cell));
    // Typing a value, a comment or a string changes no name: then all links stay.
    if (differing.length === 0) return { graph: { ...graph, cells: withCells(graph.cells, edit.cells) }, change: noChange };
  }
  return relink(graph, edit);
}

function bindsGlobals({ facts }: GraphCell): boolean {
  return facts.deferredWrites.size > 0;
}

function withCells(cells: Graph['cells'], changed: readonly GraphCell[]): Graph['cells'] {
  return changed.reduce((all, cell) => all.set(cell.id, withTaken(cell, all.get(cell.id)?.taken)), cells);
}

function relink(before: Graph, edit: GraphEdit): EditedGraph {
  const links = new Links(before, edit);
  for (const id of edit.removed) links.replace(id, undefined);
  for (const cell of edit.cells) links.replace(cell.id, withTaken(cell, before.cells.get(cell.id)?.taken));
  const retaken = links.retake();
  const { graph, written, mentioned } = links.settle();
  if (edit.order) return { graph, change: { written, mentioned, relinked: undefined } };
  const byName = new Set(relinkedBy(before, graph, [...edit.cells, ...retaken], { written, mentioned }));
  // marimo's format: who reads a file runs after the cell that writes it now.
  for (const name of written) if (isFile(name)) for (const reader of graph.implicit.readers.get(name) ?? []) byName.add(reader);
  carryInputs(before, graph, byName);
  carryConflicts(before, graph, { written, relinked: byName });
  const relinked = withImplicitly(before, graph, byName, edit.cells, written);
  carryImplicitInputs(before, graph, relinked);
  const change = { written, mentioned, relinked };
  return { graph, change };
}

/** Implicit names follow the order that variables give. */
function withImplicitly(
  before: Graph,
  after: Graph,
  relinked: ReadonlySet<CellId>,
  cells: readonly GraphCell[],
  written: ReadonlySet<Name>,
): ReadonlySet<CellId> {
  const others = relinkedImplicitly(
    before,
    after,
    cells.map(({ id }) => id),
    [...written].filter(isImplicit),
  );
  return new Set([...relinked, ...others]);
}

/** The links of a graph while they are renewed. */
class Links {
  readonly #before: Graph;
  readonly #order: readonly CellId[];
  readonly #index: ReadonlyMap<CellId, number>;
  readonly #hasNewOrder: boolean;
  readonly #written = new Set<Name>();
  readonly #mentioned = new Set<Name>();
  #cells: Graph['cells'];
  #writers: Graph['writers'];
  #readers: Graph['readers'];
  #changers: Graph['changers'];
  #globalWriters: Graph['globalWriters'];
  #takers: Graph['takers'];
  #implicit: Graph['implicit'];

  constructor(before: Graph, { order }: GraphEdit) {
    this.#before = before;
    this.#hasNewOrder = order !== undefined;
    this.#order = order ?? before.order;
    this.#index = order ? new Map(order.map((id, at) => [id, at])) : before.index;
    this.#cells = before.cells;
    this.#writers = before.writers;
    this.#readers = before.readers;
    this.#changers = before.changers;
    this.#globalWriters = before.globalWriters;
    this.#takers = before.takers;
    this.#implicit = before.implicit;
  }

  replace(id: CellId, cell: GraphCell | undefined): void {
    const { format } = this.#before;
    const old = this.#cells.get(id);
    this.#cells = cell ? this.#cells.set(id, cell) : this.#cells.delete(id);
    this.#replaceWrites(id, old, cell);
    this.#implicit = relinkImplicit(this.#implicit, id, old, cell, this.#index, (name) => this.#written.add(name));
    this.#replaceChanges(id, old, cell);
    const mentionedBefore = old ? mentionsOf(format, old) : none;
    const mentionedNow = cell ? mentionsOf(format, cell) : none;
    for (const name of mentionedBefore) if (!mentionedNow.has(name)) this.#unread(name, id);
    for (const name of mentionedNow) if (!mentionedBefore.has(name)) this.#read(name, id);
    const binds = cell !== undefined && bindsGlobals(cell);
    if (binds !== this.#globalWriters.has(id))
      this.#globalWriters = binds ? this.#globalWriters.set(id, true) : this.#globalWriters.delete(id);
    if (old?.taken !== cell?.taken) this.#takers = cell?.taken ? this.#takers.set(id, cell.taken) : this.#takers.delete(id);
  }

  /** Cells that take on other things than before from the functions that they call. */
  retake(): readonly GraphCell[] {
    if (this.#globalWriters.size === 0 && this.#takers.size === 0) return [];
    const { format } = this.#before;
    const takers = takersIn({ format, cells: this.#cells, readers: this.#readers, globalWriters: this.#globalWriters });
    const differing = [...new Set([...takers.keys(), ...this.#takers.keys()])].flatMap((id) => {
      const cell = this.#cells.get(id);
      return cell && !sameTaken(cell.taken, takers.get(id)) ? [withTaken(cell, takers.get(id))] : [];
    });
    for (const cell of differing) this.replace(cell.id, cell);
    return differing;
  }

  #replaceWrites(id: CellId, old: GraphCell | undefined, cell: GraphCell | undefined): void {
    const { format } = this.#before;
    const writtenBefore = old ? writesOf(format, old) : none;
    const writtenNow = cell ? writesOf(format, cell) : none;
    for (const name of writtenBefore) {
      if (writtenNow.has(name)) continue;
      const others = this.#writersOf(name).filter((writer) => writer !== id);
      this.#writers = others.length > 0 ? this.#writers.set(name, others) : this.#writers.delete(name);
      this.#written.add(name);
    }
    for (const name of writtenNow) {
      if (!writtenBefore.has(name)) this.#writers = this.#writers.set(name, [...this.#writersOf(name), id]);
      else if (old && cell && writesAlike(old, cell, name)) continue;
      this.#written.add(name);
    }
  }

  #replaceChanges(id: CellId, old: GraphCell | undefined, cell: GraphCell | undefined): void {
    const { format } = this.#before;
    for (const name of old ? foreignChanges(format, old) : []) {
      const others = (this.#changers.get(name) ?? []).filter((changer) => changer !== id);
      this.#changers = others.length > 0 ? this.#changers.set(name, others) : this.#changers.delete(name);
    }
    for (const name of cell ? foreignChanges(format, cell) : [])
      this.#changers = this.#changers.set(name, [...(this.#changers.get(name) ?? []), id]);
  }

  #writersOf(name: Name): readonly CellId[] {
    return this.#writers.get(name) ?? [];
  }

  #read(name: Name, id: CellId): void {
    this.#readers = this.#readers.set(name, this.#readers.get(name)?.add(id) ?? PersistentSet.of(id));
    this.#mentioned.add(name);
  }

  #unread(name: Name, id: CellId): void {
    const others = this.#readers.get(name)?.delete(id);
    this.#readers = others && others.size > 0 ? this.#readers.set(name, others) : this.#readers.delete(name);
    this.#mentioned.add(name);
  }

  settle(): { readonly graph: Graph; readonly written: ReadonlySet<Name>; readonly mentioned: ReadonlySet<Name> } {
    const { format } = this.#before;
    if (this.#hasNewOrder) for (const name of this.#before.positional.keys()) this.#written.add(name);
    let { positional } = this.#before;
    for (const name of this.#written) {
      this.#sortWriters(name);
      positional = isPositional(this.#cells, this.#writersOf(name), name) ? positional.set(name, true) : positional.delete(name);
    }
    const graph: Graph = {
      format,
      order: this.#order,
      index: this.#index,
      cells: this.#cells,
      writers: this.#writers,
      readers: this.#readers,
      positional,
      changers: this.#changers,
      globalWriters: this.#globalWriters,
      takers: this.#takers,
      implicit: this.#hasNewOrder ? sortImplicitLinks(this.#implicit, this.#index) : this.#implicit,
      shape: {},
    };
    return { graph, written: this.#written, mentioned: this.#mentioned };
  }

  #sortWriters(name: Name): void {
    const writers = this.#writersOf(name);
    if (writers.length < 2) return;
    const at = (id: CellId) => this.#index.get(id) ?? -1;
    this.#writers = this.#writers.set(
      name,
      writers.toSorted((a, b) => at(a) - at(b)),
    );
  }
}

function isPositional(cells: Graph['cells'], [first, ...others]: readonly CellId[], name: Name): boolean {
  return others.length > 0 || (first !== undefined && !cells.get(first)?.facts.defs.has(name));
}

const none: ReadonlySet<Name> = new Set();

/** The graph after a cell was seen to do more than its text says. */
export function withObserved(graph: Graph, id: CellId, observed: Observed): EditedGraph {
  const before = graph.cells.get(id);
  const cell = before && observing(before, observed);
  return !cell || cell === before
    ? { graph, change: noChange }
    : editGraph(graph, { cells: [cell], removed: [], order: undefined });
}

/** Whether two texts of a cell say the same to the graph. */
function hasSameNames(a: GraphCell | undefined, b: GraphCell): boolean {
  return (
    a !== undefined &&
    a.options.disabled === b.options.disabled &&
    a.options.manual === b.options.manual &&
    a.kind === b.kind &&
    sameNames(a.observed.writes, b.observed.writes) &&
    sameImplicit(a.observed.implicit, b.observed.implicit) &&
    (a.facts === b.facts || sameFacts(a.facts, b.facts))
  );
}

function sameFacts(a: Facts, b: Facts): boolean {
  if (!sameKeys(a.refs, b.refs) || !sameKeys(a.defs, b.defs) || !sameKeys(a.mutations, b.mutations)) return false;
  for (const [name, ref] of a.refs) if (b.refs.get(name)?.isDeferred !== ref.isDeferred) return false;
  for (const [name, def] of a.defs) if (!sameDef(def, b.defs.get(name))) return false;
  return (
    sameSet(a.deleted, b.deleted) &&
    sameSet(a.unbinds, b.unbinds) &&
    sameSet(a.deferredReads, b.deferredReads) &&
    sameSet(a.deferredWrites, b.deferredWrites) &&
    sameSet(a.maybeReads, b.maybeReads) &&
    sameSet(a.modules ?? none, b.modules ?? none) &&
    sameImplicit(a.implicit, b.implicit)
  );
}

/** Whether the two texts write the name in the same way: what others see of a writer. */
function writesAlike(a: GraphCell, b: GraphCell, name: Name): boolean {
  return (
    changes(a, name) === changes(b, name) &&
    a.facts.deleted.has(name) === b.facts.deleted.has(name) &&
    a.facts.unbinds.has(name) === b.facts.unbinds.has(name) &&
    a.observed.writes.includes(name) === b.observed.writes.includes(name) &&
    a.taken?.writes.has(name) === b.taken?.writes.has(name) &&
    sameDef(a.facts.defs.get(name), b.facts.defs.get(name))
  );
}

type Def = Facts['defs'] extends ReadonlyMap<Name, infer D> ? D : never;

function sameDef(a: Def | undefined, b: Def | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.kind === b.kind && a.isConditional === b.isConditional && a.isLate === b.isLate && a.imported === b.imported;
}

function sameKeys(a: ReadonlyMap<Name, unknown>, b: ReadonlyMap<Name, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const key of a.keys()) if (!b.has(key)) return false;
  return true;
}

function sameNames(a: readonly Name[], b: readonly Name[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

function sameSet(a: ReadonlySet<Name>, b: ReadonlySet<Name>): boolean {
  if (a.size !== b.size) return false;
  for (const key of a) if (!b.has(key)) return false;
  return true;
}
