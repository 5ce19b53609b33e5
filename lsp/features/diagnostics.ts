/** What is wrong, and how the cells stand, where every editor shows it. Pushed, never pulled: Neovim keeps stale copies of pulled ones. */
import { type Diagnostic, type DiagnosticRelatedInformation, DiagnosticSeverity, type Range } from 'vscode-languageserver';
import type { ErrorFrame, NotebookView, Problem, Severity } from '../../protocol/types.ts';
import { isOfBefore, lastCodeLine, type PlacedCell, placedCells, statusLine, timeOfError } from '../cells.ts';
import type { OutputPlace } from '../clients.ts';
import { outputColumnsMax, outputLinesMax } from '../limits.ts';
import { capped, outputLines } from '../outputs.ts';
import { questionText } from './input.ts';

export interface DiagnosticOptions {
  readonly uri: string;
  readonly outputs: OutputPlace;
  readonly relatedInformation: boolean;
  /** Length of a line of the buffer, in UTF-16 units. */
  readonly lineLength: (line: number) => number;
}

export function diagnosticsOf(view: NotebookView, options: DiagnosticOptions): Diagnostic[] {
  const cells = placedCells(view);
  return [
    ...view.problems.map((problem) => problemDiagnostic(problem, options)),
    ...cells.flatMap((placed) => errorDiagnostic(view, placed, options)),
    ...cells.flatMap((placed) => questionDiagnostic(view, placed)),
    ...cells.flatMap((placed) => standingDiagnostic(placed, options)),
  ];
}

function problemDiagnostic({ code, severity, message, range, related }: Problem, options: DiagnosticOptions): Diagnostic {
  return {
    source,
    code,
    severity: severities[severity],
    message,
    range,
    ...relatedTo(related, options),
  };
}

/**
 * An exception stands where the notebook's own code raised it; the calls that led there are related. One of an earlier run is told with its
 * time, and is not an error of the text as it is.
 */
function errorDiagnostic(view: NotebookView, placed: PlacedCell, options: DiagnosticOptions): Diagnostic[] {
  const { error } = placed.cell;
  if (!error) return [];
  const frames = error.frames.flatMap((frame) => placedFrame(view, frame));
  const innermost = frames.at(-1);
  const callers = frames
    .slice(0, -1)
    .map((frame) => ({ range: frameRange(frame, options), message: `called here, in ${frame.function}` }));
  return [
    {
      source,
      code: 'runtime-error',
      severity: isOfBefore(placed.cell) ? DiagnosticSeverity.Information : DiagnosticSeverity.Error,
      message: [timeOfError(placed.cell), error.name, error.message].filter((part) => part).join(': '),
      range: innermost ? frameRange(innermost, options) : wholeLine(placed.place.codeLine, options),
      ...relatedTo(callers.reverse(), options),
    },
  ];
}

function questionDiagnostic({ input }: NotebookView, placed: PlacedCell): Diagnostic[] {
  if (input?.cell !== placed.cell.id) return [];
  const position = { line: lastCodeLine(placed), character: 0 };
  return [
    {
      source,
      code: 'input',
      severity: DiagnosticSeverity.Information,
      message: `${questionText(input)} (headwater.reply)`,
      range: { start: position, end: position },
    },
  ];
}

/**
 * A hint on the cell's last line: how it stands and, where the editor draws such a hint in the buffer, what it showed. It has no code,
 * because Neovim would write it before the text.
 */
function standingDiagnostic(placed: PlacedCell, { outputs }: DiagnosticOptions): Diagnostic[] {
  const status = statusLine(placed.cell);
  const shown = outputs === 'diagnostic' ? shownLines(placed) : [];
  const lines = status === undefined ? shown : [status, ...shown];
  if (lines.length === 0) return [];
  const position = { line: lastCodeLine(placed), character: 0 };
  return [
    {
      source,
      severity: DiagnosticSeverity.Hint,
      message: lines.join('\n'),
      range: { start: position, end: position },
    },
  ];
}

/** The value of a Markdown cell is the text that stands above it. */
function shownLines({ cell }: PlacedCell): readonly string[] {
  return cell.kind === 'markdown' ? [] : capped(outputLines(cell), outputLinesMax, outputColumnsMax);
}

function relatedTo(places: readonly { range: Range; message: string }[], { uri, relatedInformation }: DiagnosticOptions) {
  if (!relatedInformation || places.length === 0) return {};
  const information: DiagnosticRelatedInformation[] = places.map(({ range, message }) => ({ location: { uri, range }, message }));
  return { relatedInformation: information };
}

/** A frame with the line of the document where its code is now, from 0. */
type PlacedFrame = Pick<ErrorFrame, 'column' | 'function'> & { readonly now: number };

/** The cell may have moved since it ran; frames outside of the notebook have no place in it. */
function placedFrame(view: NotebookView, frame: ErrorFrame): PlacedFrame[] {
  const place = view.layout.find(({ id }) => id === frame.cell);
  if (!place || frame.cellLine === undefined) return [];
  return [{ ...frame, now: place.codeLine + frame.cellLine }];
}

function frameRange({ now, column }: PlacedFrame, options: DiagnosticOptions): Range {
  const range = wholeLine(now, options);
  return column === undefined
    ? range
    : { start: { line: now, character: Math.min(column - 1, range.end.character) }, end: range.end };
}

function wholeLine(line: number, { lineLength }: DiagnosticOptions): Range {
  return { start: { line, character: 0 }, end: { line, character: lineLength(line) } };
}

const source = 'headwater';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};
