/** Message bodies as a stream carries them: JSON in UTF-8, or MessagePack. */
import { isUtf8 } from 'node:buffer';
import { type Encoding, pack, plain, unpack } from '../encoding.ts';

export function encodeBody(message: unknown, encoding: Encoding): Uint8Array {
  return encoding === 'json' ? Buffer.from(JSON.stringify(plain(message, toBase64))) : pack(message);
}

/** Throws a sentence when the bytes are not one whole value. */
export function decodeBody(body: Uint8Array, encoding: Encoding): unknown {
  return encoding === 'json' ? JSON.parse(textOf(body)) : unpack(body);
}

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
