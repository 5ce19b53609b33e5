/** A notebook as its file says it: ordered cells, before anything is analysed or run. */
import { itemAt } from '../assert.ts';
import { countWhile } from '../collections/sorted.ts';
import { lineStarts, type Position, type Range, type Span } from '../text.ts';

/** Stable while the cell lives in a session, across edits and moves; never stored in the file. */
export type CellId = string;

export type Format = 'marimo' | 'percent';

/** `setup` runs first; `function` and `class` are marimo's top-level ones; `unparsable` is text that no cell could be read from. */
export type CellKind = 'code' | 'markdown' | 'setup' | 'function' | 'class' | 'unparsable';

export interface CellOptions {
  readonly disabled: boolean;
  /** Runs only when asked for by name. */
  readonly manual: boolean;
  readonly tags: readonly string[];
  /** Every option as the file writes it, for writing it back: `hide_code`, `column`, `tags` … */
  readonly raw: Readonly<Record<string, string>>;
}

/** One cell as it stands in the file. It has no id yet: the session gives ids by alignment. */
export interface CellText {
  readonly kind: CellKind;
  /** marimo: the function's name unless `_`; percent: `name="…"`, else the title after `# %%`. */
  readonly name: string | undefined;
  /** Python, dedented; for `markdown` percent cells the commented lines as they stand in the file (valid Python: only comments or a string). */
  readonly code: string;
  /** Where the whole cell stands in the document, marker or decorator included: first and last line, from 0. */
  readonly line: number;
  readonly endLine: number;
  /** Document line of the code's first line. */
  readonly codeLine: number;
  /** Characters that were taken off the front of each code line (marimo's bodies); a missing entry is 0. */
  readonly indents: readonly number[];
  readonly options: CellOptions;
}

/** A fact about the file itself: a stray statement, a broken header … */
export interface FormatProblem {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'hint';
  readonly message: string;
  readonly range: Range;
}

export interface NotebookText {
  readonly format: Format;
  readonly cells: readonly CellText[];
  readonly problems: readonly FormatProblem[];
}

export const noOptions: CellOptions = { disabled: false, manual: false, tags: [], raw: {} };

/** Where an offset into a cell's code stands in the document. */
export function documentPosition(cell: CellText, offset: number): Position {
  const starts = lineStarts(cell);
  const line = countWhile(starts, (start) => start <= offset) - 1;
  const character = Math.min(offset, cell.code.length) - itemAt(starts, line);
  return { line: cell.codeLine + line, character: character + (cell.indents[line] ?? 0) };
}

export function documentRange(cell: CellText, span: Span): Range {
  return { start: documentPosition(cell, span.start), end: documentPosition(cell, span.end) };
}
