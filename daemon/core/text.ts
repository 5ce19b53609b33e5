/** Places in text. Offsets are UTF-16 code units, as in a JavaScript string; lines and characters count from 0, as in LSP. */

export interface Span {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}
