/**
 * Who gives a cell its implicit names: the last cell before it that writes the name, in the order in which a run of all cells takes them.
 * That order follows from variables alone, so what is found at run time never changes it, and no two cells need each other for an implicit
 * name. What a run needs to know of inputs, children and parents is here: variables and implicit names together.
 */
import type { Name } from '../analysis/facts.ts';
import { itemAt } from '../assert.ts';
import { firstFrom } from '../collections/first-from.ts';
import { PersistentMap } from '../collections/persistent-map.ts';
import { countWhile } from '../collections/sorted.ts';
import type { CellId } from '../notebook/notebook.ts';
import { conflictsOf } from './conflicts.ts';
import { cellOf, type Graph, type GraphCell, indexOf } from './graph.ts';
import { implicitOf, mayRead, tableOf } from './implicit.ts';
import { childrenOf, type Inputs, inputsOf, parentsOf } from './inputs.ts';
import { mentionsIn } from './mentions.ts';
import { placesInRun } from './order.ts';
import { perShape } from './per-shape.ts';

interface Known {
  inputs: PersistentMap<CellId, Inputs>;
  readonly children: Map<CellId, ReadonlySet<CellId>>;
  /** By name, in the order of a run. */
  readonly readers: Map<Name, readonly CellId[]>;
  /** Files that cells add to, and whether a cell reads them. */
  readonly read: Map<Name, boolean>;
}

const knownOf = perShape(() => newlyKnown(PersistentMap.empty()));
const none: Inputs = new Map();

function newlyKnown(inputs: Known['inputs']): Known {
  return { inputs, children: new Map(), readers: new Map(), read: new Map() };
}

/** Variables and implicit names. */
export function allInputsOf(graph: Graph, id: CellId): Inputs {
  const implicit = implicitInputsOf(graph, id);
  return implicit.size === 0 ? inputsOf(graph, id) : new Map([...inputsOf(graph, id), ...implicit]);
}

export function allParentsOf(graph: Graph, id: CellId): ReadonlySet<CellId> {
  const implicit = implicitInputsOf(graph, id);
  return implicit.size === 0 ? parentsOf(graph, id) : new Set([...parentsOf(graph, id), ...[...implicit.values()].flat()]);
}

export function allChildrenOf(graph: Graph, id: CellId): ReadonlySet<CellId> {
  const cell = graph.cells.get(id);
  const writes = cell && hasImplicitWriters(graph) ? implicitOf(cell).writes : [];
  if (writes.length === 0) return childrenOf(graph, id);
  const { children } = knownOf(graph);
  const found = children.get(id) ?? new Set([...childrenOf(graph, id), ...writes.flatMap((name) => takersOf(graph, name, id))]);
  children.set(id, found);
  return found;
}

export function implicitInputsOf(graph: Graph, id: CellId): Inputs {
  if (!hasImplicitWriters(graph)) return none;
  const known = knownOf(graph);
  const found = known.inputs.get(id);
  if (found) return found;
  const cell = graph.cells.get(id);
  const inputs = cell ? computeInputs(graph, cell) : none;
  known.inputs = known.inputs.set(id, inputs);
  return inputs;
}

function hasImplicitWriters({ implicit }: Graph): boolean {
  return implicit.writers.size > 0;
}

function computeInputs(graph: Graph, cell: GraphCell): Inputs {
  const { reads, adds = [], consumes } = implicitOf(cell);
  const names = new Set([...reads, ...adds.filter((name) => isRead(graph, name)), ...consumes]);
  const tables = [...graph.implicit.writers.keys()].filter((name) => tableOf(name));
  if (tables.length > 0) {
    const mentions = mentionsIn(graph, cell);
    for (const name of tables) if (mayRead(name, mentions)) names.add(name);
  }
  const inputs = new Map<Name, readonly CellId[]>();
  for (const name of names) {
    const giver = implicitWriterFor(graph, name, cell.id);
    if (giver !== undefined) inputs.set(name, [giver]);
  }
  return inputs.size === 0 ? none : inputs;
}

/** Whether there is a cell that does more than add to it. */
function isRead(graph: Graph, name: Name): boolean {
  const { read } = knownOf(graph);
  const isReader = (id: CellId) => implicitOf(cellOf(graph, id)).reads.includes(name);
  const found = read.get(name) ?? (graph.implicit.readers.get(name) ?? []).some(isReader);
  read.set(name, found);
  return found;
}

/** The last cell before this one that leaves a version of the name and can run. */
export function implicitWriterFor(graph: Graph, name: Name, id: CellId): CellId | undefined {
  const place = placeIn(graph);
  const writers = inRunOrder(graph, graph.implicit.writers.get(name) ?? []);
  for (let at = countWhile(writers, (other) => place(other) < place(id)) - 1; at >= 0; at--) {
    const writer = itemAt(writers, at);
    if (canRun(graph, writer)) return writer;
  }
  return undefined;
}

