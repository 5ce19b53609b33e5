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
  return text.includes('marimo') && text.includes('App') && findApp(text, readLayout(text, isCellBoundary)) !== undefined;
}
