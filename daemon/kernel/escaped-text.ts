/**
 * UTF-8 as text, where no byte is lost: one that is no part of a character becomes a code point from U+DC80 on, as with Python's
 * `surrogateescape`. Text has none of these otherwise.
 */
import { isUtf8 } from 'node:buffer';
import { itemAt } from '../core/assert.ts';
import type { TextDecoding } from './markers.ts';

const characterBytesMax = 4;
const escapedFrom = 0xdc00;

export class EscapingDecoder implements TextDecoding {
  /** The beginning of a character. */
  #rest: Buffer = Buffer.alloc(0);

  write(chunk: Buffer): string {
    const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const whole = data.subarray(0, wholeLength(data));
    this.#rest = Buffer.from(data.subarray(whole.length));
    return isUtf8(whole) ? whole.toString() : escaped(whole);
  }

  end(): string {
    const text = escaped(this.#rest);
    this.#rest = Buffer.alloc(0);
    return text;
  }
}

/** Without what may be the beginning of a character at the end. */
function wholeLength(data: Buffer): number {
  for (let at = Math.max(0, data.length - characterBytesMax + 1); at < data.length; at++)
    if (characterAt(data, at) === 'cut') return at;
  return data.length;
}

function escaped(data: Buffer): string {
  const parts: string[] = [];
  let textFrom = 0;
  for (let at = 0; at < data.length; ) {
    const length = characterAt(data, at);
    if (typeof length === 'number') {
      at += length;
      continue;
    }
    parts.push(data.toString('utf8', textFrom, at), String.fromCharCode(escapedFrom + itemAt(data, at)));
    at += 1;
    textFrom = at;
  }
  return parts.join('') + data.toString('utf8', textFrom);
}

/** The bytes of the character there; `cut` where more of them may follow. */
function characterAt(data: Buffer, at: number): number | 'cut' | undefined {
  const first = itemAt(data, at);
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0) return undefined;
  for (let n = 1; n < length; n++) {
    const byte = data[at + n];
    if (byte === undefined) return 'cut';
    const [from, to] = n === 1 ? secondByte(first) : [0x80, 0xbf];
    if (byte < from || byte > to) return undefined;
  }
  return length;
}

/** No character is written longer than it need be, is a surrogate, or lies beyond the last one. */
function secondByte(first: number): readonly [from: number, to: number] {
  switch (first) {
    case 0xe0:
      return [0xa0, 0xbf];
    case 0xed:
      return [0x80, 0x9f];
    case 0xf0:
      return [0x90, 0xbf];
    case 0xf4:
      return [0x80, 0x8f];
    default:
      return [0x80, 0xbf];
  }
}
