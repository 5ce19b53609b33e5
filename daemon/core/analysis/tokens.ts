/**
 * The code as Python's tokenizer sees it: without comments, blank lines, spacing outside strings and line breaks in brackets. Two cells
 * with equal tokens compute the same. Where it is not sure, two texts count as different.
 */
export function tokensOf(code: string): string {
  return new Scanner(code).scan();
}

const tabWidth = 8;

class Scanner {
  readonly #code: string;
  #at = 0;
  #out = '';
  #brackets = 0;
  #indents: number[] = [0];
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
    return this.#out;
  }

  /** False when the line holds no code. */
  #indent(): boolean {
    let width = 0;
    for (; isBlank(this.#code.charCodeAt(this.#at)); this.#at++) {
      width = this.#code[this.#at] === '\t' ? width + tabWidth - (width % tabWidth) : width + 1;
    }
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
    while (width < (this.#indents.at(-1) ?? 0)) this.#indents.pop();
    if (width > (this.#indents.at(-1) ?? 0)) this.#indents.push(width);
    if (this.#out !== '') this.#out += '\n';
    this.#out += '\t'.repeat(this.#indents.length - 1);
    this.#isLineStart = false;
    this.#isSpaced = false;
    return true;
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

  #take(end: number): void {
    const text = this.#code.slice(this.#at, end);
    if (this.#isSpaced && needsSpace(this.#out, text)) this.#out += ' ';
    this.#out += text;
    this.#isSpaced = false;
    this.#at = end;
  }
}

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
function needsSpace(before: string, text: string): boolean {
  const last = before.charCodeAt(before.length - 1);
  const first = text.charCodeAt(0);
  if (isWord(last)) return isWord(first) || first === doubleQuote || first === singleQuote || first === 0x2e;
  if (last === doubleQuote || last === singleQuote) return first === doubleQuote || first === singleQuote;
  if (last === 0x2e) return first === 0x2e || isDigit(first);
  return compounds.has(before.slice(-1) + text[0]);
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

/** `at` is the opening quote. A string that is never closed ends with its line, or with the cell when it has three quotes. */
function stringEnd(code: string, at: number, hasFields: boolean): number {
  const quote = code[at] ?? '"';
  const isTriple = code.startsWith(quote.repeat(3), at);
  const close = isTriple ? quote.repeat(3) : quote;
  let i = at + close.length;
  while (i < code.length) {
    const unit = code.charCodeAt(i);
    if (unit === backslash) i += 2;
    else if (code.startsWith(close, i)) return i + close.length;
    else if (unit === newline && !isTriple) return i;
    else if (hasFields && unit === openBrace) i = code.charCodeAt(i + 1) === openBrace ? i + 2 : fieldEnd(code, i + 1, close);
    else i++;
  }
  return code.length;
}

/** From inside `{` to behind `}`: an expression, which may hold strings, and after `:` a format, which may hold fields. */
function fieldEnd(code: string, from: number, close: string): number {
  let depth = 0;
  let isFormat = false;
  let i = from;
  while (i < code.length) {
    const unit = code.charCodeAt(i);
    if (unit === closeBrace && depth === 0) return i + 1;
    if (isFormat) {
      if (code.startsWith(close, i) || (unit === newline && close.length === 1)) return i;
      i = unit === openBrace ? fieldEnd(code, i + 1, close) : i + 1;
      continue;
    }
    if (unit === doubleQuote || unit === singleQuote) {
      i = stringEnd(code, i, isFormattedBefore(code, i));
      continue;
    }
    if (opening.has(unit)) depth++;
    else if (closing.has(unit)) depth = Math.max(0, depth - 1);
    else if (unit === 0x3a && depth === 0) isFormat = true;
    i++;
  }
  return code.length;
}

function isFormattedBefore(code: string, quote: number): boolean {
  let start = quote;
  while (start > 0 && isWord(code.charCodeAt(start - 1))) start--;
  return isStringPrefix(code, start, quote) && isFormatted(code, start, quote);
}
