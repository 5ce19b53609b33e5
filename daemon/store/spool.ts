/** The stream text of one step, to be read later by character offsets: the first and the last of it, in memory while it is small, else in a file. */
import { impossible } from '../core/assert.ts';
import type { TextBytes } from '../host.ts';

/** Characters from `from` up to, not including, `to`. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

export interface SpoolBounds {
  readonly headBytesMax: number;
  readonly tailBytesMax: number;
  readonly memoryBytesMax: number;
  readonly shrunkBytesMax: number;
  readonly chunkCharactersMax: number;
  readonly rewrittenCharactersMax: number;
  /** Of all spools together. */
  readonly allMemoryBytesMax: number;
  readonly filesMax: number;
}

/** Bytes beyond what is kept in memory. Each method throws where the disk refuses. */
export interface SpoolFile {
  write(bytes: Uint8Array, position: number): void;
  read(position: number, length: number): Uint8Array;
  close(): void;
}

/** What the spools of a daemon have in common. */
export interface SpoolKeeper {
  readonly hasFiles: boolean;
  readonly bytes: TextBytes;
  /** Where text becomes bytes, for as long as it takes to write them: a flood leaves no garbage. */
  readonly scratch: Uint8Array;
  openFile(): SpoolFile;
  countMemory(bytes: number): void;
  forget(spool: Spool): void;
}

interface Chunk extends TextRange {
  readonly bytes: number;
  /** Its bytes, or where they begin in the file. */
  readonly place: Uint8Array | number;
}

/** Parts of the end, which are dropped as a whole. */
interface Segment {
  readonly slot: number;
  readonly chunks: Chunk[];
  bytes: number;
}

const segmentsMax = 4;

export class Spool {
  readonly #keeper: SpoolKeeper;
  readonly #bounds: SpoolBounds;
  readonly #onTrouble: (error: Error) => void;
  readonly #head: Chunk[] = [];
  #headBytes = 0;
  #isHeadFull = false;
  readonly #segments: Segment[] = [];
  /** What can still be rewritten, or is not worth a chunk yet. */
  #open = '';
  #openFrom = 0;
  #file: SpoolFile | undefined;
  /** No file can be had, or not any more: the bounds are those of the memory. */
  #isWithoutFile: boolean;

  constructor(keeper: SpoolKeeper, bounds: SpoolBounds, onTrouble: (error: Error) => void) {
    this.#keeper = keeper;
    this.#bounds = bounds;
    this.#onTrouble = onTrouble;
    this.#isWithoutFile = !keeper.hasFiles;
  }

  get length(): number {
    return this.#openFrom + this.#open.length;
  }

  get hasFile(): boolean {
    return this.#file !== undefined;
  }

