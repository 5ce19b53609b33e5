/** The worker's descriptor for interrupts: records of a step's number and what is asked, and back what became of it. */

import type { Duplex } from 'node:stream';
import type { StepNumber } from './kernel.ts';
import type { WorkerAnswer } from './ladder.ts';

const recordBytes = 9;
const asked = { soft: 1, sigint: 2 } as const;
const answers: ReadonlyMap<number, WorkerAnswer> = new Map([
  [1, 'cancelled'],
  [2, 'nothing-to-cancel'],
  [3, 'raised'],
]);

export class InterruptChannel {
  readonly #stream: Duplex;
  #unread = Buffer.alloc(0);

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('error', () => undefined);
  }

  ask(step: StepNumber, level: keyof typeof asked, onWritten: () => void): void {
    const record = Buffer.alloc(recordBytes);
    record.writeBigUInt64BE(BigInt(step));
    record[recordBytes - 1] = asked[level];
    this.#stream.write(record, onWritten);
  }

  /** What a program writes here itself names no step that waits, or claims an interrupt of its own. */
  onAnswer(listen: (step: StepNumber, answer: WorkerAnswer) => void): void {
    this.#stream.on('data', (chunk: Buffer) => {
      this.#unread = Buffer.concat([this.#unread, chunk]);
      while (this.#unread.length >= recordBytes) {
        const answer = answers.get(this.#unread[recordBytes - 1] ?? 0);
        if (answer) listen(Number(this.#unread.readBigUInt64BE()), answer);
        this.#unread = this.#unread.subarray(recordBytes);
      }
    });
  }

  close(): void {
    this.#stream.destroy();
  }
}
