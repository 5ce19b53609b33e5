/** Names that several cells define: refused in marimo's format, and in a script where one asks for it. */
import type { Name } from '../analysis/facts.ts';
import { itemAt } from '../assert.ts';
import { conflictsOf } from '../graph/conflicts.ts';
import type { CellId } from '../notebook/notebook.ts';
import { cellLabel, listed } from './labels.ts';
import { type CheckedCell, type CheckedNotebook, type CheckProblem, definitionRange, problemIn } from './problem.ts';
import { renameFixes } from './rename.ts';
import { reusedName } from './reused-names.ts';
import type { Checked } from './surroundings.ts';

/** Other definitions that are named; a name such as `i` may be defined in hundreds of cells. */
const othersShownMax = 10;

export function redefinitions(notebook: Checked, placed: CheckedCell): CheckProblem[] {
  const { redefinitions: known } = conflictsOf(notebook.graph);
  if (known.size === 0) return [];
  const found: CheckProblem[] = [];
  for (const name of placed.cell.facts.defs.keys()) {
    const cells = known.get(name);
    if (!cells) continue;
    if (notebook.format === 'marimo' || notebook.isStrict) found.push(problemFor(notebook, placed, name, cells));
    else found.push(...reusedName(notebook, placed, name, cells));
  }
  return found;
}

function problemFor(notebook: Checked, placed: CheckedCell, name: Name, cells: readonly CellId[]): CheckProblem {
  const { format, renamer } = notebook;
  const at = cells.indexOf(placed.cell.id);
  const others = othersShown(format, cells, at);
  return problemIn(placed, {
    code: 'multiple-definition',
    severity: 'error',
    message: format === 'marimo' ? marimoMessage(notebook, name, cells, others) : scriptMessage(notebook, name, cells, at),
    span: placed.cell.facts.defs.get(name)?.spans[0] ?? { start: 0, end: 0 },
    others,
    related: others.map((other) => ({ range: definitionRange(notebook, name, other), message: `${name} is defined here too` })),
    fixes: renamer ? renameFixes(notebook, renamer, name, cells, at, placed.cell.id) : [],
  });
}

/** In a script what counts is the definition before and the one after; in marimo's format all are in each other's way. */
function othersShown(format: CheckedNotebook['format'], cells: readonly CellId[], at: number): readonly CellId[] {
  const others = format === 'marimo' ? cells.filter((_, other) => other !== at) : cells.slice(Math.max(0, at - 1), at + 2);
  return others.filter((other) => other !== cells[at]).slice(0, othersShownMax);
}

function marimoMessage({ graph }: CheckedNotebook, name: Name, cells: readonly CellId[], others: readonly CellId[]): string {
  const left = cells.length - 1 - others.length;
  const labels = others.map((other) => cellLabel(graph, other));
  const where = listed(left > 0 ? [...labels, `${left} more`] : labels);
  return `${name} is defined in ${where} too. Rename one, or make it local with a leading underscore.`;
}

function scriptMessage({ graph }: CheckedNotebook, name: Name, cells: readonly CellId[], at: number): string {
  const before = cells[at - 1];
  if (before === undefined)
    return `${name} is defined again in ${cellLabel(graph, itemAt(cells, at + 1))}; cells below that one see the new value.`;
  return `${name} is also defined earlier, in ${cellLabel(graph, before)}; cells below this one see this value.`;
}
