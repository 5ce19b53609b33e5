/** Room for displays in the views of a notebook. What finds none becomes a blob, so that a view fits a frame whatever is shown. */
import { sessionInlineBytesMax, stepInlineBytesMax } from '../../limits.ts';

/** What all steps of a session have together. */
export class InlineRoom {
  #taken = 0;

  take(bytes: number): boolean {
    if (this.#taken + bytes > sessionInlineBytesMax) return false;
    this.#taken += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#taken -= bytes;
  }
}

/** What one step has of it. */
export class InlineShare {
  readonly #room: InlineRoom;
  #taken = 0;

  constructor(room: InlineRoom) {
    this.#room = room;
  }

  /** Whether there was room. */
  take(bytes: number): boolean {
    if (this.#taken + bytes > stepInlineBytesMax || !this.#room.take(bytes)) return false;
    this.#taken += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#taken -= bytes;
    this.#room.giveBack(bytes);
  }

  giveAllBack(): void {
    this.giveBack(this.#taken);
  }
}
