/** The graph as a list, for clients and for comparison: who gives which names to whom, by place on the page. */
import type { Name } from '../analysis/facts.ts';
import { cellOf, type Graph, indexOf } from '../graph/graph.ts';
import { foreignDeletions, inputsOf, precedersOf } from '../graph/inputs.ts';
import type { CellId } from '../notebook/notebook.ts';

export type Edge = readonly [from: number, to: number, names: readonly Name[]];

/**
 * Sorted by `from`, then `to`; names sorted. marimo's format counts an edge from each reader of a name to the cell that deletes it,
 * since marimo does. In a percent notebook the order that a change in place asks for is no edge: no name is given.
 */
export function edgesOf(graph: Graph): Edge[] {
  const edges = graph.order.flatMap((id) => edgesInto(graph, id));
  return edges.sort(([from, to], [otherFrom, otherTo]) => from - otherFrom || to - otherTo);
}

function edgesInto(graph: Graph, id: CellId): Edge[] {
  const names = new Map<CellId, Set<Name>>();
  const add = (from: CellId, name: Name) => names.set(from, (names.get(from) ?? new Set<Name>()).add(name));
  for (const [name, givers] of inputsOf(graph, id)) for (const giver of givers) add(giver, name);
  if (graph.format === 'marimo') {
    for (const reader of precedersOf(graph, id)) for (const name of deletedAfter(graph, reader, id)) add(reader, name);
  }
  return [...names].map(([from, given]) => [indexOf(graph, from), indexOf(graph, id), [...given].sort()]);
}

/** Names that the reader needs before the other cell deletes them. */
function deletedAfter(graph: Graph, reader: CellId, deleter: CellId): Name[] {
  const refs = graph.cells.get(reader)?.facts.refs;
  return foreignDeletions(cellOf(graph, deleter)).filter((name) => refs?.has(name));
}
