import { itemAt } from '../../assert.ts';
import { readLayout, type Statement } from '../lexer.ts';
import { type Body, indentsOf, normalizeBreaks } from './marimo-body.ts';

const opening = /^[^(]*\(\s*([rRuU]?)("""|'''|"|')/;

/** The text in `app._unparsable_cell(r"""…""")`; `undefined` when its argument is no plain string. */
export function readUnparsable(text: string, statement: Statement): Body | undefined {
  const call = text.slice(statement.start, statement.end);
  const found = opening.exec(call);
  if (found === null) return undefined;
  const quote = itemAt(found, 2);
  const start = found[0].length;
  const end = stringEnd(call, start, quote);
  if (end === undefined || !/^\s*(?:#.*\s*)*[,)]/.test(call.slice(end + quote.length))) return undefined;
  const content = normalizeBreaks(call.slice(start, end));
  const value = /r/i.test(itemAt(found, 1)) ? content : unescapeString(content);
  const column = statement.indent + start - (call.lastIndexOf('\n', start - 1) + 1);
  return dedentValue(value, statement.firstLine + normalizeBreaks(call.slice(0, start)).split('\n').length - 1, column);
}

function stringEnd(text: string, from: number, quote: string): number | undefined {
  for (let at = from; at < text.length; at += text[at] === '\\' ? 2 : 1) {
    if (text.startsWith(quote, at)) return at;
  }
  return undefined;
}

function dedentValue(value: string, line: number, column: number): Body {
  const { lines } = readLayout(value);
  const contents = lines.map(({ start, end }) => value.slice(start, end));
  const first = contents.findIndex((content) => content.trim() !== '');
  if (first === -1) return { code: '', codeLine: line, indents: [] };
  const last = contents.findLastIndex((content) => content.trim() !== '');
  const indent = /^\s*/.exec(itemAt(contents, first))?.[0] ?? '';
  const kept = lines.slice(first, last + 1);
  const indents = indentsOf(value, kept, indent);
  const code = kept.map(({ start, end }, index) => value.slice(start + (indents[index] ?? 0), end)).join('\n');
  // The first line of the string stands behind the quotes.
  if (first === 0) indents[0] = column + indent.length;
  return { code: code.trimEnd(), codeLine: line + first, indents };
}

const simpleEscapes: Readonly<Record<string, string>> = {
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

function unescapeString(content: string): string {
  const decoded = content.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (whole, ...groups) => {
      const [x, u, long, octal, other]: (string | undefined)[] = groups;
      const hex = x ?? u ?? long;
      if (hex !== undefined) return codePoint(Number.parseInt(hex, 16), whole);
      if (octal !== undefined) return codePoint(Number.parseInt(octal, 8), whole);
      return simpleEscapes[other ?? ''] ?? whole;
    },
  );
  return normalizeBreaks(decoded);
}

function codePoint(value: number, fallback: string): string {
  return value <= 0x10ffff ? String.fromCodePoint(value) : fallback;
}
