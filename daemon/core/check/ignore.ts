/** `# headwater: ignore` at the end of a line switches all problems of that line off, `# headwater: ignore[code, code]` those. */
import type { CheckedNotebook, CheckProblem } from './problem.ts';

const comment = /#\s*headwater:\s*ignore(?:\[([^\]]*)\])?\s*$/;

/** A line of the document, from 0. */
export type LineOf = (line: number) => string | undefined;

/** Without the document only lines of code are known, so what is between the cells is reported whatever its line says. */
export function withoutIgnored(
  notebook: Pick<CheckedNotebook, 'byId'>,
  problems: readonly CheckProblem[],
  lineOf?: LineOf,
): CheckProblem[] {
  const lineIn = lineOf ? ({ range }: CheckProblem) => lineOf(range.start.line) : codeLines(notebook);
  return problems.filter((problem) => {
    const line = lineIn(problem);
    return line === undefined || !isIgnored(line, problem.code);
  });
}

function codeLines(notebook: Pick<CheckedNotebook, 'byId'>): (problem: CheckProblem) => string | undefined {
  const lines = new Map<string, readonly string[] | undefined>();
  return ({ cells: [id], range }) => {
    const placed = id === undefined ? undefined : notebook.byId.get(id);
    if (placed === undefined) return undefined;
    const { cell, text } = placed;
    if (!lines.has(cell.id)) lines.set(cell.id, cell.code.includes('headwater:') ? cell.code.split('\n') : undefined);
    return lines.get(cell.id)?.[range.start.line - text.codeLine];
  };
}

function isIgnored(line: string, code: string): boolean {
  const match = comment.exec(line);
  if (match === null) return false;
  return match[1] === undefined || match[1].split(',').some((ignored) => ignored.trim() === code);
}
