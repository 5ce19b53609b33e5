/** Reads what a kernel prints, no faster than it is taken: a stream rests while its output is held, while the gate is shut, and after a flood. */

import type { Readable } from 'node:stream';
import type { OutputOrder } from './output.ts';
import type { OutputGate } from './output-gate.ts';

type StreamName = 'stdout' | 'stderr';

/** Node reads no more than this at once; so much means that there is more. */
const floodedReadBytes = 64 * 1024;

export class StreamReading {
  readonly #output: OutputOrder;
  readonly #gate: OutputGate;
  readonly #readers: ReadonlyMap<StreamName, Readable>;
  /** Not read for the rest of this turn. */
  readonly #resting = new Set<StreamName>();

  constructor(output: OutputOrder, gate: OutputGate, [stdout, stderr]: readonly [stdout: Readable, stderr: Readable]) {
    this.#output = output;
    this.#gate = gate;
    this.#readers = new Map([
      ['stdout', stdout],
      ['stderr', stderr],
    ]);
    for (const [stream, reader] of this.#readers) reader.on('data', (chunk) => this.#hear(stream, chunk, reader));
  }

  /** Reads on, where nothing is in the way any more. */
  resume(): void {
    if (this.#gate.isShut) return;
    for (const [stream, reader] of this.#readers) {
      if (reader.isPaused() && !this.#output.isHeld(stream) && !this.#resting.has(stream)) reader.resume();
    }
  }

  #hear(stream: StreamName, chunk: Buffer | string, reader: Readable): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    this.#output.text(stream, bytes);
    if (this.#output.isHeld(stream) || this.#gate.isShut) reader.pause();
    else if (bytes.length >= floodedReadBytes) this.#rest(stream, reader);
    this.resume();
  }

  /** Until the next turn: a flood would be read on and on, and interrupts would wait. */
  #rest(stream: StreamName, reader: Readable): void {
    reader.pause();
    this.#resting.add(stream);
    setImmediate(() => {
      this.#resting.delete(stream);
      this.resume();
    });
  }
}
