/** Names of one object, as far as the texts of cells say so plainly: who changes the object by one of them changes it by the others. */
import type { Facts, Name } from '../analysis/facts.ts';
import type { Graph } from './graph.ts';

type Groups = Iterable<readonly Name[]>;
type SomeCell = { readonly facts: Facts };

const nothing: readonly Name[] = [];

/** Of cells that change: their texts are not in the graph yet. */
export function aliasesIn(cells: readonly SomeCell[]): ReadonlyMap<Name, readonly (readonly Name[])[]> {
  const found = new Map<Name, (readonly Name[])[]>();
  for (const { facts } of cells)
    for (const group of facts.aliases ?? []) for (const name of group) found.set(name, [...(found.get(name) ?? []), group]);
  return found;
}

/** The other names of the objects that the text changes. */
export function otherNames({ facts }: SomeCell, graph: Graph, said: ReturnType<typeof aliasesIn>): readonly Name[] {
  if (facts.mutations.size === 0) return nothing;
  const names = new Set(facts.mutations.keys());
  // The set grows while it is walked.
  for (const name of names) for (const group of groupsWith(name, graph, said)) for (const other of group) names.add(other);
  return [...names].filter((name) => !facts.mutations.has(name) && !facts.defs.has(name));
}

function* groupsWith(name: Name, { cells, writers, readers }: Graph, said: ReturnType<typeof aliasesIn>): Groups {
  yield* said.get(name) ?? [];
  for (const users of [writers.get(name), readers.get(name)])
    for (const id of users ?? []) for (const group of cells.get(id)?.facts.aliases ?? []) if (group.includes(name)) yield group;
}
