/** Both ends of a connection in one process: the same messages, without bytes. */
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageWriter,
} from 'vscode-jsonrpc';
import type { Channel } from '../../protocol/channel.ts';
import { plain } from '../../protocol/encoding.ts';
import { memoryQueueLengthMax } from '../../protocol/limits.ts';
import type { Timers } from '../host.ts';

type Deferring = Pick<Timers, 'defer'>;

/** Two channels; what is written to one is read from the other. */
export function memoryPair(timers: Deferring, queueLengthMax: number = memoryQueueLengthMax): [Channel, Channel] {
  const there = new Lane(timers, queueLengthMax);
  const back = new Lane(timers, queueLengthMax);
  const close = () => {
    there.close();
    back.close();
  };
  return [channel(back, there, close), channel(there, back, close)];
}

function channel(incoming: Lane, outgoing: Lane, close: () => void): Channel {
  return { reader: new LaneReader(incoming), writer: new LaneWriter(outgoing, close), backlog: () => outgoing.length, close };
}

/** Messages on their way in one direction: one is delivered in a turn of the event loop, as the connection takes them. */
class Lane {
  readonly #timers: Deferring;
  readonly #lengthMax: number;
  readonly #waiting: { readonly message: Message; readonly taken: () => void }[] = [];
  #deliver: DataCallback | undefined;
  #isScheduled = false;
  #isClosed = false;
  readonly closeListeners = new Set<() => void>();

  constructor(timers: Deferring, lengthMax: number) {
    this.#timers = timers;
    this.#lengthMax = lengthMax;
  }

  get length(): number {
    return this.#waiting.length;
  }

  get isFull(): boolean {
    return this.#waiting.length >= this.#lengthMax;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  listen(deliver: DataCallback): void {
    this.#deliver = deliver;
    this.#schedule();
  }

  push(message: Message): Promise<void> {
    return new Promise((taken) => {
      this.#waiting.push({ message, taken });
      this.#schedule();
    });
  }

  /** What is on its way still arrives, as it does on a socket. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || !this.#deliver) return;
    this.#isScheduled = true;
    this.#timers.defer(() => this.#turn());
  }

  #turn(): void {
    this.#isScheduled = false;
    const next = this.#waiting.shift();
    if (next) {
      this.#deliver?.(next.message);
      next.taken();
    } else if (this.#isClosed) {
      for (const listener of this.closeListeners) listener();
      this.closeListeners.clear();
    }
    if (this.#waiting.length > 0 || (this.#isClosed && this.closeListeners.size > 0)) this.#schedule();
  }
}

class LaneReader extends AbstractMessageReader {
  readonly #lane: Lane;

  constructor(lane: Lane) {
    super();
    this.#lane = lane;
    lane.closeListeners.add(() => this.fireClose());
  }

  listen(callback: DataCallback): Disposable {
    this.#lane.listen(callback);
    return { dispose: () => this.#lane.listen(() => {}) };
  }
}

class LaneWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #lane: Lane;
  readonly #close: () => void;

  constructor(lane: Lane, close: () => void) {
    super();
    this.#lane = lane;
    this.#close = close;
  }

  async write(message: Message): Promise<void> {
    if (this.#lane.isClosed) throw new Error('The connection is closed.');
    if (this.#lane.isFull) {
      this.#close();
      throw new Error(`The other side does not read: ${this.#lane.length} messages are waiting.`);
    }
    await this.#lane.push(plain(message) as Message);
  }

  end(): void {
    this.#close();
  }
}
