/** Cells of a view: where they are, what they are called, how they stand. */
import { timeOf } from '../clients/node/time.ts';
import type { CellPlace, CellView, NotebookView } from '../protocol/types.ts';

export interface PlacedCell {
  readonly cell: CellView;
  readonly place: CellPlace;
  /** From 1, as people count. */
  readonly number: number;
}

export function placedCells(view: NotebookView): readonly PlacedCell[] {
  return view.layout.flatMap((place, index) => {
    const cell = view.cells[place.id];
    return cell ? [{ cell, place, number: index + 1 }] : [];
  });
}

/** The cell that a line belongs to. Below the last cell it is the last one, between two the one above. */
export function cellAtLine(view: NotebookView, line: number): PlacedCell | undefined {
  return placedCells(view).findLast(({ place }) => place.line <= line) ?? undefined;
}

export function cellById(view: NotebookView, id: string): PlacedCell | undefined {
  return placedCells(view).find(({ cell }) => cell.id === id);
}

/** The last line with code: outputs stand there, and not below the blank lines that end a cell. */
export function lastCodeLine({ cell, place }: PlacedCell): number {
  const lines = cell.code.trimEnd().split('\n').length;
  return Math.max(place.line, Math.min(place.endLine, place.codeLine + lines - 1));
}

export function titleOf({ cell, number }: PlacedCell): string {
  return cell.name ?? `cell ${number}`;
}

/** `as of 14:05`: what the cell shows is of an earlier life of the daemon. */
export function asOfText({ asOf }: CellView): string | undefined {
  return asOf === undefined ? undefined : `as of ${timeOf(asOf)}`;
}

/** Whether the cell has been edited since its last step raised, or the values of that step are gone. */
export function isOfBefore({ status, lastStep }: CellView): boolean {
  return status !== 'failed' && !(status === 'stale' && lastStep?.outcome === 'interrupted');
}

/** `as of 14:05`, where the error is of before. */
export function timeOfError(cell: CellView): string | undefined {
  const { lastStep } = cell;
  if (cell.asOf !== undefined || !lastStep || !isOfBefore(cell)) return asOfText(cell);
  return `as of ${timeOf(lastStep.startedAt + (lastStep.durationMs ?? 0))}`;
}

/** How a cell stands and of when is what it shows, where that is worth a word. */
export function statusLine(cell: CellView): string | undefined {
  const words = [standing(cell), hasOutput(cell) ? asOfText(cell) : undefined].filter((word) => word !== undefined);
  return words.length > 0 ? words.join(' · ') : undefined;
}

/** Fresh and new cells are quiet, and a conflict has its own problem. */
function standing({ status, reason }: CellView): string | undefined {
  switch (status) {
    case 'new':
    case 'fresh':
    case 'conflict':
      return undefined;
    case 'running':
      return 'running …';
    case 'stale':
    case 'failed':
    case 'queued':
    case 'skipped':
    case 'disabled':
      return reason && reason !== status ? `${status}: ${reason}` : status;
  }
}

export function hasOutput(cell: CellView): boolean {
  return cell.outputs.length > 0 || cell.error !== undefined;
}

export function isRunning(view: NotebookView): boolean {
  return view.runs.length > 0 || view.kernel.phase === 'busy';
}
