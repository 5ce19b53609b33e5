/** Goes through Python text once, a word or a sign at a time, and keeps what is open: brackets, strings, fields of f-strings. */

/** How a physical line begins. `continued`: inside brackets or after a backslash. */
export type LineStart = 'code' | 'string' | 'continued';

export interface Line {
  readonly start: number;
  /** Exclusive, without the line break. */
  readonly end: number;
  readonly begins: LineStart;
}

/** One logical line: a simple statement line, or the header of a compound one (with what follows its colon on the same line). */
export interface Statement {
  readonly firstLine: number;
  readonly lastLine: number;
  /** Characters of white space before it. */
  readonly indent: number;
  readonly start: number;
  /** Exclusive; a trailing comment is outside. */
  readonly end: number;
  /** Offset of the first colon outside brackets and strings: the end of a compound header. */
  readonly colon: number | undefined;
  /** Offsets of the semicolons outside brackets and strings. */
  readonly semicolons: readonly number[];
  /** A string or bracket is still open where a boundary or the end of the text cuts the statement off. */
  readonly isUnclosed: boolean;
}

export interface Layout {
  readonly lines: readonly Line[];
  readonly statements: readonly Statement[];
}

/** Says whether the line that starts at this offset begins a new cell whatever is still open before it. */
export type IsBoundary = (text: string, lineStart: number) => boolean;

/** Says whether the line that starts at this offset, where Python expects a statement, is for IPython alone. */
export type IsCommand = (text: string, lineStart: number) => boolean;

/** A punctuation mark outside strings and comments, with the number of brackets around it. */
export interface Mark {
  readonly char: string;
  readonly offset: number;
  readonly depth: number;
}

type Context =
  | { readonly kind: 'bracket'; readonly closer: string }
  | { readonly kind: 'string'; readonly quote: string; readonly isRaw: boolean; readonly isFormat: boolean }
  /** The expression part of `{…}` in an f-string. */
  | { readonly kind: 'field' }
  /** What follows the colon in `{value:spec}`. */
  | { readonly kind: 'spec' };

interface OpenStatement {
  readonly firstLine: number;
  readonly indent: number;
  readonly start: number;
  readonly semicolons: number[];
  lastLine: number;
  end: number;
  colon: number | undefined;
  isUnclosed: boolean;
}

const never = () => false;
const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const stringPrefix = /^(?:[rubft]|[rbft]{2})$/i;
/** White space inside a line; Python refuses a no-break space, and analysis reports it. */
const blanks = ' \t\f\u00a0';

interface ScanOptions {
  readonly isBoundary?: IsBoundary | undefined;
  /** Passed over like comments, with the lines that a backslash joins to them. */
  readonly isCommand?: IsCommand;
  readonly cutsStrings?: boolean;
  readonly onMark?: (mark: Mark) => void;
}

export class Scanner {
  readonly #text: string;
  readonly #isBoundary: IsBoundary;
  readonly #isCommand: IsCommand;
  readonly #cutsStrings: boolean;
  readonly #onMark: ((mark: Mark) => void) | undefined;

  readonly #lines: Line[] = [];
  readonly #statements: Statement[] = [];
  readonly #stack: Context[] = [];
  #stringDepth = 0;
  #at = 0;
  #lineStart = 0;
  #begins: LineStart = 'code';
  #statement: OpenStatement | undefined;

  constructor(text: string, { isBoundary = never, isCommand = never, cutsStrings = false, onMark }: ScanOptions = {}) {
    this.#text = text;
    this.#isBoundary = isBoundary;
    this.#isCommand = isCommand;
    this.#cutsStrings = cutsStrings;
    this.#onMark = onMark;
  }

