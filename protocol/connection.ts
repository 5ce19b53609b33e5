/** A typed connection: requests, notifications and handlers by the names of `methods.ts`, checked as they come in. */
import {
  type CancellationToken,
  createMessageConnection,
  type Disposable,
  ErrorCodes,
  type MessageConnection,
  ResponseError,
} from 'vscode-jsonrpc';
import type * as z from 'zod';
import { type Channel, LostPeerError, SkippedFrameError } from './channel.ts';
import { Refusal, refusal, systemCode } from './errors.ts';
import { requestsInFlightMax } from './limits.ts';
import {
  type NotificationName,
  type NotificationParams,
  notifications,
  type ParamsOf,
  type RequestName,
  type ResultOf,
  requests,
} from './methods.ts';
import type { Described } from './read-only.ts';
import { ensureRuntime } from './runtime.ts';

export type Handler<M extends RequestName> = (
  params: Described<(typeof requests)[M]['params']>,
  token: CancellationToken,
) => ResultOf<M> | Promise<ResultOf<M>>;
export type Handlers = { readonly [M in RequestName]?: Handler<M> };
export type Listener<N extends NotificationName> = (params: NotificationParams<N>) => void;

export interface Connection {
  request<M extends RequestName>(method: M, params: ParamsOf<M>, token?: CancellationToken): Promise<ResultOf<M>>;
  /** Resolves when the peer has taken it, or never will: only `onClose` reports the end of a connection. */
  notify<N extends NotificationName>(name: N, params: NotificationParams<N>): Promise<void>;
  /** Handlers belong to the turn that created the connection: messages come from the next one on. */
  handle<M extends RequestName>(method: M, handler: Handler<M>): void;
  handleAll(handlers: Handlers): void;
  onNotification<N extends NotificationName>(name: N, listener: Listener<N>): Disposable;
  /** Once, whoever ends the connection; at once if it has ended. `reason` is absent where it ended as it should. */
  onClose(listener: (reason: Error | undefined) => void): Disposable;
  /** Bytes that were written and the peer has not taken. */
  readonly backlog: number;
  /** Notifications that this build does not know, or could not read. */
  readonly notificationsSkipped: number;
  dispose(): void;
}

export interface ConnectionOptions {
  /** Before a request is looked at: throws a refusal to keep it out. */
  readonly admit?: (method: RequestName) => void;
  /** What went wrong and is nobody's answer: broken handlers, unreadable frames. */
  readonly onError?: (error: Error) => void;
  /** Whether answers and notifications are checked, too; params always are. Default: true. */
  readonly checkAnswers?: boolean;
}

/** The connection ended before the answer came; the request may or may not have been carried out. */
export class ConnectionClosedError extends Error {
  override readonly name = 'ConnectionClosedError';
}

/** Listens at once. */
export function createConnection(channel: Channel, options: ConnectionOptions = {}): Connection {
  ensureRuntime();
  return new RpcConnection(channel, options);
}

class RpcConnection implements Connection {
  readonly #channel: Channel;
  readonly #rpc: MessageConnection;
  readonly #options: ConnectionOptions;
  readonly #handlers = new Map<string, Handler<RequestName>>();
  readonly #listeners = new Map<string, Set<(params: never) => void>>();
  readonly #closeListeners = new Set<(reason: Error | undefined) => void>();
  #inFlight = 0;
  #skipped = 0;
  #lastError: Error | undefined;
  #isLost = false;
  #isClosed = false;

