import type { Graph } from '../graph/graph.ts';
import type { CellId } from '../notebook/notebook.ts';

/** What to call a cell: its name, else its place on the page. */
export function cellLabel(graph: Graph, id: CellId): string {
  const name = graph.cells.get(id)?.name;
  return name ?? `cell ${(graph.index.get(id) ?? -1) + 1}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
