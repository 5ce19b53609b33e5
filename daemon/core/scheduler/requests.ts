/** What a person or a control asks to be run. */
import type { Name } from '../analysis/facts.ts';
import type { Graph } from '../graph/graph.ts';
import type { CellId } from '../notebook/notebook.ts';
import type { Event } from './events.ts';
import { differingNames, supersede } from './on/cancel.ts';
import { acceptRun } from './runs.ts';
import { refresh } from './standing.ts';
import type { Parameters } from './state.ts';
import type { Turn } from './turn.ts';

type RunRequested = Extract<Event, { type: 'run-requested' }>;

export function requestRun(turn: Turn, event: RunRequested): void {
  if (event.parameters) setParameters(turn, event.parameters);
  acceptRun(turn, event);
  if (event.parameters) supersede(turn, turn.state.runCount);
}

/** The latest value wins: what older runs have yet to compute from older ones is dropped. */
export function moveControl(turn: Turn, { values }: Extract<Event, { type: 'control-moved' }>): void {
  const before = turn.state.parameters;
  const parameters = new Map(before);
  for (const [name, value] of values) {
    if (value === undefined) parameters.delete(name);
    else parameters.set(name, value);
  }
  const names = differingNames(before, parameters);
  const roots = names.flatMap((name) => holdersOf(turn.state.graph, name));
  requestRun(turn, { type: 'run-requested', mode: 'reactive', roots, parameters, stopAtFailure: false });
}

/** Cells with an assignment that the value replaces. */
function holdersOf(graph: Graph, name: Name): readonly CellId[] {
  const holds = (id: CellId) => graph.cells.get(id)?.facts.parameters.some((site) => site.name === name);
  return (graph.writers.get(name) ?? []).filter(holds);
}

export function setParameters(turn: Turn, parameters: Parameters): void {
  const names: readonly Name[] = differingNames(turn.state.parameters, parameters);
  turn.update({ parameters });
  refresh(
    turn,
    names.flatMap((name) => turn.state.graph.writers.get(name) ?? []),
  );
}
