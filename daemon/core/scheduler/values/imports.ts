/** Names of cells that do nothing but import: each keeps its version for itself when the cell runs again. */
import type { Facts, Name } from '../../analysis/facts.ts';
import type { GraphCell } from '../../graph/graph.ts';
import { sameImports, versionGiven } from '../standing.ts';
import { type State, type StepRecord, spentKey, type Version } from '../state.ts';

const nothing: StepRecord['imports'] = new Map();

/** What the names of the cell are to be, if it does nothing else. */
export function importsOf({ isImportCell, defs }: Facts): StepRecord['imports'] {
  if (!isImportCell) return nothing;
  return new Map([...defs].flatMap(([name, { imported }]) => (imported === undefined ? [] : [[name, imported]])));
}

/** Names that keep their version if they are bound to the very object that the step before gave, and that nobody has changed. */
export function comparableImports(
  state: State,
  cell: GraphCell,
  record: StepRecord | undefined,
): readonly (readonly [Name, Version])[] {
  return [...sameImports(state, cell, record)].flatMap((name) => {
    const version = versionGiven(record, name);
    return version === undefined || state.spent.has(spentKey(version, name)) ? [] : [[name, version] as const];
  });
}
