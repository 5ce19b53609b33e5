/** Python's errors → protocol: frames know their cell and the line within it, whatever file name the step was compiled under. */
import type { ErrorView } from '../../../protocol/types.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import type { PythonError, StepNumber } from '../../kernel/kernel.ts';

/** Where a step's code stood when it began. */
export interface StepPlace {
  readonly cell: CellId;
  /** Document line of the code's first line, from 0. */
  readonly codeLine: number;
  readonly lines: number;
  /** What computes the same; undefined where parameters stand in it. */
  readonly tokens: string | undefined;
}

/** What a session compiles has names of its own, so that a function keeps its source when its cell is another. */
export function stepFileName(path: string, step: StepNumber): string {
  return `${path}?step=${step}`;
}

const stepMark = /\?step=(\d+)/g;

/** The step whose file it is; undefined for any other file. */
export function stepOfFile(path: string, file: string): StepNumber | undefined {
  const mark = file.startsWith(`${path}?step=`) ? new RegExp(stepMark.source).exec(file) : null;
  return mark ? Number(mark[1]) : undefined;
}

/** Text without the marks that `stepFileName` puts into file names. */
export function withoutStepMarks(path: string, text: string): string {
  return text.includes(`${path}?step=`) ? text.replaceAll(stepMark, '') : text;
}

/** Where the lines of steps stood, and of the files that were named for steps. */
export interface StepPlaces {
  placeOf(step: StepNumber): StepPlace | undefined;
  placeOfFile(named: StepNumber): StepPlace | undefined;
}

export function errorView(path: string, error: PythonError, places: StepPlaces, step: StepNumber): ErrorView {
  return {
    name: error.name,
    message: error.message,
    text: withoutStepMarks(path, error.text),
    frames: error.frames.map((frame) => {
      const marked = new RegExp(stepMark.source).exec(frame.file);
      const file = frame.file.replace(/\?step=\d+$/, '');
      const place = file !== path ? undefined : marked ? places.placeOfFile(Number(marked[1])) : places.placeOf(step);
      const cellLine = place ? frame.line - 1 - place.codeLine : -1;
      const isInCell = place !== undefined && cellLine >= 0 && cellLine < place.lines;
      return {
        file,
        line: frame.line,
        ...(frame.column !== undefined && { column: frame.column }),
        function: frame.function,
        ...(isInCell && { cell: place.cell, cellLine }),
        text: frame.text,
      };
    }),
  };
}