  read(): Layout & { readonly endsInString: boolean } {
    if (this.#text.startsWith('\ufeff')) this.#at = 1;
    this.#skipCommand();
    while (this.#at < this.#text.length) this.#advance();
    const endsInString = this.#stringDepth > 0;
    this.#lines.push({ start: this.#lineStart, end: this.#text.length, begins: this.#begins });
    this.#cut();
    return { lines: this.#lines, statements: this.#statements, endsInString };
  }

  #advance(): void {
    const top = this.#stack.at(-1);
    if (top?.kind === 'string') this.#advanceInString(top);
    else if (top?.kind === 'spec') this.#advanceInSpec();
    else this.#advanceInCode(top);
  }

  #advanceInCode(top: Context | undefined): void {
    const char = this.#here();
    if (isWordUnit(char.charCodeAt(0))) this.#takeWord();
    else if (isBreak(char)) this.#breakLine(false);
    else if (char === '#') this.#skipComment();
    else if (blanks.includes(char)) this.#at += 1;
    else if (char === '"' || char === "'") this.#openString(this.#at, '');
    else if (closers[char] !== undefined) this.#openBracket(char, closers[char]);
    else if (')]}'.includes(char)) this.#closeBracket(char, top);
    else if (':;,='.includes(char)) this.#separate(char, top);
    else if (char === '\\' && isBreak(this.#text[this.#at + 1])) this.#joinLines();
    else this.#take(1);
  }

  #here(): string {
    return this.#text.charAt(this.#at);
  }

  #skipComment(): void {
    while (this.#at < this.#text.length && !isBreak(this.#text[this.#at])) this.#at += 1;
  }

  #joinLines(): void {
    this.#take(1);
    this.#breakLine(true);
  }

  #takeWord(): void {
    const start = this.#at;
    let end = start + 1;
    while (isWordUnit(this.#text.charCodeAt(end))) end += 1;
    this.#take(end - start);
    const next = this.#text[this.#at];
    if ((next === '"' || next === "'") && end - start <= 2) this.#openPrefixed(start);
  }

  /** `f"…"`; any other word before a quote is only a word. */
  #openPrefixed(start: number): void {
    const prefix = this.#text.slice(start, this.#at);
    if (stringPrefix.test(prefix)) this.#openString(start, prefix);
  }

  #openString(start: number, prefix: string): void {
    const char = this.#here();
    const quote = this.#text.startsWith(char.repeat(3), this.#at) ? char.repeat(3) : char;
    this.#touch(start, this.#at + quote.length);
    this.#at += quote.length;
    this.#stack.push({ kind: 'string', quote, isRaw: /r/i.test(prefix), isFormat: /[ft]/i.test(prefix) });
    this.#stringDepth += 1;
  }

