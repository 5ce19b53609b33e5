/** `key=value` options as files write them. Values stay source text, so that they can be written back as they were. */
import { itemAt } from '../../assert.ts';

export type RawOptions = Readonly<Record<string, string>>;

const option = /\s*([A-Za-z_][\w.\-/]*)=("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[[^\]]*\]|\{[^}]*\}|[^\s"'[\]{}]+)(?=\s|$)/y;

/** jupytext's `key="value" other=1`, or `undefined` when the text is something else. */
export function readOptions(text: string): RawOptions | undefined {
  const raw: Record<string, string> = {};
  let at = 0;
  option.lastIndex = 0;
  for (let found = option.exec(text); found !== null; found = option.exec(text)) {
    define(raw, itemAt(found, 1), itemAt(found, 2));
    at = option.lastIndex;
  }
  return text.slice(at).trim() === '' ? raw : undefined;
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
