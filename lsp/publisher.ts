/** Tells the editor what a notebook's view has become: diagnostics at once, then a request to ask again for lenses and hints. */
import { setTimeout as wait } from 'node:timers/promises';
import { CodeLensRefreshRequest, type Connection, type Diagnostic, InlayHintRefreshRequest } from 'vscode-languageserver';
import type { KernelView, NotebookView } from '../protocol/types.ts';
import type { Editor } from './clients.ts';
import { diagnosticsOf } from './features/diagnostics.ts';
import { inputNews } from './features/input.ts';
import { kernelNews } from './features/kernel.ts';
import { RunProgress } from './features/progress.ts';
import { publishIntervalMs, refreshDelayMs, refreshTriesMax } from './limits.ts';
import type { Messages } from './messages.ts';
import type { BufferNotebook } from './notebook.ts';

export class Publisher {
  readonly #connection: Connection;
  readonly #editor: Editor;
  readonly #progress: RunProgress;
  readonly #messages: Messages;
  readonly #waiting = new Map<string, BufferNotebook>();
  /** What the editor was sent last, by address: an equal list is not sent again. */
  readonly #published = new Map<string, string>();
  /** What lenses and hints were last made of: the editor is asked to fetch them again when that has changed. */
  readonly #appearances = new Map<string, readonly unknown[]>();
  readonly #kernels = new Map<string, KernelView>();
  /** The newest question that was shown. */
  readonly #questions = new Map<string, number>();
  readonly #notices = new Map<string, string>();
  #isPublishing = false;
  #refreshing = Promise.resolve();
  #needsRefresh = false;
  /** How often the editor has fetched lenses; one that shows none never does. */
  #lensesFetched = 0;

  constructor(connection: Connection, editor: Editor, messages: Messages) {
    this.#connection = connection;
    this.#editor = editor;
    this.#progress = new RunProgress(connection);
    this.#messages = messages;
  }

  /** At once, and then at most every `publishIntervalMs`. */
  changed(notebook: BufferNotebook): void {
    this.#waiting.set(notebook.uri, notebook);
    if (this.#isPublishing) return;
    this.#isPublishing = true;
    void this.#publishAll();
  }

  fetchedLenses(): void {
    this.#lensesFetched += 1;
  }

  /** Lenses or hints were made of a view that is behind the buffer: the editor fetches them again when it has caught up. */
  answeredBehind({ uri }: BufferNotebook): void {
    if (this.#appearances.has(uri)) this.#appearances.set(uri, []);
  }

  closed(notebook: BufferNotebook): void {
    this.#waiting.delete(notebook.uri);
    this.#progress.update(notebook.path, undefined);
    this.#send(notebook, []);
    this.#appearances.delete(notebook.uri);
    this.#kernels.delete(notebook.uri);
    this.#questions.delete(notebook.uri);
    this.#notices.delete(notebook.uri);
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

  /** Progress comes last: its end tells plug-ins that all the rest is there. */
  #publish(notebook: BufferNotebook): void {
    const { uri, path, view } = notebook;
    if (view) this.#show(notebook, view);
    else this.#hide(notebook);
    if (view) this.#tellKernel(uri, view.kernel);
    if (view) this.#tellInput(uri, view);
    if (view) this.#tellNotice(uri, view);
    this.#progress.update(path, view);
  }

  /** Positions of a view that is behind the buffer would be wrong; it says more when it has caught up. */
  #show(notebook: BufferNotebook, view: NotebookView): void {
    if (!notebook.isInStep) return;
    const { uri } = notebook;
    const { outputs, relatedInformation } = this.#editor;
    const lineLength = (line: number) => notebook.lineLength(line);
    this.#send(notebook, diagnosticsOf(view, { uri, outputs, relatedInformation, lineLength }));
    this.#refreshWhenNew(uri, appearanceOf(view));
  }

  /** Files that never were notebooks are not mentioned. */
  #hide(notebook: BufferNotebook): void {
    this.#send(notebook, []);
    if (this.#appearances.delete(notebook.uri)) this.#refresh();
  }

  #tellKernel(uri: string, kernel: KernelView): void {
    const news = kernelNews(this.#kernels.get(uri), kernel);
    this.#kernels.set(uri, kernel);
    if (news) this.#messages.warn(news);
  }

  #tellInput(uri: string, view: NotebookView): void {
    const news = inputNews(this.#questions.get(uri), view);
    if (view.input) this.#questions.set(uri, view.input.input);
    if (news) this.#messages.inform(news);
  }

  #tellNotice(uri: string, { notice }: NotebookView): void {
    if (notice !== undefined && notice !== this.#notices.get(uri)) this.#messages.warn(notice);
    if (notice === undefined) this.#notices.delete(uri);
    else this.#notices.set(uri, notice);
  }

  #send({ uri, version }: BufferNotebook, diagnostics: Diagnostic[]): void {
    const before = this.#published.get(uri);
    // An editor drops what is about an older version, so an equal list is sent again for a newer one.
    const content = diagnostics.length > 0 ? `${version} ${JSON.stringify(diagnostics)}` : undefined;
    if (content === before) return;
    if (content === undefined) this.#published.delete(uri);
    else this.#published.set(uri, content);
    void this.#connection.sendDiagnostics({ uri, version, diagnostics });
  }

  #refreshWhenNew(uri: string, appearance: readonly unknown[]): void {
    if (looksSame(this.#appearances.get(uri) ?? [], appearance)) return;
    this.#appearances.set(uri, appearance);
    this.#refresh();
  }

  #refresh(): void {
    if (this.#needsRefresh) return;
    this.#needsRefresh = true;
    this.#refreshing = this.#refreshing.then(() => this.#askAgain());
  }

  /** Lenses first, hints later, and the next refresh later still: an editor that is still fetching drops what it is asked meanwhile. */
  async #askAgain(): Promise<void> {
    this.#needsRefresh = false;
    const { refreshesLenses, refreshesHints } = this.#editor;
    for (let tries = 1; ; tries += 1) {
      const before = this.#lensesFetched;
      if (refreshesLenses) await this.#connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
      await wait(refreshDelayMs);
      const isFetched = before === 0 || this.#lensesFetched > before;
      if (!refreshesLenses || isFetched || this.#needsRefresh || tries === refreshTriesMax) break;
    }
    if (refreshesHints) await this.#connection.sendRequest(InlayHintRefreshRequest.type).catch(() => undefined);
  }
}

/** Edits move lenses and hints, which editors see for themselves; this is what else can change in them. A view's values do not change. */
function appearanceOf({ cells }: NotebookView): readonly unknown[] {
  return Object.values(cells).flatMap(({ id, status, children, lastStep, outputs, asOf }) => [
    id,
    status,
    children.length,
    lastStep,
    outputs,
    asOf,
  ]);
}

function looksSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
