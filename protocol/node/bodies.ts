/** Message bodies as a stream carries them: JSON in UTF-8, or MessagePack. */
import { isUtf8 } from 'node:buffer';
import type { Encoded } from '../encoded.ts';
import { type Encoding, pack, plain, unpack } from '../encoding.ts';

export function encodeBody(message: unknown, encoding: Encoding): Uint8Array {
  return encoding === 'json' ? Buffer.from(JSON.stringify(plain(message, toBase64))) : pack(message);
}

/** Throws a sentence when the bytes are not one whole value. */
export function decodeBody(body: Uint8Array, encoding: Encoding): unknown {
  return encoding === 'json' ? JSON.parse(textOf(body)) : unpack(body);
}

/** The body of a message with an encoded part, which is the last of its fields. */
export function encodeAround(head: object, name: string, part: Encoded, encoding: Encoding): Uint8Array {
  if (part.encoding !== encoding) return encodeBody({ ...head, [name]: decodeBody(part.bytes, part.encoding) }, encoding);
  if (encoding === 'json') {
    const start = `${JSON.stringify(head).slice(0, -1)},${JSON.stringify(name)}:`;
    return Buffer.concat([Buffer.from(start), part.bytes, Buffer.from('}')]);
  }
  const fields = Object.entries(head).flatMap(([key, value]) => [pack(key), pack(value)]);
  return Buffer.concat([Uint8Array.of(fixmap + Object.keys(head).length + 1), ...fields, pack(name), part.bytes]);
}

/** First byte of a MessagePack map with up to 15 fields, without their number. */
const fixmap = 0x80;

function textOf(body: Uint8Array): string {
  if (!isUtf8(body)) throw new Error('It is not UTF-8.');
  return asBuffer(body).toString();
}

function toBase64(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64');
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
