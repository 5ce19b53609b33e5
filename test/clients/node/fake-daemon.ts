/** A daemon without notebooks: enough of the protocol that a client can find it, follow a session, and lose both. */
import { randomUUID } from 'node:crypto';
import { newToken, tokensEqual } from '../../../daemon/node/secrets.ts';
import { pathsFrom } from '../../../daemon/paths.ts';
import { publish, withdraw } from '../../../daemon/transport/discovery.ts';
import { listen } from '../../../daemon/transport/socket.ts';
import { applyChange } from '../../../protocol/changes.ts';
import { type Connection, createConnection } from '../../../protocol/connection.ts';
import { refusal } from '../../../protocol/errors.ts';
import { frameChannel } from '../../../protocol/node/frames.ts';
import { defaultOptions } from '../../../protocol/running-options.ts';
import type { NotebookView, SessionEvent } from '../../../protocol/types.ts';
import { packageVersion } from '../../../protocol/version.ts';

export interface FakeDaemon {
  readonly incarnation: string;
  /** How often each method was asked for. */
  readonly asked: ReadonlyMap<string, number>;
  readonly connections: ReadonlySet<Connection>;
  readonly view: NotebookView | undefined;
  /** The next event of the session; lost ones are not sent to those who are attached, and foreign ones have a type of a later version. */
  emit(mode: 'eager' | 'lazy', how?: 'lost' | 'foreign'): void;
  close(reason: string): void;
  /** Every connection ends; new ones are welcome. */
  drop(): void;
  stop(): Promise<void>;
}

export async function startFakeDaemon(environment: NodeJS.ProcessEnv, version = packageVersion): Promise<FakeDaemon> {
  const incarnation = randomUUID();
  const paths = pathsFrom(environment);
  const token = newToken();
  const asked = new Map<string, number>();
  const attached = new Set<Connection>();
  const connections = new Set<Connection>();
  const events: SessionEvent[] = [];
  let view: NotebookView | undefined;

  const accept = (connection: Connection) => {
    connections.add(connection);
    connection.onClose(() => {
      connections.delete(connection);
      attached.delete(connection);
    });
    connection.handleAll({
      initialize: (params) => {
        if (!tokensEqual(token, params.token)) throw refusal('not-allowed', 'The token is wrong; read the discovery file again.');
        const server = { name: 'fake', version: '0.0.0' };
        return { version: 1, server, incarnation, pid: process.pid, role: 'editor', capabilities: {} };
      },
      'session/open': ({ path }) => {
        view ??= emptyView(path, incarnation);
        attached.add(connection);
        return { view };
      },
      'session/attach': ({ session, since }) => {
        if (!view || (session !== view.session && session !== view.path))
          throw refusal('no-such-session', `${session} is not open.`);
        attached.add(connection);
        return since?.incarnation === incarnation ? { events: events.filter(({ seq }) => seq > since.seq) } : { view };
      },
      'session/detach': () => {
        attached.delete(connection);
        return {};
      },
    });
  };
  const count = (method: string) => void asked.set(method, (asked.get(method) ?? 0) + 1);
  const { path, close } = await listen(`${paths.folder}/${paths.name}`, (socket) =>
    accept(createConnection(frameChannel(socket), { admit: count })),
  );
  await publish(paths.discovery, {
    pid: process.pid,
    socket: path,
    token,
    incarnation,
    version,
    protocol: 1,
    startedAt: Date.now(),
    log: paths.log,
  });

  const drop = () => {
    for (const connection of connections) connection.dispose();
  };
  return {
    incarnation,
    asked,
    connections,
    get view() {
      return view;
    },
    emit: (mode, how) => {
      if (!view) throw new Error('nobody has opened the notebook');
      const event: SessionEvent = {
        type: 'options',
        session: view.session,
        seq: view.seq + 1,
        options: { ...defaultOptions, mode },
      };
      const sent = how === 'foreign' ? ({ ...event, type: 'weather' } as unknown as SessionEvent) : event;
      events.push(sent);
      view = applyChange(view, event);
      if (how !== 'lost') for (const connection of attached) void connection.notify('session/event', sent);
    },
    close: (reason) => {
      for (const connection of attached) void connection.notify('session/closed', { session: view?.session ?? '', reason });
      view = undefined;
    },
    drop,
    stop: async () => {
      await withdraw(paths.discovery, incarnation);
      await close();
      drop();
    },
  };
}

function emptyView(path: string, incarnation: string): NotebookView {
  const kernel = { phase: 'none', generation: 0 } as const;
  const session = `session-of-${incarnation.slice(0, 8)}`;
  return {
    session,
    incarnation,
    seq: 0,
    path,
    options: defaultOptions,
    version: 0,
    layout: [],
    cells: {},
    problems: [],
    kernel,
    runs: [],
    placeless: [],
  };
}
