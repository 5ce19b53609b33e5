/** Two ways out of a redefinition: make the name private to its cell, or rename it in the cells that meant this definition. */
import type { Name } from '../analysis/facts.ts';
import { isCellLocal } from '../analysis/names.ts';
import type { SyntaxTree } from '../analysis/tree.ts';
import { itemAt } from '../assert.ts';
import { indexOf } from '../graph/graph.ts';
import { type CellId, documentRange } from '../notebook/notebook.ts';
import { cellLabel, listed } from './labels.ts';
import { occurrencesOf } from './occurrences.ts';
import type { CheckedCell, CheckedNotebook, Fix, TextEdit } from './problem.ts';

/** What a rename needs besides the facts. */
export interface Renamer {
  readonly parse: (code: string) => SyntaxTree;
}

/** `cells` define the name, in page order; the fixes are for the one at `at`, as they are offered at the cell `here`. */
export function renameFixes(
  notebook: CheckedNotebook,
  renamer: Renamer,
  name: Name,
  cells: readonly CellId[],
  at: number,
  here: CellId,
): readonly Fix[] {
  const own = notebook.byId.get(itemAt(cells, at));
  if (own === undefined || own.text.kind === 'function' || own.text.kind === 'class') return [];
  // A function of a defining cell may be called after another cell has defined the name again, and then means that.
  const isReadLater = cells.some((id) => notebook.graph.cells.get(id)?.facts.deferredReads.has(name));
  if (isReadLater && notebook.format === 'percent') return [];
  const meant = readersMeaning(notebook, name, cells, at);
  const fixes = [...makeLocal(notebook, renamer, name, own, meant), ...renameAcross(notebook, renamer, name, own, meant, here)];
  return isReadLater ? fixes.map((fix) => ({ ...fix, isManual: true })) : fixes;
}

/** Only marimo has names private to a cell, and only a name that nobody else reads can become one. */
function makeLocal(
  notebook: CheckedNotebook,
  renamer: Renamer,
  name: Name,
  own: CheckedCell,
  meant: readonly CheckedCell[] | undefined,
): readonly Fix[] {
  const local = `_${name}`;
  if (notebook.format !== 'marimo' || meant === undefined || meant.length > 0 || !isCellLocal(local)) return [];
  if (mentions(own, local) || own.cell.facts.refs.has(name)) return [];
  const edits = renamed(renamer, own, name, local);
  return edits ? [{ title: `Make ${name} local to this cell: ${local}`, edits }] : [];
}

function renameAcross(
  notebook: CheckedNotebook,
  renamer: Renamer,
  name: Name,
  own: CheckedCell,
  meant: readonly CheckedCell[] | undefined,
  here: CellId,
): readonly Fix[] {
  if (meant === undefined || own.cell.facts.refs.has(name) || own.cell.facts.maybeReads.has(name)) return [];
  const fresh = freshName(notebook, name);
  const edits = [own, ...meant].map((placed) => renamed(renamer, placed, name, fresh));
  if (edits.some((some) => some === undefined)) return [];
  const labels = meant.map(({ cell }) => cellLabel(notebook.graph, cell.id));
  const place = own.cell.id === here ? 'here' : `in ${cellLabel(notebook.graph, own.cell.id)}`;
  const where = labels.length === 0 ? '' : ` and in ${listed(labels)}`;
  return [{ title: `Rename ${name} to ${fresh} ${place}${where}`, edits: edits.flatMap((some) => some ?? []) }];
}

/**
 * The cells that read the name between this definition and the next one on the page, and those above the first; nothing when it
 * cannot be told who means what: a value that may live on, an object that is changed in place, a function that reads when called.
 */
function readersMeaning(
  notebook: CheckedNotebook,
  name: Name,
  cells: readonly CellId[],
  at: number,
): readonly CheckedCell[] | undefined {
  const { graph, format } = notebook;
  const from = at === 0 ? -1 : indexOf(graph, itemAt(cells, at));
  const next = cells[at + 1];
  const to = next === undefined ? graph.order.length : indexOf(graph, next);
  const isOpen = format === 'percent' && cells.some((id) => graph.cells.get(id)?.facts.defs.get(name)?.isConditional);
  // The next definition may use this one: `x = x + 1`.
  const nextFacts = next === undefined ? undefined : graph.cells.get(next)?.facts;
  if (isOpen || nextFacts?.refs.has(name)) return undefined;
  const readers: CheckedCell[] = [];
  for (const id of graph.readers.get(name) ?? []) {
    const placed = notebook.byId.get(id);
    if (placed === undefined || cells.includes(id)) continue;
    const { facts } = placed.cell;
    if (facts.mutations.has(name) || facts.deleted.has(name) || facts.deferredReads.has(name)) return undefined;
    const index = indexOf(graph, id);
    if (index > from && index < to) readers.push(placed);
  }
  return readers.sort((a, b) => indexOf(graph, a.cell.id) - indexOf(graph, b.cell.id));
}

export function renamed({ parse }: Renamer, { text, cell }: CheckedCell, name: Name, to: Name): readonly TextEdit[] | undefined {
  return occurrencesOf(cell.code, parse(cell.code), name, parse)?.map(({ start, end, isImported }) => ({
    range: documentRange(text, { start, end }),
    newText: isImported ? `${name} as ${to}` : to,
  }));
}

/** A name that no cell defines or reads. */
export function freshName({ graph }: CheckedNotebook, name: Name): Name {
  for (let number = 2; ; number++) {
    const fresh = `${name}_${number}`;
    if (!graph.writers.has(fresh) && !graph.readers.has(fresh)) return fresh;
  }
}

export function mentions({ cell: { facts } }: CheckedCell, name: Name): boolean {
  return facts.locals.has(name) || facts.refs.has(name) || facts.defs.has(name);
}
