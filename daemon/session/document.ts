/** The text of a notebook: that of the buffer of the client that owns it, else that of the file. */
import type { ContentChange } from '../../protocol/methods.ts';
import type { Position } from '../../protocol/types.ts';

export interface Document {
  readonly text: string;
  /** As its owner counts; 0 for the text of the file. */
  readonly version: number;
  /** The client whose buffer it is. */
  readonly owner: string | undefined;
}

/** The text after the changes, each on the text that the one before left, as in LSP. */
export function applyChanges(text: string, changes: readonly ContentChange[]): string {
  return changes.reduce((now, { range, text: replacement }) => {
    if (!range) return replacement;
    return now.slice(0, offsetAt(now, range.start)) + replacement + now.slice(offsetAt(now, range.end));
  }, text);
}

/** A position beyond the end of a line or of the text means that end. */
function offsetAt(text: string, { line, character }: Position): number {
  let start = 0;
  for (let at = 0; at < line; at++) {
    const next = nextLine(text, start);
    if (next === undefined) return text.length;
    start = next;
  }
  const end = lineEnd(text, start);
  return Math.min(start + character, end);
}

function nextLine(text: string, from: number): number | undefined {
  const end = lineEnd(text, from);
  if (end >= text.length) return undefined;
  return text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  const end = newline < 0 ? text.length : newline;
  const carriage = text.indexOf('\r', from);
  return carriage >= 0 && carriage < end ? carriage : end;
}
