/**
 * Questions to a kernel, one at a time. While no step runs they go to the worker's main thread, among the frames; while one runs, by a
 * descriptor of their own to a thread that repeats what was recorded. See worker/headwater_worker/lane.py.
 */

import type { Duplex } from 'node:stream';
import { questionMilliseconds, questionsLateMax, questionsWaitingMax } from '../limits.ts';
import { encodeWorkerFrame, WorkerFrameReader } from './channel.ts';
import type { Answered, Question } from './kernel.ts';
import { readAnswered, type WorkerAnswered } from './messages.ts';

interface Ports {
  /** No step runs or waits. */
  isIdle(): boolean;
  /** Among the frames. */
  send(message: unknown): void;
}

interface Asked {
  readonly question: Question;
  readonly settle: (answered: Answered) => void;
}

interface Open extends Asked {
  readonly number: number;
  readonly deadline: NodeJS.Timeout;
}

export class Questions {
  readonly #ports: Ports;
  readonly #waiting: Asked[] = [];
  #open: Open | undefined;
  #live: Duplex | undefined;
  #count = 0;
  /** Since the last step ended. */
  #late = 0;
  #isClosed = false;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** What a program writes there itself is no frame, or answers no open question: then there are no answers. */
  listen(live: Duplex): void {
    this.#live = live;
    const frames = new WorkerFrameReader();
    const hear = (chunk: Buffer): void => {
      const said = frames.push(chunk);
      if (said.isBroken) live.off('data', hear).resume();
      for (const { json } of said.frames) {
        const answer = readAnswered(json);
        if (answer) this.hear(answer);
      }
    };
    live.on('data', hear);
  }

  ask(question: Question): Promise<Answered> {
    if (this.#isClosed) return Promise.resolve({ type: 'gone' });
    if (this.#late >= questionsLateMax) return Promise.resolve({ type: 'closed' });
    if (this.#waiting.length >= questionsWaitingMax) return Promise.resolve({ type: 'full' });
    return new Promise((settle) => {
      this.#waiting.push({ question, settle });
      this.#askNext();
    });
  }

  hear({ question, answer }: WorkerAnswered): void {
    if (question !== this.#open?.number) {
      // It answers again. While a step runs, that is no reason to trust it.
      if (this.#ports.isIdle()) this.#late = 0;
      return;
    }
    this.#settle({ type: 'answered', facts: answer });
    this.#askNext();
  }

  stepEnded(): void {
    this.#late = 0;
  }

  /** The kernel has died. */
  close(): void {
    this.#isClosed = true;
    this.#refuseAll('gone');
  }

  #askNext(): void {
    if (this.#open !== undefined) return;
    const asked = this.#waiting.shift();
    if (asked === undefined) return;
    const number = ++this.#count;
    this.#open = { ...asked, number, deadline: setTimeout(() => this.#abandon(), questionMilliseconds) };
    this.#send(number, asked.question);
  }

  #send(number: number, { type, values }: Question): void {
    const message = { type, question: number, names: values.map(([name]) => name), steps: values.map(([, step]) => step) };
    if (this.#ports.isIdle()) this.#ports.send(message);
    else this.#live?.write(encodeWorkerFrame(message));
  }

  #abandon(): void {
    this.#late += 1;
    this.#settle({ type: 'late' });
    if (this.#late >= questionsLateMax) this.#refuseAll('closed');
    else this.#askNext();
  }

  #settle(answered: Answered): void {
    clearTimeout(this.#open?.deadline);
    this.#open?.settle(answered);
    this.#open = undefined;
  }

  #refuseAll(type: 'closed' | 'gone'): void {
    this.#settle({ type });
    for (const { settle } of this.#waiting.splice(0)) settle({ type });
  }
}
