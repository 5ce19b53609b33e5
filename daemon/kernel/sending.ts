/** What a worker is sent: messages, and steps with their tickets. */

import { assert } from '../core/assert.ts';
import { kernelStepsWaitingMax } from '../limits.ts';
import { encodeWorkerFrame } from './channel.ts';
import type { Evaluation, KernelEvent, StepNumber } from './kernel.ts';
import type { WorkerLink } from './link.ts';

type Finished = Extract<KernelEvent, { type: 'finished' }>;

interface Sent {
  readonly evaluation: Evaluation;
  /** It is sent ahead: it begins when that one has come to a plain end. */
  readonly after: StepNumber | undefined;
}

export class Sending {
  #link: WorkerLink | undefined;
  /** For a worker that is not there yet. */
  #unsent: ((to: WorkerLink) => void)[] = [];
  readonly #waiting = new Set<StepNumber>();
  /** What the worker was sent and has not finished, by the tickets. */
  readonly #sent = new Map<number, Sent>();
  #isCorked = false;

  /** Steps that were to be sent and have not ended. */
  get waiting(): ReadonlySet<StepNumber> {
    return this.#waiting;
  }

  /** The worker is there. */
  begin(link: WorkerLink): void {
    this.#link = link;
    for (const send of this.#unsent.splice(0)) send(link);
  }

  message(message: unknown): void {
    this.#whenThere((to) => {
      this.#cork(to);
      to.data.write(encodeWorkerFrame(message));
    });
  }

  step(sent: Sent): void {
    assert(this.#waiting.size < kernelStepsWaitingMax, `${this.#waiting.size} steps wait for one kernel`);
    this.#waiting.add(sent.evaluation.step);
    this.#whenThere((to) => this.#sendStep(to, sent));
  }

  /** Of what was sent ahead, what has not begun. */
  takeBack(): ReadonlySet<StepNumber> {
    const steps = new Set<StepNumber>();
    if (this.#link === undefined) return steps;
    // Nothing is before it any more: if it has not begun, its ticket was only in the way.
    const [due] = this.#sent.keys();
    for (const ticket of this.#link.tickets.takeBack()) {
      const sent = this.#sent.get(ticket);
      if (sent === undefined) continue;
      this.#sent.delete(ticket);
      if (ticket === due) this.#sendStep(this.#link, sent);
      else {
        steps.add(sent.evaluation.step);
        this.#waiting.delete(sent.evaluation.step);
      }
    }
    return steps;
  }

  /** What was sent ahead never begins where the step before it came to no plain end. */
  stepEnded(finished: Finished): void {
    this.#waiting.delete(finished.step);
    for (const [ticket, { evaluation, after }] of this.#sent) {
      if (evaluation.step === finished.step) this.#sent.delete(ticket);
      else if (after === undefined || (after === finished.step && finished.isPlain)) return;
      else this.#dropSent();
    }
  }

  /** Nothing more reaches the worker. */
  close(): void {
    this.#link = undefined;
    this.#unsent = [];
    this.#waiting.clear();
    this.#sent.clear();
  }

  #whenThere(send: (to: WorkerLink) => void): void {
    if (this.#link) send(this.#link);
    else this.#unsent.push(send);
  }

  #sendStep(to: WorkerLink, { evaluation, after }: Sent): void {
    const ticket = to.tickets.issue();
    this.#sent.set(ticket, { evaluation, after });
    // The worker waits for it.
    if (after === undefined) to.tickets.write();
    else this.#cork(to);
    to.data.write(encodeWorkerFrame({ type: 'evaluate', ...evaluation, ticket, after: after ?? null }));
  }

  /** What else is sent in one turn goes out in one piece: each write would wake the worker. */
  #cork({ data, tickets }: WorkerLink): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    data.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      tickets.write();
      data.uncork();
    });
  }

  #dropSent(): void {
    this.#link?.tickets.takeBack();
    for (const { evaluation } of this.#sent.values()) this.#waiting.delete(evaluation.step);
    this.#sent.clear();
  }
}
