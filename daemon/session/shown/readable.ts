/** What a cell has shown, to be read part by part or as plain text. */
import type { Output } from '../../../protocol/types.ts';
import { outputTextCharactersMax } from '../../limits.ts';
import type { TextRange } from '../../store/spool.ts';

/** Text of one output, by characters of this output. */
export interface StreamPart {
  readonly from: number;
  readonly text: string;
  /** Of the whole output, so far. */
  readonly length: number;
  /** What of it is not kept. */
  readonly cut: TextRange | undefined;
}

/** What an output shows, to be read part by part. */
export type Shown =
  | { readonly type: 'stream'; readonly length: number; read(offset: number, charactersMax: number): StreamPart }
  | Exclude<Output, { type: 'stream' }>;

/** What a view shows, where that is all that is left of it. */
export function readView(output: Output): Shown {
  if (output.type !== 'stream') return output;
  const { text, elided } = output;
  const length = text.length + elided;
  const cut = elided > 0 ? { from: text.length, to: length } : undefined;
  const read = (offset: number, charactersMax: number): StreamPart => ({
    from: offset < text.length ? offset : length,
    text: text.slice(offset, offset + charactersMax),
    length,
    cut,
  });
  return { type: 'stream', length, read };
}

/** All outputs as plain text, for a file or the clipboard. Of what is very long, the first and the last. */
export function outputsText(outputs: readonly Shown[], charactersMax: number = outputTextCharactersMax): string {
  const lengths = outputs.map((output) => (output.type === 'stream' ? output.length : plainOf(output).length));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const left = total <= charactersMax ? undefined : { from: charactersMax / 2, to: total - charactersMax / 2 };
  const parts: string[] = [];
  let at = 0;
  for (const [index, output] of outputs.entries()) {
    const length = lengths[index] as number;
    const leftOut = within(left, at, length);
    parts.push(output.type === 'stream' ? streamText(output, leftOut) : without(plainOf(output), leftOut));
    at += length;
  }
  return parts.join('');
}

function streamText(output: Extract<Shown, { type: 'stream' }>, leftOut: TextRange | undefined): string {
  const { cut } = output.read(0, 0);
  const gap = cut && leftOut ? { from: Math.min(cut.from, leftOut.from), to: Math.max(cut.to, leftOut.to) } : (cut ?? leftOut);
  if (!gap) return output.read(0, output.length).text;
  return (
    output.read(0, gap.from).text + missing(gap, cut ? 'not kept' : 'left out') + output.read(gap.to, output.length - gap.to).text
  );
}

function without(text: string, gap: TextRange | undefined): string {
  return gap ? text.slice(0, gap.from) + missing(gap, 'left out') + text.slice(gap.to) : text;
}

function missing({ from, to }: TextRange, why: string): string {
  return `\n… ${to - from} characters are ${why} …\n`;
}

function plainOf({ bundle }: Exclude<Output, { type: 'stream' }>): string {
  const plain = bundle['text/plain'];
  return typeof plain === 'string' ? `${plain}\n` : '';
}

/** Where the range lies in the text from `start` on. */
export function within(range: TextRange | undefined, start: number, length: number): TextRange | undefined {
  if (!range) return undefined;
  const from = Math.max(0, range.from - start);
  const to = Math.min(length, range.to - start);
  return from < to ? { from, to } : undefined;
}
