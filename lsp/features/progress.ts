/** A run as progress: `3/7 train`, while it lasts. No editor lets a person cancel it there: Interrupt is a command. */
import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver';
import type { NotebookView, RunView } from '../../protocol/types.ts';
import { cellById, placedCells, titleOf } from '../cells.ts';

export function progressTitle(run: RunView): string {
  return run.plan.length === 1 ? 'Running 1 cell' : `Running ${run.plan.length} cells`;
}

export function progressMessage(view: NotebookView, run: RunView): string {
  const running = placedCells(view).find(({ cell }) => cell.status === 'running');
  const next = running ?? cellById(view, run.plan[run.done]?.cell ?? '');
  return `${Math.min(run.done + 1, run.plan.length)}/${run.plan.length}${next ? ` ${titleOf(next)}` : ''}`;
}

interface Shown {
  readonly reporter: Promise<WorkDoneProgressServerReporter | undefined>;
  message: string;
}

/** Follows the runs of all notebooks; a key is a session and a run. */
export class RunProgress {
  readonly #connection: Connection;
  readonly #shown = new Map<string, Shown>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Shows the oldest run that is not over: the others wait for it. */
  update(path: string, view: NotebookView | undefined): void {
    const run = view?.runs[0];
    const key = run && view ? `${path}\n${view.incarnation}\n${run.id}` : undefined;
    for (const other of this.#shown.keys()) if (other !== key && other.startsWith(`${path}\n`)) this.#end(other);
    if (view && run && key !== undefined) this.#show(key, view, run);
  }

  #show(key: string, view: NotebookView, run: RunView): void {
    const message = progressMessage(view, run);
    const shown = this.#shown.get(key);
    if (!shown) this.#shown.set(key, { reporter: this.#begin(progressTitle(run), message), message });
    else if (shown.message !== message) {
      shown.message = message;
      void shown.reporter.then((reporter) =>
        reporter?.report(Math.floor((100 * run.done) / Math.max(1, run.plan.length)), message),
      );
    }
  }

  /** An editor may refuse to show progress; that is no reason to stop. */
  async #begin(title: string, message: string): Promise<WorkDoneProgressServerReporter | undefined> {
    const reporter = await this.#connection.window.createWorkDoneProgress().catch(() => undefined);
    reporter?.begin(title, 0, message, false);
    return reporter;
  }

  #end(key: string): void {
    void this.#shown.get(key)?.reporter.then((reporter) => reporter?.done());
    this.#shown.delete(key);
  }
}
