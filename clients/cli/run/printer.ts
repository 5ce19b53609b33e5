/** Shows a run as it goes: what cells print on the streams they chose, everything else on standard error. */
import type { CellId, ErrorView, MimeBundle, Output, SessionEvent } from '../../../protocol/types.ts';
import { bundleText } from '../render/bundle.ts';
import { count, duration } from '../render/size.ts';
import type { Screen } from '../screen.ts';
import { type LabelOf, labelText } from './cells.ts';
import { StreamNames } from './streams.ts';
import { systemExit } from './system-exit.ts';

export interface RunListener {
  event(event: SessionEvent): void;
  /** After the last event. */
  end(outcome: 'ok' | 'failed' | 'interrupted'): void;
}

export function printer(screen: Screen, label: LabelOf): RunListener {
  return new Printer(screen, label);
}

/** How many skipped cells a line names; the rest are counted. */
const skippedNamedMax = 5;

type Shown = Exclude<Output, { type: 'stream' }>;

class Printer implements RunListener {
  readonly #screen: Screen;
  readonly #label: LabelOf;
  readonly #streams = new StreamNames();
  /** By reason. */
  readonly #skipped = new Map<string, CellId[]>();
  /** Each progress that goes on, by its display. */
  readonly #underWay = new Map<string | undefined, MimeBundle>();
  #planned = 0;
  #ok = 0;
  #failed = 0;
  #busyMs = 0;
  /** Why there is no kernel. */
  #death: string | undefined;
  /** By the step that it ended. */
  #isDeathTold = false;

  constructor(screen: Screen, label: LabelOf) {
    this.#screen = screen;
    this.#label = label;
  }

  event(event: SessionEvent): void {
    switch (event.type) {
      case 'run.accepted':
        this.#planned = event.run.plan.length;
        return;
      case 'run.continued':
        this.#planned = this.#over + event.plan.length;
        return;
      case 'kernel':
        if (event.kernel.phase === 'starting') this.#screen.progress('starting Python');
        this.#death = event.kernel.phase === 'dead' ? event.kernel.reason : undefined;
        return;
      case 'step.started':
        this.#screen.progress(`[${Math.min(this.#over + 1, this.#planned)}/${this.#planned}] running ${this.#place(event.cell)}`);
        return;
      case 'step.finished':
        this.#finished(event);
        return;
      case 'step.skipped':
        if (event.outcome === 'cached') this.#ok++;
        else this.#skipped.set(event.reason, [...(this.#skipped.get(event.reason) ?? []), event.cell]);
        return;
      case 'output.added':
        this.#streams.added(event);
        this.#output(event.output, event.cell);
        return;
      case 'output.appended':
        // A line that is overwritten begins at its start.
        this.#screen.printed(this.#streams.of(event), event.from === undefined ? event.text : `\r${event.text}`);
        return;
      case 'output.gap':
        this.#screen.note(`… ${count(event.to - event.from, 'character')} came too fast and were not kept.`);
        return;
      case 'output.updated':
        this.#output(event.output, event.cell);
        return;
      case 'output.unattributed':
        this.#screen.printed(event.stream, event.text);
        if (event.elided) this.#screen.note(`… ${count(event.elided, 'character')} came too fast and were not kept.`);
        return;
      case 'kernel.survivors':
        for (const { pid, command } of event.processes) this.#screen.note(`Process ${pid} still runs: ${command}`);
        return;
      case 'step.interrupt':
        if (event.level === 'group' && event.state === 'expired' && event.cell !== undefined)
          this.#screen.note(`The cell at ${this.#place(event.cell)} goes on despite the interrupt.`);
        return;
      case 'notice':
        if (event.message !== undefined) this.#screen.note(`headwater: ${event.message}`);
        return;
      case 'text':
      case 'cells':
      case 'problems':
      case 'options':
      case 'run.sealed':
      case 'input.requested':
      case 'input.ended':
      case 'hidden':
      // What is printed stays.
      case 'output.cleared':
        return;
    }
  }

