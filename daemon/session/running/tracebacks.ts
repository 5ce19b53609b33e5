/** Python's errors → protocol: frames know their cell and the line within it, whatever file name the step was compiled under. */
import type { ErrorView } from '../../../protocol/types.ts';
import { lineAfter } from '../../core/analysis/line-after.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import type { PythonError, StepNumber } from '../../kernel/kernel.ts';

/** Where a step's code stood when it began. */
export interface StepPlace {
  readonly cell: CellId;
  /** Document line of the code's first line, from 0. */
  readonly codeLine: number;
  readonly lines: number;
  readonly code: string;
  /** What computes the same; undefined where parameters stand in it. */
  readonly tokens: string | undefined;
}

/** What a session compiles has names of its own, so that a function keeps its source when its cell is another. */
export function stepFileName(path: string, step: StepNumber): string {
  return `${path}?step=${step}`;
}

/** A cell of the text as it is now. */
export interface CellNow {
  readonly text: { readonly codeLine: number };
  readonly cell: { readonly code: string };
}

/** Undefined where the cell is gone. */
export type FindCell = (cell: CellId) => CellNow | undefined;

const stepMark = /\?step=(\d+)/g;
/** With the line behind it, as tracebacks and warnings have it. */
const stepLine = /\?step=(\d+)(?:(", line |:)(\d+))?/g;

/** The step whose file it is; undefined for any other file. */
export function stepOfFile(path: string, file: string): StepNumber | undefined {
  const mark = file.startsWith(`${path}?step=`) ? new RegExp(stepMark.source).exec(file) : null;
  return mark ? Number(mark[1]) : undefined;
}

/** Text without the marks that `stepFileName` puts into file names. The lines that it names are where the code stands now. */
export function withoutStepMarks(path: string, text: string, places: StepPlaces, findCell: FindCell): string {
  if (!text.includes(`${path}?step=`)) return text;
  return text.replaceAll(stepLine, (_, step: string, before = '', line?: string) =>
    line === undefined ? before : `${before}${lineNow(Number(line), places.placeOfFile(Number(step)), findCell)}`,
  );
}

/** Lines may have come and gone since the cell was compiled, above it and in it. */
function lineNow(line: number, place: StepPlace | undefined, findCell: FindCell): number {
  const now = place && findCell(place.cell);
  if (!place || !now) return line;
  return now.text.codeLine + 1 + lineAfter(place.code, now.cell.code, line - 1 - place.codeLine);
}

/** Where the lines of steps stood, and of the files that were named for steps. */
export interface StepPlaces {
  placeOf(step: StepNumber): StepPlace | undefined;
  placeOfFile(named: StepNumber): StepPlace | undefined;
}

export function errorView(path: string, error: PythonError, places: StepPlaces, step: StepNumber, findCell: FindCell): ErrorView {
  return {
    name: error.name,
    message: error.message,
    text: withoutStepMarks(path, error.text, places, findCell),
    frames: error.frames.map((frame) => {
      const marked = new RegExp(stepMark.source).exec(frame.file);
      const file = frame.file.replace(/\?step=\d+$/, '');
      const place = file !== path ? undefined : marked ? places.placeOfFile(Number(marked[1])) : places.placeOf(step);
      const within = place ? frame.line - 1 - place.codeLine : -1;
      const isInCell = place !== undefined && within >= 0 && within < place.lines;
      const now = place && findCell(place.cell);
      return {
        file,
        line: isInCell ? lineNow(frame.line, place, findCell) : frame.line,
        ...(frame.column !== undefined && { column: frame.column }),
        function: frame.function,
        ...(isInCell && { cell: place.cell, cellLine: now ? lineAfter(place.code, now.cell.code, within) : within }),
        text: frame.text,
      };
    }),
  };
}
