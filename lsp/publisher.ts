/** Tells the editor what a notebook's view has become: diagnostics at once, then a request to ask again for lenses and hints. */
import { setTimeout as wait } from 'node:timers/promises';
import { CodeLensRefreshRequest, type Connection, InlayHintRefreshRequest } from 'vscode-languageserver';
import type { KernelView } from '../protocol/types.ts';
import type { Editor } from './clients.ts';
import { diagnosticsOf } from './features/diagnostics.ts';
import { kernelNews } from './features/kernel.ts';
import { RunProgress } from './features/progress.ts';
import { hintRefreshDelayMs, publishIntervalMs } from './limits.ts';
import type { Messages } from './messages.ts';
import type { Notebook } from './notebook.ts';

export class Publisher {
  readonly #connection: Connection;
  readonly #editor: Editor;
  readonly #progress: RunProgress;
  readonly #messages: Messages;
  readonly #waiting = new Map<string, Notebook>();
  /** What the editor was last told, by address: an equal list is not sent again. */
  readonly #published = new Map<string, string>();
  readonly #kernels = new Map<string, KernelView>();
  #isPublishing = false;
  #refreshing = Promise.resolve();
  #needsRefresh = false;

  constructor(connection: Connection, editor: Editor, messages: Messages) {
    this.#connection = connection;
    this.#editor = editor;
    this.#progress = new RunProgress(connection);
    this.#messages = messages;
  }

  /** At once, and then at most every `publishIntervalMs`. */
  changed(notebook: Notebook): void {
    this.#waiting.set(notebook.uri, notebook);
    if (this.#isPublishing) return;
    this.#isPublishing = true;
    void this.#publishAll();
  }

  closed(notebook: Notebook): void {
    this.#waiting.delete(notebook.uri);
    this.#progress.update(notebook.path, undefined);
    this.#send(notebook, []);
    this.#published.delete(notebook.uri);
    this.#kernels.delete(notebook.uri);
  }

  async #publishAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const notebooks = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const notebook of notebooks) this.#publish(notebook);
      await wait(publishIntervalMs);
    }
    this.#isPublishing = false;
  }

  /** Positions of a view that is behind the buffer would be wrong; it says more when it has caught up. */
  #publish(notebook: Notebook): void {
    const { view } = notebook;
    this.#progress.update(notebook.path, view);
    this.#tellKernel(notebook);
    if (view && !notebook.isInStep) return;
    const { outputs, relatedInformation } = this.#editor;
    const lineLength = (line: number) => notebook.lineLength(line);
    this.#send(notebook, view ? diagnosticsOf(view, { uri: notebook.uri, outputs, relatedInformation, lineLength }) : []);
    this.#refresh();
  }

  #tellKernel({ uri, view }: Notebook): void {
    if (!view) return;
    const news = kernelNews(this.#kernels.get(uri), view.kernel);
    this.#kernels.set(uri, view.kernel);
    if (news) this.#messages.warn(news);
  }

  #send({ uri, version }: Notebook, diagnostics: ReturnType<typeof diagnosticsOf>): void {
    const content = JSON.stringify(diagnostics);
    if (content === (this.#published.get(uri) ?? '[]')) return;
    this.#published.set(uri, content);
    void this.#connection.sendDiagnostics({ uri, version, diagnostics });
  }

  #refresh(): void {
    if (this.#needsRefresh) return;
    this.#needsRefresh = true;
    this.#refreshing = this.#refreshing.then(() => this.#askAgain());
  }

  /** Lenses first, hints later: an editor that gets both at once draws only one of them. */
  async #askAgain(): Promise<void> {
    this.#needsRefresh = false;
    const { refreshesLenses, refreshesHints } = this.#editor;
    if (refreshesLenses) await this.#connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
    if (!refreshesHints) return;
    await wait(hintRefreshDelayMs);
    await this.#connection.sendRequest(InlayHintRefreshRequest.type).catch(() => undefined);
  }
}
