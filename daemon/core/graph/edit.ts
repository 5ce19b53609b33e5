/** A graph after an edit: links are renewed for the names that the edit touches, and what was derived is kept for all other cells. */
import type { Name } from '../analysis/facts.ts';
import { isFile } from '../analysis/implicit-files.ts';
import { PersistentMap } from '../collections/persistent-map.ts';
import { PersistentSet } from '../collections/persistent-set.ts';
import type { CellId, Format } from '../notebook/notebook.ts';
import { carryConflicts } from './conflicts.ts';
import { differingCuts, withoutCycles } from './cut.ts';
import { foreignChanges, type Graph, type GraphCell, mentionsOf, type Taken, writesOf } from './graph.ts';
import { isImplicit } from './implicit.ts';
import { carryImplicitInputs, relinkedImplicitly } from './implicit-inputs.ts';
import { implicitLinksOf, relinkImplicit, sortImplicitLinks } from './implicit-links.ts';
import { carryInputs } from './inputs.ts';
import { type Observed, observing } from './observed.ts';
import { bringsDoubt, firstPlace, isPositional, type PlacedLinks, placed, standsAboveDefinition, withEarly } from './places.ts';
import { relinkedBy } from './relinked.ts';
import { hasSameNames, writesAlike } from './sameness.ts';
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
  if (takers.size === 0) return withoutCycles(graph);
  const taken = written.map((cell) => withTaken(cell, takers.get(cell.id)));
  return withoutCycles(linkCells(format, taken));
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
  const links = {
    format,
    order,
    index: new Map(order.map((id, at) => [id, at])),
    cells: PersistentMap.from(cells.map((cell) => [cell.id, cell] as const)),
    writers: PersistentMap.from(writers),
    readers: PersistentMap.from([...readers].map(([name, ids]) => [name, PersistentSet.of(...ids)] as const)),
  };
  const doubtful = cells.filter((cell) => bringsDoubt(format, cell)).map(({ id }) => id);
  return {
    ...links,
    ...placed(links),
    implicit: implicitLinksOf(cells, links.index),
    changers: PersistentMap.from(changers),
    globalWriters: PersistentMap.from(cells.filter(bindsGlobals).map(({ id }) => [id, true] as const)),
    takers: PersistentMap.from(cells.flatMap(({ id, taken }) => (taken ? [[id, taken] as const] : []))),
    doubtful: PersistentMap.from(doubtful.map((id) => [id, true] as const)),
    certainUntil: firstPlace(links.index, doubtful),
    cut: PersistentMap.empty(),
    uncut: undefined,
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
    if (differing.length === 0) return { graph: withTexts(graph, edit.cells), change: noChange };
  }
  return relink(graph, edit);
}

function bindsGlobals({ facts }: GraphCell): boolean {
  return facts.deferredWrites.size > 0;
}

function withTexts(graph: Graph, changed: readonly GraphCell[]): Graph {
  const { uncut } = graph;
  return { ...graph, cells: withCells(graph.cells, changed), uncut: uncut && withTexts(uncut, changed) };
}

function withCells(cells: Graph['cells'], changed: readonly GraphCell[]): Graph['cells'] {
  return changed.reduce((all, cell) => all.set(cell.id, withTaken(cell, all.get(cell.id)?.taken)), cells);
}

/** Links are renewed with all that the text says; what is cut of it depends on all of it. */
function relink(before: Graph, edit: GraphEdit): EditedGraph {
  const whole = before.uncut ?? before;
  const links = new Links(whole, edit);
  for (const id of edit.removed) links.replace(id, undefined);
  for (const cell of edit.cells) links.replace(cell.id, withTaken(cell, before.cells.get(cell.id)?.taken));
  const edited = [...edit.cells, ...links.retake()];
  const { graph: after, written, mentioned } = links.settle();
  if (edit.order) return { graph: withoutCycles(after), change: { written, mentioned, relinked: undefined } };
  let names = { written, mentioned };
  let relinked = carry(whole, after, edited, names);
  const graph = withoutCycles(after);
  if (graph !== after || whole !== before) {
    names = { written: new Set([...written, ...differingCuts(before, graph)]), mentioned };
    relinked = carry(before, graph, edited, names);
  }
  relinked = withImplicitly(before, graph, relinked, edit.cells, written);
  carryImplicitInputs(before, graph, relinked);
  return { graph, change: { ...names, relinked } };
}

