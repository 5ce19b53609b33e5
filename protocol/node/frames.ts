/** Messages over a stream of bytes: LSP's framing, each frame in JSON or MessagePack, everything bounded. */
import type { Duplex, Readable, Writable } from 'node:stream';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  ErrorCodes,
  Message,
  type MessageWriter,
  type NotificationMessage,
} from 'vscode-jsonrpc';
import { type Channel, LostPeerError, SkippedFrameError } from '../channel.ts';
import { Encoded } from '../encoded.ts';
import type { Encoding } from '../encoding.ts';
import { messageOf } from '../errors.ts';
import { type Frame, FrameParser } from '../frame-parser.ts';
import {
  closeWaitMs,
  frameBytesMax,
  gatheredBytesMax,
  sharedFrameBytesMax,
  sharedFramesMax,
  writeQueueBytesMax,
} from '../limits.ts';
import { checkMessage, type ErrorAnswer, errorAnswer, idOf, tooLarge } from '../messages.ts';
import { decodeBody, encodeAround, encodeBody } from './bodies.ts';

export interface FrameOptions {
  /** How to write until the peer has said how it writes. Default: JSON. */
  readonly encoding?: Encoding;
  readonly frameBytesMax?: number;
  /** Of a frame that comes before the peer has said who it is. */
  readonly firstFrameBytesMax?: number;
  readonly writeQueueBytesMax?: number;
}

/** What cannot be read is answered here, with an error and as far as possible its id; the layers above never see it. */
export function frameChannel(
  stream: Duplex | { readonly input: Readable; readonly output: Writable },
  options: FrameOptions = {},
): Channel {
  const { input, output } = 'input' in stream ? stream : { input: stream, output: stream };
  const writer = new FrameWriter(output, options);
  const close = () => {
    writer.flush();
    closeStreams(input, output);
  };
  const reader = new FrameReader(input, {
    ...options,
    onEncoding: (encoding) => writer.use(encoding),
    onUnreadable: (answer, isFatal) =>
      void writer
        .write(answer)
        .catch(() => undefined)
        .then(isFatal ? close : undefined),
  });
  return {
    reader,
    writer,
    backlog: () => writer.backlog,
    encoding: () => writer.encoding,
    widen: () => reader.widen(),
    close,
  };
}

/** What was written goes out first; a peer that does not take it is not waited for. */
function closeStreams(input: Readable, output: Writable): void {
  const destroy = () => {
    clearTimeout(deadline);
    input.destroy();
    output.destroy();
  };
  const deadline = setTimeout(destroy, closeWaitMs);
  output.end(destroy);
}

export interface ReaderOptions extends FrameOptions {
  readonly onEncoding?: (encoding: Encoding) => void;
  readonly onUnreadable?: (answer: ErrorAnswer, isFatal: boolean) => void;
}

export class FrameReader extends AbstractMessageReader {
  readonly #stream: Readable;
  readonly #options: ReaderOptions;
  readonly #parser: FrameParser;
  /** Frames of the chunk at hand; the stream is paused until they are gone. */
  #frames: Iterator<Frame> | undefined;
  #isEnded = false;
  #isClosed = false;

  constructor(stream: Readable, options: ReaderOptions = {}) {
    super();
    this.#stream = stream;
    this.#options = options;
    this.#parser = new FrameParser(options.firstFrameBytesMax ?? this.#frameBytesMax);
  }

  widen(): void {
    this.#parser.widen(this.#frameBytesMax);
  }

