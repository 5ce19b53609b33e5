/** Answers what a notebook asks, from standard input, as `python FILE` does. */
import { messageOf } from '../../../protocol/errors.ts';
import type { SessionEvent } from '../../../protocol/types.ts';
import type { Client } from '../../node/client.ts';
import { LineReader, type LineSource } from '../lines.ts';
import type { Screen } from '../screen.ts';

export class Answers {
  readonly #client: Client;
  readonly #screen: Screen;
  readonly #source: LineSource;
  readonly #lines: LineReader;

  constructor(client: Client, screen: Screen, source: LineSource) {
    this.#client = client;
    this.#screen = screen;
    this.#source = source;
    this.#lines = new LineReader(source);
  }

  event(event: SessionEvent): void {
    if (event.type === 'input.requested') this.#ask(event);
    else if (event.type === 'input.ended') this.#lines.cancel();
  }

  close(): void {
    this.#lines.close();
  }

  #ask({ session, input, prompt, isPassword }: Extract<SessionEvent, { type: 'input.requested' }>): void {
    this.#lines.next({ isHidden: isPassword }, (line) => {
      if (isPassword) this.#screen.printed('stderr', '\n');
      else if (this.#source.isTTY) this.#screen.typed();
      void this.#reply(session, input, line);
    });
    // Only now, when what is typed is not seen any more.
    if (isPassword) this.#screen.printed('stderr', prompt);
  }

  /** A question that is over meanwhile needs no answer; one whose answer is refused gets the end of the input. */
  async #reply(session: string, input: number, line: string | undefined): Promise<void> {
    try {
      await this.#client.request('input/reply', { session, input, ...(line !== undefined && { text: line }) });
    } catch (error) {
      if (line === undefined) return;
      this.#screen.note(messageOf(error));
      await this.#reply(session, input, undefined);
    }
  }
}
