/** Errors that cells show, when the text is edited: their lines move with it, and what was wrong with a text that is gone is not said of the next. */
import type { CellView, ErrorView } from '../../../protocol/types.ts';
import { lineAfter } from '../../core/analysis/line-after.ts';
import { tokensOf } from '../../core/analysis/tokens.ts';
import type { CellId } from '../../core/notebook/notebook.ts';

export interface EditedCode {
  readonly before: string;
  readonly after: string;
}

/** The same view where its error is not concerned. */
export function withFollowedError(view: CellView, edited: ReadonlyMap<CellId, EditedCode>): CellView {
  const { error, ...rest } = view;
  if (!error?.frames.some(({ cell }) => cell !== undefined && edited.has(cell))) return view;
  const own = edited.get(view.id);
  if (own && isOfText(error) && tokensOf(own.before) !== tokensOf(own.after)) return rest;
  const moved = movedError(error, edited);
  return moved === error ? view : { ...view, error: moved };
}

/** An error that was kept from an earlier life: the code has the same tokens, but perhaps other lines. */
export function withPlacedError(view: CellView): CellView {
  if (!view.error) return view;
  const lines = view.code.split('\n').map((line) => line.trim());
  const frames = view.error.frames.map((frame) => {
    if (frame.cell !== view.id || frame.cellLine === undefined) return frame;
    return { ...frame, cellLine: nearestOf(lines, frame.text, frame.cellLine) };
  });
  return { ...view, error: { ...view.error, frames } };
}

/** The line with this text that is nearest to where it was. */
function nearestOf(lines: readonly string[], text: string, was: number): number {
  const same = lines.flatMap((line, at) => (line === text ? [at] : []));
  return same.sort((a, b) => Math.abs(a - was) - Math.abs(b - was))[0] ?? was;
}

/** Python did not begin to run it. */
function isOfText({ name, text }: ErrorView): boolean {
  return textErrors.has(name) && text.startsWith('  File');
}

const textErrors = new Set(['SyntaxError', 'IndentationError', 'TabError']);

function movedError(error: ErrorView, edited: ReadonlyMap<CellId, EditedCode>): ErrorView {
  let isMoved = false;
  const frames = error.frames.map((frame) => {
    const { cell, cellLine } = frame;
    const code = cell === undefined ? undefined : edited.get(cell);
    if (!code || cellLine === undefined) return frame;
    const now = lineAfter(code.before, code.after, cellLine);
    isMoved ||= now !== cellLine;
    return { ...frame, cellLine: now };
  });
  return isMoved ? { ...error, frames } : error;
}
