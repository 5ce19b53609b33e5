/** One buffer that is a notebook, and its session in the daemon: edits go there in order, a view of the whole comes back. */
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ownEnvironment } from '../clients/node/environment.ts';
import { type FollowingState, followSession, type Notebook } from '../clients/node/notebook.ts';
import type { ContentChange, ParamsOf } from '../protocol/methods.ts';
import type { NotebookView, RunningOptions } from '../protocol/types.ts';
import type { Daemon } from './daemon.ts';
import { looksLikeNotebook, looksLikeOtherScript } from './detect.ts';
import { changesPendingMax, inStepMsMax } from './limits.ts';

export interface NotebookListener {
  changed(notebook: BufferNotebook): void;
  failed(notebook: BufferNotebook, error: unknown): void;
  /** How the session stands: lost and looked for, found again, or gone. */
  state(notebook: BufferNotebook, state: FollowingState, reason: string | undefined): void;
}

export interface NotebookOptions {
  /** What the editor says of how it runs. */
  readonly runningOptions?: Partial<RunningOptions> | undefined;
  readonly readsOtherMarkers?: boolean;
  /** What the daemon must have seen first: the end of an earlier session of this file. */
  readonly after?: Promise<void> | undefined;
}

export class BufferNotebook {
  readonly path: string;
  readonly #daemon: Daemon;
  readonly #listener: NotebookListener;
  readonly #options: NotebookOptions;
  #document: TextDocument;
  #looksLikeNotebook: boolean;
  #followed: Notebook | undefined;
  #isClosed = false;
  /** Edits that the daemon has not been sent. */
  #pending: ContentChange[] = [];
  /** The daemon needs the whole text: at the beginning, after a loss, and when the queue grew too long. */
  #needsWholeText = true;
  #isSaved = false;
  #isSyncing = false;
  #failure: unknown;
  #sending: Promise<void> = Promise.resolve();
  /** The daemon has taken all edits when the view has come this far. */
  #cursor = 0;
  #waiting: (() => void)[] = [];

  constructor(path: string, document: TextDocument, daemon: Daemon, listener: NotebookListener, options: NotebookOptions = {}) {
    this.path = path;
    this.#document = document;
    this.#daemon = daemon;
    this.#listener = listener;
    this.#options = options;
    this.#looksLikeNotebook = this.#looks(document.getText());
    this.#sync();
  }

