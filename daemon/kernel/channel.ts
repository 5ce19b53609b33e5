/** Frames between daemon and worker: u32 total | u32 JSON length | JSON | raw attachments. Mirrored by worker/headwater_worker/channel.py. */

import { workerFrameBytesMax } from '../limits.ts';

export interface WorkerFrame {
  readonly json: unknown;
  readonly attachments: Buffer;
}

const headBytes = 8;

export function encodeWorkerFrame(json: unknown): Buffer {
  const text = JSON.stringify(json);
  const length = Buffer.byteLength(text);
  if (length > workerFrameBytesMax)
    throw new RangeError(`A frame of ${length} bytes is over the limit of ${workerFrameBytesMax}.`);
  const frame = Buffer.allocUnsafe(headBytes + length);
  frame.writeUInt32BE(length, 0);
  frame.writeUInt32BE(length, 4);
  frame.write(text, headBytes);
  return frame;
}

/** Puts frames together from whatever pieces arrive. */
export class WorkerFrameReader {
  #pieces: Buffer[] = [];
  #length = 0;

  /** `undefined` where it is not frames that come; then nothing that follows is any. */
  tryPush(piece: Buffer): readonly WorkerFrame[] | undefined {
    try {
      return this.push(piece);
    } catch {
      return undefined;
    }
  }

  /** Throws when a frame announces itself as too large or broken. */
  push(piece: Buffer): readonly WorkerFrame[] {
    this.#pieces.push(piece);
    this.#length += piece.length;
    const frames: WorkerFrame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): WorkerFrame | undefined {
    if (this.#length < headBytes) return undefined;
    const head = this.#joined(headBytes);
    const total = head.readUInt32BE(0);
    const jsonLength = head.readUInt32BE(4);
    if (total > workerFrameBytesMax || jsonLength > total)
      throw new RangeError(`The worker announced a frame of ${total} bytes.`);
    if (this.#length < headBytes + total) return undefined;
    const all = this.#joined(headBytes + total);
    const end = headBytes + total;
    this.#pieces = end < all.length ? [all.subarray(end)] : [];
    this.#length -= end;
    const json: unknown = JSON.parse(all.toString('utf8', headBytes, headBytes + jsonLength));
    return { json, attachments: all.subarray(headBytes + jsonLength, end) };
  }

  /** The first piece, made to hold at least so many bytes: pieces are joined once, not with each arrival. */
  #joined(bytes: number): Buffer {
    const first = this.#pieces[0];
    if (first !== undefined && first.length >= bytes) return first;
    const all = Buffer.concat(this.#pieces);
    this.#pieces = [all];
    return all;
  }
}
