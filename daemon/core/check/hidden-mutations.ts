/** A cell changed an object that its text only reads: seen when it ran, reported until its text changes. */
import type { Name, SeenChange } from '../analysis/facts.ts';
import type { Graph, GraphCell } from '../graph/graph.ts';
import { inputsOf } from '../graph/inputs.ts';
import type { CellId } from '../notebook/notebook.ts';
import type { Span } from '../text.ts';
import { cellLabel, listed } from './labels.ts';
import { type CheckedCell, type CheckedNotebook, type CheckProblem, definitionRange, problemIn, wholeLine } from './problem.ts';

export function hiddenMutations(notebook: CheckedNotebook, placed: CheckedCell): CheckProblem[] {
  const cell = notebook.graph.cells.get(placed.cell.id);
  // The graph may be of an earlier text.
  if (!cell || cell.facts.tokens !== placed.cell.facts.tokens) return [];
  const seen = [...cell.facts.mutations.values()].flatMap(({ seen: one, spans }) => (one ? [{ seen: one, span: spans[0] }] : []));
  const hidden = seen.filter(({ seen: { through, isClaimed } }) => through === undefined && !isClaimed);
  const throughs = new Set(seen.flatMap(({ seen: { through } }) => through ?? []));
  return [
    ...hidden.map((one) => problemFor(notebook, placed, cell, one.seen, one.span)),
    ...[...throughs].map((through) =>
      sharedProblem(
        notebook,
        placed,
        cell,
        through,
        seen.filter((one) => one.seen.through === through),
      ),
    ),
  ];
}

/** Of other names that have what the cell changes. */
function sharedProblem(
  { graph }: CheckedNotebook,
  placed: CheckedCell,
  { id }: GraphCell,
  through: Name,
  sharing: readonly { readonly seen: SeenChange; readonly span: Span }[],
): CheckProblem {
  const names = sharing.map(({ seen }) => seen.name);
  const giversOf = (name: Name) => inputsOf(graph, id).get(name) ?? [];
  const givers = [...new Set(names.flatMap(giversOf))];
  const readers = [...new Set(names.flatMap((name) => readersOf(graph, name, id, giversOf(name))))];
  const labels = (ids: readonly CellId[]) => listed(ids.map((one) => cellLabel(graph, one)));
  const message = `${listed(names)} ${names.length === 1 ? 'shares' : 'share'} an object with ${through}, which this cell changes. ${consequence(graph, readers, givers, labels)}`;
  const span = sharing[0]?.span ?? { start: 0, end: 0 };
  return problemIn(placed, {
    code: 'hidden-mutation',
    severity: 'hint',
    message,
    span,
    others: [...givers, ...readers],
    related: [],
  });
}

function problemFor(
  notebook: CheckedNotebook,
  placed: CheckedCell,
  cell: GraphCell,
  { name, inside }: SeenChange,
  span: { readonly start: number; readonly end: number },
): CheckProblem {
  const { graph } = notebook;
  const givers = inputsOf(graph, cell.id).get(name) ?? [];
  const readers = readersOf(graph, name, cell.id, givers);
  const labels = (ids: readonly CellId[]) => listed(ids.map((id) => cellLabel(graph, id)));
  const made = givers.length > 0 ? `${name} is made in ${labels(givers)} and was` : `${name} was`;
  const where = inside ? `, in ${inside.function} of ${cellLabel(graph, inside.cell)},` : '';
  const message = `${made} changed when this cell ran${where} though its text only reads it. ${consequence(graph, readers, givers, labels)}`;
  const innerLine = inside && notebook.byId.get(inside.cell)?.text.codeLine;
  return problemIn(placed, {
    code: 'hidden-mutation',
    severity: 'warning',
    message,
    span,
    others: [...givers, ...readers],
    related: [
      ...givers.map((id) => ({ range: definitionRange(notebook, name, id), message: `${name} is made here` })),
      ...(inside && innerLine !== undefined
        ? [{ range: wholeLine(innerLine + inside.line), message: `${name} is changed here` }]
        : []),
    ],
  });
}

function consequence(
  { format }: Graph,
  readers: readonly CellId[],
  givers: readonly CellId[],
  labels: (ids: readonly CellId[]) => string,
): string {
  const again = givers.length > 0 ? `Running this cell again runs ${labels(givers)} first.` : '';
  if (readers.length === 0) return again;
  const isOne = readers.length === 1;
  const who = labels(readers);
  return format === 'percent'
    ? `Whenever this cell has run, ${who} ${isOne ? 'is' : 'are'} out of date, because ${isOne ? 'it reads' : 'they read'} the object below. ${again}`
    : `It is not defined whether ${who} ${isOne ? 'reads' : 'read'} it before or after. ${again}`;
}

/** Script: those that are given what this cell leaves. marimo's format: all other readers, since they share the object. */
function readersOf(graph: Graph, name: Name, changer: CellId, givers: readonly CellId[]): CellId[] {
  const isReader = (id: CellId) =>
    graph.format === 'percent' ? inputsOf(graph, id).get(name)?.includes(changer) === true : !givers.includes(id);
  return [...(graph.readers.get(name) ?? [])]
    .filter((id) => id !== changer && isReader(id))
    .sort((a, b) => (graph.index.get(a) ?? 0) - (graph.index.get(b) ?? 0));
}