/** What was derived is kept for all cells but those that the edit may concern. */
function carry(
  before: Graph,
  after: Graph,
  edited: readonly GraphCell[],
  names: Omit<GraphChange, 'relinked'>,
): ReadonlySet<CellId> {
  const relinked = new Set(relinkedBy(before, after, edited, names));
  // marimo's format: who reads a file runs after the cell that writes it now.
  for (const name of names.written)
    if (isFile(name)) for (const reader of after.implicit.readers.get(name) ?? []) relinked.add(reader);
  carryInputs(before, after, relinked);
  carryConflicts(before, after, { written: names.written, relinked });
  return relinked;
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
  /** Cells that read a name now, or no longer, or otherwise. */
  readonly #reread = new Map<Name, CellId[]>();
  #cells: Graph['cells'];
  #writers: Graph['writers'];
  #readers: Graph['readers'];
  #changers: Graph['changers'];
  #globalWriters: Graph['globalWriters'];
  #takers: Graph['takers'];
  #doubtful: Graph['doubtful'];
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
    this.#doubtful = before.doubtful;
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
    const isDoubtful = cell !== undefined && bringsDoubt(format, cell);
    if (isDoubtful !== this.#doubtful.has(id))
      this.#doubtful = isDoubtful ? this.#doubtful.set(id, true) : this.#doubtful.delete(id);
    for (const [name, { isCertain }] of cell?.facts.refs ?? [])
      if (old?.facts.refs.get(name)?.isCertain !== isCertain) this.#readsOtherwise(name, id);
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
    this.#readsOtherwise(name, id);
  }

  #unread(name: Name, id: CellId): void {
    const others = this.#readers.get(name)?.delete(id);
    this.#readers = others && others.size > 0 ? this.#readers.set(name, others) : this.#readers.delete(name);
    this.#mentioned.add(name);
    this.#readsOtherwise(name, id);
  }

  #readsOtherwise(name: Name, id: CellId): void {
    const others = this.#reread.get(name);
    if (others) others.push(id);
    else this.#reread.set(name, [id]);
  }

  settle(): { readonly graph: Graph; readonly written: ReadonlySet<Name>; readonly mentioned: ReadonlySet<Name> } {
    if (this.#hasNewOrder) for (const name of this.#before.positional.keys()) this.#written.add(name);
    for (const name of this.#written) this.#sortWriters(name);
    const links: PlacedLinks = {
      format: this.#before.format,
      index: this.#index,
      cells: this.#cells,
      writers: this.#writers,
      readers: this.#readers,
    };
    const certainUntil = this.#certainUntil();
    const graph: Graph = {
      ...links,
      ...(this.#hasNewOrder ? placed(links) : this.#placedAnew(links, certainUntil)),
      order: this.#order,
      changers: this.#changers,
      globalWriters: this.#globalWriters,
      takers: this.#takers,
      implicit: this.#hasNewOrder ? sortImplicitLinks(this.#implicit, this.#index) : this.#implicit,
      doubtful: this.#doubtful,
      certainUntil,
      cut: PersistentMap.empty(),
      uncut: undefined,
      shape: {},
    };
    return { graph, written: this.#written, mentioned: this.#mentioned };
  }

  #certainUntil(): number {
    const { doubtful, certainUntil } = this.#before;
    return this.#hasNewOrder || doubtful !== this.#doubtful ? firstPlace(this.#index, this.#doubtful.keys()) : certainUntil;
  }

  /** Of names that are read from below, or might be, each mention counts like a writer: others may be given the name otherwise. */
  #placedAnew(links: PlacedLinks, certainUntil: number): Pick<Graph, 'early' | 'positional'> {
    const [from, to] = [this.#before.certainUntil, certainUntil].sort((a, b) => a - b) as [number, number];
    const isBetween = (id: CellId) => (this.#index.get(id) ?? from) > from && (this.#index.get(id) ?? from) <= to;
    let { early, positional } = this.#before;
    if (from !== to) for (const [name, ids] of early) if ([...ids].some(isBetween)) this.#written.add(name);
    for (const [name, ids] of links.format === 'percent' ? this.#reread : []) {
      if (ids.some((id) => early.get(name)?.has(id)) || standsAboveDefinition(links, name, ids)) this.#written.add(name);
    }
    for (const name of this.#written) {
      early = withEarly(links, early, name);
      positional = isPositional(links, early, name) ? positional.set(name, true) : positional.delete(name);
    }
    return { early, positional };
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

const none: ReadonlySet<Name> = new Set();

/** The graph after a cell was seen to do more than its text says. */
export function withObserved(graph: Graph, id: CellId, observed: Observed): EditedGraph {
  const before = graph.cells.get(id);
  const cell = before && observing(before, observed);
  return !cell || cell === before
    ? { graph, change: noChange }
    : editGraph(graph, { cells: [cell], removed: [], order: undefined });
}
