/** Names that several cells define: refused in marimo's format; in a script shown, because it means what Python means. */
import type { Name } from '../analysis/facts.ts';
import { conflictsOf } from '../graph/conflicts.ts';
import type { CellId } from '../notebook/notebook.ts';
import { cellLabel, listed } from './labels.ts';
import { type CheckedNotebook, type CheckProblem, cellRange, definitionRange } from './problem.ts';
import { type Renamer, renameFixes } from './rename.ts';

/** Redefined names whose fixes are worked out; the others are shown without. */
const namesWithFixesMax = 50;

export function redefinitions(notebook: CheckedNotebook, renamer: Renamer | undefined): CheckProblem[] {
  const found = [...conflictsOf(notebook.graph).redefinitions];
  return found.flatMap(([name, cells], at) => problemsOf(notebook, name, cells, at < namesWithFixesMax ? renamer : undefined));
}

function problemsOf(
  notebook: CheckedNotebook,
  name: Name,
  cells: readonly CellId[],
  renamer: Renamer | undefined,
): CheckProblem[] {
  const { graph, format } = notebook;
  return cells.map((id, at) => {
    const others = cells.filter((other) => other !== id);
    const message =
      format === 'marimo'
        ? `${name} is defined in ${listed(others.map((other) => cellLabel(graph, other)))} too. Rename one, or make it local with a leading underscore.`
        : scriptMessage(notebook, name, cells, at);
    return {
      code: 'multiple-definition',
      severity: format === 'marimo' ? ('error' as const) : ('warning' as const),
      message,
      range: notebook.byId.has(id) ? definitionRange(notebook, name, id) : cellRange(notebook, id),
      cells: [id, ...others],
      related: others.map((other) => ({ range: definitionRange(notebook, name, other), message: `${name} is defined here too` })),
      fixes: renamer ? renameFixes(notebook, renamer, name, cells, at) : [],
    };
  });
}

function scriptMessage({ graph }: CheckedNotebook, name: Name, cells: readonly CellId[], at: number): string {
  const before = cells[at - 1];
  const after = cells[at + 1];
  if (before === undefined)
    return `${name} is defined again in ${cellLabel(graph, after as CellId)}; cells below that one see the new value.`;
  return `${name} is defined before in ${cellLabel(graph, before)}; cells below this one see this value.`;
}
