/** Consumed versions of names that functions read for a cell: they count as if the cell read the names itself. */
import type { Name } from '../../analysis/facts.ts';
import { namesBehind } from '../../graph/behind.ts';
import { conflictsOf } from '../../graph/conflicts.ts';
import { inputsOf, writersFor } from '../../graph/inputs.ts';
import type { CellId } from '../../notebook/notebook.ts';
import { versionGiven } from '../standing.ts';
import type { State } from '../state.ts';
import { type CountingText, isUsedUp } from './spent.ts';

interface Consumed {
  readonly name: Name;
  /** Who gives the name, and has to run again before the cell can be given it. */
  readonly giver: CellId;
}

/** Whether or not any text of today changes the object: the cell that did may have been edited or removed. */
export function consumedBehind(state: State, text: CountingText, id: CellId): readonly Consumed[] {
  if (state.spent.size === 0) return [];
  const inputs = inputsOf(text.graph, id);
  const names = [...namesBehind(text.graph, id)].filter((name) => !inputs.has(name));
  return names.flatMap((name) => {
    const giver = giverOf(state, text, id, name);
    return giver === undefined ? [] : [{ name, giver }];
  });
}

/** The nearest cell that gives the name, if what it gave is consumed. Cells of a unit run together. */
function giverOf(state: State, text: CountingText, id: CellId, name: Name): CellId | undefined {
  for (const giver of writersFor(text.graph, name, id)) {
    const version = versionGiven(state.records.get(giver), name);
    if (version === undefined) continue;
    const isOfUnit = conflictsOf(text.graph).units.get(id)?.includes(giver);
    return !isOfUnit && isUsedUp(state, text, name, version, id) ? giver : undefined;
  }
  return undefined;
}
