/** The pipe of the tickets on this machine: a worker takes them out of it, and so can we. */

import { closeSync, readSync, writeSync } from 'node:fs';
import type { TicketChannel } from './tickets.ts';

export class TicketPipe implements TicketChannel {
  /** Both ends of the pipe; it does not wait. */
  readonly #descriptor: number;
  #isClosed = false;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  write(bytes: Uint8Array): void {
    if (!this.#isClosed) writeSync(this.#descriptor, bytes);
  }

  readBack(bytesMax: number): Buffer {
    const bytes = Buffer.alloc(bytesMax);
    return bytes.subarray(0, this.#read(bytes));
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
