/** Edits as the protocol writes them, applied to a text. Line ends stay as they are. */
import type { Position, TextEdit } from '../../protocol/types.ts';

/** The edits are all on the text as it is; where two overlap, there is a mistake in who made them. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const starts = lineStarts(text);
  const lineEnd = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const offset = ({ line, character }: Position) => {
    const start = starts[line];
    return start === undefined ? text.length : Math.min(start + character, text.length);
  };
  const placed = edits
    .map(({ range, newText }) => ({ start: offset(range.start), end: offset(range.end), newText }))
    .sort((a, b) => a.start - b.start);
  let [result, at] = ['', 0];
  for (const { start, end, newText } of placed) {
    if (start < at) throw new Error('two edits overlap');
    result += text.slice(at, start) + newText.replaceAll('\n', lineEnd);
    at = end;
  }
  return result + text.slice(at);
}

export function overlap(some: readonly TextEdit[], others: readonly TextEdit[]): boolean {
  return some.some((one) =>
    others.some((other) => isBefore(one.range.start, other.range.end) && isBefore(other.range.start, one.range.end)),
  );
}

/** Two insertions at one place count as overlapping, because their order is unknown. */
function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character <= b.character);
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const { index, 0: ending } of text.matchAll(/\r\n|\n|\r/g)) starts.push(index + ending.length);
  return starts;
}