  end(outcome: 'ok' | 'failed' | 'interrupted'): void {
    this.#screen.clearProgress();
    if (this.#death !== undefined && !this.#isDeathTold) this.#screen.note(this.#death);
    for (const [reason, cells] of this.#skipped) this.#screen.note(`skipped ${this.#places(cells)}: ${reason}`);
    if (outcome !== 'ok' || this.#skipped.size > 0) this.#screen.note(this.#summary());
    else if (this.#screen.isTerminal) this.#screen.note(`${count(this.#ok, 'cell')} ran in ${duration(this.#busyMs)}`);
  }

  get #over(): number {
    return this.#ok + this.#failed + this.#skippedCount;
  }

  get #skippedCount(): number {
    return [...this.#skipped.values()].reduce((sum, cells) => sum + cells.length, 0);
  }

  #finished({ cell, outcome, durationMs, error }: Extract<SessionEvent, { type: 'step.finished' }>): void {
    this.#busyMs += durationMs;
    if (outcome === 'ok' || outcome === 'cached' || outcome === 'stopped') this.#ok++;
    else this.#failed++;
    this.#screen.clearProgress();
    if (outcome === 'interrupted') this.#stopped(cell, error);
    else if (error) this.#error(error);
  }

  #stopped(cell: CellId, error: ErrorView | undefined): void {
    this.#screen.note(
      error
        ? `The cell at ${this.#place(cell)} did not finish. ${error.text}`
        : `Interrupted in the cell at ${this.#place(cell)}.`,
    );
    this.#isDeathTold = error !== undefined;
  }

  #output(output: Output, cell: CellId): void {
    if (output.type === 'stream') this.#screen.printed(output.stream, output.text);
    else if (isUnderWay(output.bundle)) this.#progress(output);
    else if (!this.#label(cell).isMarkdown) this.#show(output);
  }

  /** Progress within progress: all that goes on stands on the one line that there is. */
  #progress(output: Shown): void {
    this.#underWay.set(idOf(output), output.bundle);
    const [first, ...others] = [...this.#underWay.values()];
    if (first) this.#screen.progress(others.length === 0 ? bundleText(first) : [first, ...others].map(shortText).join(' · '));
  }

  #show(output: Shown): void {
    this.#underWay.delete(idOf(output));
    const text = bundleText(output.bundle);
    // What a progress leaves where it is to leave nothing.
    if (text === '' && progressOf(output.bundle)) this.#screen.clearProgress();
    else this.#screen.shown(text);
  }

  #error(error: ErrorView): void {
    const exit = systemExit(error);
    if (!exit) this.#screen.shown(error.text.trimEnd());
    else if (exit.message !== undefined) this.#screen.shown(exit.message);
  }

  #summary(): string {
    const rest = this.#planned - this.#over;
    const parts = [
      `${this.#ok} of ${count(this.#planned, 'cell')} ran`,
      ...(this.#failed > 0 ? [`${this.#failed} failed`] : []),
      ...(this.#skippedCount > 0 ? [`${this.#skippedCount} skipped`] : []),
      ...(rest > 0 ? [`${rest} not reached`] : []),
    ];
    return parts.join(', ');
  }

  #place(cell: CellId): string {
    return labelText(this.#label(cell));
  }

  #places(cells: readonly CellId[]): string {
    const named = cells.slice(0, skippedNamedMax).map((cell) => this.#place(cell));
    const rest = cells.length - named.length;
    return rest > 0 ? `${named.join(', ')} and ${count(rest, 'more cell')}` : named.join(', ');
  }
}

interface Progress {
  readonly title?: unknown;
  readonly done?: unknown;
  readonly total?: unknown;
  readonly isOver?: unknown;
}

function progressOf(bundle: MimeBundle): Progress | undefined {
  const progress = bundle['application/vnd.headwater.progress+json'];
  return typeof progress === 'string' ? JSON.parse(progress) : undefined;
}

/** Whether this is a progress that goes on: on a terminal a line that is replaced, elsewhere its end is enough. */
function isUnderWay(bundle: MimeBundle): boolean {
  return progressOf(bundle)?.isOver === false;
}

function shortText(bundle: MimeBundle): string {
  const { title, done, total } = progressOf(bundle) ?? {};
  return [title, total === null ? done : `${done} of ${total}`].filter((part) => part !== '').join(' ');
}

function idOf(output: Shown): string | undefined {
  return output.type === 'display' ? output.displayId : undefined;
}
