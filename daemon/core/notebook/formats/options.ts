/** `key=value` options as files write them. Values stay source text, so that they can be written back as they were. */
import { itemAt } from '../../assert.ts';

export type RawOptions = Readonly<Record<string, string>>;

const key = /\s*([\w@][\w.@/-]*)=/y;
const word = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"'[\]{}]+/y;

/** jupytext's `key="value" other=1`, or `undefined` when the text is something else. */
export function readOptions(text: string): RawOptions | undefined {
  const raw: Record<string, string> = {};
  let at = 0;
  for (let name = matchAt(key, text, at); name !== undefined; name = matchAt(key, text, at)) {
    const start = at + name[0].length;
    const end = valueEnd(text, start);
    if (end === undefined || !/^(?:\s|$)/.test(text.slice(end, end + 1))) return undefined;
    define(raw, itemAt(name, 1), text.slice(start, end));
    at = end;
  }
  return text.slice(at).trim() === '' ? raw : undefined;
}

/** Behind a string, a word, or brackets with all that stands in them. */
function valueEnd(text: string, start: number): number | undefined {
  if (!'[{'.includes(text.charAt(start))) return endOf(matchAt(word, text, start), start);
  let depth = 0;
  for (let at = start; at < text.length; ) {
    const char = text.charAt(at);
    if ('[{'.includes(char)) depth += 1;
    else if (']}'.includes(char)) depth -= 1;
    const end = `"'`.includes(char) ? endOf(matchAt(word, text, at), at) : at + 1;
    if (end === undefined || depth === 0) return end;
    at = end;
  }
  return undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function endOf(found: RegExpExecArray | undefined, start: number): number | undefined {
  return found && start + found[0].length;
}

/** The one-object form that jupytext wrote before: `{"tags": ["parameters"]}`. */
export function readJsonOptions(text: string): RawOptions | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const raw: Record<string, string> = {};
  for (const [key, entry] of Object.entries(value)) define(raw, key, JSON.stringify(entry));
  return raw;
}

/** An own property even for `__proto__`. */
export function define(raw: Record<string, string>, key: string, value: string): void {
  Object.defineProperty(raw, key, { value, enumerable: true, configurable: true, writable: true });
}

export function isTrue(value: string | undefined): boolean {
  return value === 'true' || value === 'True';
}

/** The text of a quoted value, or of a bare word. */
export function stringValue(value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined;
  const quote = value[0];
  if (quote !== '"' && quote !== "'") return value;
  if (value.length < 2 || !value.endsWith(quote)) return undefined;
  return value.slice(1, -1).replace(/\\(.)/g, '$1');
}

export function stringList(value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g)].map((found) =>
    (found[1] ?? found[2] ?? '').replace(/\\(.)/g, '$1'),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
