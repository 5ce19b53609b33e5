/** Cells without code. One with a title is a heading, and one that stands alone is a beginning. */
import { isStacked } from './displaced-markers.ts';
import { type CheckedNotebook, type CheckProblem, type PlacedCell, wholeLine } from './problem.ts';
import { cellRemoval, isPlain } from './removal.ts';

export function emptyCells(notebook: CheckedNotebook): CheckProblem[] {
  const { cells, format } = notebook;
  if (cells.length < 2) return [];
  // What an import sorter left behind has a problem of its own.
  const empty = cells.filter((placed) => isEmpty(placed) && !isStacked(notebook, placed));
  return empty.map(({ text, cell }) => ({
    code: 'empty-cell',
    severity: 'hint',
    message: 'This cell is empty.',
    range: wholeLine(text.line),
    cells: [cell.id],
    related: [],
    fixes: [{ title: 'Remove the empty cell', edits: [cellRemoval(text, format)] }],
  }));
}

function isEmpty({ text }: PlacedCell): boolean {
  return text.kind === 'code' && text.code.trim() === '' && isPlain(text);
}
