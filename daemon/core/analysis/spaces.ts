/** No-break spaces, which come along with text from web pages. Python refuses them; here they count as spaces. */
import {
  doubleQuote,
  hash,
  isFormatted,
  isStringPrefix,
  isWord,
  lineEnd,
  noBreakSpace,
  singleQuote,
  stringEnd,
} from './lexical.ts';

/** The same code, of the same length, with ordinary spaces outside strings and comments: what the kernel is given. */
export function withoutNoBreakSpaces(code: string): string {
  if (!code.includes('\u00a0')) return code;
  let result = '';
  let from = 0;
  for (const at of noBreakSpaces(code)) {
    result += `${code.slice(from, at)} `;
    from = at + 1;
  }
  return result + code.slice(from);
}

/** Where they stand outside strings and comments, in placeholders of strings too. */
export function noBreakSpaces(code: string): readonly number[] {
  const found: number[] = [];
  if (!code.includes('\u00a0')) return found;
  for (let at = 0; at < code.length; ) {
    const unit = code.charCodeAt(at);
    if (unit === noBreakSpace) found.push(at);
    if (unit === hash) at = lineEnd(code, at);
    else if (isQuote(unit)) at = stringEnd(code, at, false);
    else if (isWord(unit)) at = wordEnd(code, at, found);
    else at++;
  }
  return found;
}

/** With the string that it is the prefix of. */
function wordEnd(code: string, start: number, found: number[]): number {
  let end = start + 1;
  while (end < code.length && isWord(code.charCodeAt(end))) end++;
  if (!isQuote(code.charCodeAt(end)) || !isStringPrefix(code, start, end)) return end;
  return stringEnd(code, end, isFormatted(code, start, end), 0, found);
}

function isQuote(unit: number): boolean {
  return unit === doubleQuote || unit === singleQuote;
}
