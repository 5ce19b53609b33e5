/**
 * How the step under way ends when nothing out of the ordinary happens: what follows from that can be computed, and be sent to the kernel,
 * before it has ended.
 */
import type { GraphCell } from '../graph/graph.ts';
import { writesOf } from '../graph/graph.ts';
import { isConditional } from '../graph/inputs.ts';
import { isNothing, nothingObserved } from '../graph/observed.ts';
import type { Event } from './events.ts';
import type { State } from './state.ts';

export type StepEnd = Extract<Event, { type: 'finished' }>;

/** Undefined where nothing waits behind the step, or where it is not to be foreseen. */
export function foreseeEnd({ kernel, runs }: State): StepEnd | undefined {
  const run = runs[0];
  if (kernel.phase !== 'busy' || !run || run.cancelled) return undefined;
  if (run.next >= run.plan.length && runs.length === 1) return undefined;
  const cell = run.graph.cells.get(kernel.cell) as GraphCell;
  const written = [...writesOf(run.graph.format, cell)];
  if (cell.facts.deleted.size > 0 || cell.facts.mutations.size > 0) return undefined;
  if (written.some((name) => isConditional(run.graph, cell.id, name))) return undefined;
  const { step, generation } = kernel;
  return { type: 'finished', generation, step, outcome: 'ok', written, deleted: [], observed: nothingObserved };
}

export function isAsForeseen(end: StepEnd, foreseen: StepEnd): boolean {
  return (
    end.generation === foreseen.generation &&
    end.step === foreseen.step &&
    end.outcome === foreseen.outcome &&
    end.deleted.length === 0 &&
    isNothing(end.observed) &&
    (end.untouched ?? []).length === 0 &&
    (end.unchanged ?? []).length === 0 &&
    end.written.length === foreseen.written.length &&
    foreseen.written.every((name) => end.written.includes(name))
  );
}
