/** Outputs as lines of text for the places that an editor has. */
import { stripVTControlCharacters } from 'node:util';
import type { CellView, MimeBundle, Output } from '../protocol/types.ts';

/** All that a cell showed, line by line; images as a word about them. */
export function outputLines(cell: CellView): readonly string[] {
  return texts(cell.outputs).flatMap((text) => plain(text).split('\n'));
}

/** At most so many lines of so many columns; the last line says what is missing. */
export function capped(lines: readonly string[], linesMax: number, columnsMax: number): readonly string[] {
  const over = lines.length - linesMax;
  const kept = lines.slice(0, linesMax).map((line) => cutLine(line, columnsMax));
  return over > 0 ? [...kept, `… ${over} more ${over === 1 ? 'line' : 'lines'}`] : kept;
}

export function cutLine(line: string, columnsMax: number): string {
  const characters = [...line];
  return characters.length <= columnsMax ? line : `${characters.slice(0, columnsMax - 1).join('')}…`;
}

/** The text of each output that has any. */
function texts(outputs: readonly Output[]): readonly string[] {
  return outputs
    .map((output) => (output.type === 'stream' ? streamText(output) : bundleText(output.bundle)))
    .filter((text) => text !== '');
}

function streamText({ text, elided }: Extract<Output, { type: 'stream' }>): string {
  const shown = text.replace(/\n$/, '');
  return elided > 0 ? `${shown}\n… ${elided} more characters: Open output` : shown;
}

function bundleText(bundle: MimeBundle): string {
  const image = Object.keys(bundle).find((mime) => mime.startsWith('image/'));
  if (image) return imageText(image, bundle);
  const text = bundle['text/plain'] ?? '';
  return typeof text === 'string' ? text.replace(/\n$/, '') : `[text, ${kilobytes(text.size)}: Open output]`;
}

/** Matplotlib and PIL say the size of their image in its plain text. */
function imageText(mime: string, bundle: MimeBundle): string {
  const kind = mime.slice('image/'.length).replace(/\+xml$/, '');
  const content = bundle[mime];
  const text = bundle['text/plain'];
  const size = typeof text === 'string' ? /\b(\d+)\s?[x×]\s?(\d+)\b/.exec(text) : null;
  if (size) return `[image ${size[1]}×${size[2]}, ${kind}: Open output]`;
  return typeof content === 'object'
    ? `[image, ${kind}, ${kilobytes(content.size)}: Open output]`
    : `[image, ${kind}: Open output]`;
}

function kilobytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1024))} kB`;
}

/** An editor shows text: colours and cursor movements of terminals are left out. */
function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r+(?=\n)/g, '')
    .replace(/[^\n]*\r[^\n]*/g, overwritten)
    .replace(/\t/g, '    ');
}

/** What is left of a line that was written several times from its beginning, as text bars are. */
function overwritten(line: string): string {
  return line.split('\r').reduce((before, after) => after + before.slice(after.length));
}
