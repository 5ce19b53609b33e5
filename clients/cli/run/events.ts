import type { SessionEvent } from '../../../protocol/types.ts';
import type { Client } from '../../node/client.ts';

/** Holds the events that come before anyone knows how to show them; then passes them on as they come. */
export class EventBuffer {
  #listener: ((event: SessionEvent) => void) | undefined;
  readonly #early: SessionEvent[] = [];

  constructor(client: Client) {
    client.onAnyEvent((event) => {
      if (this.#listener) this.#listener(event);
      else this.#early.push(event);
    });
  }

  replayTo(listener: (event: SessionEvent) => void): void {
    this.#listener = listener;
    for (const event of this.#early.splice(0)) listener(event);
  }
}
