/** Bytes, however they are cut, to frames. Knows no stream and no encoding, so that every rule fits in a vector. */
import type { Encoding } from './encoding.ts';
import { frameBytesMax, headerBytesMax } from './limits.ts';

export type Frame =
  | { readonly type: 'body'; readonly encoding: Encoding; readonly body: Uint8Array }
  /** The frame is skipped; what follows it is read. */
  | { readonly type: 'refused'; readonly reason: 'oversize' | 'content-type'; readonly message: string }
  /** Where the next frame begins is not known: nothing can be read any more. */
  | { readonly type: 'malformed'; readonly message: string };

type Header =
  | { readonly length: number; readonly encoding: Encoding }
  | { readonly length: number; readonly refused: Frame }
  | { readonly malformed: string };

type Stage =
  | { readonly at: 'header' }
  | { readonly at: 'body'; readonly length: number; readonly encoding: Encoding }
  | { readonly at: 'skip'; left: number; readonly frame: Frame }
  | { readonly at: 'end' };

/** Enough for most bodies at once; a larger one doubles it as the bytes arrive, so that a mere claim takes no memory. */
const firstBytes = 64 * 1024;
const [cr, lf] = [13, 10];
/** What most headers are. */
const lengthAlone = /^Content-Length: (\d{1,15})$/;

export class FrameParser {
  #bodyBytesMax: number;
  #stage: Stage = { at: 'header' };
  #held = new Uint8Array(0);
  #heldBytes = 0;

  constructor(bodyBytesMax: number = frameBytesMax) {
    this.#bodyBytesMax = bodyBytesMax;
  }

  /** From the next header on. */
  widen(bodyBytesMax: number): void {
    this.#bodyBytesMax = bodyBytesMax;
  }

  /** Whether the bytes so far end between two frames. */
  get isBetweenFrames(): boolean {
    return this.#stage.at === 'end' || (this.#stage.at === 'header' && this.#heldBytes === 0);
  }

  *push(chunk: Uint8Array): Generator<Frame> {
    let rest: Uint8Array = chunk;
    while (rest.length > 0 && this.#stage.at !== 'end') {
      const { frame, used } = this.#take(rest, this.#stage);
      rest = rest.subarray(used);
      if (frame) yield frame;
    }
  }