  constructor(channel: Channel, options: ConnectionOptions) {
    this.#channel = channel;
    this.#options = options;
    const report = (message: string) => void (this.#isClosed || isRepeated(message) || options.onError?.(new Error(message)));
    this.#rpc = createMessageConnection(channel.reader, channel.writer, { error: report, warn: report, info() {}, log() {} });
    this.#rpc.onRequest((method, params, token) => this.#answer(method, params, token));
    this.#rpc.onNotification((name, params) => this.#receive(name, params));
    this.#rpc.onError(([error]) => this.#note(error));
    this.#rpc.onClose(() => this.#close());
    this.#rpc.listen();
  }

  get backlog(): number {
    return this.#channel.backlog();
  }

  get notificationsSkipped(): number {
    return this.#skipped;
  }

  async request<M extends RequestName>(method: M, params: ParamsOf<M>, token?: CancellationToken): Promise<ResultOf<M>> {
    if (this.#isClosed) throw this.#closedError(method);
    const result = await this.#asked(method, params, token);
    if (this.#options.checkAnswers === false) return result as ResultOf<M>;
    const checked = requests[method].result.safeParse(result);
    if (!checked.success) throw new Error(`The answer to ${method} does not match the protocol: ${sentence(checked.error)}`);
    return checked.data as ResultOf<M>;
  }

  notify<N extends NotificationName>(name: N, params: NotificationParams<N>): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return this.#rpc.sendNotification(name, params).catch((error: Error) => this.#report(error));
  }

  handle<M extends RequestName>(method: M, handler: Handler<M>): void {
    this.#handlers.set(method, handler as unknown as Handler<RequestName>);
  }

  handleAll(handlers: Handlers): void {
    for (const [method, handler] of Object.entries(handlers)) this.#handlers.set(method, handler as Handler<RequestName>);
  }

  onNotification<N extends NotificationName>(name: N, listener: Listener<N>): Disposable {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return { dispose: () => listeners.delete(listener) };
  }

  onClose(listener: (reason: Error | undefined) => void): Disposable {
    if (this.#isClosed) listener(this.#lastError);
    else this.#closeListeners.add(listener);
    return { dispose: () => this.#closeListeners.delete(listener) };
  }

  dispose(): void {
    this.#close();
  }

  async #answer(method: string, params: unknown, token: CancellationToken): Promise<unknown> {
    try {
      return await this.#admitted(method, params, token);
    } catch (error) {
      throw error instanceof Refusal ? new ResponseError(error.code, error.message, error.data) : error;
    }
  }

  async #admitted(method: string, params: unknown, token: CancellationToken): Promise<unknown> {
    if (!isRequestName(method)) throw new ResponseError(ErrorCodes.MethodNotFound, `There is no method "${method}".`);
    this.#options.admit?.(method);
    const handler = this.#handlers.get(method);
    if (!handler) throw new ResponseError(ErrorCodes.MethodNotFound, `${method} is not available here.`);
    const checked = requests[method].params.safeParse(params ?? {});
    if (!checked.success) throw new ResponseError(ErrorCodes.InvalidParams, `${method}: ${sentence(checked.error)}`);
    if (this.#inFlight >= requestsInFlightMax) {
      throw refusal(
        'limit-reached',
        `${requestsInFlightMax} requests of this client wait for their answers; send more when some have come.`,
      );
    }
    return this.#handled(method, () => handler(checked.data as never, token), token);
  }

  async #handled(method: RequestName, handle: () => unknown, token: CancellationToken): Promise<unknown> {
    this.#inFlight++;
    try {
      const result = Promise.resolve(handle());
      // What changes something is answered by what it did; what only looks can be given up.
      return await (requests[method].changes ? result : unlessCancelled(method, result, token));
    } catch (error) {
      if (error instanceof ResponseError || error instanceof Refusal) throw error;
      this.#options.onError?.(new Error(`${method} failed`, { cause: error }));
      throw new ResponseError(ErrorCodes.InternalError, `${method} failed because of an internal error; see the log.`);
    } finally {
      this.#inFlight--;
    }
  }

  #receive(name: string, params: unknown): void {
    const listeners = this.#listeners.get(name);
    if (!listeners || !isNotificationName(name)) return this.#skip();
    if (this.#options.checkAnswers === false) return this.#tell(name, params, listeners);
    const checked = notifications[name].params.safeParse(params ?? {});
    if (checked.success) return this.#tell(name, checked.data, listeners);
    this.#options.onError?.(new Error(`A ${name} was skipped: ${sentence(checked.error)}`));
    return this.#skip();
  }

  /** A newer peer may say more than we know. */
  #skip(): void {
    this.#skipped++;
  }

  #tell(name: string, params: unknown, listeners: ReadonlySet<(params: never) => void>): void {
    for (const listener of [...listeners]) {
      try {
        listener(params as never);
      } catch (error) {
        this.#options.onError?.(new Error(`A listener to ${name} failed`, { cause: error }));
      }
    }
  }

  async #asked(method: RequestName, params: object, token?: CancellationToken): Promise<unknown> {
    try {
      return await (token ? this.#rpc.sendRequest(method, params, token) : this.#rpc.sendRequest(method, params));
    } catch (error) {
      throw isUnanswered(error) ? this.#closedError(method) : error;
    }
  }

  #note(error: Error): void {
    if (!(error instanceof SkippedFrameError)) this.#lastError = error;
    this.#report(error);
  }

  /** A peer that leaves while much is on its way to it is worth one line, not one for each message. */
  #report(error: Error): void {
    const isLoss = error instanceof LostPeerError || systemCode(error) !== undefined;
    if (isLoss && this.#isLost) return;
    this.#isLost ||= isLoss;
    this.#options.onError?.(error);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#rpc.dispose();
    this.#channel.close();
    for (const listener of this.#closeListeners) listener(this.#lastError);
    this.#closeListeners.clear();
  }

  #closedError(method: RequestName): ConnectionClosedError {
    const reason = this.#lastError ? `: ${this.#lastError.message}` : '';
    return new ConnectionClosedError(`The connection closed before ${method} was answered${reason}`, { cause: this.#lastError });
  }
}

function unlessCancelled<T>(method: string, result: Promise<T>, token: CancellationToken): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new ResponseError(requestCancelled, `${method} was cancelled.`));
    if (token.isCancellationRequested) cancel();
    const registration = token.onCancellationRequested(cancel);
    void result.then(resolve, reject).finally(() => registration.dispose());
  });
}

/** The library says so of each message, and its error is reported with its reason. */
function isRepeated(message: string): boolean {
  return /^Sending \w+ failed\.$/.test(message);
}

function isUnanswered(error: unknown): boolean {
  return error instanceof ResponseError && error.code === ErrorCodes.PendingResponseRejected;
}

/** LSP's code for it. */
const requestCancelled = -32800;

/** The first problem, with the place where it stands: "changes[0].text: …". */
function sentence(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = (issue?.path ?? []).map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return `${path ? `${path.replace(/^\./, '')}: ` : ''}${issue?.message ?? error.message}.`;
}

function isRequestName(method: string): method is RequestName {
  return Object.hasOwn(requests, method);
}

function isNotificationName(name: string): name is NotificationName {
  return Object.hasOwn(notifications, name);
}
