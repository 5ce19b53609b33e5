/** The values of options between JSON, Python and what people write: `true` is `True`, `'a'` is `"a"`. */
import { type RawOptions, stringList, stringValue } from './options.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const constants: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['True', true],
  ['False', false],
  ['None', null],
]);
const stringsOnly = /^\[\s*(?:(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*,?\s*)*\]$/;

export function jsonOf(source: string): Json {
  const constant = constants.get(source);
  if (constant !== undefined) return constant;
  const parsed = parseJson(source);
  if (parsed !== undefined) return parsed;
  if (stringsOnly.test(source)) return stringList(source);
  return stringValue(source) ?? source;
}

/** JSON as people write it: `["a", "b"]`, `{"a": 1}`. */
export function sourceOf(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(sourceOf).join(', ')}]`;
  const entries = Object.entries(value).map(([key, entry]) => `${JSON.stringify(key)}: ${sourceOf(entry)}`);
  return `{${entries.join(', ')}}`;
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isSameValue(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && JSON.stringify(jsonOf(a)) === JSON.stringify(jsonOf(b));
}

/** Keys whose values differ, or that only one of the two has. */
export function differentKeys(a: RawOptions, b: RawOptions): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !isSameValue(own(a, key), own(b, key)));
}

function own(options: RawOptions, key: string): string | undefined {
  return Object.hasOwn(options, key) ? options[key] : undefined;
}

export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
