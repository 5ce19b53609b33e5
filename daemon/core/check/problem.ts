/** What a rule finds, and how it can be fixed. */
import type { CellProblem, Name } from '../analysis/facts.ts';
import type { Graph, GraphCell } from '../graph/graph.ts';
import { type CellId, type CellText, documentRange, type Format, type FormatProblem } from '../notebook/notebook.ts';
import type { Range, Span } from '../text.ts';

export type Severity = CellProblem['severity'];

export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

export interface Fix {
  readonly title: string;
  /** All on the text as it is; they do not overlap. */
  readonly edits: readonly TextEdit[];
  /** It may change what is computed, or guesses what was meant: `check --fix` leaves it to a person. */
  readonly isManual?: true;
}

export interface CheckProblem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Range;
  /** The cells it is about; the first is where it is shown. */
  readonly cells: readonly CellId[];
  readonly related: readonly { readonly range: Range; readonly message: string }[];
  readonly fixes: readonly Fix[];
}

export interface CheckedCell {
  readonly text: CellText;
  readonly cell: GraphCell;
}

/** A notebook as its text says it, with the graph that follows from it. */
export interface CheckedNotebook {
  readonly format: Format;
  readonly cells: readonly CheckedCell[];
  readonly byId: Pick<ReadonlyMap<CellId, CheckedCell>, 'get' | 'has'>;
  readonly problems: readonly FormatProblem[];
  readonly graph: Graph;
}

/** Everything that a rule leaves out is empty. */
export type Finding = Pick<CheckProblem, 'code' | 'severity' | 'message'> & {
  readonly span: Span;
  readonly others?: readonly CellId[];
  readonly related?: CheckProblem['related'];
  readonly fixes?: readonly Fix[];
};

/** A problem at a place in a cell's code. */
export function problemIn(placed: CheckedCell, { span, others = [], related = [], fixes = [], ...rest }: Finding): CheckProblem {
  return { ...rest, range: documentRange(placed.text, span), cells: [placed.cell.id, ...others], related, fixes };
}

/** Where the cell binds the name, or else its first line. */
export function definitionRange(notebook: CheckedNotebook, name: Name, id: CellId): Range {
  const placed = notebook.byId.get(id);
  const span = placed?.cell.facts.defs.get(name)?.spans[0];
  return placed && span ? documentRange(placed.text, span) : cellRange(notebook, id);
}

export function cellRange(notebook: CheckedNotebook, id: CellId): Range {
  return wholeLine(notebook.byId.get(id)?.text.codeLine ?? 0);
}

export function wholeLine(line: number): Range {
  return { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
}
