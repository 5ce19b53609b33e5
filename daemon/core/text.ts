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

const startsOf = new WeakMap<object, readonly number[]>();

/** The offset at which each line begins. Found once for the object that holds the text, since whoever asks for one place mostly asks for more. */
export function lineStarts(holder: { readonly code: string }): readonly number[] {
  const starts = startsOf.get(holder) ?? findStarts(holder.code);
  startsOf.set(holder, starts);
  return starts;
}

function findStarts(code: string): readonly number[] {
  const starts = [0];
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
