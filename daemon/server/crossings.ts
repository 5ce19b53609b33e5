/** The connections of one client to places that are not here: each is made when the client first asks for something there. */
import { type Connection, ConnectionClosedError, type Handler } from '../../protocol/connection.ts';
import { refusal } from '../../protocol/errors.ts';
import type { ParamsOf, RequestName, ResultOf } from '../../protocol/methods.ts';
import { crossingCharactersMax } from '../limits.ts';
import type { KnownClient, NotebookPlace, Tell } from './elsewhere.ts';

type Cancelling = Parameters<Handler<RequestName>>[1];

export class Crossings {
  readonly #client: () => KnownClient;
  readonly #tell: Tell;
  readonly #connections = new Map<NotebookPlace, Connection>();
  #charactersWaiting = 0;
  #isClosed = false;

  constructor(client: () => KnownClient, tell: Tell) {
    this.#client = client;
    this.#tell = tell;
  }

  /** Requests to one place get there in their order. */
  async request<M extends RequestName>(
    place: NotebookPlace,
    method: M,
    params: ParamsOf<M>,
    token: Cancelling,
  ): Promise<ResultOf<M>> {
    const characters = charactersIn(params);
    if (this.#charactersWaiting + characters > crossingCharactersMax)
      throw refusal(
        'limit-reached',
        'The large notebook is still busy with what you sent before; send this again when it has answered.',
      );
    this.#charactersWaiting += characters;
    try {
      return await place.during(() => this.#to(place).request(method, params, token));
    } catch (error) {
      throw error instanceof ConnectionClosedError ? lost() : error;
    } finally {
      this.#charactersWaiting -= characters;
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const connection of this.#connections.values()) connection.dispose();
    this.#connections.clear();
  }

  #to(place: NotebookPlace): Connection {
    if (this.#isClosed) throw lost();
    const known = this.#connections.get(place);
    if (known) return known;
    const connection = place.connect(this.#client(), this.#tell);
    connection.onClose(() => this.#connections.delete(place));
    this.#connections.set(place, connection);
    return connection;
  }
}

function lost(): Error {
  return refusal('no-such-session', 'The large notebook was closed before it answered; open it again.');
}

function charactersIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + charactersIn(part), 0);
}
