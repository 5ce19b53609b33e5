/** How Python cuts text into words, numbers, strings and comments: what works on broken code too, without a parser. */
export const dot = 0x2e;
export const hash = 0x23;
export const newline = 0x0a;
export const carriageReturn = 0x0d;
export const backslash = 0x5c;
export const doubleQuote = 0x22;
export const singleQuote = 0x27;
export const noBreakSpace = 0xa0;
const openBrace = 0x7b;
const closeBrace = 0x7d;
export const opening = new Set([0x28, 0x5b, openBrace]);
export const closing = new Set([0x29, 0x5d, closeBrace]);

/** A no-break space outside strings counts as a space. */
export function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0c || unit === noBreakSpace;
}

export function isWord(unit: number): boolean {
  return (
    (unit >= 0x61 && unit <= 0x7a) ||
    (unit >= 0x41 && unit <= 0x5a) ||
    (unit >= 0x30 && unit <= 0x39) ||
    unit === 0x5f ||
    (unit > 0x7f && unit !== noBreakSpace)
  );
}

export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** Greedy: what follows a number without a space belongs to it here. */
export function numberEnd(code: string, from: number): number {
  let end = from;
  while (end < code.length && (isWord(code.charCodeAt(end)) || code.charCodeAt(end) === dot)) end++;
  return end;
}

export function lineEnd(code: string, from: number): number {
  let end = from;
  while (end < code.length && code.charCodeAt(end) !== newline && code.charCodeAt(end) !== carriageReturn) end++;
  return end;
}

export function continuationEnd(code: string, at: number): number | undefined {
  if (code[at + 1] === '\n') return at + 2;
  if (code[at + 1] === '\r') return code[at + 2] === '\n' ? at + 3 : at + 2;
  return undefined;
}

export function isStringPrefix(code: string, start: number, end: number): boolean {
  return end - start <= 2 && prefixes.has(code.slice(start, end).toLowerCase());
}

const prefixes = new Set(['r', 'u', 'b', 'f', 't', 'br', 'rb', 'fr', 'rf', 'tr', 'rt']);

export function isFormatted(code: string, start: number, end: number): boolean {
  const prefix = code.slice(start, end).toLowerCase();
  return prefix.includes('f') || prefix.includes('t');
}

/** Strings in placeholders of strings: Python itself stops at 150. Beyond it the rest of the cell is one string. */
const nestedStringsMax = 150;

/**
 * `at` is the opening quote. `blanks`, where given, takes the places of no-break spaces in placeholders. A string that is never closed ends with its line, or with the cell when it has
 * three quotes.
 */
export function stringEnd(code: string, at: number, hasFields: boolean, depth = 0, blanks?: number[]): number {
  if (depth > nestedStringsMax) return code.length;
  const quote = code[at] ?? '"';
  const isTriple = code.startsWith(quote.repeat(3), at);
  const close = isTriple ? quote.repeat(3) : quote;
  let i = at + close.length;
  while (i < code.length) {
    const unit = code.charCodeAt(i);
    if (unit === backslash) i += 2;
    else if (code.startsWith(close, i)) return i + close.length;
    else if (unit === newline && !isTriple) return i;
    else if (hasFields && unit === openBrace)
      i = code.charCodeAt(i + 1) === openBrace ? i + 2 : fieldEnd(code, i + 1, close, depth + 1, blanks);
    else i++;
  }
  return code.length;
}

/** From inside `{` to behind `}`: an expression, which may hold strings, and after `:` a format, which may hold fields. */
function fieldEnd(code: string, from: number, close: string, depth: number, blanks?: number[]): number {
  if (depth > nestedStringsMax) return code.length;
  let brackets = 0;
  let isFormat = false;
  let i = from;
  while (i < code.length) {
    const unit = code.charCodeAt(i);
    if (unit === closeBrace && brackets === 0) return i + 1;
    if (isFormat) {
      if (code.startsWith(close, i) || (unit === newline && close.length === 1)) return i;
      i = unit === openBrace ? fieldEnd(code, i + 1, close, depth + 1, blanks) : i + 1;
      continue;
    }
    if (unit === doubleQuote || unit === singleQuote) {
      i = stringEnd(code, i, isFormattedBefore(code, i), depth, blanks);
      continue;
    }
    if (unit === noBreakSpace) blanks?.push(i);
    if (opening.has(unit)) brackets++;
    else if (closing.has(unit)) brackets = Math.max(0, brackets - 1);
    else if (unit === 0x3a && brackets === 0) isFormat = true;
    i++;
  }
  return code.length;
}

function isFormattedBefore(code: string, quote: number): boolean {
  let start = quote;
  while (start > 0 && isWord(code.charCodeAt(start - 1))) start--;
  return isStringPrefix(code, start, quote) && isFormatted(code, start, quote);
}

/** Of a comment, a string with its prefix, a word or number; anything else is one unit long. `blanks` as in `stringEnd`. */
export function tokenEnd(code: string, at: number, blanks?: number[]): number {
  const unit = code.charCodeAt(at);
  if (unit === hash) return lineEnd(code, at);
  if (unit === doubleQuote || unit === singleQuote) return stringEnd(code, at, false);
  if (!isWord(unit)) return at + 1;
  let end = at + 1;
  while (isWord(code.charCodeAt(end))) end++;
  const isPrefix = (code[end] === '"' || code[end] === "'") && isStringPrefix(code, at, end);
  return isPrefix ? stringEnd(code, end, isFormatted(code, at, end), 0, blanks) : end;
}

/** The same code, of the same length, with other units at these places, which are in order. */
export function withUnitsAt(code: string, places: Iterable<number>, unit: string): string {
  let result = '';
  let from = 0;
  for (const at of places) {
    result += code.slice(from, at) + unit;
    from = at + 1;
  }
  return result + code.slice(from);
}
