/** What a connection stands on: messages in two directions, however they travel. */
import type { MessageReader, MessageWriter } from 'vscode-jsonrpc';

export interface Channel {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
  /** Bytes (or messages, where there are no bytes) that the peer has not taken yet. */
  backlog(): number;
  /** Ends both directions, once what was written has gone out. */
  close(): void;
}

/** What the reader reports of a frame that could not be used; the connection goes on. */
export class SkippedFrameError extends Error {
  override readonly name = 'SkippedFrameError';
}
