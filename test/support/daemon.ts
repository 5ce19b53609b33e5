// A real daemon for tests: its own process and socket, in a runtime folder of its own.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connect } from '../../clients/node/client.ts';
import { followSession, type Notebook } from '../../clients/node/notebook.ts';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import type { ResultOf } from '../../protocol/methods.ts';
import type { CellView, RunMode } from '../../protocol/types.ts';

const builtMain = join(packageRoot(), 'dist', 'daemon', 'main.js');

export class TestDaemon {
  /** The folder of the test, in which its notebooks are. */
  folder: string;
  readonly #home: string;
  readonly environment: Record<string, string>;
  readonly #clients: Client[] = [];
  readonly #daemonMain: string;

  constructor(home: string, extra: Record<string, string>, daemonMain = builtMain) {
    this.#home = home;
    this.#daemonMain = daemonMain;
    this.folder = home;
    const inherited = Object.fromEntries(
      Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    this.environment = { ...inherited, HEADWATER_RUNTIME_DIR: join(home, 'run'), ...extra };
  }

  static async create(extra: Record<string, string> = {}, daemonMain?: string): Promise<TestDaemon> {
    return new TestDaemon(await mkdtemp(join(tmpdir(), 'hw-')), extra, daemonMain);
  }

  async enter(): Promise<void> {
    this.folder = await mkdtemp(join(this.#home, 'test-'));
  }

  /** Closes what the test has left open. */
  async leave(): Promise<void> {
    const client = await this.#running();
    if (client) {
      const { sessions } = await client.request('session/list', {});
      await Promise.all(sessions.map(({ session }) => client.request('session/close', { session }).catch(() => {})));
      client.close();
    }
    for (const own of this.#clients.splice(0)) own.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Starts the daemon when there is none. */
  async client(clientName = 'test', token?: string): Promise<Client> {
    const given = token === undefined ? {} : { token };
    const client = await connect({
      clientName,
      ...given,
      environment: this.environment,
      daemonMain: this.#daemonMain,
      checkAnswers: true,
    });
    this.#clients.push(client);
    return client;
  }

  /** Writes a notebook and opens it with its text, as an editor does. */
  async notebook(text: string, name = 'notebook.py'): Promise<TestNotebook> {
    const path = join(this.folder, name);
    await writeFile(path, text);
    return this.open(path, text, await this.client());
  }

  async open(path: string, text: string | undefined, client: Client): Promise<TestNotebook> {
    const followed = await followSession(client, {
      path,
      ...(text !== undefined && { text, version: 1 }),
      environment: this.environment,
    });
    return new TestNotebook(path, client, followed);
  }

  async stop(): Promise<void> {
    const last = await this.#running();
    if (last) {
      const gone = new Promise((resolve) => last.onDisconnect(resolve));
      await last.request('server/stop', {}).catch(() => {});
      await gone;
    }
    for (const client of this.#clients) client.close();
    // A daemon that lost the race to be the one may still be writing to its log.
    await rm(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }

  #running(): Promise<Client | undefined> {
    return connect({ clientName: 'test', environment: this.environment, start: false }).catch(() => undefined);
  }
}

export class TestNotebook {
  readonly path: string;
  readonly client: Client;
  readonly followed: Notebook;
  #version = 1;

  constructor(path: string, client: Client, followed: Notebook) {
    this.path = path;
    this.client = client;
    this.followed = followed;
  }

  get session(): string {
    return this.followed.session;
  }

  /** The cell at a place on the page, from 0. */
  cell(at: number): CellView {
    const { layout, cells } = this.followed.view;
    const cell = cells[layout[at]?.id ?? ''];
    if (!cell) throw new Error(`no cell ${at}`);
    return cell;
  }

  /** Statuses in page order. */
  get statuses(): string[] {
    return this.followed.view.layout.map((_, at) => this.cell(at).status);
  }

  /** Everything that the cell shows, as plain text. */
  shown(at: number): string {
    return this.cell(at)
      .outputs.map((output) => (output.type === 'stream' ? output.text : output.bundle['text/plain']))
      .join('');
  }

  async start(mode: RunMode, ...cells: number[]): Promise<number> {
    const roots = cells.map((at) => this.cell(at).id);
    return (await this.client.request('run/start', { session: this.session, mode, roots })).run;
  }

  async wait(run: number): Promise<ResultOf<'run/wait'>> {
    const finished = await this.client.request('run/wait', { session: this.session, run });
    await this.settled(finished.seq);
    return finished;
  }

  async run(mode: RunMode, ...cells: number[]): Promise<ResultOf<'run/wait'>> {
    return this.wait(await this.start(mode, ...cells));
  }

  /** Gives the buffer another text. */
  async edit(text: string): Promise<void> {
    const { seq } = await this.client.request('text/change', {
      session: this.session,
      version: ++this.#version,
      changes: [{ text }],
    });
    await this.settled(seq);
  }

  /** The daemon has nothing more to say and the view contains it all. */
  async settled(seq: number): Promise<void> {
    await this.followed.waitFor((view) => view.seq >= seq);
    await this.followed.waitFor(
      (view) =>
        view.runs.length > 0 || Object.values(view.cells).every(({ status }) => status !== 'running' && status !== 'queued'),
    );
  }
}
