/** The names that a notebook has at its end, as far as its cells have run: each with the cell and the step that gave its value. */
import type { Name } from '../../analysis/facts.ts';
import { isImplicit } from '../../graph/implicit.ts';
import type { CellId } from '../../notebook/notebook.ts';
import { isHeld } from '../standing.ts';
import type { State, Version } from '../state.ts';
import { versionsOf } from './early-cutoff.ts';

export interface Variable {
  readonly name: Name;
  readonly cell: CellId;
  readonly version: Version;
}

/** In page order. Of several cells that give a name a value, the last counts. */
export function variablesOf(state: State): readonly Variable[] {
  const found = new Map<Name, Variable>();
  for (const cell of state.graph.order) {
    const record = state.records.get(cell);
    if (record?.outcome !== 'ok' || !isHeld(state, record)) continue;
    for (const name of record.deleted) found.delete(name);
    for (const [name, version] of versionsOf(record)) {
      // It stands where it is given its value.
      found.delete(name);
      if (!isDunder(name) && !isImplicit(name)) found.set(name, { name, cell, version });
    }
  }
  return [...found.values()];
}

function isDunder(name: Name): boolean {
  return name.startsWith('__') && name.endsWith('__');
}
