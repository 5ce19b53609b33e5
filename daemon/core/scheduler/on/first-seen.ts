/**
 * Generators that a whole program shares are watched from their first seeding on. What cells drew before that, nobody saw: who may have drawn
 * counts as a reader until it has run again.
 */
import type { Name } from '../../analysis/facts.ts';
import { editGraph } from '../../graph/edit.ts';
import { cellOf, type Graph, type GraphCell } from '../../graph/graph.ts';
import { implicitOf, isSharedGenerator, mayDraw } from '../../graph/implicit.ts';
import { mentionsIn } from '../../graph/mentions.ts';
import { nothingObserved, observing } from '../../graph/observed.ts';
import type { CellId } from '../../notebook/notebook.ts';
import { isHeld } from '../standing.ts';
import type { State, StepNumber } from '../state.ts';
import type { Turn } from '../turn.ts';
import { changeRecord } from '../values/records.ts';

type Drawn = ReadonlyMap<CellId, readonly Name[]>;

/** Of what the step was seen to write, what is watched since then. Gives the cells that may have drawn from it before. */
export function noteFirstSeen(turn: Turn, step: StepNumber, writes: readonly Name[]): readonly CellId[] {
  const names = writes.filter((name) => isSharedGenerator(name) && !turn.state.watchedSince.has(name));
  if (names.length === 0) return [];
  let { watchedSince } = turn.state;
  for (const name of names) watchedSince = watchedSince.set(name, step);
  turn.update({ watchedSince });
  const drawn = drawnBefore(turn.state, step, names);
  noteReads(turn, drawn);
  return [...drawn.keys()];
}

function drawnBefore(state: State, step: StepNumber, names: readonly Name[]): Drawn {
  const drawn = new Map<CellId, readonly Name[]>();
  const { graph, records } = state;
  for (const id of graph.order) {
    const record = records.get(id);
    if (!record || record.step >= step || !isHeld(state, record)) continue;
    const mentions = mentionsIn(graph, cellOf(graph, id));
    const may = names.filter((name) => mayDraw(name, mentions));
    if (may.length > 0) drawn.set(id, may);
  }
  return drawn;
}

function noteReads(turn: Turn, drawn: Drawn): void {
  if (drawn.size === 0) return;
  const { graph: before, runs } = turn.state;
  const { graph, change } = withReads(before, drawn);
  turn.update({
    graph,
    runs: runs.map((run) => ({ ...run, graph: run.graph === before ? graph : withReads(run.graph, drawn).graph })),
  });
  for (const id of drawn.keys()) {
    const record = turn.state.records.get(id);
    const { implicit } = cellOf(graph, id).observed;
    if (record) changeRecord(turn, id, record.step, { observed: { ...record.observed, implicit } });
  }
  turn.emit({ type: 'graph-changed', change });
}

function withReads(graph: Graph, drawn: Drawn) {
  const cells = [...drawn].flatMap(([id, names]) => {
    const cell = graph.cells.get(id);
    return cell ? [mayRead(cell, names)] : [];
  });
  return editGraph(graph, { cells, removed: [], order: undefined });
}

function mayRead(cell: GraphCell, names: readonly Name[]): GraphCell {
  const { reads, ...others } = implicitOf(cell);
  return observing(cell, { ...nothingObserved, implicit: { ...others, reads: [...new Set([...reads, ...names])] } });
}
