/** Problems as compilers write them, so that editors and people can jump to the place. */
import type { Problem } from '../../../protocol/types.ts';
import type { PlaceOf } from '../places.ts';
import { count } from './size.ts';

export interface ProblemCounts {
  readonly error: number;
  readonly warning: number;
}

/** `path:line:column: severity[code] message`, and a line for each related place. */
export function problemLines(shown: string, problems: readonly Problem[], place: PlaceOf): readonly string[] {
  return inOrder(problems).flatMap(({ severity, code, message, range, related }) => [
    `${at(shown, place, range)}: ${severity}[${code}] ${message}`,
    ...related.map((other) => `  ${at(shown, place, other.range)}: ${other.message}`),
  ]);
}

/** Commands for GitHub's runners, which show each problem beside its line. */
export function annotationLines(shown: string, problems: readonly Problem[], place: PlaceOf): readonly string[] {
  return inOrder(problems).map(({ severity, code, message, range }) => {
    const [start, end] = [place(range.start), place(range.end)];
    const level = severity === 'error' || severity === 'warning' ? severity : 'notice';
    const where = [
      `file=${property(shown)}`,
      `line=${start.line}`,
      // Columns count only within one line.
      ...(start.line === end.line ? [`col=${start.column}`, `endColumn=${end.column}`] : []),
      `title=${property(code)}`,
    ];
    return `::${level} ${where.join(',')}::${data(message)}`;
  });
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

export function countProblems(problems: readonly Problem[]): ProblemCounts {
  const of = (severity: string) => problems.filter((problem) => problem.severity === severity).length;
  return { error: of('error'), warning: of('warning') };
}

/** "1 error, 2 warnings", or "no problems". */
export function problemSummary({ error, warning }: ProblemCounts): string {
  const parts = [...(error > 0 ? [count(error, 'error')] : []), ...(warning > 0 ? [count(warning, 'warning')] : [])];
  return parts.length === 0 ? 'no errors, no warnings' : parts.join(', ');
}

export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
}

function at(shown: string, place: PlaceOf, range: Problem['range']): string {
  const { line, column } = place(range.start);
  return `${shown}:${line}:${column}`;
}
