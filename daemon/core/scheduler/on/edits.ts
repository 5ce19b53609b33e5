/** The text changed: new graph, and what it makes stale or fresh again. Nothing runs. */
import { sharers } from '../../graph/changers.ts';
import { type Conflicts, conflictsOf } from '../../graph/conflicts.ts';
import { editGraph, type GraphChange } from '../../graph/edit.ts';
import { type Graph, type GraphCell, writesOf } from '../../graph/graph.ts';
import { regivenImplicitly } from '../../graph/implicit-inputs.ts';
import { childrenOf, parentsOf, possibleReaders } from '../../graph/inputs.ts';
import { afterEdit, nothingObserved, observing, withoutLines } from '../../graph/observed.ts';
import type { CellId } from '../../notebook/notebook.ts';
import type { Event } from '../events.ts';
import { effectiveTokens, keepStanding, review, sharedChanges, unsettle } from '../standing.ts';
import type { State } from '../state.ts';
import type { Turn } from '../turn.ts';
import { keepRecords, recordOf, seenEarlier } from '../values/records.ts';
import { reviewWritten } from './files.ts';

type Edited = Extract<Event, { type: 'edited' }>;

export function edit(turn: Turn, event: Edited): void {
  const before = turn.state.graph;
  const cells = event.cells.map((cell) => keepObserved(turn.state, cell));
  const { graph, change } = editGraph(before, { cells, removed: event.removed, order: event.order });
  turn.update({ graph });
  keepRecords(turn, event);
  for (const id of event.removed) {
    keepStanding(turn, id, undefined);
    turn.update({ skips: turn.state.skips.delete(id) });
    turn.touch([id]);
    unsettleWrites(turn, before, id);
  }
  const rewritten = cells.filter((cell) => !computesTheSame(before.cells.get(cell.id), cell)).map(({ id }) => id);
  for (const id of rewritten) unsettleWrites(turn, before, id);
  unsettle(turn, change.written);
  const cellsConcerned = concerned(before, graph, rewritten, event, change);
  turn.touch(cellsConcerned);
  review(turn, cellsConcerned);
  if (before.shape !== graph.shape) reviewWritten(turn);
  if (before !== graph) turn.emit({ type: 'graph-changed', change });
}

/** Comments and spacing change nothing. */
function computesTheSame(old: GraphCell | undefined, { facts, options, kind }: GraphCell): boolean {
  return (
    old !== undefined &&
    old.facts.tokens === facts.tokens &&
    old.options.disabled === options.disabled &&
    old.options.manual === options.manual &&
    old.kind === kind
  );
}

/** What was seen of a cell stays with it until its text changes, and comes back with the text that ran last; of one that ran earlier it is expected. */
function keepObserved(state: State, cell: GraphCell): GraphCell {
  const old = state.graph.cells.get(cell.id);
  if (old?.facts.tokens === cell.facts.tokens)
    return observing(cell, old.code === cell.code ? old.observed : withoutLines(old.observed));
  const record = recordOf(state, cell.id);
  const tokens = effectiveTokens(cell, state.parameters);
  if (record?.tokens === tokens) return observing(cell, record.observed);
  return observing(cell, afterEdit(record?.observed ?? nothingObserved, seenEarlier(record, tokens)));
}

/** Cells whose standing or edges the edit can touch directly; `review` goes on downwards from them. */
function concerned(
  before: Graph,
  after: Graph,
  rewritten: readonly CellId[],
  event: Edited,
  { relinked }: GraphChange,
): Set<CellId> {
  const cells = new Set<CellId>(rewritten);
  // A notebook that is opened has all its cells rewritten.
  if (before.shape === after.shape || before.order.length === 0) return cells;
  for (const graph of [before, after]) for (const id of sharers(graph)) cells.add(id);
  for (const id of relinked ?? concernedByOrder(before, after, event)) cells.add(id);
  for (const id of differingInConflict(conflictsOf(before), conflictsOf(after))) cells.add(id);
  return new Set([...cells].filter((id) => after.cells.has(id)));
}

/** Cells came, went or moved: they, those beside them, and who reads a name for which the place on the page counts. */
function concernedByOrder(before: Graph, after: Graph, event: Edited): Set<CellId> {
  const cells = new Set<CellId>();
  for (const id of [...event.cells.map((cell) => cell.id), ...event.removed, ...movedCells(before, after)]) {
    cells.add(id);
    for (const graph of [before, after]) {
      const cell = graph.cells.get(id);
      if (!cell) continue;
      for (const beside of [...childrenOf(graph, id), ...parentsOf(graph, id)]) cells.add(beside);
      for (const name of writesOf(graph.format, cell)) for (const reader of after.readers.get(name) ?? []) cells.add(reader);
    }
  }
  for (const graph of [before, after]) for (const name of graph.positional.keys()) addReaders(graph, name, cells);
  for (const id of regivenImplicitly(before, after)) cells.add(id);
  return cells;
}

export function differingInConflict(before: Conflicts, after: Conflicts): readonly CellId[] {
  return [
    ...(before.cells === after.cells ? [] : differing(before.cells, after.cells)),
    ...(before.units === after.units ? [] : differing(before.units, after.units)),
  ];
}

/** The stretch of the page in which cells changed places; cells that only came or went move nobody. */
function movedCells(before: Graph, after: Graph): readonly CellId[] {
  const old = before.order.filter((id) => after.index.has(id));
  const now = after.order.filter((id) => before.index.has(id));
  const first = now.findIndex((id, at) => old[at] !== id);
  return first < 0 ? [] : now.slice(first, now.findLastIndex((id, at) => old[at] !== id) + 1);
}

/** Who reads a name with several writers, itself or through functions, may have another writer above it after a move. */
function addReaders(graph: Graph, name: string, cells: Set<CellId>): void {
  for (const writer of graph.writers.get(name) ?? []) for (const child of childrenOf(graph, writer)) cells.add(child);
  for (const reader of possibleReaders(graph, name)) cells.add(reader);
}

type Keyed = ReadonlySet<CellId> | ReadonlyMap<CellId, unknown>;

function differing(a: Keyed, b: Keyed): CellId[] {
  return [...[...a.keys()].filter((id) => !b.has(id)), ...[...b.keys()].filter((id) => !a.has(id))];
}

function unsettleWrites(turn: Turn, graph: Graph, id: CellId): void {
  const cell = graph.cells.get(id);
  if (cell) unsettle(turn, [...writesOf(graph.format, cell), ...sharedChanges(graph, cell)]);
}
