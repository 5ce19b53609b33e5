/** Who may connect, and as what: with the token of the discovery file, or with one that an editor made. Kept in memory alone. */
import { refusal } from '../../protocol/errors.ts';
import type { Host, Timer } from '../host.ts';
import { tokensMax } from '../limits.ts';
import { type Access, fullAccess } from './access.ts';

export interface TokensOptions extends Pick<Host, 'secrets' | 'timers'> {
  /** Of the discovery file; undefined within one process, where none is needed. */
  readonly root: string | undefined;
  readonly now: () => number;
  /** What a token gave is over. */
  readonly onOver: (access: Access) => void;
}

interface Made {
  readonly token: string;
  readonly access: Access;
  readonly timer: Timer;
}

export class Tokens {
  readonly #options: TokensOptions;
  readonly #made = new Set<Made>();

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  /** Undefined for a token that was never made, or is over. */
  accessOf(given: string | undefined): Access | undefined {
    const { root, secrets } = this.#options;
    if (root === undefined ? given === undefined : secrets.tokensEqual(root, given)) return fullAccess;
    return this.#find(given)?.access;
  }

  /** Throws a refusal where there are too many. */
  create(access: Access, lifetimeSeconds: number): { readonly token: string; readonly expiresAt: number } {
    if (this.#made.size >= tokensMax)
      throw refusal('limit-reached', `${tokensMax} tokens are in use; revoke one, or wait until one expires.`);
    const { secrets, timers, now } = this.#options;
    const token = secrets.newToken();
    const made: Made = { token, access, timer: timers.after(lifetimeSeconds * 1000, () => this.#end(made)) };
    this.#made.add(made);
    return { token, expiresAt: now() + lifetimeSeconds * 1000 };
  }

  /** Throws a refusal where there is no such token. */
  revoke(token: string): void {
    const made = this.#find(token);
    if (!made) throw refusal('no-such-token', 'This token was not made by token/create, or it is over already.');
    this.#end(made);
  }

  /** Nobody can connect with them any more. */
  close(): void {
    for (const { timer } of this.#made) timer.stop();
    this.#made.clear();
  }

  /** Each is compared to its end, so that the time says nothing about any. */
  #find(given: string | undefined): Made | undefined {
    return [...this.#made].filter(({ token }) => this.#options.secrets.tokensEqual(token, given))[0];
  }

  #end(made: Made): void {
    made.timer.stop();
    this.#made.delete(made);
    this.#options.onOver(made.access);
  }
}
