/** What runs in a thread: the same parts as in the daemon's process, for one large notebook. Its clients are those of the daemon. */
import type { MessagePort } from 'node:worker_threads';
import { assembleResident } from '../assemble.ts';
import type { Server } from '../server/server.ts';
import type { Session } from '../session/session.ts';
import { AnsweringEnd } from './crossing.ts';
import type { FromThread, ThreadData, ToThread } from './messages.ts';

export async function runThread(port: MessagePort, data: ThreadData): Promise<void> {
  const post = (message: FromThread) => port.postMessage(message);
  const onError = (error: unknown) => post({ type: 'error', error: error instanceof Error ? error : new Error(String(error)) });
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  const thread = await assembleResident({
    ...data,
    token: undefined,
    onError,
    onStop: () => {},
    onClients: () => {},
    onOpened: (session) => kept.follow(session),
    onClosed: () => kept.tell(),
  });
  const { server, sessions } = thread;
  const kept = new KeptSessions(() => sessions.all, post);
  const clients = new Clients(server, port);
  const tellInfos = () => void server.describeSessions().then((infos) => post({ type: 'infos', infos }), onError);
  port.on('message', (message: ToThread) => {
    switch (message.type) {
      case 'refresh':
        return tellInfos();
      case 'stop':
        return void thread.stop().finally(() => process.exit());
      default:
        return clients.hear(message);
    }
  });
}

/** Tells which sessions there are, and which of them hold values: before anything that follows from it. */
class KeptSessions {
  readonly #all: () => readonly Session[];
  readonly #post: (message: FromThread) => void;

  constructor(all: () => readonly Session[], post: (message: FromThread) => void) {
    this.#all = all;
    this.#post = post;
  }

  follow(session: Session): void {
    this.tell();
    let wasAlive = session.isAlive;
    session.events.listen(({ type }) => {
      if (type !== 'kernel' || session.isAlive === wasAlive) return;
      wasAlive = session.isAlive;
      this.tell();
    });
  }

  tell(): void {
    const sessions = this.#all().map(({ id, path, variant, isAlive }) => ({ id, path, variant, isAlive }));
    this.#post({ type: 'sessions', sessions });
  }
}

class Clients {
  readonly #server: Server;
  readonly #port: MessagePort;
  readonly #ends = new Map<string, AnsweringEnd>();

  constructor(server: Server, port: MessagePort) {
    this.#server = server;
    this.#port = port;
  }

  hear(message: Extract<ToThread, { client: string }>): void {
    const { client } = message;
    switch (message.type) {
      case 'client':
        return this.#accept(message);
      case 'request': {
        const end = this.#ends.get(client);
        if (end) end.encoding = () => message.encoding;
        return end?.reader.receive(message.message);
      }
      case 'taken':
        return this.#ends.get(client)?.taken(message.number);
      case 'gone':
        return this.#ends.get(client)?.reader.end();
    }
  }

  #accept({ client, name, access }: Extract<ToThread, { type: 'client' }>): void {
    const post = (message: FromThread, given: readonly ArrayBuffer[] = []) => this.#port.postMessage(message, given);
    const end = new AnsweringEnd(
      (message, part, number) =>
        post({ type: 'answer', client, message, part, number }, part ? [part.bytes.buffer as ArrayBuffer] : []),
      () => {
        if (this.#ends.delete(client)) post({ type: 'gone', client });
      },
    );
    this.#ends.set(client, end);
    this.#server.acceptIntroduced(end, { id: client, name, access });
  }
}
