/** Answers what a notebook asks, from standard input, as `python FILE` does. */
import { messageOf } from '../../../protocol/errors.ts';
import type { SessionEvent } from '../../../protocol/types.ts';
import type { Client } from '../../node/client.ts';
import { LineReader, type LineSource } from '../lines.ts';
import type { Screen } from '../screen.ts';

export class Answers {
  readonly #client: Client;
  readonly #screen: Screen;
  readonly #open: () => LineSource;
  #input: { readonly source: LineSource; readonly lines: LineReader } | undefined;

  /** Standard input is not looked at before there is a question: the notebook may have it. */
  constructor(client: Client, screen: Screen, open: () => LineSource) {
    this.#client = client;
    this.#screen = screen;
    this.#open = open;
  }

  event(event: SessionEvent): void {
    if (event.type === 'input.requested') this.#ask(event);
    else if (event.type === 'input.ended') this.#input?.lines.cancel();
  }

  close(): void {
    this.#input?.lines.close();
  }

  #ask({ session, input, prompt, isPassword }: Extract<SessionEvent, { type: 'input.requested' }>): void {
    const { source, lines } = this.#opened();
    lines.next({ isHidden: isPassword }, (line) => {
      if (isPassword) this.#screen.printed('stderr', '\n');
      else if (source.isTTY) this.#screen.typed();
      void this.#reply(session, input, line);
    });
    // Only now, when what is typed is not seen any more.
    if (isPassword) this.#screen.printed('stderr', prompt);
  }

  #opened(): { readonly source: LineSource; readonly lines: LineReader } {
    if (!this.#input) {
      const source = this.#open();
      this.#input = { source, lines: new LineReader(source) };
    }
    return this.#input;
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
