/** Frames between daemon and worker: mark | u32 total | u32 JSON length | JSON | raw attachments. Mirrored by worker/headwater_worker/channel.py. */

import { workerFrameBytesMax } from '../limits.ts';

export interface WorkerFrame {
  readonly json: unknown;
  readonly attachments: Buffer;
}

/** What a program writes to the channel by mistake does not begin like this: the first byte stands in no UTF-8. */
const mark = Buffer.from('\xf5HWF', 'latin1');
const headBytes = mark.length + 8;

export function encodeWorkerFrame(json: unknown): Buffer {
  const text = JSON.stringify(json);
  const length = Buffer.byteLength(text);
  if (length > workerFrameBytesMax)
    throw new RangeError(`A frame of ${length} bytes is over the limit of ${workerFrameBytesMax}.`);
  const frame = Buffer.allocUnsafe(headBytes + length);
  mark.copy(frame);
  frame.writeUInt32BE(length, mark.length);
  frame.writeUInt32BE(length, mark.length + 4);
  frame.write(text, headBytes);
  return frame;
}

export interface Pushed {
  readonly frames: readonly WorkerFrame[];
  /** After these. */
  readonly isBroken: boolean;
}

/** Puts frames together from whatever pieces arrive. */
export class WorkerFrameReader {
  #pieces: Buffer[] = [];
  #length = 0;
  #isBroken = false;

  /** Those that are whole now, in order; where what follows is no frame, nothing more is any. */
  push(piece: Buffer): Pushed {
    if (this.#isBroken) return { frames: [], isBroken: true };
    this.#pieces.push(piece);
    this.#length += piece.length;
    const frames: WorkerFrame[] = [];
    try {
      for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    } catch {
      this.#isBroken = true;
      this.#pieces = [];
    }
    return { frames, isBroken: this.#isBroken };
  }

  #next(): WorkerFrame | undefined {
    if (this.#length === 0) return undefined;
    const head = this.#joined(Math.min(headBytes, this.#length));
    // Seen with the first byte: what is no frame may announce one that never comes.
    if (!mark.subarray(0, head.length).equals(head.subarray(0, mark.length)))
      throw new RangeError('This is no frame of the worker.');
    if (head.length < headBytes) return undefined;
    const total = head.readUInt32BE(mark.length);
    const jsonLength = head.readUInt32BE(mark.length + 4);
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
