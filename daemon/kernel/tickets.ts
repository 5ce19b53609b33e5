/**
 * Who begins a step: the worker takes the ticket of each step out of a pipe, and here tickets are taken back out of the same pipe. Whoever has
 * it decides, so that a step that was sent ahead either begins or does not, and both sides know at once.
 */
import { assert } from '../core/assert.ts';
import { kernelStepsWaitingMax } from '../limits.ts';

const ticketBytes = 8;

/** The way to the worker's tickets. */
export interface TicketChannel {
  /** They are there before anything that is sent to the worker later. */
  write(bytes: Uint8Array): void;
  /** Takes out, at once, what the worker has not taken. Absent where the pipe is too far away for that: no step is sent ahead then. */
  readBack?(bytesMax: number): Buffer;
  close(): void;
}

export class Tickets {
  readonly #channel: TicketChannel;
  #last = 0;
  #unwritten: Buffer[] = [];

  constructor(channel: TicketChannel) {
    this.#channel = channel;
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
    if (bytes.length > 0) this.#channel.write(bytes);
  }

  /** Those that the worker has not taken. */
  takeBack(): ReadonlySet<number> {
    this.write();
    const bytes = this.#channel.readBack?.(ticketBytes * kernelStepsWaitingMax);
    assert(bytes, 'steps were sent ahead over a link that cannot take them back');
    const taken = new Set<number>();
    for (let at = 0; at < bytes.length; at += ticketBytes) taken.add(Number(bytes.readBigUInt64BE(at)));
    return taken;
  }

  close(): void {
    this.#channel.close();
  }
}
