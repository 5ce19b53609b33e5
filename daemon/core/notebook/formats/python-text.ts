/** Text as Python's own helpers treat it: indentation, literals, order of names. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: Python's str.splitlines() counts them as line ends.
const lineEnd = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

/** `textwrap.indent` by four spaces: lines of white space alone stay, and Python's line ends count. */
export function indent(text: string): string {
  let rest = text;
  let result = '';
  while (rest !== '') {
    const found = lineEnd.exec(rest);
    const length = found === null ? rest.length : found.index + found[0].length;
    const line = rest.slice(0, length);
    result += line.trim() === '' ? line : `    ${line}`;
    rest = rest.slice(length);
  }
  return result;
}

/** `textwrap.dedent`. */
export function dedent(text: string): string {
  const lines = text.split('\n').map((line) => (/^[ \t]*$/.test(line) ? '' : line));
  let margin: string | undefined;
  for (const line of lines) {
    if (line === '') continue;
    const own = /^[ \t]*/.exec(line)?.[0] ?? '';
    margin = margin === undefined ? own : commonStart(margin, own);
  }
  const taken = margin?.length ?? 0;
  return lines.map((line) => (line === '' ? line : line.slice(taken))).join('\n');
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}

/** Names in Python's order: by code point. */
export function sortNames(names: Iterable<string>): readonly string[] {
  return [...names].sort((a, b) => {
    const [left, right] = [[...a], [...b]];
    const at = left.findIndex((char, index) => char !== right[index]);
    if (at === -1) return left.length - right.length;
    return (left[at]?.codePointAt(0) ?? -1) - (right[at]?.codePointAt(0) ?? -1);
  });
}

const keywords = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);

export function isIdentifier(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text) && !keywords.has(text);
}

export interface StringLiteral {
  readonly prefix: string;
  readonly value: string;
}

const literal = /^([A-Za-z]{0,2})("""|'''|"|')([\s\S]*)\2$/;
const escapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\x07',
  b: '\b',
};

/** The value of one string literal; `undefined` where only Python can tell (`\N{…}`, bytes). */
export function readString(source: string): StringLiteral | undefined {
  const [, prefix = '', , content = ''] = literal.exec(source) ?? [];
  if (!literal.test(source) || /b/i.test(prefix)) return undefined;
  const isRaw = /r/i.test(prefix);
  if (!isRaw && content.includes('\\N')) return undefined;
  const decoded = isRaw ? content : content.replace(escapeSequence, decode);
  return { prefix, value: /[ft]/i.test(prefix) ? decoded.replaceAll('{{', '{').replaceAll('}}', '}') : decoded };
}

const escapeSequence = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g;

function decode(whole: string, x?: string, u?: string, long?: string, octal?: string, other?: string): string {
  const hex = x ?? u ?? long;
  const value = hex !== undefined ? Number.parseInt(hex, 16) : octal === undefined ? undefined : Number.parseInt(octal, 8);
  if (value !== undefined) return value <= 0x10ffff ? String.fromCodePoint(value) : whole;
  return escapes[other ?? ''] ?? whole;
}
