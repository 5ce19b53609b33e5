import {
  backslash,
  carriageReturn,
  closing,
  continuationEnd,
  dot,
  doubleQuote,
  hash,
  isBlank,
  isDigit,
  isFormatted,
  isStringPrefix,
  isWord,
  lineEnd,
  newline,
  numberEnd,
  opening,
  singleQuote,
  stringEnd,
} from './lexical.ts';

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
