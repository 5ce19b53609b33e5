/** Changes of objects that the step had under other names. */
import type { Name, SeenChange } from '../../analysis/facts.ts';
import { standsBefore } from '../../graph/changers.ts';
import { type Graph, indexOf } from '../../graph/graph.ts';
import { writersFor } from '../../graph/inputs.ts';
import type { CellId } from '../../notebook/notebook.ts';
import type { Event } from '../events.ts';
import { unsettle } from '../standing.ts';
import { runUnderWay, type State, type StepNumber, unbound, type Version } from '../state.ts';
import type { Turn } from '../turn.ts';
import { stepsHeld } from './early-cutoff.ts';
import { spend } from './spent.ts';

type Finished = Extract<Event, { type: 'finished' }>;
type Values = readonly (readonly [Name, Version])[];

/**
 * Parts what the cell changed under names that it has by then from what others have only later: of these the value alone has changed, since
 * nobody has it yet when the cell runs again.
 */
export function withAside(state: State, id: CellId, event: Finished): Finished {
  const { bound } = state;
  const { graph } = runUnderWay(state);
  const isLater = ({ name, through }: SeenChange) =>
    through !== undefined && !(bound.has(name) && writersFor(graph, name, id).some((giver) => isBefore(graph, giver, id)));
  const { changes } = event.observed;
  if (!changes.some(isLater)) return event;
  const later = changes.filter(isLater).map(({ name }) => [name, bound.get(name) ?? unbound] as const);
  return {
    ...event,
    observed: { ...event.observed, changes: changes.filter((change) => !isLater(change)) },
    aside: [...(event.aside ?? []), ...later],
  };
}

/** Values that are not bound by now may be given again: a removed cell may come back, an edit may be undone. */
export function spendAside(turn: Turn, values: Values, by: { readonly cell: CellId; readonly step: StepNumber }): void {
  for (const [name, version] of heldByCells(turn.state, values)) {
    turn.update({ spent: spend(turn.state.spent, [name], () => version, by) });
    unsettle(turn, [name]);
  }
}

/** Of these, what cells gave. */
export function heldByCells({ records, removed }: State, values: Values): Values {
  if (values.length === 0) return values;
  const steps = new Set([...records.values(), ...removed.values()].flatMap(stepsHeld));
  return values.filter(([, version]) => steps.has(version));
}

function isBefore(graph: Graph, giver: CellId, id: CellId): boolean {
  return graph.format === 'percent' ? indexOf(graph, giver) < indexOf(graph, id) : standsBefore(graph, giver, id);
}
