/** What the last steps of cells did. The records of removed cells wait until the next run for the removal to be undone. */
import { PersistentMap } from '../../collections/persistent-map.ts';
import { isNothing, type Observed } from '../../graph/observed.ts';
import type { CellId } from '../../notebook/notebook.ts';
import { earlierTextsMax } from '../bounds.ts';
import type { Event } from '../events.ts';
import type { EarlierText, State, StepNumber, StepRecord } from '../state.ts';
import type { Turn } from '../turn.ts';
import { stepsHeld } from './early-cutoff.ts';
import { unspend } from './spent.ts';

/** Also of a cell that was removed, maybe while it ran. */
export function recordOf({ records, removed }: State, id: CellId): StepRecord | undefined {
  return records.get(id) ?? removed.get(id);
}

/** Where the step is still the cell's last. */
export function changeRecord(turn: Turn, id: CellId, step: StepNumber, changes: Partial<StepRecord>): void {
  const { records, removed } = turn.state;
  const present = records.get(id);
  if (present?.step === step) return turn.update({ records: records.set(id, { ...present, ...changes }) });
  const gone = removed.get(id);
  if (gone?.step === step) turn.update({ removed: removed.set(id, { ...gone, ...changes }) });
}

/** For a step with this text. */
export function earlierTexts(record: StepRecord | undefined, tokens: string): readonly EarlierText[] {
  if (!record) return [];
  const { tokens: before, observed, earlier } = record;
  if (before === tokens) return earlier;
  const others = earlier.filter((text) => text.tokens !== tokens && text.tokens !== before);
  return isNothing(observed) ? others : [{ tokens: before, observed }, ...others].slice(0, earlierTextsMax);
}

/** What the cell was seen to do when it last ran with this text, before its last step. */
export function seenEarlier(record: StepRecord | undefined, tokens: string): Observed | undefined {
  return record?.earlier.find((text) => text.tokens === tokens)?.observed;
}

export function keepRecords(turn: Turn, event: Extract<Event, { type: 'edited' }>): void {
  let { records, removed } = turn.state;
  for (const id of event.removed) {
    const record = records.get(id);
    if (record) removed = removed.set(id, record);
    records = records.delete(id);
  }
  for (const { id } of event.cells) {
    const record = removed.get(id);
    if (!record) continue;
    records = records.set(id, record);
    removed = removed.delete(id);
  }
  turn.update({ records, removed });
}

/** Values of removed cells are let go: from here on an undone removal runs again. */
export function dropRemoved(turn: Turn): void {
  const { removed, forgettable } = turn.state;
  if (removed.size === 0) return;
  let { spent } = turn.state;
  for (const record of removed.values()) spent = unspend(spent, record);
  turn.update({
    removed: PersistentMap.empty(),
    spent,
    forgettable: [...forgettable, ...[...removed.values()].flatMap(stepsHeld)],
  });
}
