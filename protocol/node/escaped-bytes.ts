/**
 * UTF-8 as text, where no byte is lost: one that is no part of a character becomes a code point from U+DC80 on, as with Python's
 * `surrogateescape`. Text has none of these otherwise.
 */
import { isUtf8 } from 'node:buffer';
import { characterLength } from '../utf8.ts';

const escapedFrom = 0xdc00;

export function escapedText(data: Buffer): string {
  return isUtf8(data) ? data.toString() : escaped(data);
}

export function bytesOfEscaped(text: string): Buffer {
  const parts = text.split(/([\uDC80-\uDCFF]+)/u);
  // The low byte of each is the byte.
  return Buffer.concat(parts.map((part, index) => Buffer.from(part, index % 2 === 1 ? 'latin1' : 'utf8')));
}

export function hasEscapes(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
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
    parts.push(data.toString('utf8', textFrom, at), String.fromCharCode(escapedFrom + data.readUInt8(at)));
    at += 1;
    textFrom = at;
  }
  return parts.join('') + data.toString('utf8', textFrom);
}
