/** An editor on one side of the language server, a scripted daemon on the other, all in this process. */
import { PassThrough } from 'node:stream';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { Diagnostic } from 'vscode-languageserver';
import { createConnection } from 'vscode-languageserver/node';
import type { Client } from '../../clients/node/client.ts';
import { serveLanguage } from '../../lsp/server.ts';
import type { ContentChange } from '../../protocol/methods.ts';
import type { NotebookView, SessionEvent } from '../../protocol/types.ts';

/** What travels, of which a test reads what it expects. */
// biome-ignore lint/suspicious/noExplicitAny: a test that reads a wrong field fails, which is its purpose.
export type Json = any;

export type Handlers = Record<string, (params: Json) => unknown>;

/** A daemon that remembers what it was asked. Text requests are answered with the next number of a `text` event that is sent first. */
export class ScriptedDaemon {
  readonly asked: { readonly method: string; readonly params: Json }[] = [];
  connections = 0;
  view: NotebookView;
  readonly #handlers: Handlers;
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  readonly #disconnects = new Set<(reason: Error | undefined) => void>();

  constructor(view: NotebookView, handlers: Handlers = {}) {
    this.view = view;
    this.#handlers = handlers;
  }

  readonly connect = async (): Promise<Client> => {
    this.connections++;
    const client: Pick<Client, 'request' | 'onAnyEvent' | 'onClosed' | 'onDisconnect' | 'isConnected' | 'close' | 'reconnect'> = {
      isConnected: true,
      request: (async (method: string, params: unknown) => this.#answer(method, params)) as Client['request'],
      onAnyEvent: (listener) => added(this.#listeners, listener),
      onClosed: () => ({ dispose() {} }),
      onDisconnect: (listener) => added(this.#disconnects, listener),
      reconnect: () => Promise.reject(new Error('The daemon was not found again.')),
      close() {},
    };
    return client as Client;
  };

  methods(): readonly string[] {
    return this.asked.map(({ method }) => method);
  }

  send(event: Record<string, unknown> & { type: SessionEvent['type'] }): void {
    this.view = { ...this.view, seq: this.view.seq + 1 };
    const numbered = { session: this.view.session, seq: this.view.seq, ...event } as SessionEvent;
    for (const listener of this.#listeners) listener(numbered);
  }

  disconnect(): void {
    const listeners = [...this.#disconnects];
    this.#disconnects.clear();
    this.#listeners.clear();
    for (const listener of listeners) listener(undefined);
  }

  #answer(method: string, params: Json): unknown {
    this.asked.push({ method, params });
    const own = this.#handlers[method];
    if (own) return own(params);
    if (method === 'session/open') return { view: this.view };
    if (method === 'text/open' || method === 'text/change') {
      this.send({ type: 'text', version: params.version, removed: [], cells: [] });
      return { seq: this.view.seq };
    }
    return {};
  }
}

export interface StartOptions {
  readonly name?: string;
  readonly capabilities?: object;
  readonly initializationOptions?: object;
}

export class ScriptedEditor {
  readonly published: { readonly uri: string; readonly diagnostics: readonly Diagnostic[] }[] = [];
  readonly messages: string[] = [];
  readonly connection: MessageConnection;
  readonly #handlers: Handlers = {};

  private constructor(connection: MessageConnection) {
    this.connection = connection;
    connection.onNotification('textDocument/publishDiagnostics', (params: Json) => void this.published.push(params));
    connection.onNotification('window/showMessage', ({ message }: Json) => void this.messages.push(message));
    connection.onRequest((method, params) => this.#handlers[method]?.(params) ?? null);
    connection.listen();
  }

  static async start(daemon: ScriptedDaemon, options: StartOptions = {}): Promise<ScriptedEditor> {
    const editor = ScriptedEditor.uninitialized(daemon);
    await editor.initialize(options);
    return editor;
  }

  static uninitialized(daemon: ScriptedDaemon): ScriptedEditor {
    const toServer = new PassThrough();
    const toEditor = new PassThrough();
    serveLanguage(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toEditor)), daemon.connect);
    return new ScriptedEditor(createMessageConnection(new StreamMessageReader(toEditor), new StreamMessageWriter(toServer)));
  }

  async initialize({ name = 'Neovim', capabilities = {}, initializationOptions }: StartOptions): Promise<void> {
    await this.connection.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      clientInfo: { name },
      capabilities,
      initializationOptions,
    });
    await this.connection.sendNotification('initialized', {});
  }

  answer(method: string, handler: (params: Json) => unknown): void {
    this.#handlers[method] = handler;
  }

  open(uri: string, text: string, version = 1): Promise<void> {
    return this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'python', version, text },
    });
  }

  change(uri: string, version: number, ...contentChanges: readonly ContentChange[]): Promise<void> {
    return this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
  }

  request(method: string, params: object): Promise<Json> {
    return this.connection.sendRequest(method, params);
  }

  command(command: string, ...parameters: readonly unknown[]): Promise<Json> {
    return this.request('workspace/executeCommand', { command, arguments: parameters });
  }

  close(): void {
    this.connection.dispose();
  }
}

function added<T>(set: Set<T>, value: T) {
  set.add(value);
  return { dispose: () => set.delete(value) };
}
