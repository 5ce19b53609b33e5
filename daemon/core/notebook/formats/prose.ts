/** Cells of text in a script: Python reads their lines as it reads any others, so what is no comment and no text alone is code, and runs. */
import { readLayout } from '../lexer.ts';

/** Comments alone, or one string, which does nothing. */
export function isProse(code: string): boolean {
  if (code.split('\n').every(isComment)) return true;
  const { statements } = readLayout(code);
  const [first] = statements;
  if (first === undefined) return true;
  return statements.length === 1 && isOneString(code.slice(first.start, first.end));
}

/** The comments above the code, and the code with all that stands below its first line. */
export function splitProse(code: string): { readonly prose: string; readonly code: string } {
  const lines = code.split('\n');
  const first = lines.findIndex((line) => !isComment(line));
  const above = lines.slice(0, first).join('\n').trimEnd();
  return above === '' ? { prose: '', code } : { prose: above, code: lines.slice(first).join('\n') };
}

/** Or a blank line. */
function isComment(line: string): boolean {
  return line.startsWith('#') || line.trim() === '';
}

/** An f-string computes, and bytes are no text. */
function isOneString(literal: string): boolean {
  const [prefix = '', quote = ''] = /^[rRuU]?("""|'''|"|')/.exec(literal) ?? [];
  if (quote === '') return false;
  for (let at = prefix.length; at < literal.length; at++) {
    if (literal[at] === '\\') at++;
    else if (literal.startsWith(quote, at)) return at + quote.length === literal.length;
  }
  return false;
}
