/** Places as people count them: lines and columns from 1, columns in characters (code points). The protocol counts from 0, in UTF-16. */
import type { Position } from '../../protocol/types.ts';
import { wrongUse } from './exit.ts';

export interface Place {
  readonly line: number;
  readonly column: number;
}

export type PlaceOf = (position: Position) => Place;

const lineBreak = /\r\n|\n|\r/;

const byteOrderMark = '\uFEFF';

/** Translates positions in this text. */
export function placesIn(text: string): PlaceOf {
  const lines = text.split(lineBreak);
  return ({ line, character }) => {
    const before = (lines[line] ?? '').slice(0, character);
    // Editors do not count the mark as a column.
    const unseen = line === 0 && before.startsWith(byteOrderMark) ? 1 : 0;
    return { line: line + 1, column: [...before].length - unseen + 1 };
  };
}

/** How many lines the text has; the break at its end begins no other. */
export function countLines(text: string): number {
  const lines = text.split(lineBreak);
  return lines.at(-1) === '' ? Math.max(1, lines.length - 1) : lines.length;
}

export interface Target {
  readonly shown: string;
  readonly position: Position;
}

/** FILE:LINE or FILE:LINE:COLUMN, as compilers and editors write places. */
export function parseTarget(argument: string): Target {
  const match = /^(?<file>.+?):(?<line>\d+)(?::(?<column>\d+))?:?$/.exec(argument);
  const { file, line, column } = match?.groups ?? {};
  if (file === undefined || line === undefined) {
    throw wrongUse(`"${argument}" has no line. Write FILE:LINE, for example: ${argument.replace(/:+$/, '')}:1`);
  }
  if (Number(line) < 1) throw wrongUse(`Lines are counted from 1: ${file}:1 is the first line of the file.`);
  // A column only makes the place finer than cells need; its unit does not matter for finding the line.
  return { shown: file, position: { line: Number(line) - 1, character: Math.max(0, Number(column ?? 1) - 1) } };
}