  #take(bytes: Uint8Array, stage: Exclude<Stage, { at: 'end' }>): { frame?: Frame | undefined; used: number } {
    switch (stage.at) {
      case 'header':
        return this.#takeHeader(bytes);
      case 'body':
        return this.#takeBody(bytes, stage);
      case 'skip':
        return this.#skip(bytes, stage);
    }
  }

  #takeHeader(bytes: Uint8Array): { frame?: Frame | undefined; used: number } {
    if (this.#heldBytes === 0) {
      const end = headerEnd(bytes.subarray(0, headerBytesMax), 0);
      if (end >= 0) return { frame: this.#begin(readHeader(latin(bytes, end), this.#bodyBytesMax)), used: end + 4 };
    }
    const before = this.#heldBytes;
    const used = Math.min(bytes.length, headerBytesMax - before);
    this.#hold(bytes.subarray(0, used), headerBytesMax);
    const end = headerEnd(this.#held.subarray(0, this.#heldBytes), Math.max(0, before - 3));
    if (end >= 0) return { frame: this.#begin(readHeader(latin(this.#held, end), this.#bodyBytesMax)), used: end + 4 - before };
    if (this.#heldBytes < headerBytesMax) return { used };
    return { frame: this.#stop(`The header of a frame is longer than ${headerBytesMax} bytes.`), used };
  }

  #begin(header: Header): Frame | undefined {
    this.#heldBytes = 0;
    if ('malformed' in header) return this.#stop(header.malformed);
    if (header.length === 0 || 'refused' in header) {
      const frame: Frame =
        'refused' in header ? header.refused : { type: 'body', encoding: header.encoding, body: new Uint8Array(0) };
      this.#stage = header.length === 0 ? { at: 'header' } : { at: 'skip', left: header.length, frame };
      return header.length === 0 ? frame : undefined;
    }
    this.#stage = { at: 'body', length: header.length, encoding: header.encoding };
    return undefined;
  }

  #takeBody(bytes: Uint8Array, { length, encoding }: { length: number; encoding: Encoding }): { frame?: Frame; used: number } {
    const used = Math.min(bytes.length, length - this.#heldBytes);
    const isWhole = used === length;
    if (!isWhole) this.#hold(bytes.subarray(0, used), length);
    if (!isWhole && this.#heldBytes < length) return { used };
    const body = isWhole ? bytes.subarray(0, used) : this.#held.subarray(0, length);
    if (!isWhole) this.#held = new Uint8Array(0);
    this.#heldBytes = 0;
    this.#stage = { at: 'header' };
    return { frame: { type: 'body', encoding, body }, used };
  }

  /** The refusal comes after the bytes, so that a peer has been read when it is answered. */
  #skip(bytes: Uint8Array, stage: { left: number; readonly frame: Frame }): { frame?: Frame; used: number } {
    const used = Math.min(bytes.length, stage.left);
    stage.left -= used;
    if (stage.left > 0) return { used };
    this.#stage = { at: 'header' };
    return { frame: stage.frame, used };
  }

  #stop(message: string): Frame {
    this.#stage = { at: 'end' };
    return { type: 'malformed', message };
  }

  #hold(bytes: Uint8Array, bytesMax: number): void {
    const needed = this.#heldBytes + bytes.length;
    if (this.#held.length < needed) {
      const larger = new Uint8Array(Math.max(needed, Math.min(bytesMax, Math.max(firstBytes, 2 * this.#held.length))));
      larger.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = larger;
    }
    this.#held.set(bytes, this.#heldBytes);
    this.#heldBytes = needed;
  }
}

/** Where the empty line begins that ends a header, or -1. */
function headerEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(cr, from); at >= 0; at = bytes.indexOf(cr, at + 1)) {
    if (bytes[at + 1] === lf && bytes[at + 2] === cr && bytes[at + 3] === lf) return at;
  }
  return -1;
}

/** A character for each byte; no more than a header has. */
function latin(bytes: Uint8Array, end: number): string {
  return String.fromCharCode(...bytes.subarray(0, end));
}

function readHeader(text: string, bodyBytesMax: number): Header {
  const [, length] = lengthAlone.exec(text) ?? [];
  return length === undefined ? readFields(text, bodyBytesMax) : withBounds(Number(length), undefined, bodyBytesMax);
}

function readFields(text: string, bodyBytesMax: number): Header {
  const fields = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const [, name, value] = /^([!-9;-~]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return { malformed: 'A header line of a frame has no "Name: value".' };
    if (fields.has(name.toLowerCase())) return { malformed: `A frame says ${name} twice.` };
    fields.set(name.toLowerCase(), value);
  }
  const claimed = fields.get('content-length');
  if (claimed === undefined) return { malformed: 'A frame has no Content-Length.' };
  if (!/^\d{1,15}$/.test(claimed))
    return { malformed: `Content-Length is "${claimed.slice(0, 40)}", which is not a number of bytes.` };
  return withBounds(Number(claimed), fields.get('content-type'), bodyBytesMax);
}

function withBounds(length: number, contentType: string | undefined, bodyBytesMax: number): Header {
  const encoding = encodingOf(contentType);
  if (!encoding)
    return {
      length,
      refused: refused(
        'content-type',
        `Content-Type ${contentType} is not supported; use application/json or application/msgpack.`,
      ),
    };
  if (length > bodyBytesMax)
    return {
      length,
      refused: refused(
        'oversize',
        `The frame has ${length} bytes, more than the limit of ${bodyBytesMax}. It was ignored; send less.`,
      ),
    };
  return { length, encoding };
}

function refused(reason: 'oversize' | 'content-type', message: string): Frame {
  return { type: 'refused', reason, message };
}

/** LSP's own name for JSON counts as JSON, so that its libraries can speak to us as they are. */
function encodingOf(contentType: string | undefined): Encoding | undefined {
  if (contentType === undefined) return 'json';
  const [type, ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (parameters.some((parameter) => /^charset=/.test(parameter) && !/^charset="?utf-?8"?$/.test(parameter))) return undefined;
  if (type === 'application/json' || type === 'application/vscode-jsonrpc') return 'json';
  return type === 'application/msgpack' ? 'msgpack' : undefined;
}
