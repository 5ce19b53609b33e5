/**
 * The code as Python's tokenizer sees it: without comments, blank lines, spacing outside strings and line breaks in brackets. Two cells
 * with equal tokens compute the same. Where it is not sure, two texts count as different.
 */
export function tokensOf(code: string): string {
  return new Scanner(code).scan();
}

/** Columns with tabs to the next multiple of eight, and with tabs one wide. */
interface Indentation {
  readonly wide: number;
  readonly narrow: number;
}

const tabWidth = 8;
const noIndentation: Indentation = { wide: 0, narrow: 0 };

function indentation(code: string, start: number, end: number): Indentation {
  let wide = 0;
  for (let i = start; i < end; i++) wide += code[i] === '\t' ? tabWidth - (wide % tabWidth) : 1;
  return { wide, narrow: end - start };
}

class Scanner {
  readonly #code: string;
  #at = 0;
  readonly #pieces: string[] = [];
  /** The last unit of the last piece. */
  #last = Number.NaN;
  #isAfterNumber = false;
  #brackets = 0;
  readonly #indents: Indentation[] = [noIndentation];
  /** A space or a line break inside brackets came before the next token. */
  #isSpaced = false;
  #isLineStart = true;

  constructor(code: string) {
    this.#code = code;
  }

  scan(): string {
    while (this.#at < this.#code.length) {
      if (this.#isLineStart && this.#brackets === 0 && !this.#indent()) continue;
      this.#next();
    }
    return this.#pieces.join('');
  }

  /** False when the line holds no code. */
  #indent(): boolean {
    const start = this.#at;
    while (isBlank(this.#code.charCodeAt(this.#at))) this.#at++;
    const c = this.#code[this.#at];
    if (c === undefined) return false;
    if (c === '#') {
      this.#at = lineEnd(this.#code, this.#at);
      return false;
    }
    if (c === '\n' || c === '\r') {
      this.#at++;
      return false;
    }
    if (this.#pieces.length > 0) this.#pieces.push('\n');
    this.#pieces.push(this.#depthMark(indentation(this.#code, start, this.#at)));
    this.#isLineStart = false;
    this.#isSpaced = false;
    return true;
  }

  /** One tab for each level; Python refuses indentation that fits no level, or that depends on the width of tabs, so that is kept. */
  #depthMark(indent: Indentation): string {
    const before = this.#indents.length;
    while (this.#indents.length > 1 && indent.wide < this.#top.wide) this.#indents.pop();
    const isDedent = this.#indents.length < before;
    const isDeeper = indent.wide > this.#top.wide;
    const isConsistent = isDeeper ? indent.narrow > this.#top.narrow && !isDedent : indent.narrow === this.#top.narrow;
    if (isDeeper) this.#indents.push(indent);
    return '\t'.repeat(this.#indents.length - 1) + (isConsistent ? '' : `\0${indent.wide},${indent.narrow}\0`);
  }

  get #top(): Indentation {
    return this.#indents.at(-1) ?? noIndentation;
  }

  #next(): void {
    const code = this.#code;
    const unit = code.charCodeAt(this.#at);
    if (isBlank(unit)) {
      this.#at++;
      this.#isSpaced = true;
    } else if (unit === hash) {
      this.#at = lineEnd(code, this.#at);
    } else if (unit === newline || unit === carriageReturn) {
      this.#at++;
      if (this.#brackets === 0) this.#isLineStart = true;
      else this.#isSpaced = true;
    } else if (unit === backslash && continuationEnd(code, this.#at) !== undefined) {
      this.#at = continuationEnd(code, this.#at) ?? code.length;
      this.#isSpaced = true;
    } else if (unit === doubleQuote || unit === singleQuote) {
      this.#take(stringEnd(code, this.#at, false));
    } else if (isDigit(unit)) {
      this.#take(numberEnd(code, this.#at), true);
    } else if (isWord(unit)) {
      this.#word();
    } else {
      if (opening.has(unit)) this.#brackets++;
      else if (closing.has(unit)) this.#brackets = Math.max(0, this.#brackets - 1);
      this.#take(this.#at + 1);
    }
  }

  #word(): void {
    const code = this.#code;
    let end = this.#at + 1;
    while (end < code.length && isWord(code.charCodeAt(end))) end++;
    const after = code.charCodeAt(end);
    if ((after === doubleQuote || after === singleQuote) && isStringPrefix(code, this.#at, end)) {
      end = stringEnd(code, end, isFormatted(code, this.#at, end));
    }
    this.#take(end);
  }

  #take(end: number, isNumber = false): void {
    const text = this.#code.slice(this.#at, end);
    if (this.#isSpaced && needsSpace(this.#last, this.#isAfterNumber, text.charCodeAt(0))) this.#pieces.push(' ');
    this.#pieces.push(text);
    this.#last = text.charCodeAt(text.length - 1);
    this.#isAfterNumber = isNumber;
    this.#isSpaced = false;
    this.#at = end;
  }
}

const dot = 0x2e;
const hash = 0x23;
const newline = 0x0a;
const carriageReturn = 0x0d;
const backslash = 0x5c;
const doubleQuote = 0x22;
const singleQuote = 0x27;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const opening = new Set([0x28, 0x5b, openBrace]);
const closing = new Set([0x29, 0x5d, closeBrace]);

/** A no-break space outside strings counts as a space. */
function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0c || unit === 0xa0;
}

function isWord(unit: number): boolean {
  return (
    (unit >= 0x61 && unit <= 0x7a) ||
    (unit >= 0x41 && unit <= 0x5a) ||
    (unit >= 0x30 && unit <= 0x39) ||
    unit === 0x5f ||
    (unit > 0x7f && unit !== 0xa0)
  );
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** Greedy: what follows a number without a space belongs to it here. */
function numberEnd(code: string, from: number): number {
  let end = from;
  while (end < code.length && (isWord(code.charCodeAt(end)) || code.charCodeAt(end) === dot)) end++;
  return end;
}

function lineEnd(code: string, from: number): number {
  let end = from;
  while (end < code.length && code.charCodeAt(end) !== newline && code.charCodeAt(end) !== carriageReturn) end++;
  return end;
}

function continuationEnd(code: string, at: number): number | undefined {
  if (code[at + 1] === '\n') return at + 2;
  if (code[at + 1] === '\r') return code[at + 2] === '\n' ? at + 3 : at + 2;
  return undefined;
}

/** Would the two run together, or make another token? Then the space between them counts. */
function needsSpace(last: number, isAfterNumber: boolean, first: number): boolean {
  if (isAfterNumber && (first === dot || isWord(first))) return true;
  if (isWord(last)) return isWord(first) || first === doubleQuote || first === singleQuote;
  if (last === doubleQuote || last === singleQuote) return first === doubleQuote || first === singleQuote;
  if (last === dot) return first === dot || isDigit(first);
  return compounds.has(String.fromCharCode(last, first));
}

const compounds = new Set([
  '==',
  '!=',
  '<=',
  '>=',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '@=',
  '&=',
  '|=',
  '^=',
  '>>',
  '<<',
  '**',
  '//',
  '->',
  ':=',
  '<>',
]);

function isStringPrefix(code: string, start: number, end: number): boolean {
  return end - start <= 2 && prefixes.has(code.slice(start, end).toLowerCase());
}

const prefixes = new Set(['r', 'u', 'b', 'f', 't', 'br', 'rb', 'fr', 'rf', 'tr', 'rt']);

function isFormatted(code: string, start: number, end: number): boolean {
  const prefix = code.slice(start, end).toLowerCase();
  return prefix.includes('f') || prefix.includes('t');
}

/** Strings in placeholders of strings: Python itself stops at 150. Beyond it the rest of the cell is one string. */
const nestedStringsMax = 150;

/** `at` is the opening quote. A string that is never closed ends with its line, or with the cell when it has three quotes. */
function stringEnd(code: string, at: number, hasFields: boolean, depth = 0): number {
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
      i = code.charCodeAt(i + 1) === openBrace ? i + 2 : fieldEnd(code, i + 1, close, depth + 1);
    else i++;
  }
  return code.length;
}

/** From inside `{` to behind `}`: an expression, which may hold strings, and after `:` a format, which may hold fields. */
function fieldEnd(code: string, from: number, close: string, depth: number): number {
  if (depth > nestedStringsMax) return code.length;
  let brackets = 0;
  let isFormat = false;
  let i = from;
  while (i < code.length) {
    const unit = code.charCodeAt(i);
    if (unit === closeBrace && brackets === 0) return i + 1;
    if (isFormat) {
      if (code.startsWith(close, i) || (unit === newline && close.length === 1)) return i;
      i = unit === openBrace ? fieldEnd(code, i + 1, close, depth + 1) : i + 1;
      continue;
    }
    if (unit === doubleQuote || unit === singleQuote) {
      i = stringEnd(code, i, isFormattedBefore(code, i), depth);
      continue;
    }
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
