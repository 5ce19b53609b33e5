/** Taking a whole cell out of the file. */
import type { CheckedCell, CheckedNotebook, TextEdit } from './problem.ts';

/** marimo's cells have blank lines around them; those that follow go along. */
export function cellRemoval({ line, endLine }: CheckedCell['text'], format: CheckedNotebook['format']): TextEdit {
  const spaces = format === 'marimo' ? 2 : 0;
  return {
    range: { start: { line, character: 0 }, end: { line: endLine + 1 + spaces, character: 0 } },
    newText: '',
  };
}

/** Nothing but its code would be lost with it. */
export function isPlain({ name, options }: CheckedCell['text']): boolean {
  return name === undefined && Object.keys(options.raw).length === 0;
}
