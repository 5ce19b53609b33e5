/**
 * Percent format: functions that hide in a value which a cell has made (`fs = [f]`, `o = C()`, a partial), seen when it ran. Who reads the value
 * may call them, so what they read counts like what the cell's own functions read, until its text changes.
 */
import type { Name } from '../analysis/facts.ts';
import type { CellId } from '../notebook/notebook.ts';
import { type EditedGraph, editGraph, noChange } from './edit.ts';
import type { Graph, GraphCell } from './graph.ts';
import { inputsOf } from './inputs.ts';

/** The graph after values of a cell were seen to hold functions that read these names. */
export function withHeld(graph: Graph, id: CellId, names: readonly Name[]): EditedGraph {
  const cell = graph.cells.get(id);
  const holding = cell && holds(cell, names);
  return holding === cell
    ? { graph, change: noChange }
    : editGraph(graph, { cells: [holding as GraphCell], removed: [], order: undefined });
}

export function holds(cell: GraphCell, names: Iterable<Name>): GraphCell {
  const { deferredReads } = cell.facts;
  const news = [...names].filter((name) => !deferredReads.has(name));
  if (news.length === 0) return cell;
  const held = new Set([...(cell.held ?? []), ...news]);
  return { ...cell, held, facts: { ...cell.facts, deferredReads: new Set([...deferredReads, ...news]) } };
}

/** Whether the cell may make a value that holds functions: it is given some, or such a value. Functions of its own are in its text. */
export function mayHoldFunctions(graph: Graph, id: CellId): boolean {
  if (graph.format !== 'percent') return false;
  for (const givers of inputsOf(graph, id).values())
    for (const giver of givers) if ((graph.cells.get(giver)?.facts.deferredReads.size ?? 0) > 0) return true;
  return false;
}
