import { readLayout } from '../lexer.ts';
import type { Format } from '../notebook.ts';
import { findApp, isCellBoundary } from './marimo-app.ts';
import { hasMarker } from './percent.ts';

/** What kind of notebook a `.py` file is; `undefined`: none, an ordinary module. */
export function detectFormat(text: string): Format | undefined {
  if (hasApp(text)) return 'marimo';
  return hasMarker(text) ? 'percent' : undefined;
}

function hasApp(text: string): boolean {
  if (!text.includes('marimo') || !text.includes('App')) return false;
  // It stands above the cells, so most of a notebook need not be looked at; unless what looks like a cell stands in a string.
  const head = text.slice(0, /^@[^\n]*\.(?:cell|function|class_definition)\b/mu.exec(text)?.index ?? text.length);
  const isIn = (some: string) => findApp(some, readLayout(some, isCellBoundary)) !== undefined;
  return isIn(head) || (head.length < text.length && isIn(text));
}
