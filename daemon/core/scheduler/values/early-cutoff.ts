/** Early cutoff: a name whose value is equal to the one before keeps its version, so that nobody who reads it has to run again. */
import type { Name } from '../../analysis/facts.ts';
import { isHeld, versionGiven } from '../standing.ts';
import type { State, StepNumber, StepRecord, Version } from '../state.ts';

/** What the step that follows this one is to be compared with: what is used up, too, since only values that nobody can change are equal. */
export function comparable(state: State, record: StepRecord | undefined): readonly (readonly [Name, Version])[] {
  return state.options.earlyCutoff && record?.outcome === 'ok' && isHeld(state, record) ? versionsOf(record) : [];
}

/** What it gave, whether new or kept. */
export function versionsOf(record: StepRecord): readonly (readonly [Name, Version])[] {
  return [...record.written].map((name) => [name, versionGiven(record, name) ?? record.step]);
}

/** Every step under whose number the kernel holds something of it. */
export function stepsHeld({ step, kept }: StepRecord): readonly StepNumber[] {
  return [...new Set([step, ...kept.values()])];
}
