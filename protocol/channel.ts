/** What a connection stands on: messages in two directions, however they travel. */
import type { MessageReader, MessageWriter } from 'vscode-jsonrpc';
import type { Encoding } from './encoding.ts';

export interface Channel {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
  /** Bytes (or messages, where there are no bytes) that the peer has not taken yet. */
  backlog(): number;
  /** In which what is written goes out; absent where there are no bytes. */
  encoding?(): Encoding;
  /** The peer has said who it is: it may send frames of any size that is allowed. */
  widen?(): void;
  /** Ends both directions, once what was written has gone out. */
  close(): void;
}

/** The peer has left, or does not read: nothing more can be sent to it. */
export class LostPeerError extends Error {
  override readonly name = 'LostPeerError';
}

/** What the reader reports of a frame that could not be used; the connection goes on. */
export class SkippedFrameError extends Error {
  override readonly name = 'SkippedFrameError';
}
