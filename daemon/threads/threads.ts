/** The threads of large notebooks, as the main thread has them. */
import { refusal } from '../../protocol/errors.ts';
import { threadsMax } from '../limits.ts';
import type { LargeFrom } from '../reading/large-text.ts';
import type { Elsewhere, NotebookPlace, SessionElsewhere } from '../server/elsewhere.ts';
import type { ThreadData } from './messages.ts';
import { ThreadPlace } from './thread-place.ts';

export interface ThreadsOptions extends Omit<ThreadData, 'idPrefix'> {
  readonly largeFrom: LargeFrom;
  readonly megabytesMax: number;
  readonly onError: (error: Error) => void;
}

export class Threads implements Elsewhere {
  readonly #options: ThreadsOptions;
  readonly #places = new Set<ThreadPlace>();
  #count = 0;

  constructor(options: ThreadsOptions) {
    this.#options = options;
  }

  get largeFrom(): LargeFrom {
    return this.#options.largeFrom;
  }

  get sessions(): readonly SessionElsewhere[] {
    return [...this.#places].flatMap(({ sessions }) => sessions);
  }

  byId(id: string): SessionElsewhere | undefined {
    return this.sessions.find((session) => session.id === id);
  }

  placeOf(path: string): NotebookPlace | undefined {
    return [...this.#places].find((place) => place.path === path && !place.isEnding);
  }

  begin(path?: string): NotebookPlace {
    if (this.#places.size >= threadsMax)
      throw refusal(
        'limit-reached',
        `${threadsMax} large notebooks are open or looked at; close one with "headwater stop NOTEBOOK", or wait for an answer.`,
      );
    const number = ++this.#count;
    const { outputs, onError, ...options } = this.#options;
    const place = new ThreadPlace({
      ...options,
      path,
      idPrefix: `s${number}-`,
      outputs: `${outputs}/thread-${number}`,
      onError,
      onEnd: () => this.#places.delete(place),
    });
    this.#places.add(place);
    return place;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#places].map((place) => place.stop()));
  }
}
