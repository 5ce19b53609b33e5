/**
 * Python's lexical surface, read without a parser: which lines begin inside a string, where statements start, end and
 * separate. It reads any text in one pass (two where a string is never closed) and never throws, because most text is half typed.
 */

import { type IsBoundary, type IsCommand, type Layout, type Mark, Scanner } from './scanner.ts';

export type { IsBoundary, Layout, Line, LineStart, Mark, Statement } from './scanner.ts';

/**
 * Brackets never reach past a boundary. A string does, as in Python, unless some string is never closed: then the file is
 * being typed, and every boundary counts, so that one missing quote does not swallow all cells below.
 */
export function readLayout(text: string, isBoundary?: IsBoundary): Layout {
  const faithful = new Scanner(text, { isBoundary }).read();
  return faithful.endsInString ? new Scanner(text, { isBoundary, cutsStrings: true }).read() : faithful;
}

/** With IPython's commands passed over, as if they were comments. */
export function readLayoutAround(text: string, isCommand: IsCommand): Layout {
  return new Scanner(text, { isCommand }).read();
}

/** The marks `( ) [ ] { } , : ; =` of a piece of code; an opening bracket counts as outside itself, so does its closing one. */
export function readMarks(text: string): readonly Mark[] {
  const marks: Mark[] = [];
  new Scanner(text, { onMark: (mark) => marks.push(mark) }).read();
  return marks;
}
