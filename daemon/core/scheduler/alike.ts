/** Versions that may be one and the same object: `if c: xs = sorted(xs)` gives a version of xs, and may have left the object as it was. */
import type { Name } from '../analysis/facts.ts';
import type { Graph, GraphCell } from '../graph/graph.ts';
import { inputsOf } from '../graph/inputs.ts';
import type { CellId } from '../notebook/notebook.ts';
import { versionGiven } from './standing.ts';
import { type State, spentKey, unbound, type Version } from './state.ts';

/** Uses up, with the version that the cell changes in place, those that may be the same object. */
export function spendAlike(spent: State['spent'], state: State, graph: Graph, cell: GraphCell): State['spent'] {
  let after = spent;
  for (const name of cell.facts.mutations.keys()) {
    const [changed, ...others] = alike(state, inputsOf(graph, cell.id).get(name) ?? [], name);
    const by = changed === undefined ? undefined : after.get(spentKey(changed, name));
    if (by !== undefined) for (const other of others) after = after.set(spentKey(other, name), by);
  }
  return after;
}

/** From the nearest giver on, as long as each was itself given the name: only who may leave it alone is followed by another giver. */
function alike(state: State, givers: readonly CellId[], name: Name): Version[] {
  const versions: Version[] = [];
  for (const giver of givers) {
    const record = state.records.get(giver);
    const version = versionGiven(record, name);
    if (version === undefined) continue;
    if (version !== unbound) versions.push(version);
    if (!record?.inputs.has(name) && !record?.inner.has(name)) break;
  }
  return versions;
}
