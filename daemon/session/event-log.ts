/** The numbered events of a session, the newest of them kept: clients read at their own pace, and those that come back go on where they were. */
import type { SessionEvent } from '../../protocol/types.ts';
import { eventsKeptCharactersMax, eventsKeptMax } from '../limits.ts';

export class EventLog {
  readonly #kept: SessionEvent[] = [];
  readonly #listeners = new Set<() => void>();
  #first = 1;
  #characters = 0;

  /** Number of the newest event; 0 before the first. */
  get seq(): number {
    return this.#first + this.#kept.length - 1;
  }

  push(event: SessionEvent): void {
    this.#kept.push(event);
    this.#characters += weight(event);
    while (this.#kept.length > eventsKeptMax || (this.#characters > eventsKeptCharactersMax && this.#kept.length > 1)) {
      this.#characters -= weight(this.#kept.shift() as SessionEvent);
      this.#first++;
    }
    for (const listener of this.#listeners) listener();
  }

  get(seq: number): SessionEvent | undefined {
    return this.#kept[seq - this.#first];
  }

  /** The events after `seq`; undefined when some of them are gone, or never were. */
  since(seq: number): readonly SessionEvent[] | undefined {
    return seq < this.#first - 1 || seq > this.seq ? undefined : this.#kept.slice(seq + 1 - this.#first);
  }

  /** Called whenever there is something new. */
  listen(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }
}

function weight(event: SessionEvent): number {
  if (event.type === 'output.appended' || event.type === 'output.unattributed') return event.text.length;
  return event.type === 'output.added' && event.output.type === 'stream' ? event.output.text.length : 0;
}
