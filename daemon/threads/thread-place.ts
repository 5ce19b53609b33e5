/** One thread, and what the main thread knows of it. */
import { Worker } from 'node:worker_threads';
import type { Message } from 'vscode-jsonrpc';
import { type Connection, createConnection } from '../../protocol/connection.ts';
import { Encoded } from '../../protocol/encoded.ts';
import { messageOf, systemCode } from '../../protocol/errors.ts';
import type { NotificationName, SessionInfo } from '../../protocol/methods.ts';
import { threadStopSecondsMax } from '../limits.ts';
import { seesSession } from '../server/access.ts';
import type { KnownClient, NotebookPlace, SessionElsewhere, Tell } from '../server/elsewhere.ts';
import { AskingEnd } from './crossing.ts';
import type { FromThread, Kept, ThreadData, ToThread } from './messages.ts';

export interface ThreadPlaceOptions extends ThreadData {
  /** Of the file whose sessions it is for; undefined where it is for one question. */
  readonly path: string | undefined;
  readonly megabytesMax: number;
  readonly onError: (error: Error) => void;
  readonly onEnd: () => void;
}

interface Client {
  readonly introduced: KnownClient;
  readonly end: AskingEnd;
  readonly tell: Tell;
}

export class ThreadPlace implements NotebookPlace {
  readonly path: string | undefined;
  readonly #options: ThreadPlaceOptions;
  readonly #worker: Worker;
  readonly #clients = new Map<string, Client>();
  readonly #gone: Promise<void>;
  #kept: readonly Kept[] = [];
  #infos: readonly SessionInfo[] = [];
  #refreshing: (() => void)[] = [];
  #underWay = 0;
  #isEnding = false;
  #whyLost = 'it ended';

  constructor(options: ThreadPlaceOptions) {
    const { path, megabytesMax, incarnation, stateFolder, environment, outputs, idPrefix } = options;
    const workerData: ThreadData = { incarnation, stateFolder, environment, outputs, idPrefix };
    this.path = path;
    this.#options = options;
    // The program that runs here, from whatever it was built into.
    this.#worker = new Worker(process.argv[1] as string, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: megabytesMax },
      // Node would close descriptors that a socket has closed before: they may be another thread's by then.
      trackUnmanagedFds: false,
    });
    this.#worker.on('message', (message: FromThread) => this.#hear(message)).on('error', (error) => this.#fail(error));
    this.#gone = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#lose();
        resolve();
      });
    });
  }

  get isEnding(): boolean {
    return this.#isEnding;
  }

  get sessions(): readonly SessionElsewhere[] {
    const infoOf = (id: string) => this.#infos.find(({ session }) => session === id);
    return this.#kept.map((kept) => ({ ...kept, info: infoOf(kept.id), place: this }));
  }

  connect(introduced: KnownClient, tell: Tell): Connection {
    const { id: client, name, access } = introduced;
    const end = new AskingEnd(
      (message) => this.#post({ type: 'request', client, message, encoding: introduced.encoding() }),
      () => {
        if (this.#clients.delete(client)) this.#post({ type: 'gone', client });
      },
    );
    this.#clients.set(client, { introduced, end, tell });
    this.#post({ type: 'client', client, name, access });
    return createConnection(end, { checkAnswers: false, onError: this.#options.onError });
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      this.#endIfEmpty();
    }
  }

  refresh(): Promise<void> {
    this.#post({ type: 'refresh' });
    return new Promise((resolve) => this.#refreshing.push(resolve));
  }

  async stop(): Promise<void> {
    this.#isEnding = true;
    this.#post({ type: 'stop' });
    const deadline = setTimeout(() => void this.#worker.terminate(), threadStopSecondsMax * 1000);
    await this.#gone;
    clearTimeout(deadline);
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromThread): void {
    switch (message.type) {
      case 'answer':
        return this.#answer(message);
      case 'gone':
        return this.#clients.get(message.client)?.end.reader.end();
      case 'sessions':
        this.#kept = message.sessions;
        return this.#endIfEmpty();
      case 'infos':
        this.#infos = message.infos;
        return this.#refreshed();
      case 'error':
        return this.#options.onError(message.error);
    }
  }

  /** What is told goes to the client as it is, and counts as taken when the client has taken it. */
  #answer({ client, message, part, number }: Extract<FromThread, { type: 'answer' }>): void {
    const found = this.#clients.get(client);
    if (!found) return;
    const value = part && new Encoded(part.encoding, part.bytes);
    const taken = () => this.#post({ type: 'taken', client, number });
    if (part?.field === 'params') {
      const { method } = message as Message & { readonly method: NotificationName };
      void found.tell(method, value as Encoded).then(taken);
      return;
    }
    found.end.reader.receive(part ? ({ ...message, [part.field]: value } as Message) : message);
    taken();
  }

  #refreshed(): void {
    for (const resolve of this.#refreshing) resolve();
    this.#refreshing = [];
  }

  #endIfEmpty(): void {
    if (this.#underWay === 0 && this.#kept.length === 0 && !this.#isEnding) void this.stop();
  }

  #fail(error: Error): void {
    this.#options.onError(error);
    this.#whyLost =
      systemCode(error) === 'ERR_WORKER_OUT_OF_MEMORY'
        ? `it needed more memory than the ${this.#options.megabytesMax} MB that it may have`
        : messageOf(error);
  }

  /** However it came to its end: nobody waits for it. */
  #lose(): void {
    const kept = this.#kept;
    this.#isEnding = true;
    this.#kept = [];
    this.#refreshed();
    this.#options.onEnd();
    const reason = `The thread of this large notebook ended: ${this.#whyLost}. Open it again.`;
    for (const { introduced, end, tell } of this.#clients.values()) {
      for (const { id } of kept) if (seesSession(introduced.access, id)) void tell('session/closed', { session: id, reason });
      end.reader.end();
    }
    this.#clients.clear();
  }
}
