/** Early cutoff: a name whose value is equal to the one before keeps its version, so that nobody who reads it has to run again. */
import type { Name } from '../../analysis/facts.ts';
import { isFile } from '../../analysis/implicit-files.ts';
import type { GraphCell } from '../../graph/graph.ts';
import { isGenerator, isImplicit } from '../../graph/implicit.ts';
import { isHeld, versionGiven } from '../standing.ts';
import type { State, StepNumber, StepRecord, Version } from '../state.ts';

/**
 * What the step that follows this one is to be compared with: what is used up, too, since only values that nobody can change are equal. An
 * implicit state that the cell sets, rather than going on from what it was given, is always compared: to set it again is common and cheap.
 */
export function comparable(
  state: State,
  { observed }: GraphCell,
  record: StepRecord | undefined,
): readonly (readonly [Name, Version])[] {
  if (record?.outcome !== 'ok' || !isHeld(state, record)) return [];
  const { earlyCutoff } = state.options;
  if (!earlyCutoff && !observed.implicit) return [];
  const isSet = (name: Name) => !isGenerator(name) || !observed.implicit?.reads.includes(name);
  return versionsOf(record).filter(([name]) => !isFile(name) && (isImplicit(name) ? isSet(name) : earlyCutoff));
}

/** What it gave, whether new or kept. */
export function versionsOf(record: StepRecord): readonly (readonly [Name, Version])[] {
  return [...record.written].map((name) => [name, versionGiven(record, name) ?? record.step]);
}

/** Every step under whose number the kernel holds something of it. */
export function stepsHeld({ step, kept }: StepRecord): readonly StepNumber[] {
  return [...new Set([step, ...kept.values()])];
}
