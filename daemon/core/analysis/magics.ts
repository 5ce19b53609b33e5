/**
 * Commands of IPython that change how it shows things and what it loads again, and compute nothing: `%matplotlib inline`,
 * `%autoreload 2`. In a script they are passed over, as if they were comments; Python refuses them.
 */
import {
  backslash,
  closing,
  continuationEnd,
  doubleQuote,
  hash,
  isFormatted,
  isStringPrefix,
  isWord,
  lineEnd,
  newline,
  opening,
  singleQuote,
  stringEnd,
} from './lexical.ts';

const names = '(?:matplotlib|autoreload|config|(?:re)?load_ext[ \\t]+autoreload)(?![\\p{L}\\p{N}_(.=])';
const anywhere = new RegExp(`^[ \\t]*%${names}`, 'mu');
const command = new RegExp(`[ \\t]*%${names}`, 'uy');

/** The same code, of the same length, with `#` for the `%` of such commands. */
export function withoutHarmlessMagics(code: string): string {
  let result = '';
  let from = 0;
  for (const at of harmlessMagics(code)) {
    result += `${code.slice(from, at)}#`;
    from = at + 1;
  }
  return result + code.slice(from);
}

/** Where they stand: the offset of each `%`. */
export function harmlessMagics(code: string): readonly number[] {
  if (!code.includes('%') || !anywhere.test(code)) return [];
  const found: number[] = [];
  let depth = 0;
  let isLineStart = true;
  for (let at = 0; at < code.length; ) {
    if (isLineStart && depth === 0) {
      command.lastIndex = at;
      if (command.test(code)) {
        found.push(code.indexOf('%', at));
        at = lineEnd(code, at);
      }
    }
    const unit = code.charCodeAt(at);
    isLineStart = unit === newline;
    if (unit === hash) at = lineEnd(code, at);
    else if (unit === doubleQuote || unit === singleQuote) at = stringEnd(code, at, false);
    else if (unit === backslash) at = continuationEnd(code, at) ?? at + 1;
    else if (isWord(unit)) at = wordEnd(code, at);
    else {
      if (opening.has(unit)) depth++;
      else if (closing.has(unit)) depth = Math.max(0, depth - 1);
      at++;
    }
  }
  return found;
}

/** With the string that it is the prefix of. */
function wordEnd(code: string, start: number): number {
  let end = start + 1;
  while (end < code.length && isWord(code.charCodeAt(end))) end++;
  const quote = code.charCodeAt(end);
  const isPrefix = (quote === doubleQuote || quote === singleQuote) && isStringPrefix(code, start, end);
  return isPrefix ? stringEnd(code, end, isFormatted(code, start, end)) : end;
}
