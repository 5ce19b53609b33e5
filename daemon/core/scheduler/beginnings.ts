/** States that a session can begin with: a text of which nothing has run, or the state of a kernel that was copied; with values given beforehand. */
import { assert } from '../assert.ts';
import type { GraphCell } from '../graph/graph.ts';
import type { Format } from '../notebook/notebook.ts';
import { withoutLayers } from './placeless/layers.ts';
import { setParameters } from './requests.ts';
import { initialState, type Parameters, type SchedulerOptions, type State } from './state.ts';
import { step } from './step.ts';
import { Turn } from './turn.ts';

/** The cells in page order. */
export function openedState(format: Format, options: SchedulerOptions, cells: readonly GraphCell[]): State {
  const order = cells.map(({ id }) => id);
  return step(initialState(format, options), { type: 'edited', cells, removed: [], order }).state;
}

/** Whether the kernel holds values and no step changes them. */
export function isAtRest({ kernel }: State): boolean {
  return kernel.phase === 'idle';
}

/**
 * The state of a kernel that is a copy of this one. It holds every value under the number that it has here, and counts its own steps from
 * there. Runs and placeless steps that wait, and layers, stay behind: clients asked for them, and made them, in the other.
 */
export function forkState(state: State): State {
  assert(isAtRest(state), `a kernel was copied while it was ${state.kernel.phase}`);
  return { ...withoutLayers(state), runs: [], placeless: [] };
}

/** These values stand in, beside those of other names that already do. What follows from them is stale; nothing runs. */
export function withParameters(state: State, values: Parameters): State {
  assert(state.runs.length === 0, 'values were given beforehand, and runs are under way');
  const turn = new Turn(state);
  setParameters(turn, new Map([...state.parameters, ...values]));
  return turn.state;
}