  #advanceInString(top: Context & { kind: 'string' }): void {
    const char = this.#here();
    if (isBreak(char)) {
      if (top.quote.length === 1) this.#abandonString();
      this.#breakLine(false);
    } else if (char === '\\') {
      this.#takeEscape(top);
    } else if (this.#text.startsWith(top.quote, this.#at)) {
      this.#stack.pop();
      this.#stringDepth -= 1;
      this.#take(top.quote.length);
    } else if (top.isFormat && this.#text.startsWith('{{', this.#at)) {
      this.#take(2);
    } else if (top.isFormat && char === '{') {
      this.#stack.push({ kind: 'field' });
      this.#take(1);
    } else {
      this.#takePlainText();
    }
  }

  /** One unit of a string's text, and all that follow and cannot mean anything. */
  #takePlainText(): void {
    let end = this.#at + 1;
    while (isWordUnit(this.#text.charCodeAt(end)) || this.#text.charCodeAt(end) === 32) end += 1;
    this.#take(end - this.#at);
  }

  #takeEscape(top: Context & { kind: 'string' }): void {
    const next = this.#text[this.#at + 1];
    if (isBreak(next)) {
      this.#take(1);
      this.#breakLine(false);
    } else if (next === undefined || (top.isFormat && next === '{')) {
      // `\{` is a backslash and then a field.
      this.#take(1);
    } else {
      // `\N{DASH}` is a character.
      const isNamed = top.isFormat && !top.isRaw && this.#text.startsWith('N{', this.#at + 1);
      this.#take(isNamed ? 3 : 2);
    }
  }

  /** A format spec is text with fields in it, up to the brace that ends its own field. */
  #advanceInSpec(): void {
    const char = this.#here();
    if (isBreak(char)) {
      this.#abandonString();
      this.#breakLine(false);
    } else if (this.#endsEnclosingString()) {
      // The closing quote came before the brace: the field was never closed, the string is.
      this.#stack.splice(-2);
    } else {
      if (char === '{') this.#stack.push({ kind: 'field' });
      if (char === '}') this.#stack.splice(-2);
      this.#take(1);
    }
  }

  #endsEnclosingString(): boolean {
    const enclosing = this.#stack.at(-3);
    return enclosing?.kind === 'string' && this.#text.startsWith(enclosing.quote, this.#at);
  }

  /** A quote may be missing on this line: forget the strings of one line, from the outermost, and what stands in them. */
  #abandonString(): void {
    const outermost = this.#stack.findIndex((context) => context.kind === 'string' && context.quote.length === 1);
    if (outermost === -1) return;
    for (const context of this.#stack.splice(outermost)) if (context.kind === 'string') this.#stringDepth -= 1;
  }

  #openBracket(char: string, closer: string): void {
    this.#mark(char);
    this.#stack.push({ kind: 'bracket', closer });
    this.#take(1);
  }

  #closeBracket(char: string, top: Context | undefined): void {
    const isOurs = top?.kind === 'bracket' ? top.closer === char : top?.kind === 'field' && char === '}';
    if (isOurs) this.#stack.pop();
    this.#mark(char);
    this.#take(1);
  }

  #separate(char: string, top: Context | undefined): void {
    this.#mark(char);
    this.#take(1);
    if (top?.kind === 'field' && char === ':') this.#stack.push({ kind: 'spec' });
    const statement = this.#statement;
    if (top !== undefined || statement === undefined) return;
    if (char === ':') statement.colon ??= this.#at - 1;
    if (char === ';') statement.semicolons.push(this.#at - 1);
  }

  #mark(char: string): void {
    if (this.#onMark !== undefined && this.#stringDepth === 0)
      this.#onMark({ char, offset: this.#at, depth: this.#stack.length });
  }

  #take(length: number): void {
    this.#touch(this.#at, this.#at + length);
    this.#at += length;
  }

  /** Something other than space and comment stands here. */
  #touch(start: number, end: number): void {
    if (this.#statement === undefined) {
      this.#statement = {
        firstLine: this.#lines.length,
        indent: start - this.#lineStart - (this.#text.startsWith('\ufeff', this.#lineStart) ? 1 : 0),
        start,
        semicolons: [],
        lastLine: this.#lines.length,
        end,
        colon: undefined,
        isUnclosed: false,
      };
    }
    this.#statement.lastLine = this.#lines.length;
    this.#statement.end = end;
  }

  #breakLine(isJoined: boolean): void {
    this.#endLine();
    const isCut = (this.#cutsStrings || this.#stringDepth === 0) && this.#isBoundary(this.#text, this.#at);
    if (isCut) this.#cut();
    else if (this.#stringDepth === 0 && this.#stack.length === 0 && !isJoined) this.#closeStatement();
    this.#begins = this.#stringDepth > 0 ? 'string' : this.#statement === undefined ? 'code' : 'continued';
    if (this.#begins === 'code') this.#skipCommand();
  }

  #skipCommand(): void {
    if (!this.#isCommand(this.#text, this.#at)) return;
    this.#skipComment();
    while (this.#text[this.#at - 1] === '\\' && this.#at < this.#text.length) {
      this.#endLine();
      this.#begins = 'continued';
      this.#skipComment();
    }
  }

  #endLine(): void {
    const end = this.#at;
    this.#at += this.#text.startsWith('\r\n', end) ? 2 : 1;
    this.#lines.push({ start: this.#lineStart, end, begins: this.#begins });
    this.#lineStart = this.#at;
  }

  #cut(): void {
    if (this.#statement !== undefined) this.#statement.isUnclosed = this.#stack.length > 0;
    this.#stack.length = 0;
    this.#stringDepth = 0;
    this.#closeStatement();
  }

  #closeStatement(): void {
    if (this.#statement !== undefined) this.#statements.push(this.#statement);
    this.#statement = undefined;
  }
}

/** Letters, digits and `_`; what is not ASCII is taken for a letter, but for the no-break space and the byte-order mark. */
function isWordUnit(unit: number): boolean {
  if (unit > 127) return unit !== 0xa0 && unit !== 0xfeff;
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57) || unit === 95;
}

function isBreak(char: string | undefined): boolean {
  return char === '\n' || char === '\r';
}
