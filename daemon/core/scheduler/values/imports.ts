/** Names of cells that do nothing but import: each keeps its version for itself when the cell runs again. */
import type { Facts, Name } from '../../analysis/facts.ts';
import type { GraphCell } from '../../graph/graph.ts';
import { isOfToday, sameImports, versionGiven } from '../standing.ts';
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
  return [...importsAsBefore(state, cell, record)].flatMap((name) => {
    const version = versionGiven(record, name);
    return version === undefined || state.spent.has(spentKey(version, name)) ? [] : [[name, version] as const];
  });
}

/** A cell that is to do the same again does the same with all that it imports. */
function importsAsBefore(state: State, cell: GraphCell, record: StepRecord | undefined): Iterable<Name> {
  const imported = [...cell.facts.defs].filter(([, { imported: what }]) => what !== undefined);
  const doesSame = imported.length > 0 && record?.outcome === 'ok' && isOfToday(state, cell, record);
  return doesSame ? imported.map(([name]) => name) : sameImports(state, cell, record);
}
