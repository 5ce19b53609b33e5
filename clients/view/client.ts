/** A client of a daemon over a connection, however it came to be: typed requests, the events of its sessions, and perhaps a way back. */
import type { CancellationToken, Disposable } from 'vscode-jsonrpc';
import type { Connection } from '../../protocol/connection.ts';
import type { NotificationName, NotificationParams, ParamsOf, RequestName, ResultOf } from '../../protocol/methods.ts';
import type { SessionEvent } from '../../protocol/types.ts';
import { packageVersion, supportedVersions } from '../../protocol/version.ts';

export interface Client {
  /** How the server introduced itself. */
  readonly server: ResultOf<'initialize'>;
  readonly isConnected: boolean;
  request<M extends RequestName>(method: M, params: ParamsOf<M>, token?: CancellationToken): Promise<ResultOf<M>>;
  notify<N extends NotificationName>(name: N, params: NotificationParams<N>): Promise<void>;
  onEvent(session: string, listener: (event: SessionEvent) => void): Disposable;
  /** Of every session that this client is attached to. */
  onAnyEvent(listener: (event: SessionEvent) => void): Disposable;
  /** The session is gone for good. */
  onClosed(session: string, listener: (reason: string) => void): Disposable;
  /** The connection dropped. Not called after `close`. Listeners stay, for the time after `reconnect`. */
  onDisconnect(listener: (reason: Error | undefined) => void): Disposable;
  /** Finds the daemon again, and never starts one. Who calls it meanwhile shares the attempt. */
  reconnect(): Promise<void>;
  close(): void;
}

export interface IntroductionOptions {
  /** Who is there, for people who look at the list of clients: "neovim". */
  readonly clientName: string;
  readonly clientVersion?: string;
  readonly token?: string;
}

/** There is no daemon, or none could be started; the message tells what to do. */
export class DaemonUnreachableError extends Error {
  override readonly name = 'DaemonUnreachableError';
}

/** A client over a connection that is there already, such as one within the same process. It knows no way back. */
export async function createClient(connection: Connection, options: IntroductionOptions): Promise<Client> {
  return clientOf(await introduce(connection, options));
}

/** `findAgain` is its way back when the connection drops. */
export function clientOf(introduced: Introduced, findAgain?: () => Promise<Introduced>): Client {
  return new ConnectedClient(introduced, findAgain);
}

export interface Introduced {
  readonly connection: Connection;
  readonly server: ResultOf<'initialize'>;
}

/** The server knows who is there, and has let it in. */
export async function introduce(
  connection: Connection,
  { clientName, clientVersion, token }: IntroductionOptions,
): Promise<Introduced> {
  const client = { name: clientName, version: clientVersion ?? packageVersion };
  const server = await connection.request('initialize', {
    versions: supportedVersions,
    client,
    ...(token !== undefined && { token }),
  });
  return { connection, server };
}

class ConnectedClient implements Client {
  #introduced: Introduced;
  readonly #findAgain: (() => Promise<Introduced>) | undefined;
  #reconnecting: Promise<void> | undefined;
  #isConnected = true;
  #isClosed = false;
  readonly #eventListeners = new Set<(event: SessionEvent) => void>();
  readonly #closedListeners = new Set<(closed: NotificationParams<'session/closed'>) => void>();
  readonly #disconnectListeners = new Set<(reason: Error | undefined) => void>();

  constructor(introduced: Introduced, findAgain?: () => Promise<Introduced>) {
    this.#introduced = introduced;
    this.#findAgain = findAgain;
    this.#listen(introduced.connection);
  }

  get server(): ResultOf<'initialize'> {
    return this.#introduced.server;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  request<M extends RequestName>(method: M, params: ParamsOf<M>, token?: CancellationToken): Promise<ResultOf<M>> {
    return this.#introduced.connection.request(method, params, token);
  }

  notify<N extends NotificationName>(name: N, params: NotificationParams<N>): Promise<void> {
    return this.#introduced.connection.notify(name, params);
  }

  onEvent(session: string, listener: (event: SessionEvent) => void): Disposable {
    return this.onAnyEvent((event) => {
      if (event.session === session) listener(event);
    });
  }

  onAnyEvent(listener: (event: SessionEvent) => void): Disposable {
    return added(this.#eventListeners, listener);
  }

  onClosed(session: string, listener: (reason: string) => void): Disposable {
    return added(this.#closedListeners, (closed: NotificationParams<'session/closed'>) => {
      if (closed.session === session) listener(closed.reason);
    });
  }

  onDisconnect(listener: (reason: Error | undefined) => void): Disposable {
    return added(this.#disconnectListeners, listener);
  }

  reconnect(): Promise<void> {
    if (this.#isConnected) return Promise.resolve();
    this.#reconnecting ??= this.#reconnect().finally(() => {
      this.#reconnecting = undefined;
    });
    return this.#reconnecting;
  }

  close(): void {
    this.#isClosed = true;
    this.#introduced.connection.dispose();
  }

  async #reconnect(): Promise<void> {
    if (this.#isClosed || !this.#findAgain)
      throw new DaemonUnreachableError('Disconnected: this client was closed, or cannot reconnect.');
    const introduced = await this.#findAgain();
    if (this.#isClosed) return introduced.connection.dispose();
    this.#introduced = introduced;
    this.#isConnected = true;
    this.#listen(introduced.connection);
  }

  #listen(connection: Connection): void {
    connection.onNotification('session/event', (event) => tell(this.#eventListeners, event));
    connection.onNotification('session/closed', (closed) => tell(this.#closedListeners, closed));
    connection.onClose((reason) => {
      this.#isConnected = false;
      if (!this.#isClosed) tell(this.#disconnectListeners, reason);
    });
  }
}

function added<T>(listeners: Set<T>, listener: T): Disposable {
  listeners.add(listener);
  return { dispose: () => listeners.delete(listener) };
}

function tell<T>(listeners: ReadonlySet<(value: T) => void>, value: T): void {
  for (const listener of [...listeners]) listener(value);
}
