/** How long files are: nobody reads one of many screens. */
import type { Sources } from './imports.ts';

/** Eight screens. */
const fileLinesMax = 400;

export function longFiles(sources: Sources): string[] {
  return [...sources].filter(([, text]) => lineCount(text) > fileLinesMax).map(([path]) => path);
}

export function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
