/** The Python buffers of the editor. Those that are notebooks have a session; the others are never mentioned to the daemon. */
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ContentChange } from '../protocol/methods.ts';
import type { Daemon } from './daemon.ts';
import { isPythonFile } from './detect.ts';
import { pathOfUri } from './features/commands.ts';
import { BufferNotebook, type NotebookListener, type NotebookOptions } from './notebook.ts';

export interface Cursor {
  readonly notebook: BufferNotebook;
  readonly line: number;
}

/** What the editor says, of all its buffers. */
type OfEditor = Omit<NotebookOptions, 'after'>;

export class Documents {
  readonly #daemon: Daemon;
  readonly #listener: NotebookListener;
  readonly #options: OfEditor;
  readonly #byPath = new Map<string, BufferNotebook>();
  readonly #closing = new Map<string, Promise<void>>();
  #cursor: { readonly path: string; readonly line: number } | undefined;

  constructor(daemon: Daemon, listener: NotebookListener, options: OfEditor = {}) {
    this.#daemon = daemon;
    this.#listener = listener;
    this.#options = options;
  }

  open({ uri, languageId, version, text }: { uri: string; languageId: string; version: number; text: string }): void {
    const path = pathOfUri(uri);
    if (path === undefined || !isPythonFile(uri, languageId)) return;
    const document = TextDocument.create(uri, languageId, version, text);
    this.#byPath.set(
      path,
      new BufferNotebook(path, document, this.#daemon, this.#listener, {
        ...this.#options,
        after: this.#closing.get(path),
      }),
    );
    this.#cursor ??= { path, line: 0 };
  }

  change(uri: string, version: number, changes: readonly ContentChange[]): void {
    const notebook = this.at(uri);
    if (!notebook) return;
    notebook.change(version, changes);
    const line = changes.at(-1)?.range?.start.line;
    if (line !== undefined) this.moveCursor(notebook, line);
  }

  /** Editors close and open a file at once to read it again; the new session then waits for the end of the old one. */
  close(uri: string): BufferNotebook | undefined {
    const notebook = this.at(uri);
    if (!notebook) return undefined;
    const { path } = notebook;
    this.#byPath.delete(path);
    const closing = notebook.close().finally(() => {
      if (this.#closing.get(path) === closing) this.#closing.delete(path);
    });
    this.#closing.set(path, closing);
    return notebook;
  }

  at(uri: string): BufferNotebook | undefined {
    const path = pathOfUri(uri);
    return path === undefined ? undefined : this.#byPath.get(path);
  }

  atPath(path: string): BufferNotebook | undefined {
    return this.#byPath.get(path);
  }

  get all(): readonly BufferNotebook[] {
    return [...this.#byPath.values()];
  }

  /** LSP tells nobody where the cursor is: it is where the editor last changed or asked something. */
  moveCursor({ path }: BufferNotebook, line: number): void {
    this.#cursor = { path, line };
  }

  get cursor(): Cursor | undefined {
    const notebook = this.#cursor && this.#byPath.get(this.#cursor.path);
    return notebook && this.#cursor ? { notebook, line: this.#cursor.line } : undefined;
  }
}
