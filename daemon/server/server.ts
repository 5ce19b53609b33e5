/** Connections ↔ sessions. */
import type { Channel } from '../../protocol/channel.ts';
import { type Connection, createConnection, type Handlers } from '../../protocol/connection.ts';
import { refusal } from '../../protocol/errors.ts';
import type { ParamsOf, RequestName, ResultOf, SessionInfo } from '../../protocol/methods.ts';
import { negotiate, packageVersion, supportedVersions } from '../../protocol/version.ts';
import type { Session } from '../session/session.ts';
import type { Access } from './access.ts';
import { calmly } from './calmly.ts';
import { ConnectedClient } from './client.ts';
import type { ServerOptions } from './context.ts';
import { Crossings } from './crossings.ts';
import type { KnownClient } from './elsewhere.ts';
import { checkRole, guarded } from './guard.ts';
import { checkHandlers } from './handlers/check.ts';
import { codeHandlers } from './handlers/code.ts';
import { graphHandlers } from './handlers/graph.ts';
import { inputHandlers } from './handlers/input.ts';
import { kernelHandlers } from './handlers/kernel.ts';
import { notebookHandlers } from './handlers/notebook.ts';
import { outputHandlers } from './handlers/output.ts';
import { runHandlers } from './handlers/run.ts';
import { serverHandlers } from './handlers/server.ts';
import { describeSession, sessionHandlers } from './handlers/session.ts';
import { textHandlers } from './handlers/text.ts';
import { tokenHandlers } from './handlers/token.ts';
import { variableHandlers } from './handlers/variables.ts';
import { InTurn } from './in-turn.ts';
import { type RoutingContext, routed } from './routing.ts';
import { Tokens } from './tokens.ts';

export class Server {
  readonly #options: ServerOptions;
  readonly #clients = new Set<ConnectedClient>();
  readonly #startedAt: number;
  readonly #tokens: Tokens;
  readonly #openings = new InTurn();
  #connections = 0;
  #isStopping = false;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#startedAt = options.now();
    this.#tokens = new Tokens({ ...options, root: options.token, onOver: (access) => this.#endClientsWith(access) });
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  accept(over: Channel): void {
    this.#accept(`client ${++this.#connections}`, over);
  }

  /** One that has said who it is elsewhere. */
  acceptIntroduced(over: Channel, { id, name, access }: Omit<KnownClient, 'encoding'>): void {
    const client = this.#accept(id, over);
    client.name = name;
    client.access = access;
  }

  /** How the open notebooks are. */
  describeSessions(): Promise<readonly SessionInfo[]> {
    const { all } = this.#options.sessions;
    return Promise.all(all.map((session) => describeSession({ clients: this.#clients }, session)));
  }

  /** Ends every session and connection. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const { sessions, elsewhere, outputFiles } = this.#options;
    await Promise.all([elsewhere?.stop(), ...sessions.all.map((session) => this.#closeSession(session, 'The daemon ended.'))]);
    for (const client of this.#clients) client.end();
    await outputFiles?.clear();
    this.#tokens.close();
  }

  #accept(id: string, over: Channel): ConnectedClient {
    let client: ConnectedClient | undefined;
    const connection = createConnection(over, { admit: (method) => this.#admit(client, method), onError: this.#options.onError });
    client = new ConnectedClient(id, connection, this.#options.timers);
    this.#serve(client, connection, over);
    return client;
  }

  #serve(client: ConnectedClient, connection: Connection, over: Channel): void {
    const { sessions, elsewhere } = this.#options;
    const introduced = () => client.introduced(() => over.encoding?.() ?? 'json');
    const crossings = new Crossings(introduced, (name, params) => connection.notify(name, params as never));
    const context: RoutingContext = {
      ...this.#options,
      client,
      clients: this.#clients,
      tokens: this.#tokens,
      startedAt: this.#startedAt,
      closeSession: (session, reason) => this.#closeSession(session, reason),
      crossings,
      openings: this.#openings,
    };
    const stateless = { ...this.#options, parse: sessions.parse, largeFrom: elsewhere?.largeFrom };
    const handlers: Handlers = {
      initialize: (params) => {
        const result = this.#initialize(client, params);
        over.widen?.();
        return result;
      },
      ...serverHandlers(context),
      ...tokenHandlers(context),
      ...sessionHandlers(context),
      ...textHandlers(context),
      ...graphHandlers(context),
      ...checkHandlers(stateless),
      ...notebookHandlers(stateless),
      ...runHandlers(context),
      ...codeHandlers(context),
      ...inputHandlers(context),
      ...kernelHandlers(context),
      ...outputHandlers(context),
      ...variableHandlers(context),
    };
    const open = { byId: (id: string) => sessions.byId(id) ?? elsewhere?.byId(id) };
    connection.handleAll(guarded(routed(calmly(handlers, sessions), context), client, open));
    this.#clients.add(client);
    connection.onClose(() => {
      crossings.close();
      void this.#gone(client);
    });
    this.#options.onClients();
  }

  #admit(client: ConnectedClient | undefined, method: RequestName): void {
    if (this.#isStopping) throw refusal('shutting-down', 'The daemon is shutting down; connect again to start a new one.');
    if (method === 'initialize') return;
    if (!client?.access) throw refusal('not-initialized', `Send initialize before ${method}.`);
    checkRole(client.access, method);
  }

  #initialize(client: ConnectedClient, params: ParamsOf<'initialize'>): ResultOf<'initialize'> {
    if (client.access) throw refusal('not-allowed', 'This connection has been introduced already; open another one.');
    const access = this.#tokens.accessOf(params.token);
    if (!access)
      throw refusal(
        'not-allowed',
        'The token is missing, wrong or over; take that of the discovery file, or ask an editor for a new one.',
      );
    const version = negotiate(params.versions);
    if (version === undefined) {
      throw refusal(
        'incompatible-version',
        `The versions do not match: this daemon speaks protocol ${supportedVersions.join(', ')}, the client ${params.versions.join(', ') || 'none'}. Use the same Headwater on both sides.`,
      );
    }
    client.access = access;
    client.name = params.client.name;
    return {
      version,
      server: { name: 'headwater', version: packageVersion },
      incarnation: this.#options.incarnation,
      pid: this.#options.process.pid,
      role: access.role,
      capabilities: this.#options.sessions.forksKernels ? { fork: true } : {},
    };
  }

  #endClientsWith(access: Access): void {
    for (const client of this.#clients) if (client.access === access) client.end();
  }

  /** Its buffers are gone with it: the text is what the files say. The sessions stay. */
  async #gone(client: ConnectedClient): Promise<void> {
    client.dispose();
    this.#clients.delete(client);
    for (const session of this.#options.sessions.all) {
      session.placeless.drop(client.id);
      if (session.document.owner !== client.id) continue;
      await session.calmly(async () => {
        session.closeText(client.id, undefined);
        await this.#options.sessions.refresh(session);
      });
    }
    this.#options.onClients();
  }

  async #closeSession(session: Session, reason: string): Promise<void> {
    await this.#options.sessions.close(session);
    await Promise.all([...this.#clients].map((client) => client.sessionClosed(session, reason)));
  }
}
