/** The end of a process, which comes once. */

import type { Ending } from './endings.ts';

export class End {
  #ending: Ending | undefined;
  readonly #listeners: ((ending: Ending) => void)[] = [];

  get hasCome(): boolean {
    return this.#ending !== undefined;
  }

  /** Calls at once where it has come already. */
  onCome(listen: (ending: Ending) => void): void {
    if (this.#ending) listen(this.#ending);
    else this.#listeners.push(listen);
  }

  tell(ending: Ending): void {
    if (this.#ending) return;
    this.#ending = ending;
    for (const listen of this.#listeners.splice(0)) listen(ending);
  }
}
