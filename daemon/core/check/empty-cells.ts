/** Cells without code. One with a title is a heading, and one that stands alone is a beginning. */
import { isStacked } from './displaced-markers.ts';
import { type CheckedCell, type CheckedNotebook, type CheckProblem, wholeLine } from './problem.ts';
import { cellRemoval, isPlain } from './removal.ts';

export function emptyCells(notebook: CheckedNotebook, placed: CheckedCell): CheckProblem[] {
  const { text, cell } = placed;
  // What an import sorter left behind has a problem of its own.
  if (!isEmpty(placed) || notebook.graph.order.length < 2 || isStacked(notebook, placed)) return [];
  return [
    {
      code: 'empty-cell',
      severity: 'hint',
      message: 'This cell is empty.',
      range: wholeLine(text.line),
      cells: [cell.id],
      related: [],
      fixes: [{ title: 'Remove the empty cell', edits: [cellRemoval(text, notebook.format)] }],
    },
  ];
}

function isEmpty({ text }: CheckedCell): boolean {
  return text.kind === 'code' && text.code.trim() === '' && isPlain(text);
}
