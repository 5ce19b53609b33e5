/** `# headwater: ignore` at the end of a line switches all problems of that line off, `# headwater: ignore[code, code]` those. */
import type { CheckedNotebook, CheckProblem } from './problem.ts';

const comment = /#\s*headwater:\s*ignore(?:\[([^\]]*)\])?\s*$/;

export function withoutIgnored(notebook: Pick<CheckedNotebook, 'byId'>, problems: readonly CheckProblem[]): CheckProblem[] {
  const lines = new Map<string, readonly string[] | undefined>();
  return problems.filter(({ code, cells: [id], range }) => {
    const placed = id === undefined ? undefined : notebook.byId.get(id);
    if (placed === undefined) return true;
    if (!lines.has(placed.cell.id)) {
      lines.set(placed.cell.id, placed.cell.code.includes('headwater:') ? placed.cell.code.split('\n') : undefined);
    }
    const line = lines.get(placed.cell.id)?.[range.start.line - placed.text.codeLine];
    return line === undefined || !isIgnored(line, code);
  });
}

function isIgnored(line: string, code: string): boolean {
  const match = comment.exec(line);
  if (match === null) return false;
  return match[1] === undefined || match[1].split(',').some((ignored) => ignored.trim() === code);
}
