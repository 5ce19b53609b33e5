/** Starred values that the grammar does not know outside brackets and in subscripts: `x = *[1, 2], y`, `return *(a), b`, `a[b, *(c)]`. */
import {
  backslash,
  carriageReturn,
  closing,
  continuationEnd,
  hash,
  isBlank,
  isWord,
  newline,
  opening,
  tokenEnd,
  withUnitsAt,
} from './lexical.ts';

const star = 0x2a;
/** Where a value begins: after these, and at the beginning of a line. */
const beforeValue = new Set(['=', ',', ';', ':', '(', '[', '{', 'return', 'yield', 'in', 'for', 'match']);
/** `*` is a parameter of its own, or something is missing. */
const afterBareStar = new Set(['', '*', ',', ')', ':', '=', '\n', '\r', '#']);
/** A name that begins the value is read by the grammar; these are not. */
const wordsNotRead = new Set(['await', 'None', 'True', 'False']);

/** The same code, of the same length, without the `*` before such values: what they bind and read is the same. */
export function withoutValueStars(code: string): string {
  return withUnitsAt(code, valueStars(code), ' ');
}

function valueStars(code: string): readonly number[] {
  const found: number[] = [];
  let depth = 0;
  let before = '';
  for (let at = 0; at < code.length; ) {
    const unit = code.charCodeAt(at);
    const end = unit === backslash ? (continuationEnd(code, at) ?? at + 1) : tokenEnd(code, at);
    if (unit === newline || unit === carriageReturn) {
      if (depth === 0) before = '';
    } else if (!isBlank(unit) && unit !== hash && unit !== backslash) {
      if (unit === star && (before === '' || beforeValue.has(before)) && beginsUnread(code, end)) found.push(at);
      if (opening.has(unit)) depth++;
      else if (closing.has(unit)) depth = Math.max(0, depth - 1);
      before = code.slice(at, end);
    }
    at = end;
  }
  return found;
}

function beginsUnread(code: string, from: number): boolean {
  let at = from;
  while (isBlank(code.charCodeAt(at))) at++;
  if (!isWord(code.charCodeAt(at))) return !afterBareStar.has(code.charAt(at));
  const word = code.slice(at, tokenEnd(code, at));
  return wordsNotRead.has(word) || /^\d/.test(word) || /["']$/.test(word);
}
