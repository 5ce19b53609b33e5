/** marimo's format: a cell that changes an object of another cell. Who reads it may see it before or after, by the order of runs. */
import type { Name } from '../analysis/facts.ts';
import { cellOf, type Graph } from '../graph/graph.ts';
import { childrenOf } from '../graph/inputs.ts';
import { type CellId, documentRange } from '../notebook/notebook.ts';
import { cellLabel, listed } from './labels.ts';
import { mutationFixes } from './mutation-fixes.ts';
import { type CheckedCell, type CheckProblem, definitionRange, problemIn } from './problem.ts';
import type { Checked } from './surroundings.ts';
import { onlySetsTraits } from './widgets.ts';

/** Where more cells than this change objects, those that follow are not looked up: each look-up may walk the whole graph. */
const changersFollowedMax = 100;

export function mutationsAcrossCells(notebook: Checked, placed: CheckedCell): CheckProblem[] {
  const { format, graph, surroundings } = notebook;
  const { id, facts } = placed.cell;
  if (format !== 'marimo' || facts.mutations.size === 0) return [];
  const cell = graph.cells.get(id);
  // The graph may be of an earlier text.
  const pure = cell?.facts.tokens === facts.tokens ? cell.observed.pure : undefined;
  const owned = [...facts.mutations.keys()]
    .filter((name) => !pure?.includes(name))
    .flatMap((name) => ownedFrom(graph, name, id))
    .filter(({ name, owner }) => !onlySetsTraits(graph, placed.cell, name, owner));
  if (owned.length === 0) return [];
  const after = surroundings.changers.size <= changersFollowedMax ? descendantsOf(graph, id) : undefined;
  return owned.map((one) => problemFor(notebook, placed, one, after));
}

interface Owned {
  readonly name: Name;
  readonly owner: CellId;
}

/** The one other cell that makes the object; modules are settings more often than values, and are left out. */
function ownedFrom(graph: Graph, name: Name, changer: CellId): readonly Owned[] {
  const writers = (graph.writers.get(name) ?? []).filter((id) => id !== changer);
  const [owner] = writers;
  if (writers.length !== 1 || owner === undefined) return [];
  return cellOf(graph, owner).facts.defs.get(name)?.kind === 'variable' ? [{ name, owner }] : [];
}

function problemFor(
  notebook: Checked,
  placed: CheckedCell,
  { name, owner }: Owned,
  after: ReadonlySet<CellId> | undefined,
): CheckProblem {
  const { graph, renamer } = notebook;
  const unordered = after === undefined ? [] : readersNotAfter(graph, name, placed.cell.id, owner, after);
  const labels = unordered.map((id) => cellLabel(graph, id));
  const consequence =
    labels.length === 0
      ? 'Running this cell again changes it again.'
      : `It is not defined whether ${listed(labels)} ${labels.length === 1 ? 'reads' : 'read'} it before or after.`;
  const message = `${name} belongs to ${cellLabel(graph, owner)} and is changed here. ${consequence} Change it where it is made, or make a changed copy under a new name.`;
  const related = [
    { range: definitionRange(notebook, name, owner), message: `${name} is made here` },
    ...unordered.flatMap((id) => {
      const reader = notebook.byId.get(id);
      const span = reader?.cell.facts.refs.get(name)?.spans[0];
      return reader && span
        ? [{ range: documentRange(reader.text, span), message: `${name} is read here, before or after` }]
        : [];
    }),
  ];
  const span = placed.cell.facts.mutations.get(name)?.spans[0] ?? { start: 0, end: 0 };
  return problemIn(placed, {
    code: 'mutation-across-cells',
    severity: 'warning',
    message,
    span,
    others: [owner, ...unordered],
    related,
    fixes: renamer && after ? mutationFixes(notebook, renamer, { placed, name, owner, after }) : [],
  });
}

function readersNotAfter(graph: Graph, name: Name, changer: CellId, owner: CellId, after: ReadonlySet<CellId>): CellId[] {
  const readers = [...(graph.readers.get(name) ?? [])];
  return readers
    .filter((id) => id !== changer && id !== owner && !after.has(id))
    .sort((a, b) => (graph.index.get(a) ?? 0) - (graph.index.get(b) ?? 0));
}

function descendantsOf(graph: Graph, id: CellId): ReadonlySet<CellId> {
  const found = new Set<CellId>([id]);
  for (const next of found) for (const child of childrenOf(graph, next)) found.add(child);
  return found;
}
