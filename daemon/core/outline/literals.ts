/** Python's literals in text that a person gives: numbers, strings, True, False, None, and lists, tuples and dicts of them. */

export interface Literal {
  readonly kind: 'int' | 'float' | 'bool' | 'str' | 'none' | 'list' | 'tuple' | 'dict';
  /** Python source with the same value. */
  readonly source: string;
  /** Of a string: its value. */
  readonly text?: string;
  /** Of a list or tuple. */
  readonly items?: readonly Literal[];
}

/** Nesting beyond this is no value that a person types. */
const depthMax = 50;

/** The literal that the whole text is, if it is one. */
export function readLiteral(text: string): Literal | undefined {
  const found = readAt(text.trim(), 0, 0);
  return found && found.end === text.trim().length ? found.literal : undefined;
}

const jsonWords: ReadonlyMap<string, string> = new Map([
  ['true', 'True'],
  ['false', 'False'],
  ['null', 'None'],
]);

/** A list or a dict in the notation of JSON, whose words and strings are not Python's. Numbers stay as they are written. */
export function readJson(text: string): Literal | undefined {
  if (!/^\s*[[{]/.test(text) || !isJson(text)) return undefined;
  const asPython = (token: string) => jsonWords.get(token) ?? pythonString(JSON.parse(token) as string);
  return readLiteral(text.replace(/"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b/g, asPython));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A Python string literal with this value: every escape of JSON means the same in Python. */
export function pythonString(value: string): string {
  return JSON.stringify(value);
}

interface Found {
  readonly literal: Literal;
  readonly end: number;
}

function readAt(text: string, start: number, depth: number): Found | undefined {
  const rest = text.slice(start);
  const word = /^(True|False|None)\b/.exec(rest)?.[0];
  if (word) return { literal: { kind: word === 'None' ? 'none' : 'bool', source: word }, end: start + word.length };
  const number = /^[+-]?(\d[\d_]*\.?\d*|\.\d+)([eE][+-]?\d+)?/.exec(rest)?.[0];
  if (number) return { literal: { kind: /[.eE]/.test(number) ? 'float' : 'int', source: number }, end: start + number.length };
  const string = /^(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")/.exec(rest);
  if (string)
    return { literal: { kind: 'str', source: string[0], text: string[1] ?? string[2] ?? '' }, end: start + string[0].length };
  if (depth >= depthMax) return undefined;
  if (rest.startsWith('[')) return readItems(text, start, ']', depth);
  if (rest.startsWith('(')) return readItems(text, start, ')', depth);
  return rest.startsWith('{') ? readItems(text, start, '}', depth) : undefined;
}

function readItems(text: string, start: number, close: ']' | ')' | '}', depth: number): Found | undefined {
  const items: Literal[] = [];
  let at = skipSpace(text, start + 1);
  while (text[at] !== close) {
    const item = close === '}' ? readPair(text, at, depth + 1) : readAt(text, at, depth + 1);
    if (!item) return undefined;
    items.push(item.literal);
    at = skipSpace(text, item.end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
    else if (text[at] !== close) return undefined;
  }
  const kind = close === ']' ? 'list' : close === ')' ? 'tuple' : 'dict';
  return { literal: { kind, source: text.slice(start, at + 1), items }, end: at + 1 };
}

function readPair(text: string, start: number, depth: number): Found | undefined {
  const key = readAt(text, start, depth);
  const colon = key ? skipSpace(text, key.end) : start;
  if (!key || text[colon] !== ':') return undefined;
  return readAt(text, skipSpace(text, colon + 1), depth);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (/[ \t\r\n]/.test(text[at] ?? '')) at++;
  return at;
}
