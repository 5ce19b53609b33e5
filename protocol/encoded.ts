/**
 * A part of a message whose bytes are there already: what another thread has written, so that this one need not. It stands for a whole result,
 * or for the params of a notification, and for nothing inside of them.
 */
import type { Encoding } from './encoding.ts';

export class Encoded {
  readonly encoding: Encoding;
  readonly bytes: Uint8Array;

  constructor(encoding: Encoding, bytes: Uint8Array) {
    this.encoding = encoding;
    this.bytes = bytes;
  }
}
