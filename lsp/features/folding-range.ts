/** A cell folds as a whole, onto its first line. */
import type { FoldingRange } from 'vscode-languageserver';
import type { NotebookView } from '../../protocol/types.ts';
import { lastCodeLine, placedCells } from '../cells.ts';

export function foldingRangesOf(view: NotebookView): FoldingRange[] {
  return placedCells(view).flatMap((placed) => {
    const range = { startLine: placed.place.line, endLine: lastCodeLine(placed) };
    return range.endLine > range.startLine ? [range] : [];
  });
}
