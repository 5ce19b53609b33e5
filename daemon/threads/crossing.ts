/** One client's connection between two threads: a channel at each of its ends. */
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageWriter,
} from 'vscode-jsonrpc';
import type { Channel } from '../../protocol/channel.ts';
import type { Encoding } from '../../protocol/encoding.ts';
import { encodeBody } from '../../protocol/node/bodies.ts';
import type { Part } from './messages.ts';

/** At the end of whoever asks. */
export class AskingEnd implements Channel {
  readonly reader = new PortReader();
  readonly writer: MessageWriter;
  readonly close: () => void;

  constructor(post: (message: Message) => void, onClose: () => void) {
    this.writer = new PortWriter(async (message) => post(message));
    this.close = onClose;
  }

  backlog(): number {
    return 0;
  }
}

interface Waiting {
  readonly bytes: number;
  readonly onTaken: () => void;
}

/** At the end of whoever answers. What the client has not taken has not been taken here either, so that a slow one is waited for. */
export class AnsweringEnd implements Channel {
  readonly reader = new PortReader();
  readonly writer: MessageWriter;
  readonly close: () => void;
  /** In which the client wants its answers. */
  encoding: () => Encoding = () => 'json';
  readonly #waiting = new Map<number, Waiting>();
  #backlog = 0;
  #count = 0;

  constructor(post: (message: Message, part: Part, number: number) => void, onClose: () => void) {
    this.close = onClose;
    this.writer = new PortWriter((message) => {
      const [head, part] = takeApart(message, this.encoding());
      const bytes = part?.bytes.length ?? 0;
      const number = ++this.#count;
      this.#backlog += bytes;
      post(head, part, number);
      return new Promise((onTaken) => this.#waiting.set(number, { bytes, onTaken }));
    });
  }

  backlog(): number {
    return this.#backlog;
  }

  taken(number: number): void {
    const waiting = this.#waiting.get(number);
    if (!waiting) return;
    this.#waiting.delete(number);
    this.#backlog -= waiting.bytes;
    waiting.onTaken();
  }
}

class PortReader extends AbstractMessageReader {
  #deliver: DataCallback = () => {};

  listen(deliver: DataCallback): Disposable {
    this.#deliver = deliver;
    return { dispose: () => this.listen(() => {}) };
  }

  receive(message: Message): void {
    this.#deliver(message);
  }

  /** The other end is gone. */
  end(): void {
    this.fireClose();
  }
}

class PortWriter extends AbstractMessageWriter implements MessageWriter {
  readonly write: (message: Message) => Promise<void>;

  constructor(write: (message: Message) => Promise<void>) {
    super();
    this.write = write;
  }

  end(): void {}
}

/** The bytes are a copy that can be given away. */
function takeApart(message: Message, encoding: Encoding): [Message, Part] {
  for (const field of ['result', 'params'] as const) {
    if (!(field in message)) continue;
    const { [field]: value, ...head } = message as Message & Record<typeof field, unknown>;
    return [head, { field, encoding, bytes: Uint8Array.from(encodeBody(value, encoding)) }];
  }
  return [message, undefined];
}
