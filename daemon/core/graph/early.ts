/** Percent format: which cells mention a name above its only definition, kept up to date from what an edit touches. */
import type { Name } from '../analysis/facts.ts';
import { itemAt } from '../assert.ts';
import type { CellId } from '../notebook/notebook.ts';
import { onlyDefinition } from './from-below.ts';
import type { Graph } from './graph.ts';

type Links = Pick<Graph, 'cells' | 'index' | 'writers' | 'readers'>;

export function earlyMentions(graph: Links, name: Name): ReadonlySet<CellId> | undefined {
  const definition = onlyDefinition(graph, name);
  if (definition === undefined) return undefined;
  const place = placeIn(graph, definition);
  const early = [...(graph.readers.get(name) ?? [])].filter((id) => placeIn(graph, id) < place);
  return early.length > 0 ? new Set(early) : undefined;
}

/** Whether one of these cells stands above the only definition of the name: found without a look at all of its writers where the first defines it. */
export function standsAboveDefinition(graph: Links, name: Name, ids: readonly CellId[]): boolean {
  const writers = graph.writers.get(name) ?? [];
  if (writers.length === 0) return false;
  const first = Math.min(...ids.map((id) => placeIn(graph, id)));
  const highest = itemAt(writers, 0);
  if (placeIn(graph, highest) <= first && graph.cells.get(highest)?.facts.defs.has(name)) return false;
  const definition = onlyDefinition(graph, name);
  return definition !== undefined && first < placeIn(graph, definition);
}

function placeIn({ index }: Links, id: CellId): number {
  return index.get(id) ?? -1;
}