  get memoryBytes(): number {
    return sum([...this.#head, ...this.#segments.flatMap(({ chunks }) => chunks)].filter(isInMemory));
  }

  /** What is not kept any more. */
  get cut(): TextRange | undefined {
    const from = this.#head.at(-1)?.to ?? 0;
    const to = this.#segments[0]?.chunks[0]?.from ?? this.#openFrom;
    return from < to ? { from, to } : undefined;
  }

  append(text: string): void {
    this.#open += text;
    const { chunkCharactersMax, rewrittenCharactersMax } = this.#bounds;
    while (this.#open.length >= chunkCharactersMax + rewrittenCharactersMax) this.#seal(chunkCharactersMax);
  }

  /** The text from `from` on has changed. It lies at most `rewrittenCharactersMax` before the end. */
  rewrite(from: number, text: string): void {
    this.#open = this.#open.slice(0, Math.max(0, from - this.#openFrom));
    this.append(text);
  }

  /** The text from an offset on, at most so much and up to what is cut. Within what is cut it begins after that. */
  read(offset: number, charactersMax: number): { readonly from: number; readonly text: string } {
    const { cut } = this;
    const from = cut && offset >= cut.from && offset < cut.to ? cut.to : Math.min(offset, this.length);
    const until = Math.min(from + charactersMax, cut && from < cut.from ? cut.from : this.length);
    const parts = this.#chunksIn({ from, to: until }).map((chunk) => {
      const text = this.#textOf(chunk);
      return text.slice(Math.max(0, from - chunk.from), until - chunk.from);
    });
    if (until > this.#openFrom)
      parts.push(this.#open.slice(Math.max(0, from - this.#openFrom), Math.max(0, until - this.#openFrom)));
    return { from, text: parts.join('') };
  }

  /** Nothing is rewritten any more. */
  end(): void {
    if (this.#open !== '') this.#seal(this.#open.length);
  }

  /** Keeps a little of the beginning. */
  shrink(): void {
    const kept: Chunk[] = [];
    let bytes = 0;
    for (const chunk of this.#head) {
      if (bytes + chunk.bytes > this.#bounds.shrunkBytesMax) break;
      kept.push({ ...chunk, place: this.#bytesOf(chunk) });
      bytes += chunk.bytes;
    }
    this.#head.splice(0, this.#head.length, ...kept);
    this.#headBytes = bytes;
    this.#isHeadFull = true;
    this.#segments.length = 0;
    this.#closeFile();
    this.#isWithoutFile = true;
  }

  /** Nothing is kept any more. */
  close(): void {
    this.#keeper.forget(this);
    this.#head.length = 0;
    this.#segments.length = 0;
    this.#isHeadFull = true;
    this.#closeFile();
  }

  #chunksIn({ from, to }: TextRange): readonly Chunk[] {
    const overlaps = (chunk: Chunk) => chunk.to > from && chunk.from < to;
    return [...this.#head.filter(overlaps), ...this.#segments.flatMap(({ chunks }) => chunks.filter(overlaps))];
  }

  #seal(characters: number): void {
    // The two halves of a character stay together.
    const isCut = characters < this.#open.length && /[\uD800-\uDBFF]/.test(this.#open.charAt(characters - 1));
    const text = this.#open.slice(0, isCut ? characters - 1 : characters);
    const { scratch, bytes } = this.#keeper;
    this.#keep({ from: this.#openFrom, to: this.#openFrom + text.length }, scratch.subarray(0, bytes.writeText(text, scratch)));
    this.#open = this.#open.slice(text.length);
    this.#openFrom += text.length;
  }

  #keep(range: TextRange, bytes: Uint8Array): void {
    const { memoryBytesMax, headBytesMax, tailBytesMax } = this.#bounds;
    if (this.#file === undefined && !this.#isWithoutFile && this.#headBytes + bytes.length > memoryBytesMax) this.#moveToFile();
    const isInFile = this.#file !== undefined && !this.#isWithoutFile;
    this.#isHeadFull ||= this.#headBytes + bytes.length > (isInFile ? headBytesMax : memoryBytesMax);
    if (this.#isHeadFull) this.#keepTail(range, bytes, (isInFile ? tailBytesMax : memoryBytesMax) / segmentsMax);
    else this.#keepHead(range, bytes);
  }

  #keepHead(range: TextRange, bytes: Uint8Array): void {
    this.#head.push({ ...range, bytes: bytes.length, place: this.#put(bytes, this.#headBytes) });
    this.#headBytes += bytes.length;
  }

  #keepTail(range: TextRange, bytes: Uint8Array, segmentBytesMax: number): void {
    const last = this.#segments.at(-1);
    const segment = last && last.bytes + bytes.length <= segmentBytesMax ? last : this.#nextSegment(last);
    const place = this.#put(bytes, this.#bounds.headBytesMax + segment.slot * segmentBytesMax + segment.bytes);
    segment.chunks.push({ ...range, bytes: bytes.length, place });
    segment.bytes += bytes.length;
  }

  /** Takes the place of the oldest once all are in use. */
  #nextSegment(last: Segment | undefined): Segment {
    if (this.#segments.length === segmentsMax) this.#drop(this.#segments.shift()?.chunks ?? []);
    const segment = { slot: ((last?.slot ?? -1) + 1) % segmentsMax, chunks: [], bytes: 0 };
    this.#segments.push(segment);
    return segment;
  }

  #drop(chunks: readonly Chunk[]): void {
    this.#keeper.countMemory(-sum(chunks.filter(isInMemory)));
  }

  #put(bytes: Uint8Array, position: number): Uint8Array | number {
    if (this.#file !== undefined && !this.#isWithoutFile) {
      try {
        this.#file.write(bytes, position);
        return position;
      } catch (error) {
        this.#fail(error);
      }
    }
    this.#keeper.countMemory(bytes.length);
    return bytes.slice();
  }

  #moveToFile(): void {
    try {
      this.#file = this.#keeper.openFile();
      let position = 0;
      for (const chunk of this.#head) {
        this.#file.write(this.#bytesOf(chunk), position);
        position += chunk.bytes;
      }
    } catch (error) {
      this.#closeFile();
      this.#fail(error);
      return;
    }
    this.#drop(this.#head);
    let position = 0;
    for (const [at, chunk] of this.#head.entries()) {
      this.#head[at] = { ...chunk, place: position };
      position += chunk.bytes;
    }
  }

  /** What is in the file already can still be read. */
  #fail(error: unknown): void {
    const isNews = !this.#isWithoutFile;
    this.#isWithoutFile = true;
    if (isNews) this.#onTrouble(error instanceof Error ? error : new Error(String(error)));
  }

  #textOf(chunk: Chunk): string {
    return this.#keeper.bytes.toText(this.#bytesOf(chunk));
  }

  #bytesOf({ bytes, place }: Chunk): Uint8Array {
    if (typeof place !== 'number') return place;
    return this.#file?.read(place, bytes) ?? impossible('a spool has text in a file that is closed');
  }

  #closeFile(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

function isInMemory({ place }: Chunk): boolean {
  return typeof place !== 'number';
}

function sum(chunks: readonly Chunk[]): number {
  return chunks.reduce((total, { bytes }) => total + bytes, 0);
}
