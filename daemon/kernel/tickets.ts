/**
 * Who begins a step: the worker takes the ticket of each step out of a pipe, and here tickets are taken back out of the same pipe. Whoever has
 * it decides, so that a step that was sent ahead either begins or does not, and both sides know at once.
 */
import { closeSync, readSync, writeSync } from 'node:fs';
import { kernelStepsWaitingMax } from '../limits.ts';

const ticketBytes = 8;

export class Tickets {
  /** Both ends of the pipe; it does not wait. */
  readonly #descriptor: number;
  #last = 0;
  #unwritten: Buffer[] = [];
  #isClosed = false;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** For one step. It must be written before the worker can hear of the step. */
  issue(): number {
    const ticket = ++this.#last;
    const bytes = Buffer.alloc(ticketBytes);
    bytes.writeUInt32BE(Math.floor(ticket / 2 ** 32), 0);
    bytes.writeUInt32BE(ticket % 2 ** 32, 4);
    this.#unwritten.push(bytes);
    return ticket;
  }

  write(): void {
    const bytes = Buffer.concat(this.#unwritten);
    this.#unwritten = [];
    if (!this.#isClosed && bytes.length > 0) writeSync(this.#descriptor, bytes);
  }

  /** Those that the worker has not taken. */
  takeBack(): ReadonlySet<number> {
    this.write();
    const bytes = Buffer.alloc(ticketBytes * kernelStepsWaitingMax);
    const count = this.#read(bytes);
    const taken = new Set<number>();
    for (let at = 0; at < count; at += ticketBytes) taken.add(Number(bytes.readBigUInt64BE(at)));
    return taken;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#descriptor);
  }

  #read(bytes: Buffer): number {
    if (this.#isClosed) return 0;
    try {
      return readSync(this.#descriptor, bytes);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
      throw error;
    }
  }
}
