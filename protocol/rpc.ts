/**
 * JSON-RPC over a channel: brings requests and their answers together, and cancellations to what they mean. What comes in has been checked
 * (`messages.ts`), and is handled in the turn in which it came: a quick step is over in less time than the turns of a queue take.
 */
import {
  type CancellationToken,
  CancellationTokenSource,
  ErrorCodes,
  Message,
  type NotificationMessage,
  type RequestMessage,
  ResponseError,
  type ResponseMessage,
} from 'vscode-jsonrpc';
import type { Channel } from './channel.ts';

type Id = string | number;

/** Who is behind it. */
export interface Hearer {
  /** Rejects with the `ResponseError` to answer with. */
  answer(method: string, params: unknown, token: CancellationToken): Promise<unknown>;
  hear(name: string, params: unknown): void;
  /** What could not be said, or was said to nobody. */
  report(message: string): void;
}

type Said = { readonly result: NonNullable<unknown> | null } | { readonly error: ReturnType<ResponseError['toJson']> };

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

const version = '2.0';
const cancelRequest = '$/cancelRequest';

export class Rpc {
  readonly #channel: Channel;
  readonly #hearer: Hearer;
  #requests = 0;
  readonly #waiting = new Map<Id, Waiting>();
  /** Of the peer's requests that have no answer yet. */
  readonly #open = new Map<Id, CancellationTokenSource>();
  #isOver = false;

  constructor(channel: Channel, hearer: Hearer) {
    this.#channel = channel;
    this.#hearer = hearer;
  }

  listen(): void {
    this.#channel.reader.listen((message) => this.#receive(message));
  }

  /** What still comes is nobody's. */
  end(): void {
    this.#isOver = true;
    this.#waiting.clear();
    this.#open.clear();
  }

  async request(method: string, params: object, token?: CancellationToken): Promise<unknown> {
    const id = this.#requests++;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    const message: RequestMessage = { jsonrpc: version, id, method, params };
    this.#channel.writer.write(message).catch((error: Error) => {
      this.#waiting.get(id)?.reject(new ResponseError(ErrorCodes.MessageWriteError, error.message));
    });
    const cancel = () => void this.notify(cancelRequest, { id }).catch(() => undefined);
    if (token?.isCancellationRequested) cancel();
    const cancelling = token?.onCancellationRequested(cancel);
    try {
      return await answer;
    } finally {
      this.#waiting.delete(id);
      cancelling?.dispose();
    }
  }

  /** Resolves when the peer has taken it. */
  notify(method: string, params: object): Promise<void> {
    const message: NotificationMessage = { jsonrpc: version, method, params };
    return this.#channel.writer.write(message);
  }

  #receive(message: Message): void {
    if (this.#isOver) return;
    if (Message.isRequest(message)) this.#answer(message);
    else if (Message.isNotification(message)) this.#hear(message);
    else if (Message.isResponse(message)) this.#settle(message);
  }

  #answer({ id, method, params }: RequestMessage): void {
    if (id === null) return;
    const cancellation = new CancellationTokenSource();
    this.#open.set(id, cancellation);
    const answer = (said: Said) => {
      this.#open.delete(id);
      const message: ResponseMessage = { jsonrpc: version, id, ...said };
      this.#channel.writer.write(message).catch((error: Error) => this.#hearer.report(error.message));
    };
    void this.#hearer.answer(method, params ?? {}, cancellation.token).then(
      (result) => answer({ result: result ?? null }),
      (error: ResponseError) => answer({ error: error.toJson() }),
    );
  }

  #hear({ method, params = {} }: NotificationMessage): void {
    if (method === cancelRequest) this.#open.get((params as { readonly id: Id }).id)?.cancel();
    else this.#hearer.hear(method, params);
  }

  #settle({ id, result, error }: ResponseMessage): void {
    if (id === null) this.#hearer.report(`An answer to no request came: ${error?.message ?? 'it has no id.'}`);
    else if (error) this.#waiting.get(id)?.reject(new ResponseError(error.code, error.message, error.data));
    else this.#waiting.get(id)?.resolve(result);
  }
}
