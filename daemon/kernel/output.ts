/**
 * Brings three channels into one order: text of both streams, displays in their places, and a step's end after all of its output and before
 * that of the next step.
 */

import type { KernelEvent, StepNumber } from './kernel.ts';
import { type MarkedPiece, MarkerReader } from './markers.ts';

type Stream = 'stdout' | 'stderr';
type Finished = Extract<KernelEvent, { type: 'finished' }>;
type WithoutStep<T> = T extends unknown ? Omit<T, 'step'> : never;
/** What has a place among the text. */
export type PlacedEvent = WithoutStep<Extract<KernelEvent, { type: 'display' | 'clear' | 'input' | 'input-withdrawn' }>>;

/** Steps count from 1. */
const nobody: StepNumber = 0;

export class OutputOrder {
  readonly #emit: (event: KernelEvent) => void;
  readonly #readers: Readonly<Record<Stream, MarkerReader>>;
  readonly #steps: Record<Stream, StepNumber | undefined> = { stdout: undefined, stderr: undefined };
  /** Whose text it is for the length of an aside. */
  readonly #asides: Record<Stream, StepNumber | undefined> = { stdout: undefined, stderr: undefined };
  readonly #placed = new Map<number, PlacedEvent>();
  readonly #ends = new Map<StepNumber, number>();
  readonly #finished = new Map<StepNumber, Finished>();
  /** Pieces behind a display that is still on its way in the other channel, or behind the end of a step that is not yet known whole. */
  readonly #held: Record<Stream, MarkedPiece[]> = { stdout: [], stderr: [] };
  /** Streams that have come to the place of what has one in both, and wait there for each other; those that ended wait for nothing. */
  readonly #meetings = new Map<number, { readonly streams: Set<Stream>; isTold: boolean }>();
  readonly #over = new Set<Stream>();
  /** The step that has begun on one of the streams and whose end has not been reported. */
  #open: StepNumber | undefined;

  constructor(nonce: string, emit: (event: KernelEvent) => void) {
    this.#emit = emit;
    this.#readers = { stdout: new MarkerReader(nonce), stderr: new MarkerReader(nonce) };
  }

  /** While this is true, no more of the stream should be read. */
  isHeld(stream: Stream): boolean {
    return this.#held[stream].length > 0;
  }

  text(stream: Stream, chunk: Buffer): void {
    this.#take(stream, this.#readers[stream].push(chunk));
  }

  place(number: number, placed: PlacedEvent): void {
    this.#placed.set(number, placed);
    this.#release('stdout');
    if (placed.type === 'clear') this.#release('stderr');
  }

  finished(event: Finished): void {
    this.#finished.set(event.step, event);
    this.#finish(event.step);
  }

  /** The stream is at its end: what was held back is text. */
  end(stream: Stream): void {
    this.#over.add(stream);
    this.#take(stream, this.#readers[stream].end());
    this.#release(other(stream));
  }

  #take(stream: Stream, pieces: readonly MarkedPiece[]): void {
    this.#held[stream].push(...pieces);
    this.#release(stream);
  }

  #release(stream: Stream): void {
    const held = this.#held[stream];
    if (held.length === 0) return;
    let count = 0;
    // What is passed may end a step, which releases the other stream, and then this one.
    this.#held[stream] = [];
    for (const piece of held) {
      if (this.#mustWait(stream, piece)) break;
      this.#pass(stream, piece);
      count += 1;
    }
    if (count < held.length) this.#held[stream].unshift(...held.slice(count));
  }

  #mustWait(stream: Stream, piece: MarkedPiece): boolean {
    if (piece.type === 'display') return !this.#placed.has(piece.number);
    if (piece.type === 'clear') return !this.#haveMet(stream, piece.number);
    return piece.type === 'begin' && this.#open !== undefined && this.#open !== piece.number;
  }

  /** What either stream says before this place is reported before it, and what either says after it, after. */
  #haveMet(stream: Stream, number: number): boolean {
    const meeting = this.#meetings.get(number) ?? { streams: new Set(), isTold: false };
    this.#meetings.set(number, meeting);
    meeting.streams.add(stream);
    const isTold = meeting.isTold || this.#placed.has(number);
    return isTold && (meeting.streams.has(other(stream)) || this.#over.has(other(stream)));
  }

  #leave(stream: Stream, number: number): void {
    const meeting = this.#meetings.get(number);
    if (meeting?.isTold) this.#meetings.delete(number);
    else if (meeting) {
      meeting.isTold = true;
      this.#show(stream, number);
      this.#release(other(stream));
    }
  }

  #pass(stream: Stream, piece: MarkedPiece): void {
    switch (piece.type) {
      case 'text':
        this.#emit({ type: 'stream', step: this.#stepOf(stream), stream, text: piece.text });
        break;
      case 'begin':
        this.#steps[stream] = this.#open = piece.number;
        break;
      case 'end':
        this.#steps[stream] = undefined;
        this.#ends.set(piece.number, (this.#ends.get(piece.number) ?? 0) + 1);
        this.#finish(piece.number);
        break;
      case 'display':
        this.#show(stream, piece.number);
        break;
      case 'clear':
        this.#leave(stream, piece.number);
        break;
      case 'aside':
        this.#asides[stream] = piece.number;
        break;
      case 'back':
        this.#asides[stream] = undefined;
    }
  }

  #stepOf(stream: Stream): StepNumber | undefined {
    const aside = this.#asides[stream];
    if (aside === undefined) return this.#steps[stream];
    return aside === nobody ? undefined : aside;
  }

  #show(stream: Stream, number: number): void {
    const placed = this.#placed.get(number);
    if (placed === undefined) return;
    this.#placed.delete(number);
    this.#emit({ step: this.#stepOf(stream), ...placed });
  }

  /** The end of a step is reported when both streams have passed it. */
  #finish(step: StepNumber): void {
    const event = this.#finished.get(step);
    if (event === undefined || this.#ends.get(step) !== 2) return;
    this.#finished.delete(step);
    this.#ends.delete(step);
    this.#emit(event);
    if (this.#open !== step) return;
    this.#open = undefined;
    this.#release('stdout');
    this.#release('stderr');
  }
}

function other(stream: Stream): Stream {
  return stream === 'stdout' ? 'stderr' : 'stdout';
}
