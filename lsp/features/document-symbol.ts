/** Cells as the outline of the file, with the names that each one defines. */
import { type DocumentSymbol, type Range, SymbolKind } from 'vscode-languageserver';
import type { NotebookView } from '../../protocol/types.ts';
import { type PlacedCell, placedCells, titleOf } from '../cells.ts';

export function documentSymbolsOf(view: NotebookView, lineLength: (line: number) => number): DocumentSymbol[] {
  return placedCells(view).map((placed) => symbolOf(placed, lineLength));
}

function symbolOf(placed: PlacedCell, lineLength: (line: number) => number): DocumentSymbol {
  const { cell, place } = placed;
  const range = lines(place.line, place.endLine, lineLength);
  return {
    name: titleOf(placed),
    detail: cell.defs.join(', '),
    kind: cell.kind === 'markdown' ? SymbolKind.String : SymbolKind.Module,
    range,
    selectionRange: lines(place.line, place.line, lineLength),
  };
}

function lines(first: number, last: number, lineLength: (line: number) => number): Range {
  return { start: { line: first, character: 0 }, end: { line: last, character: lineLength(last) } };
}
