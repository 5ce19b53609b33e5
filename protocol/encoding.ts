/** Message bodies: JSON or MessagePack. Bytes are base64 text in the one and `bin` in the other. */
import { Packr, Unpackr } from 'msgpackr';

export type Encoding = 'json' | 'msgpack';

const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, copyBuffers: true, int64AsType: 'number' });

export function encodeBody(message: unknown, encoding: Encoding): Buffer {
  const value = plain(message, encoding);
  return encoding === 'json' ? Buffer.from(JSON.stringify(value)) : packr.pack(value);
}

/** Throws a sentence when the bytes are not one whole value. */
export function decodeBody(body: Uint8Array, encoding: Encoding): unknown {
  if (encoding === 'json') return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  assertPacked(body);
  return unpackr.unpack(body);
}

/**
 * The value as both encodings can write it; the same object where nothing had to change.
 * MessagePack must not see `undefined`: its library writes an extension type that no other language reads.
 */
export function plain(value: unknown, encoding: Encoding): unknown {
  if (value === undefined) return null;
  return typeof value === 'object' && value !== null ? plainObject(value, encoding) : value;
}

function plainObject(value: object, encoding: Encoding): unknown {
  if (value instanceof Uint8Array) return encoding === 'json' ? toBase64(value) : value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return plain(value.toJSON(), encoding);
  return Array.isArray(value) ? plainItems(value, encoding) : plainFields(value as Record<string, unknown>, encoding);
}

function plainItems(items: readonly unknown[], encoding: Encoding): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let at = 0; at < items.length; at++) {
    const item = plain(items[at], encoding);
    if (item === items[at]) continue;
    copy ??= items.slice();
    copy[at] = item;
  }
  return copy ?? items;
}

function plainFields(fields: Readonly<Record<string, unknown>>, encoding: Encoding): Readonly<Record<string, unknown>> {
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    const field = value === undefined ? undefined : plain(value, encoding);
    if (field === value && field !== undefined) continue;
    copy ??= { ...fields };
    if (field === undefined) delete copy[name];
    else copy[name] = field;
  }
  return copy ?? fields;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
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
    const { skip, contain } = shape(bytes[at++] ?? 0, number);
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
}

const single: Shape = { skip: 0, contain: 0 };

function shape(first: number, number: (width: number) => number): Shape {
  if (first < 0x80 || first >= 0xe0) return single;
  if (first < 0x90) return { skip: 0, contain: 2 * (first & 0x0f) };
  if (first < 0xa0) return { skip: 0, contain: first & 0x0f };
  if (first < 0xc0) return { skip: first & 0x1f, contain: 0 };
  if (first === 0xc1) throw new Error('The MessagePack value contains a byte that has no meaning.');
  if (first < 0xc4) return single;
  if (first < 0xc7) return { skip: number(1 << (first - 0xc4)), contain: 0 };
  if (first < 0xca) throw new Error('The MessagePack value has an extension type; use only bin and the types of JSON.');
  if (first < 0xcc) return { skip: first === 0xca ? 4 : 8, contain: 0 };
  if (first < 0xd4) return { skip: 1 << ((first - 0xcc) % 4), contain: 0 };
  if (first < 0xd9) throw new Error('The MessagePack value has an extension type; use only bin and the types of JSON.');
  if (first < 0xdc) return { skip: number(1 << (first - 0xd9)), contain: 0 };
  if (first < 0xde) return { skip: 0, contain: number(first === 0xdc ? 2 : 4) };
  return { skip: 0, contain: 2 * number(first === 0xde ? 2 : 4) };
}
