/** The grammar looks through all comments that follow, at each of them: thousands of lines of comments would take it minutes. */
import { readLayout } from './lexer.ts';

/** So many lines of comments in a row, and more, are not shown to the grammar. */
export const commentRunLinesMin = 64;

/** Long runs of lines that are comments as spaces, so that no offset moves. */
export function withoutCommentRuns(code: string): string {
  if (!hasRun(code)) return code;
  const lines = readLayout(code).lines.filter(({ begins, start }) => begins === 'code' && isComment(code, start));
  const parts: string[] = [];
  let kept = 0;
  for (const { start, end } of lines) {
    parts.push(code.slice(kept, start), ' '.repeat(end - start));
    kept = end;
  }
  return parts.join('') + code.slice(kept);
}

/** As it looks: some of its lines may stand in a string. */
function hasRun(code: string): boolean {
  let run = 0;
  for (let at = 0; at < code.length; at = endOfLine(code, at)) {
    run = isComment(code, at) ? run + 1 : 0;
    if (run === commentRunLinesMin) return true;
  }
  return false;
}

function isComment(code: string, lineStart: number): boolean {
  let at = lineStart;
  while (code[at] === ' ' || code[at] === '\t' || code[at] === '\f') at += 1;
  return code[at] === '#';
}

function endOfLine(code: string, from: number): number {
  const at = code.indexOf('\n', from);
  return at < 0 ? code.length : at + 1;
}
