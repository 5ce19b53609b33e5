/** Cells without code. One with a title is a heading, and one that stands alone is a beginning. */
import { type CheckedNotebook, type CheckProblem, type PlacedCell, wholeLine } from './problem.ts';

export function emptyCells({ graph, format }: CheckedNotebook, placed: PlacedCell): CheckProblem[] {
  const { text, cell } = placed;
  if (!isEmpty(placed) || graph.order.length < 2) return [];
  return [
    {
      code: 'empty-cell',
      severity: 'hint',
      message: 'This cell is empty.',
      range: wholeLine(text.line),
      cells: [cell.id],
      related: [],
      fixes: [{ title: 'Remove the empty cell', edits: [cellRemoval(text, format)] }],
    },
  ];
}

/** marimo's cells have blank lines around them; those that follow go along. */
export function cellRemoval({ line, endLine }: PlacedCell['text'], format: CheckedNotebook['format']) {
  const spaces = format === 'marimo' ? 2 : 0;
  return {
    range: { start: { line, character: 0 }, end: { line: endLine + 1 + spaces, character: 0 } },
    newText: '',
  };
}

function isEmpty({ text }: PlacedCell): boolean {
  return text.kind === 'code' && text.code.trim() === '' && isPlain(text);
}

/** Nothing but its code would be lost with it. */
export function isPlain({ name, options }: PlacedCell['text']): boolean {
  return name === undefined && Object.keys(options.raw).length === 0;
}
