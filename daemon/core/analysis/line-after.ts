/** Where a line of a code stands once the code has been edited. */
import { backslash, carriageReturn, continuationEnd, hash, isBlank, newline, tokenEnd } from './lexical.ts';

interface Token {
  readonly text: string;
  /** The line that it begins on, from 0. */
  readonly line: number;
}

/**
 * By the first token of the line: comments, blank lines and line breaks may have come and gone, and so may code above or below it. Lines
 * between two edits are found by their text. The same number where the line is gone.
 */
export function lineAfter(before: string, after: string, line: number): number {
  if (before === after) return line;
  const [old, now] = [tokensIn(before), tokensIn(after)];
  const at = tokenOf(old, line);
  const token = old[at];
  if (!token) return line;
  const same = commonStart(old, now) > at ? at : at >= old.length - commonEnd(old, now) ? at + now.length - old.length : -1;
  const found = now[same];
  return found ? found.line + line - token.line : (sameText(before, after, line) ?? line);
}

/** The first that begins on the line; on a later line of a string, the string. */
function tokenOf(tokens: readonly Token[], line: number): number {
  const first = tokens.findIndex((token) => token.line >= line);
  if (first >= 0 && tokens[first]?.line === line) return first;
  return (first < 0 ? tokens.length : first) - 1;
}

function commonStart(a: readonly Token[], b: readonly Token[]): number {
  const end = a.findIndex(({ text }, at) => text !== b[at]?.text);
  return end < 0 ? a.length : end;
}

function commonEnd(a: readonly Token[], b: readonly Token[]): number {
  let count = 0;
  while (count < a.length && a.at(-1 - count)?.text === b.at(-1 - count)?.text) count++;
  return count;
}

/** Of several lines that read the same, the one with as many of them above it. */
function sameText(before: string, after: string, line: number): number | undefined {
  const lines = before.split('\n').map((one) => one.trim());
  const rank = lines.slice(0, line).filter((one) => one === lines[line]).length;
  return after.split('\n').flatMap((one, at) => (one.trim() === lines[line] ? [at] : []))[rank];
}

function tokensIn(code: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 0;
  for (let at = 0; at < code.length; ) {
    const unit = code.charCodeAt(at);
    const continued = unit === backslash ? continuationEnd(code, at) : undefined;
    const end = continued ?? tokenEnd(code, at);
    const text = code.slice(at, end);
    const isLayout = continued !== undefined || isBlank(unit) || unit === newline || unit === carriageReturn || unit === hash;
    if (!isLayout) tokens.push({ text, line });
    line += text.split('\n').length - 1;
    at = end;
  }
  return tokens;
}
