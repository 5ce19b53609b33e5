/** What follows from where cells stand: which names are mentioned above their only definition, and which mean different things in different places. */
import { births } from '../analysis/births.ts';
import type { Name } from '../analysis/facts.ts';
import { itemAt } from '../assert.ts';
import { PersistentMap } from '../collections/persistent-map.ts';
import type { CellId, Format } from '../notebook/notebook.ts';
import { leavesDoubt, onlyDefinition } from './from-below.ts';
import type { Graph, GraphCell } from './graph.ts';

export type PlacedLinks = Pick<Graph, 'format' | 'index' | 'cells' | 'writers' | 'readers'>;

/** What follows from where cells stand. */
export function placed(links: PlacedLinks): Pick<Graph, 'early' | 'positional'> {
  let early = PersistentMap.empty<Name, ReadonlySet<CellId>>();
  let positional = PersistentMap.empty<Name, true>();
  for (const name of links.writers.keys()) {
    early = withEarly(links, early, name);
    if (isPositional(links, early, name)) positional = positional.set(name, true);
  }
  return { early, positional };
}

export function withEarly(links: PlacedLinks, early: Graph['early'], name: Name): Graph['early'] {
  const mentions = links.format === 'percent' ? earlyMentions(links, name) : undefined;
  return mentions ? early.set(name, mentions) : early.delete(name);
}

export function isPositional({ format, cells, writers }: PlacedLinks, early: Graph['early'], name: Name): boolean {
  const [first, ...others] = writers.get(name) ?? [];
  if (first === undefined) return false;
  if (others.length > 0 || !cells.get(first)?.facts.defs.has(name)) return true;
  return format === 'percent' && (early.has(name) || births.has(name));
}

function earlyMentions(graph: PlacedLinks, name: Name): ReadonlySet<CellId> | undefined {
  const definition = onlyDefinition(graph, name);
  if (definition === undefined) return undefined;
  const place = placeIn(graph, definition);
  const early = [...(graph.readers.get(name) ?? [])].filter((id) => placeIn(graph, id) < place);
  return early.length > 0 ? new Set(early) : undefined;
}

/** Whether one of these cells stands above the only definition of the name: found without a look at all of its writers where the first defines it. */
export function standsAboveDefinition(graph: PlacedLinks, name: Name, ids: readonly CellId[]): boolean {
  const writers = graph.writers.get(name) ?? [];
  if (writers.length === 0) return false;
  const first = Math.min(...ids.map((id) => placeIn(graph, id)));
  const highest = itemAt(writers, 0);
  if (placeIn(graph, highest) <= first && graph.cells.get(highest)?.facts.defs.has(name)) return false;
  const definition = onlyDefinition(graph, name);
  return definition !== undefined && first < placeIn(graph, definition);
}

function placeIn({ index }: PlacedLinks, id: CellId): number {
  return index.get(id) ?? -1;
}

export function bringsDoubt(format: Format, cell: GraphCell): boolean {
  return format === 'percent' && leavesDoubt(cell);
}

export function firstPlace(index: Graph['index'], ids: Iterable<CellId>): number {
  let first = Number.POSITIVE_INFINITY;
  for (const id of ids) first = Math.min(first, index.get(id) ?? first);
  return first;
}
