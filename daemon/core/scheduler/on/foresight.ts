/**
 * The plain end of the step under way: what follows from it can be computed, and be sent to the kernel, before it has come. The kernel says of
 * each end whether it is plain.
 */
import { cellOf } from '../../graph/graph.ts';
import { isConditional } from '../../graph/inputs.ts';
import { nothingObserved } from '../../graph/observed.ts';
import type { Event } from '../events.ts';
import type { State } from '../state.ts';
import { writesForWorker } from '../values/environment.ts';

export type StepEnd = Extract<Event, { type: 'finished' }>;

/** Undefined where nothing waits behind the step, or where it is not to be foreseen. */
export function foreseeEnd({ kernel, runs, placeless }: State): StepEnd | undefined {
  const run = runs[0];
  if (kernel.phase !== 'busy' || !run || run.cancelled) return undefined;
  const isLast = runs.length === 1 || (placeless[0]?.after ?? runs.length) === run.run;
  if (run.next >= run.plan.length && isLast) return undefined;
  const cell = cellOf(run.graph, kernel.cell);
  if (cell.observed.expected) return undefined;
  const written = [...writesForWorker(run.graph, cell)];
  if (cell.facts.deleted.size > 0 || cell.facts.mutations.size > 0 || cell.facts.doubtful.size > 0) return undefined;
  if (written.some((name) => isConditional(run.graph, cell.id, name))) return undefined;
  const { step, generation } = kernel;
  return { type: 'finished', generation, step, outcome: 'ok', isPlain: true, written, deleted: [], observed: nothingObserved };
}