  get #frameBytesMax(): number {
    return this.#options.frameBytesMax ?? frameBytesMax;
  }

  /** From the next turn on: until then whoever made the connection says who handles what comes. */
  listen(callback: DataCallback): Disposable {
    const receive = (chunk: Uint8Array) => {
      this.#frames = this.#parser.push(chunk);
      this.#take(this.#frames.next(), callback);
    };
    const beginning = setImmediate(() => this.#stream.on('data', receive));
    this.#stream
      .on('error', (error) => this.fireError(error))
      .on('end', () => this.#end())
      .on('close', () => this.#end());
    return {
      dispose: () => {
        clearImmediate(beginning);
        this.#stream.off('data', receive);
      },
    };
  }

  override dispose(): void {
    this.#isClosed = true;
    super.dispose();
  }

  /** A frame in each turn of the event loop, and no more of the stream until they are gone: a flood waits in the peer, not here. */
  #take(frame: IteratorResult<Frame>, callback: DataCallback): void {
    if (this.#isClosed || frame.done) return this.#pass();
    const following = this.#frames?.next() ?? frame;
    if (!following.done) this.#stream.pause();
    if (!this.#receive(frame.value, callback)) return;
    if (following.done) this.#pass();
    else setImmediate(() => this.#take(following, callback));
  }

  #pass(): void {
    this.#frames = undefined;
    if (this.#stream.isPaused()) this.#stream.resume();
    if (this.#isEnded) this.#close();
  }

  /** Whether more can follow. */
  #receive(frame: Frame, callback: DataCallback): boolean {
    switch (frame.type) {
      case 'body':
        this.#options.onEncoding?.(frame.encoding);
        this.#receiveBody(frame.body, frame.encoding, callback);
        return true;
      case 'refused':
        this.#refuse(
          frame.reason === 'oversize'
            ? tooLarge(null, frame.message)
            : errorAnswer(null, ErrorCodes.InvalidRequest, frame.message),
          false,
        );
        return true;
      case 'malformed':
        this.#frames = undefined;
        this.#refuse(errorAnswer(null, ErrorCodes.ParseError, `${frame.message} The connection ends here.`), true);
        if (this.#isEnded) this.#close();
        return false;
    }
  }

  #receiveBody(body: Uint8Array, encoding: Encoding, callback: DataCallback): void {
    let value: unknown;
    try {
      value = decodeBody(body, encoding);
    } catch (error) {
      const name = encoding === 'json' ? 'JSON' : 'MessagePack';
      this.#refuse(errorAnswer(null, ErrorCodes.ParseError, `The body of a frame is not ${name}: ${messageOf(error)}`), false);
      return;
    }
    const checked = checkMessage(value);
    if ('answer' in checked) this.#refuse(checked.answer, false);
    else callback(checked.message);
  }

  #refuse(answer: ErrorAnswer, isFatal: boolean): void {
    this.fireError(isFatal ? new Error(answer.error.message) : new SkippedFrameError(answer.error.message));
    this.#options.onUnreadable?.(answer, isFatal);
  }

  /** What has arrived is still delivered, though the peer has left. */
  #end(): void {
    this.#isEnded = true;
    if (!this.#frames) this.#close();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!this.#parser.isBetweenFrames) this.fireError(new Error('The connection closed in the middle of a frame.'));
    this.fireClose();
  }
}

export class FrameWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #stream: Writable;
  readonly #frameBytesMax: number;
  readonly #queueBytesMax: number;
  #encoding: Encoding;
  /** Frames of this turn, and when the system has taken them. */
  #gathered: Buffer[] = [];
  #gatheredBytes = 0;
  #taken: Promise<void> | undefined;
  #onTaken: (error?: Error | null) => void = () => {};
  #isClosed = false;

  constructor(stream: Writable, options: FrameOptions = {}) {
    super();
    this.#stream = stream;
    this.#encoding = options.encoding ?? 'json';
    this.#frameBytesMax = options.frameBytesMax ?? frameBytesMax;
    this.#queueBytesMax = options.writeQueueBytesMax ?? writeQueueBytesMax;
    stream.on('error', (error) => this.fireError(error)).on('close', () => this.#close());
  }

  /** A peer is answered as it speaks. */
  use(encoding: Encoding): void {
    this.#encoding = encoding;
  }

  get encoding(): Encoding {
    return this.#encoding;
  }

  /** Bytes that the system has not taken. */
  get backlog(): number {
    return this.#stream.writableLength + this.#gatheredBytes;
  }

  /** Resolves when the system has taken the bytes: a caller that waits goes at the speed of the peer. */
  async write(message: Message): Promise<void> {
    const frame = this.#frame(message);
    if (this.#stream.destroyed || this.#stream.writableEnded) throw new LostPeerError('The connection is closed.');
    if (this.backlog + frame.length > this.#queueBytesMax) {
      const error = new LostPeerError(`The peer does not read: more than ${this.#queueBytesMax} bytes are waiting to be sent.`);
      this.#stream.destroy(error);
      throw error;
    }
    return this.#gather(frame);
  }

  /** What is written in one turn of the event loop goes out together: a call of the system costs more than a frame. */
  #gather(frame: Buffer): Promise<void> {
    if (this.#gatheredBytes + frame.length > gatheredBytesMax) this.flush();
    this.#gathered.push(frame);
    this.#gatheredBytes += frame.length;
    this.#taken ??= this.#nextTaken();
    return this.#taken;
  }

  #nextTaken(): Promise<void> {
    setImmediate(() => this.flush());
    return new Promise((resolve, reject) => {
      this.#onTaken = (error) => (error ? reject(error) : resolve());
    });
  }

  /** Gives the stream what has been written, which must not wait for the end of the turn. */
  flush(): void {
    const [frames, onTaken] = [this.#gathered, this.#onTaken];
    if (frames.length === 0) return;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#taken = undefined;
    this.#stream.write(frames.length === 1 ? frames[0] : Buffer.concat(frames), onTaken);
  }

  end(): void {
    this.flush();
    this.#stream.end();
  }

  #frame(message: Message): Buffer {
    const shared = sharedFrames.get(message, this.#encoding);
    if (shared && shared.length <= this.#frameBytesMax) return shared;
    const body = bodyOf(message, this.#encoding);
    if (body.length <= this.#frameBytesMax) return sharedFrames.add(message, this.#encoding, frameOf(body, this.#encoding));
    const sentence = `The message has ${body.length} bytes, more than the limit of ${this.#frameBytesMax} for one frame.`;
    if (!('id' in message) || 'method' in message) throw new Error(sentence);
    // The peer waits for this answer; it gets another one.
    return frameOf(encodeBody(tooLarge(idOf(message), sentence), this.#encoding), this.#encoding);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.fireClose();
  }
}

/** A message to several peers is encoded once: the newest notifications, known by their params, which nobody changes. */
class SharedFrames {
  readonly #frames = new Map<object, { readonly method: string; readonly encoding: Encoding; readonly frame: Buffer }>();

  get(message: Message, encoding: Encoding): Buffer | undefined {
    if (!isTellable(message)) return undefined;
    const found = this.#frames.get(message.params);
    return found?.encoding === encoding && found.method === message.method ? found.frame : undefined;
  }

  add(message: Message, encoding: Encoding, frame: Buffer): Buffer {
    if (!isTellable(message) || frame.length > sharedFrameBytesMax) return frame;
    this.#frames.set(message.params, { method: message.method, encoding, frame });
    for (const oldest of this.#frames.keys()) {
      if (this.#frames.size <= sharedFramesMax) break;
      this.#frames.delete(oldest);
    }
    return frame;
  }
}

function isTellable(message: Message): message is NotificationMessage & { readonly params: object } {
  return Message.isNotification(message) && typeof message.params === 'object' && message.params !== null;
}

const sharedFrames = new SharedFrames();

/** Only answers hold bytes, which JSON cannot write as they are: what else is said need not be searched for them. */
function bodyOf(message: Message, encoding: Encoding): Uint8Array {
  if ('result' in message && message.result instanceof Encoded) {
    const { result, ...head } = message;
    return encodeAround(head, 'result', result, encoding);
  }
  if ('params' in message && message.params instanceof Encoded) {
    const { params, ...head } = message;
    return encodeAround(head, 'params', params, encoding);
  }
  return encoding === 'json' && 'method' in message ? Buffer.from(JSON.stringify(message)) : encodeBody(message, encoding);
}

export function encodeFrame(message: unknown, encoding: Encoding): Buffer {
  return frameOf(encodeBody(message, encoding), encoding);
}

/** A body that is encoded already, with its header. */
export function frameOf(body: Uint8Array, encoding: Encoding): Buffer {
  // JSON is what the header need not say: the libraries of LSP do not know the name "application/json".
  const type = encoding === 'json' ? '' : 'Content-Type: application/msgpack\r\n';
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n${type}\r\n`), body]);
}
