/** Finds the worker's marks in a stream of output: which step the text belongs to, and where displays have their place. */

import { StringDecoder } from 'node:string_decoder';
import { markerBytesMax } from '../limits.ts';

export type Piece =
  | { readonly type: 'text'; readonly text: string }
  /** Between `aside` and `back` is text of another step, whole in itself. */
  | { readonly type: 'begin' | 'end' | 'display' | 'clear' | 'aside' | 'back'; readonly number: number };

type Mark = Exclude<Piece, { type: 'text' }>;

const start = 0x1e;
const kinds = { b: 'begin', e: 'end', d: 'display', c: 'clear', t: 'aside', r: 'back' } as const;

export class MarkerReader {
  readonly #prefix: Buffer;
  #decoder = new StringDecoder('utf8');
  /** That of the text around an aside, which may have been cut within a character. */
  #outer: StringDecoder | undefined;
  #rest: Buffer = Buffer.alloc(0);

  /** A program that does not know the nonce cannot write a mark. */
  constructor(nonce: string) {
    this.#prefix = Buffer.from(`\x1e${nonce}`);
  }

  push(chunk: Buffer): readonly Piece[] {
    const pieces: Piece[] = [];
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (;;) {
      const at = this.#find(data);
      this.#addText(pieces, data.subarray(0, at));
      data = data.subarray(at);
      const mark = readMark(data, this.#prefix.length);
      if (mark === undefined) break;
      this.#passMark(pieces, mark.piece);
      data = data.subarray(mark.bytes);
    }
    this.#rest = Buffer.from(data);
    return pieces;
  }

  /** What was held back, when no more will come. */
  end(): readonly Piece[] {
    const pieces: Piece[] = [];
    this.#addString(pieces, this.#decoder.write(this.#rest) + this.#decoder.end());
    this.#rest = Buffer.alloc(0);
    return pieces;
  }

  /** Where the next mark, or what may become one, begins. */
  #find(data: Buffer): number {
    for (let at = data.indexOf(start); at >= 0; at = data.indexOf(start, at + 1)) {
      const length = Math.min(this.#prefix.length, data.length - at);
      if (data.compare(this.#prefix, 0, length, at, at + length) === 0 && mayBeMark(data.subarray(at), this.#prefix.length))
        return at;
    }
    return data.length;
  }

  #passMark(pieces: Piece[], mark: Mark): void {
    if (mark.type === 'aside') {
      this.#outer = this.#decoder;
      this.#decoder = new StringDecoder('utf8');
    } else if (mark.type !== 'display' && mark.type !== 'clear') {
      // A character cut in two by the end of a step is broken; one cut by a display, a clearing or an aside is not.
      this.#addString(pieces, this.#decoder.end());
    }
    if (mark.type === 'back') this.#decoder = this.#outer ?? this.#decoder;
    pieces.push(mark);
  }

  #addText(pieces: Piece[], bytes: Buffer): void {
    if (bytes.length > 0) this.#addString(pieces, this.#decoder.write(bytes));
  }

  #addString(pieces: Piece[], text: string): void {
    if (text !== '') pieces.push({ type: 'text', text });
  }
}

function mayBeMark(data: Buffer, prefixLength: number): boolean {
  const end = data.indexOf(';', prefixLength);
  return end >= 0 ? readMark(data, prefixLength) !== undefined : data.length < markerBytesMax;
}

function readMark(data: Buffer, prefixLength: number): { readonly piece: Mark; readonly bytes: number } | undefined {
  const end = data.subarray(0, markerBytesMax).indexOf(';', prefixLength);
  if (end < 0) return undefined;
  const found = /^([bedctr])(\d+)$/.exec(data.toString('latin1', prefixLength, end));
  if (found === null) return undefined;
  const type = kinds[found[1] as keyof typeof kinds];
  return { piece: { type, number: Number(found[2]) }, bytes: end + 1 };
}
