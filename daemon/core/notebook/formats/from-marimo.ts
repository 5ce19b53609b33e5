/** A marimo notebook as a document. */
import type { CellText } from '../notebook.ts';
import { type Loss, loss, type NotebookDocument } from './document.ts';
import { escapeMarkers } from './magics.ts';
import { readMarimo } from './marimo.ts';
import { fromMarimoCell } from './marimo-cells.ts';
import { readMarimoFrame } from './marimo-frame.ts';
import { addedImport } from './markdown-cells.ts';

export function fromMarimo(text: string): NotebookDocument {
  const { cells, problems } = readMarimo(text);
  const { header, app } = readMarimoFrame(text);
  const own = cells.map(asSetup).filter(({ code, name }) => code !== addedImport || name !== undefined);
  // Wherever it stands, it runs first.
  const setup = own.find(({ kind }) => kind === 'setup');
  const others = own.filter((cell) => cell !== setup).map(asOrdinary);
  const ordered = setup === undefined ? others : [setup, ...others];
  const losses = problems.map(
    ({ code, severity, message, range }): Loss => ({
      ...loss(code, severity === 'hint' ? 'hint' : 'warning', message),
      line: range.start.line,
    }),
  );
  return { header: escapeMarkers(header), app, cells: ordered.map(fromMarimoCell), losses };
}

/** Where Python does not accept the setup cell, marimo keeps it as text with this name. */
function asSetup(cell: CellText, index: number): CellText {
  return index === 0 && cell.kind === 'unparsable' && cell.name === 'setup' ? { ...cell, kind: 'setup', name: undefined } : cell;
}

/** A second setup cell is none. */
function asOrdinary(cell: CellText): CellText {
  return cell.kind === 'setup' ? { ...cell, kind: 'code' } : cell;
}
