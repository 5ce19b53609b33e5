/** Changes in place that the text of a cell does not show, but that were seen when it ran: they count like visible ones until its text changes. */
import type { Facts, Mutation, Name, SeenChange } from '../analysis/facts.ts';
import type { CellId } from '../notebook/notebook.ts';
import { type EditedGraph, editGraph, noChange } from './edit.ts';
import type { Graph, GraphCell } from './graph.ts';

type Place = Mutation['spans'][0];

/** The graph after a cell was seen to change the objects of these names. */
export function withSeenChanges(graph: Graph, id: CellId, changes: readonly SeenChange[]): EditedGraph {
  const cell = graph.cells.get(id);
  const seeing = cell && withSeen(cell, changes);
  return seeing === cell
    ? { graph, change: noChange }
    : editGraph(graph, { cells: [seeing as GraphCell], removed: [], order: undefined });
}

/** The cell with another text that computes the same: what was seen of the old one holds on, and stands where the name is read. */
export function keepSeenChanges(old: GraphCell, cell: GraphCell): GraphCell {
  const seen = [...old.facts.mutations].filter(([name, { seen }]) => seen && !cell.facts.mutations.has(name));
  if (seen.length === 0) return cell;
  const moved = (name: Name, mutation: Mutation): Mutation =>
    old.code === cell.code ? mutation : { ...mutation, spans: [readingOf(cell, name)] };
  const kept = seen.map(([name, mutation]) => [name, moved(name, mutation)] as const);
  return { ...cell, facts: withMutations(cell.facts, kept) };
}

/** The cell with what was seen when it ran with this text. */
export function withSeen(cell: GraphCell, changes: readonly SeenChange[]): GraphCell {
  const news = changes.filter(({ name }) => !cell.facts.mutations.has(name));
  if (news.length === 0) return cell;
  return {
    ...cell,
    facts: withMutations(
      cell.facts,
      news.map((seen) => [seen.name, { spans: [placeOf(cell, seen)], seen }] as const),
    ),
  };
}

export function seenChangesOf({ facts }: GraphCell): SeenChange[] {
  return [...facts.mutations.values()].flatMap(({ seen }) => seen ?? []);
}

function withMutations(facts: Facts, added: readonly (readonly [Name, Mutation])[]): Facts {
  return { ...facts, mutations: new Map([...facts.mutations, ...added]) };
}

function placeOf(cell: GraphCell, { name, line }: SeenChange): Place {
  const lines = cell.code.split('\n');
  const text = line === undefined ? undefined : lines[line];
  if (line === undefined || text === undefined || text.trim() === '') return readingOf(cell, name);
  const start = lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0);
  return { start: start + text.length - text.trimStart().length, end: start + text.trimEnd().length };
}

function readingOf({ facts, code }: GraphCell, name: Name): Place {
  return facts.refs.get(name)?.spans[0] ?? { start: 0, end: code.split('\n', 1)[0]?.length ?? 0 };
}
