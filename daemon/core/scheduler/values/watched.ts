/** What the kernel looks for when a cell runs, since its text does not say it. */
import type { Name } from '../../analysis/facts.ts';
import { changes, changesOf, type Graph, type GraphCell } from '../../graph/graph.ts';
import { isImplicit } from '../../graph/implicit.ts';
import { inputsOf, writersFor } from '../../graph/inputs.ts';
import type { CellId } from '../../notebook/notebook.ts';
import { type State, unbound } from '../state.ts';
import type { Given } from './given.ts';

/** Names that lie further off, behind functions of functions, are not watched: a step costs little, however many there are. */
const reachedNamesMax = 100;

/** Whose objects it watches: of what the cell is given, by itself or through functions, what it does not visibly change. */
export function watchedNames(graph: Graph, cell: GraphCell, { outer, inner, later }: Given, bound: State['bound']): Name[] {
  const names = new Set<Name>([...outer.keys(), ...inner.keys(), ...later.keys()]);
  addDeferred(graph, cell.id, names);
  return [...names].filter((name) => !isImplicit(name) && !changes(cell, name) && (bound.get(name) ?? unbound) !== unbound);
}

/** Whose objects its text changes, of what is bound: what it was seen to change, too. */
export function changingNames(cell: GraphCell, bound: State['bound']): Name[] {
  return [...changesOf(cell)].filter((name) => (bound.get(name) ?? unbound) !== unbound);
}

/**
 * What functions of the cell read as far as that is known, where its values may hold others: it is given some, or a value with some in it.
 * Functions of its own are in its text.
 */
export function knownReads(graph: Graph, { id, facts }: GraphCell): readonly Name[] | undefined {
  if (graph.format !== 'percent') return undefined;
  for (const givers of inputsOf(graph, id).values())
    for (const giver of givers) if ((graph.cells.get(giver)?.facts.deferredReads.size ?? 0) > 0) return [...facts.deferredReads];
  return undefined;
}

/** What functions read that the cell reads, and the functions that those read in turn: the nearest first. */
function addDeferred(graph: Graph, reader: CellId, names: Set<Name>): void {
  const inputs = inputsOf(graph, reader);
  const most = names.size + reachedNamesMax;
  const seen = new Set<CellId>([reader]);
  // The set grows while it is walked.
  for (const name of names) {
    if (names.size === most) return;
    for (const giver of inputs.get(name) ?? writersFor(graph, name, reader)) {
      if (seen.has(giver)) continue;
      seen.add(giver);
      for (const deferred of graph.cells.get(giver)?.facts.deferredReads ?? []) if (names.size < most) names.add(deferred);
    }
  }
}