  #looks(text: string): boolean {
    return looksLikeNotebook(text) || this.#isOther(text);
  }

  #isOther(text: string): boolean {
    return this.#options.readsOtherMarkers === true && looksLikeOtherScript(text);
  }

  get uri(): string {
    return this.#document.uri;
  }

  get version(): number {
    return this.#document.version;
  }

  get text(): string {
    return this.#document.getText();
  }

  /** What the daemon last said; positions in it are right while isInStep. Nothing while the text is no notebook. */
  get view(): NotebookView | undefined {
    return this.#looksLikeNotebook ? this.#followed?.view : undefined;
  }

  /** Whether the daemon is asked about the text at all. */
  get seemsToBeOne(): boolean {
    return this.#looksLikeNotebook;
  }

  /** Why the daemon did not take the text when it was sent last. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Whether the view is about the text that the editor shows. */
  get isInStep(): boolean {
    const hasAllEdits = !this.#isSyncing && !this.#needsWholeText && this.#pending.length === 0;
    return hasAllEdits && this.#followed?.state === 'following' && this.#followed.view.seq >= this.#cursor;
  }

  /** Without the line end. */
  lineText(line: number): string {
    const text = this.#document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
    return text.replace(/\r?\n$/, '');
  }

  /** In UTF-16 units. */
  lineLength(line: number): number {
    return this.lineText(line).length;
  }

  change(version: number, changes: readonly ContentChange[]): void {
    this.#document = TextDocument.update(this.#document, [...changes], version);
    this.#looksLikeNotebook = this.#looks(this.#document.getText());
    if (this.#pending.length + changes.length > changesPendingMax) this.#needsWholeText = true;
    if (this.#needsWholeText) this.#pending = [];
    else this.#pending.push(...changes);
    this.#sync();
    this.#tell();
  }

  save(): void {
    this.#isSaved = true;
    this.#sync();
  }

  /** The editor let the buffer go. The session and its values stay in the daemon. */
  async close(): Promise<void> {
    const followed = this.#followed;
    this.#isClosed = true;
    this.#forget();
    if (followed) await letGo(followed);
    await this.#sending;
  }

  /** The view of the text that the editor shows, as soon as the daemon has it; the view as it is when that takes too long. */
  async inStep(): Promise<NotebookView | undefined> {
    if (!this.#looksLikeNotebook) return undefined;
    this.#sync();
    if (!this.isInStep) await this.#nextStep();
    return this.view;
  }

  #nextStep(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, inStepMsMax);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #tell(): void {
    if (this.#isClosed) return;
    if (this.isInStep) this.#wake();
    this.#listener.changed(this);
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #forget(): void {
    this.#followed = undefined;
    this.#cursor = 0;
    this.#pending = [];
    this.#needsWholeText = true;
  }

  /** One sender at a time, so that edits stay in order; it goes on until the daemon has all of them. */
  #sync(): void {
    if (this.#isSyncing || !this.#hasNews()) return;
    this.#isSyncing = true;
    this.#failure = undefined;
    this.#sending = this.#sendAll()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#isSyncing = false;
        this.#tell();
      });
  }

  #hasNews(): boolean {
    if (this.#isClosed) return false;
    if (this.#followed === undefined) return this.#looksLikeNotebook;
    if (this.#followed.state !== 'following') return false;
    return this.#needsWholeText || this.#pending.length > 0 || this.#isSaved;
  }

  async #sendAll(): Promise<void> {
    while (this.#hasNews()) {
      if (this.#followed === undefined) await this.#open();
      else await this.#sendNext(this.#followed);
    }
  }

  async #open(): Promise<void> {
    await this.#options.after;
    const followed = await followSession(await this.#daemon.client(), () => this.#opening());
    if (this.#isClosed) return letGo(followed);
    this.#followed = followed;
    followed.onChange(() => this.#tell());
    followed.onState((state, reason) => this.#enter(state, reason));
  }

  #opening(): ParamsOf<'session/open'> {
    const { runningOptions } = this.#options;
    const text = this.#document.getText();
    return {
      path: this.path,
      text,
      ...(!looksLikeNotebook(text) && this.#isOther(text) && { format: 'percent' as const }),
      version: this.version,
      environment: ownEnvironment(),
      ...(runningOptions && { options: runningOptions }),
    };
  }

  async #sendNext({ client, session }: Notebook): Promise<void> {
    if (this.#needsWholeText) {
      this.#needsWholeText = false;
      this.#pending = [];
      const { seq } = await client.request('text/open', { session, version: this.version, text: this.#document.getText() });
      this.#cursor = seq;
    } else if (this.#pending.length > 0) {
      const { seq } = await client.request('text/change', { session, version: this.version, changes: this.#pending.splice(0) });
      this.#cursor = seq;
    } else {
      this.#isSaved = false;
      await client.request('text/save', { session });
    }
  }

  /** Edits that were refused are in the whole text, which is tried again with the next edit or question. */
  #fail(error: unknown): void {
    this.#needsWholeText = true;
    this.#failure = error;
    this.#wake();
    if (this.#isClosed) return;
    if (this.#followed === undefined || this.#followed.state === 'following') this.#listener.failed(this, error);
  }

  #enter(state: FollowingState, reason: string | undefined): void {
    if (this.#isClosed) return;
    this.#needsWholeText = true;
    this.#cursor = 0;
    if (state === 'closed' || state === 'disconnected') this.#forget();
    if (state === 'following') this.#sync();
    this.#listener.state(this, state, reason);
    this.#tell();
  }
}

async function letGo(followed: Notebook): Promise<void> {
  if (followed.state !== 'following') return;
  await followed.client.request('text/close', { session: followed.session }).catch(() => undefined);
  await followed.detach().catch(() => undefined);
}