function canRun(graph: Graph, id: CellId): boolean {
  const { kind, options } = cellOf(graph, id);
  return !options.disabled && kind !== 'unparsable' && !conflictsOf(graph).cells.has(id);
}

/** Cells that are given the name by this one. */
function takersOf(graph: Graph, name: Name, writer: CellId): readonly CellId[] {
  return inReach(graph, name, writer).filter((reader) => implicitInputsOf(graph, reader).get(name)?.includes(writer));
}

/** Cells that may read the name behind this place, up to the next cell that writes it. */
function inReach(graph: Graph, name: Name, id: CellId): readonly CellId[] {
  const place = placeIn(graph);
  const countUpTo = (cells: readonly CellId[], last: CellId) => countWhile(cells, (other) => place(other) <= place(last));
  const writers = inRunOrder(graph, graph.implicit.writers.get(name) ?? []);
  const next = firstFrom(writers, countUpTo(writers, id), (writer) => canRun(graph, writer));
  const readers = readersInOrder(graph, name);
  return readers.slice(countUpTo(readers, id), next === undefined ? undefined : countUpTo(readers, next));
}

function readersInOrder(graph: Graph, name: Name): readonly CellId[] {
  const cells = tableOf(name) ? graph.order : (graph.implicit.readers.get(name) ?? []);
  if (runsInPageOrder(graph)) return cells;
  const { readers } = knownOf(graph);
  const found = readers.get(name) ?? inRunOrder(graph, cells);
  readers.set(name, found);
  return found;
}

/** As in most notebooks: every cell stands below those that give it its variables. */
export function runsInPageOrder(graph: Graph): boolean {
  return conflictsOf(graph).ranks === graph.index;
}

function placeIn(graph: Graph): (id: CellId) => number {
  if (runsInPageOrder(graph)) return (id) => indexOf(graph, id);
  const places = placesInRun(graph);
  return (id) => places.get(id) ?? -1;
}

/** Of cells in page order. */
function inRunOrder(graph: Graph, cells: readonly CellId[]): readonly CellId[] {
  if (runsInPageOrder(graph)) return cells;
  const place = placeIn(graph);
  return cells.toSorted((a, b) => place(a) - place(b));
}

/** After an edit that moved no cell: who may be given other implicit names, by the names of which a writer came, went, or can run now or no more. */
export function relinkedImplicitly(
  before: Graph,
  after: Graph,
  edited: readonly CellId[],
  names: readonly Name[],
): Iterable<CellId> {
  if (!hasImplicitWriters(before) && !hasImplicitWriters(after)) return [];
  if (!runsInPageOrder(before) || !runsInPageOrder(after)) return after.order;
  const isThere = (id: CellId) => before.cells.has(id) && after.cells.has(id);
  const behind = (id: CellId, name: Name) => [before, after].flatMap((graph) => [...inReach(graph, name, id)]);
  const flipped = flippedCells(before, after, edited).filter(isThere);
  return [
    ...edited.filter(isThere).flatMap((id) => names.flatMap((name) => behind(id, name))),
    ...flipped.flatMap((id) => implicitOf(cellOf(after, id)).writes.flatMap((name) => behind(id, name))),
  ];
}

/** Cells that can run now and could not before, or the other way round. */
function flippedCells(before: Graph, after: Graph, edited: readonly CellId[]): CellId[] {
  const [old, now] = [conflictsOf(before).cells, conflictsOf(after).cells];
  const inConflict = old === now ? [] : [...old, ...now].filter((id) => old.has(id) !== now.has(id));
  return [...edited, ...inConflict].filter(
    (id) => before.cells.has(id) && after.cells.has(id) && canRun(before, id) !== canRun(after, id),
  );
}

/** What is known of the implicit inputs of all but the relinked cells holds on. */
export function carryImplicitInputs(before: Graph, after: Graph, relinked: Iterable<CellId>): void {
  const known = knownOf.known(before);
  if (!known || !hasImplicitWriters(before) || !runsInPageOrder(before) || !runsInPageOrder(after)) return;
  let { inputs } = known;
  for (const id of relinked) inputs = inputs.delete(id);
  knownOf.carry(after, newlyKnown(inputs));
}

/** After cells came, went or moved: who is given implicit names by others than before. */
export function regivenImplicitly(before: Graph, after: Graph): readonly CellId[] {
  if (!hasImplicitWriters(before) && !hasImplicitWriters(after)) return [];
  return after.order.filter((id) => !sameInputs(implicitInputsOf(before, id), implicitInputsOf(after, id)));
}

function sameInputs(a: Inputs, b: Inputs): boolean {
  return a.size === b.size && [...a].every(([name, [giver]]) => b.get(name)?.[0] === giver);
}
