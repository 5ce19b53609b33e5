/** The numbered events of a session, the newest of them kept: clients read at their own pace, and those that come back go on where they were. */
import type { Output, OutputChange, SessionEvent } from '../../../protocol/types.ts';
import { itemAt } from '../../core/assert.ts';
import { firstWithout } from '../../core/collections/sorted.ts';
import {
  eventsKeptCharactersMax,
  eventsKeptMax,
  eventsKeptTextMax,
  eventsSinceCharactersMax,
  streamBacklogCharactersMax,
} from '../../limits.ts';
import { joinedGaps } from './gaps.ts';

export class EventLog {
  /** In order, from `#head` on; an event that stands for several has the number of the last. */
  #kept: (SessionEvent | undefined)[] = [];
  #head = 0;
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  /** The first of them is being told to the listeners. */
  readonly #undelivered: SessionEvent[] = [];
  /** Events whose text need not wait for slow clients, and what takes their place, by their numbers; the oldest first. */
  readonly #gaps = new Map<number, SessionEvent>();
  #gapCharacters = 0;
  #seq = 0;
  /** Number of the newest event that is not kept any more. */
  #lost = 0;
  #textCharacters = 0;
  /** Of displays and errors. */
  #otherCharacters = 0;
  #charactersEver = 0;

  /** Text that all events have shown that ever were. */
  get charactersEver(): number {
    return this.#charactersEver;
  }

  /** Number of the newest event; 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  /** A gap takes the place of the event when much more text has come after it. */
  push(event: SessionEvent, gap?: SessionEvent): void {
    this.#kept.push(event);
    this.#seq = event.seq;
    this.#charactersEver += weight(event);
    if (gap) this.#holdBack(event, gap);
    else this.#count(event, 1);
    while (this.#size > 1 && this.#isTooMuch) this.#lose();
    this.#deliver(event);
  }

  /** The next event after `seq`; undefined when it is gone, or has not happened. */
  after(seq: number): SessionEvent | undefined {
    return seq < this.#lost ? undefined : this.#kept[this.#indexAfter(seq)];
  }

  /** The events after `seq`; undefined when some of them are gone, never were, or are more than should be sent at once. */
  since(seq: number): readonly SessionEvent[] | undefined {
    if (seq < this.#lost || seq > this.#seq) return undefined;
    const events = this.#kept.slice(this.#indexAfter(seq)) as SessionEvent[];
    return events.reduce((sum, event) => sum + weight(event), 0) > eventsSinceCharactersMax ? undefined : events;
  }

  /** Called with each event as it comes. */
  listen(listener: (event: SessionEvent) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  /** In order also where a listener tells something itself. */
  #deliver(event: SessionEvent): void {
    this.#undelivered.push(event);
    if (this.#undelivered.length > 1) return;
    try {
      for (const next of this.#undelivered) for (const listener of this.#listeners) listener(next);
    } finally {
      this.#undelivered.length = 0;
    }
  }

  #holdBack(event: SessionEvent, gap: SessionEvent): void {
    this.#gaps.set(event.seq, gap);
    this.#gapCharacters += weight(event);
    for (const [seq, next] of this.#gaps) {
      if (this.#gapCharacters <= streamBacklogCharactersMax) return;
      this.#letGo(seq, next);
    }
  }

  /** One gap stands for all that follow one another. */
  #letGo(seq: number, gap: SessionEvent): void {
    const index = this.#indexAfter(seq - 1);
    this.#gaps.delete(seq);
    this.#gapCharacters -= weight(itemAt(this.#kept, index));
    const before = index > this.#head ? this.#kept[index - 1] : undefined;
    const joined = before && joinedGaps(before, gap);
    if (joined) this.#kept.splice(index - 1, 2, joined);
    else this.#kept[index] = gap;
  }

  get #size(): number {
    return this.#kept.length - this.#head;
  }

  get #isTooMuch(): boolean {
    const isTooLong = this.#textCharacters > eventsKeptTextMax || this.#otherCharacters > eventsKeptCharactersMax;
    return isTooLong || this.#size > eventsKeptMax;
  }

  /** Once when it comes, and with -1 when it goes. */
  #count(event: SessionEvent, times: 1 | -1): void {
    if (isPrinted(event)) this.#textCharacters += times * weight(event);
    else this.#otherCharacters += times * weight(event);
  }

  /** What is lost is cut off when as much again has come: each time would move all the rest. */
  #lose(): void {
    const event = itemAt(this.#kept, this.#head);
    this.#kept[this.#head] = undefined;
    this.#head += 1;
    if (this.#head > eventsKeptMax) {
      this.#kept = this.#kept.slice(this.#head);
      this.#head = 0;
    }
    this.#lost = event.seq;
    if (this.#gaps.delete(event.seq)) this.#gapCharacters -= weight(event);
    else this.#count(event, -1);
  }

  #indexAfter(seq: number): number {
    // Who listens asks for the newest.
    if (seq === this.#seq - 1 && this.#kept.at(-1)?.seq === this.#seq) return this.#kept.length - 1;
    return firstWithout(this.#head, this.#kept.length, (at) => itemAt(this.#kept, at).seq <= seq);
  }
}

/** The text of what it shows. */
function weight(event: SessionEvent | OutputChange): number {
  switch (event.type) {
    case 'placeless.output':
      return weight(event.change);
    case 'placeless.started':
      return event.code.length;
    case 'output.appended':
    case 'output.unattributed':
      return event.text.length;
    case 'output.added':
    case 'output.updated':
      return outputWeight(event.output);
    case 'text':
      return event.cells.reduce((sum, { code }) => sum + code.length, 0);
    case 'step.finished':
    case 'placeless.finished':
      return event.error?.text.length ?? 0;
    default:
      return 0;
  }
}

function isPrinted(event: SessionEvent | OutputChange): boolean {
  if (event.type === 'placeless.output') return isPrinted(event.change);
  const isText = event.type === 'output.appended' || event.type === 'output.unattributed';
  return isText || (event.type === 'output.added' && event.output.type === 'stream');
}

/** Blobs have a bound of their own. */
function outputWeight(output: Output): number {
  if (output.type === 'stream') return output.text.length;
  let characters = 0;
  for (const content of Object.values(output.bundle)) if (typeof content === 'string') characters += content.length;
  return characters;
}
