/** One cell read again from its own lines: what the whole text would give for it, or undefined where only the whole text can tell. */
import { isCellBoundary } from './formats/marimo-app.ts';
import { mayHaveOtherMarkers } from './formats/other-markers.ts';
import { isMarker } from './formats/percent.ts';
import { readNotebook } from './formats/read.ts';
import type { CellText, Format } from './notebook.ts';
import { type IsBoundary, Scanner } from './scanner.ts';

/** Lines of a text; `between` gives those from the first up to, not including, the second, with their breaks. */
export interface Lines {
  readonly lineCount: number;
  between(from: number, to: number): string;
}

/** A cell and its surroundings before the edit, and how many lines the edit, which lies between the cell's own lines, added. */
export interface EditedPlace {
  readonly format: Format;
  readonly cell: CellText;
  /** Line where the first cell of the notebook begins: what stands above says what a marimo file's app is. */
  readonly firstLine: number;
  /** Line where the next cell began; absent for the last cell. */
  readonly nextLine: number | undefined;
  readonly addedLines: number;
}

/**
 * A cell begins with a line at which the scanner forgets what is open above, so it can be read alone, as long as no string is left
 * open: that would reach into the next cell. The rest of the text must have none either (`hasOpenString`).
 */
export function rereadCell(lines: Lines, place: EditedPlace): CellText | undefined {
  return place.format === 'percent' ? rereadPercent(lines, place) : rereadMarimo(lines, place);
}

/** Whether a string is never closed: then the cells below it are found by other rules. */
export function hasOpenString(format: Format, text: string): boolean {
  return new Scanner(text, { isBoundary: boundaryOf(format) }).read().endsInString;
}

function boundaryOf(format: Format): IsBoundary {
  return format === 'percent' ? isMarker : isCellBoundary;
}

function rereadPercent(lines: Lines, { cell, nextLine, addedLines }: EditedPlace): CellText | undefined {
  const end = nextLine === undefined ? lines.lineCount : nextLine + addedLines;
  const text = lines.between(cell.line, end);
  if (cell.line > 0 && text.startsWith('\ufeff')) return undefined;
  // What such lines mean depends on what stands around them.
  if (mayHaveOtherMarkers(text) && !isMarker(text, 0)) return undefined;
  const found = readAlone('percent', text);
  if (found?.line !== 0 || (found.kind === 'setup') !== (cell.kind === 'setup')) return undefined;
  // Alone, the break at its end begins one line more.
  const endLine = end - 1;
  const codeLine = Math.min(cell.line + found.codeLine, endLine);
  return { ...found, line: cell.line, endLine, codeLine };
}

function rereadMarimo(lines: Lines, { cell, firstLine, nextLine, addedLines }: EditedPlace): CellText | undefined {
  if (cell.kind === 'setup' || cell.kind === 'unparsable') return undefined;
  const end = nextLine === undefined ? lines.lineCount : nextLine + addedLines;
  const text = lines.between(0, firstLine) + lines.between(cell.line, end);
  const found = readAlone('marimo', text);
  if (found?.line !== firstLine || found.kind !== cell.kind) return undefined;
  const down = cell.line - firstLine;
  return { ...found, line: cell.line, endLine: found.endLine + down, codeLine: found.codeLine + down };
}

function readAlone(format: Format, text: string): CellText | undefined {
  if (hasOpenString(format, text)) return undefined;
  const { cells, problems } = readNotebook(text, format) ?? { cells: [], problems: [] };
  return cells.length === 1 && problems.length === 0 ? cells[0] : undefined;
}

/** The cell as it stands so many lines further down. Field by field, since a line more in one cell moves many others. */
export function movedCell({ kind, name, code, line, endLine, codeLine, indents, options }: CellText, lines: number): CellText {
  return { kind, name, code, line: line + lines, endLine: endLine + lines, codeLine: codeLine + lines, indents, options };
}
