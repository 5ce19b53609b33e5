/** Finds the worker's marks in a stream of output: which step the text belongs to, and where displays have their place. */
import { itemAt } from '../core/assert.ts';
import { markerBytesMax } from '../limits.ts';
import { EscapingDecoder } from './escaped-text.ts';

export type MarkedPiece =
  | { readonly type: 'text'; readonly text: string }
  /** Between `aside` and `back` is text of another step, whole in itself. */
  | { readonly type: 'begin' | 'end' | 'display' | 'clear' | 'aside' | 'back'; readonly number: number };

type Mark = Exclude<MarkedPiece, { type: 'text' }>;

const nothing: Buffer = Buffer.alloc(0);
const start = 0x1e;
const semicolon = 0x3b;
const [zero, nine] = [0x30, 0x39];
const kinds: Readonly<Record<string, Mark['type']>> = { b: 'begin', e: 'end', d: 'display', c: 'clear', t: 'aside', r: 'back' };

export class MarkerReader {
  readonly #prefix: Buffer;
  #decoder = new EscapingDecoder();
  /** That of the text around an aside, which may have been cut within a character. */
  #outer: EscapingDecoder | undefined;
  #rest = nothing;

  /** A program that does not know the nonce cannot write a mark. */
  constructor(nonce: string) {
    this.#prefix = Buffer.from(`\x1e${nonce}`);
  }

  push(chunk: Buffer): readonly MarkedPiece[] {
    const pieces: MarkedPiece[] = [];
    const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let textStart = 0;
    let end = data.length;
    for (let at = data.indexOf(start); at >= 0; at = data.indexOf(start, at + 1)) {
      const mark = this.#markAt(data, at);
      if (mark === undefined) continue;
      if (mark === 'cut') {
        end = at;
        break;
      }
      this.#addText(pieces, data.subarray(textStart, at));
      this.#passMark(pieces, mark.piece);
      textStart = mark.end;
    }
    this.#addText(pieces, data.subarray(textStart, end));
    this.#rest = end < data.length ? Buffer.from(data.subarray(end)) : nothing;
    return pieces;
  }

  /** What was held back, when no more will come. */
  end(): readonly MarkedPiece[] {
    const pieces: MarkedPiece[] = [];
    this.#addString(pieces, this.#decoder.write(this.#rest) + this.#decoder.end());
    this.#rest = nothing;
    return pieces;
  }

  /** The mark that begins there; `cut` where it may become one. Byte by byte, for a quick step is four marks and nothing else. */
  #markAt(data: Buffer, at: number): { readonly piece: Mark; readonly end: number } | 'cut' | undefined {
    const prefix = this.#prefix;
    const length = Math.min(prefix.length, data.length - at);
    for (let i = 1; i < length; i++) if (data[at + i] !== prefix[i]) return undefined;
    const kindAt = at + prefix.length;
    if (kindAt >= data.length) return 'cut';
    const type = kinds[String.fromCharCode(itemAt(data, kindAt))];
    if (type === undefined) return undefined;
    let number = 0;
    for (let i = kindAt + 1; i < at + markerBytesMax; i++) {
      const byte = data[i];
      if (byte === undefined) return 'cut';
      if (byte === semicolon) return i > kindAt + 1 ? { piece: { type, number }, end: i + 1 } : undefined;
      if (byte < zero || byte > nine) return undefined;
      number = number * 10 + byte - zero;
    }
    return undefined;
  }

  #passMark(pieces: MarkedPiece[], mark: Mark): void {
    if (mark.type === 'aside') {
      this.#outer = this.#decoder;
      this.#decoder = new EscapingDecoder();
    } else if (mark.type !== 'display' && mark.type !== 'clear') {
      // A character cut in two by the end of a step is broken; one cut by a display, a clearing or an aside is not.
      this.#addString(pieces, this.#decoder.end());
    }
    if (mark.type === 'back') this.#decoder = this.#outer ?? this.#decoder;
    pieces.push(mark);
  }

  #addText(pieces: MarkedPiece[], bytes: Buffer): void {
    if (bytes.length > 0) this.#addString(pieces, this.#decoder.write(bytes));
  }

  #addString(pieces: MarkedPiece[], text: string): void {
    if (text !== '') pieces.push({ type: 'text', text });
  }
}
