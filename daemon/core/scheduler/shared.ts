/** marimo's format: what others have changed of the objects that a cell is given. */
import type { Name } from '../analysis/facts.ts';
import { changersBefore } from '../graph/changers.ts';
import type { Graph } from '../graph/graph.ts';
import type { CellId } from '../notebook/notebook.ts';
import { spendersOf, stepInForce } from './standing.ts';
import type { State, StepNumber, StepRecord } from './state.ts';

/** The steps that have changed what the cell is given now, by name. */
export function changesGiven(state: State, graph: Graph, id: CellId): StepRecord['shared'] {
  const given = new Map<Name, readonly StepNumber[]>();
  for (const name of changersBefore(graph, id).keys()) {
    const steps = spendersOf(state, graph, id, name);
    if (steps.length > 0) given.set(name, steps);
  }
  return given;
}

/** Cells that have yet to change what this one reads. */
export function changersMissing(state: State, id: CellId): readonly CellId[] {
  const changers = [...changersBefore(state.graph, id).values()].flat();
  return changers.filter((changer) => stepInForce(state, changer) === 'missing');
}
