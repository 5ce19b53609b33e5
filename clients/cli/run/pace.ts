/** Slows a run down to the pace of whoever reads what it prints: what a slow reader has not taken would pile up in this process. */
import type { Writable } from 'node:stream';

export interface Gate {
  shut(): void;
  open(): void;
}

type Stream = Pick<Writable, 'writableNeedDrain' | 'once'>;

export class Pace {
  readonly #gate: Gate;
  readonly #streams: readonly Stream[];
  readonly #awaited = new Set<Stream>();
  #onCaughtUp: (() => void)[] = [];
  #isHurried = false;
  #hasEnded = false;

  constructor(gate: Gate, streams: readonly Stream[]) {
    this.#gate = gate;
    this.#streams = streams;
  }

  /** Something has been printed. */
  look(): void {
    if (this.#isHurried) return;
    for (const stream of this.#streams) if (stream.writableNeedDrain) this.#wait(stream);
  }

  /** Resolves when all that was printed has been taken, but for what a stream holds anyway. */
  caughtUp(): Promise<void> {
    if (this.#awaited.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onCaughtUp.push(resolve);
    });
  }

  /** Who is interrupted is heard of at once, and has little left to say. */
  hurry(): void {
    this.#isHurried = true;
    this.#catchUp();
  }

  /** That is over. */
  calm(): void {
    this.#isHurried = this.#hasEnded;
    this.look();
  }

  /** The reader is gone, or nobody wants the rest. */
  end(): void {
    this.#hasEnded = true;
    this.hurry();
  }

  #wait(stream: Stream): void {
    this.#gate.shut();
    if (this.#awaited.has(stream)) return;
    this.#awaited.add(stream);
    stream.once('drain', () => {
      this.#awaited.delete(stream);
      if (this.#awaited.size === 0) this.#catchUp();
    });
  }

  #catchUp(): void {
    this.#gate.open();
    for (const resolve of this.#onCaughtUp.splice(0)) resolve();
  }
}
