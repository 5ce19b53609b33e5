/** The connection to the daemon: made at first use, and made again if a lost daemon was not found. */
import type { Client } from '../clients/node/client.ts';
import type { ParamsOf, RequestName, ResultOf } from '../protocol/methods.ts';
import { startRetryMs } from './limits.ts';

export class Daemon {
  readonly #connect: () => Promise<Client>;
  #client: Promise<Client> | undefined;
  #failure: { readonly error: unknown; readonly at: number } | undefined;

  constructor(connect: () => Promise<Client>) {
    this.#connect = connect;
  }

  /** Everyone who asks meanwhile shares the attempt. A failed one is not repeated at every key. */
  client(): Promise<Client> {
    if (this.#failure && Date.now() - this.#failure.at < startRetryMs) return Promise.reject(this.#failure.error);
    this.#client ??= this.#connect().catch((error: unknown) => {
      this.#client = undefined;
      this.#failure = { error, at: Date.now() };
      throw error;
    });
    return this.#client;
  }

  async request<M extends RequestName>(method: M, params: ParamsOf<M>): Promise<ResultOf<M>> {
    return (await this.client()).request(method, params);
  }

  /** The daemon was not found again: who asks next starts one. */
  giveUp(): void {
    this.close();
    this.#client = undefined;
  }

  close(): void {
    void this.#client?.then((client) => client.close()).catch(() => undefined);
  }
}
