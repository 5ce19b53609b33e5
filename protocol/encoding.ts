/**
 * Message bodies: JSON or MessagePack. Bytes are base64 text in the one and `bin` in the other. What JSON needs of its host (UTF-8, base64)
 * belongs to the transport: `node/bodies.ts`.
 */
import { Packr, Unpackr } from 'msgpackr';
import { isUtf8, wellFormed } from './utf8.ts';

export type Encoding = 'json' | 'msgpack';

const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, copyBuffers: true, int64AsType: 'number' });

/** A message as MessagePack, bytes in it as `bin`. */
export function pack(message: unknown): Uint8Array {
  return packr.pack(plain(message, asTheyAre, wellFormed));
}

/** Throws a sentence when the bytes are not one whole value. */
export function unpack(body: Uint8Array): unknown {
  assertPacked(body);
  return unpackr.unpack(body);
}

/** What bytes become: JSON has no type for them. */
type BytesWriter = (bytes: Uint8Array) => Uint8Array | string;
type TextWriter = (text: string) => string;

const asTheyAre: BytesWriter = (bytes) => bytes;
const asItIs: TextWriter = (text) => text;

/**
 * The value as an encoding can write it; the same object where nothing had to change. Bytes stay as they are by default.
 * MessagePack must not see `undefined`: its library writes an extension type that no other language reads.
 */
export function plain(value: unknown, write: BytesWriter = asTheyAre, writeText: TextWriter = asItIs): unknown {
  if (value === undefined) return null;
  if (typeof value === 'string') return writeText(value);
  return typeof value === 'object' && value !== null ? plainObject(value, write, writeText) : value;
}

function plainObject(value: object, write: BytesWriter, writeText: TextWriter): unknown {
  if (value instanceof Uint8Array) return write(value);
  if ('toJSON' in value && typeof value.toJSON === 'function') return plain(value.toJSON(), write, writeText);
  if (Array.isArray(value)) return plainItems(value, write, writeText);
  return plainFields(value as Record<string, unknown>, write, writeText);
}

function plainItems(items: readonly unknown[], write: BytesWriter, writeText: TextWriter): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let at = 0; at < items.length; at++) {
    const item = plain(items[at], write, writeText);
    if (item === items[at]) continue;
    copy ??= items.slice();
    copy[at] = item;
  }
  return copy ?? items;
}

function plainFields(
  fields: Readonly<Record<string, unknown>>,
  write: BytesWriter,
  writeText: TextWriter,
): Readonly<Record<string, unknown>> {
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    const field = value === undefined ? undefined : plain(value, write, writeText);
    const key = writeText(name);
    if (field === value && field !== undefined && key === name) continue;
    copy ??= { ...fields };
    if (field === undefined || key !== name) delete copy[name];
    if (field !== undefined) copy[key] = field;
  }
  return copy ?? fields;
}

/**
 * Looks through the lengths before the decoder believes them: five bytes can claim an array of four thousand million,
 * and the decoder would take the memory first. Extension types are refused, as no JSON value needs one.
 */
function assertPacked(bytes: Uint8Array): void {
  let at = 0;
  const number = (width: number): number => {
    let value = 0;
    for (let n = 0; n < width; n++) value = value * 256 + (bytes[at++] ?? 0);
    return value;
  };
  for (let values = 1; values > 0; values--) {
    if (values > bytes.length - at) throw new Error('The MessagePack value is incomplete.');
    const { skip, contain, isText } = shape(bytes[at++] ?? 0, number);
    if (isText && at + skip <= bytes.length && !isUtf8(bytes, at, at + skip))
      throw new Error('A text in the MessagePack value is not UTF-8.');
    at += skip;
    values += contain;
  }
  if (at > bytes.length) throw new Error('The MessagePack value is incomplete.');
  if (at < bytes.length) throw new Error('The MessagePack body must be exactly one value.');
}

interface Shape {
  /** Bytes of the value itself that follow. */
  readonly skip: number;
  /** Values that follow inside of it. */
  readonly contain: number;
  readonly isText?: boolean;
}

const single: Shape = { skip: 0, contain: 0 };

function shape(first: number, number: (width: number) => number): Shape {
  if (first < 0x80 || first >= 0xe0) return single;
  if (first < 0x90) return { skip: 0, contain: 2 * (first & 0x0f) };
  if (first < 0xa0) return { skip: 0, contain: first & 0x0f };
  if (first < 0xc0) return { skip: first & 0x1f, contain: 0, isText: true };
  if (first === 0xc1) throw new Error('The MessagePack value contains a byte that has no meaning.');
  if (first < 0xc4) return single;
  if (first < 0xc7) return { skip: number(1 << (first - 0xc4)), contain: 0 };
  if (first < 0xca) throw new Error('The MessagePack value has an extension type; use only bin and the types of JSON.');
  if (first < 0xcc) return { skip: first === 0xca ? 4 : 8, contain: 0 };
  if (first < 0xd4) return { skip: 1 << ((first - 0xcc) % 4), contain: 0 };
  if (first < 0xd9) throw new Error('The MessagePack value has an extension type; use only bin and the types of JSON.');
  if (first < 0xdc) return { skip: number(1 << (first - 0xd9)), contain: 0, isText: true };
  if (first < 0xde) return { skip: 0, contain: number(first === 0xdc ? 2 : 4) };
  return { skip: 0, contain: 2 * number(first === 0xde ? 2 : 4) };
}
