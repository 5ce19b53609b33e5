/**
 * UTF-8 as text, where no byte is lost: one that is no part of a character becomes a code point from U+DC80 on, as with Python's
 * `surrogateescape`. Text has none of these otherwise.
 */
import { isUtf8 } from 'node:buffer';
import { characterLength } from '../../protocol/utf8.ts';
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
    if (characterLength(data, at, data.length) === 'cut') return at;
  return data.length;
}

function escaped(data: Buffer): string {
  const parts: string[] = [];
  let textFrom = 0;
  for (let at = 0; at < data.length; ) {
    const length = characterLength(data, at, data.length);
    if (length !== 'cut' && length > 0) {
      at += length;
      continue;
    }
    parts.push(data.toString('utf8', textFrom, at), String.fromCharCode(escapedFrom + itemAt(data, at)));
    at += 1;
    textFrom = at;
  }
  return parts.join('') + data.toString('utf8', textFrom);
}
