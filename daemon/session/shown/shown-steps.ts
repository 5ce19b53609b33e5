/** What steps show, from their beginning to their end and, where threads go on, after it: text, displays, questions and errors, each at its cell. */
import type { ErrorView, PlacelessNames } from '../../../protocol/types.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import type { Effect } from '../../core/scheduler/effects.ts';
import type { TextBytes, Timers } from '../../host.ts';
import type { KernelEvent, StepNumber, StepOutcome } from '../../kernel/kernel.ts';
import type { Blobs } from '../../store/blobs.ts';
import type { Spools } from '../../store/spools.ts';
import type { StepFiles } from '../running/step-files.ts';
import { errorView, withoutStepMarks } from '../running/tracebacks.ts';
import type { Told } from '../told/told.ts';
import { InlineRoom } from './inline-room.ts';
import { StepOutputs, type ToldChange } from './outputs.ts';
import { PendingInput } from './pending-input.ts';
import { readView, type Shown } from './readable.ts';
import { ShownCells } from './shown-cells.ts';
import { ShownErrors } from './shown-errors.ts';

type Heard<T extends KernelEvent['type']> = Extract<KernelEvent, { type: T }>;
type Done<T extends Effect['type']> = Extract<Effect, { type: T }>;

export interface ShownStepsOptions {
  readonly timers: Timers;
  readonly bytes: TextBytes;
  /** Of the notebook. */
  readonly path: string;
  readonly told: Told;
  readonly files: StepFiles;
  readonly blobs: Blobs;
  readonly spools: Spools;
  readonly keepsReturns: boolean;
  readonly now: () => number;
}

interface RunningStep {
  readonly step: StepNumber;
  /** Undefined for a placeless step. */
  readonly cell: CellId | undefined;
  readonly outputs: StepOutputs;
  readonly startedAt: number;
  error: ErrorView | undefined;
  durationMs: number | undefined;
}

export class ShownSteps {
  readonly input: PendingInput;
  readonly #options: ShownStepsOptions;
  readonly #room = new InlineRoom();
  readonly #cells = new ShownCells();
  readonly #errors = new ShownErrors();
  /** Of the last step of each cell. */
  readonly #outputs = new Map<CellId, StepOutputs>();
  /** Of the placeless steps that the view keeps. */
  readonly #placeless = new Map<StepNumber, StepOutputs>();
  #running: RunningStep | undefined;

  constructor(options: ShownStepsOptions) {
    this.#options = options;
    this.input = new PendingInput((news) => options.told.publish(news));
    options.told.events.listen((event) => {
      this.#cells.hear(event);
      if (event.type === 'text' && event.removed.length > 0) this.#forget((cell) => !options.told.remembers(cell));
    });
  }

  outputsOf(cell: CellId): StepOutputs | undefined {
    return this.#outputs.get(cell);
  }

  /** What the last step of a cell has shown, as far as it has been told and is kept. */
  shownBy(cell: CellId): readonly Shown[] {
    const view = this.#options.told.cell(cell);
    const shown = (view?.lastStep && this.#outputs.get(cell)?.all) ?? (view?.outputs ?? []).map(readView);
    return shown.map((output) => this.#withText(output));
  }

  /** What a placeless step has shown; nothing where the view does not keep it. */
  shownByPlaceless(step: StepNumber): readonly Shown[] {
    const outputs = this.#placeless.get(step);
    outputs?.flush();
    return (outputs?.all ?? []).map((output) => this.#withText(output));
  }

  /** Plain text is read as text, also where views have a blob in its place. */
  #withText(output: Shown): Shown {
    const plain = output.type === 'stream' ? undefined : output.bundle['text/plain'];
    const content = typeof plain === 'object' ? this.#options.blobs.get(plain.blob) : undefined;
    if (output.type === 'stream' || !content) return output;
    return { ...output, bundle: { ...output.bundle, 'text/plain': this.#options.bytes.toText(content) } };
  }

  begin({ run, step, cell }: Done<'step-started'>): void {
    const { told, now } = this.#options;
    const startedAt = now();
    this.#outputs.get(cell)?.close();
    this.#errors.forget(cell);
    const outputs = this.#newOutputs((change) => told.publish({ ...change, cell, step }));
    this.#running = { step, cell, outputs, startedAt, error: undefined, durationMs: undefined };
    this.#outputs.set(cell, outputs);
    told.publish({ type: 'step.started', run, step, cell, startedAt });
    this.#makeRoom();
  }

  #newOutputs(tell: (change: ToldChange) => void): StepOutputs {
    const { timers, bytes, blobs, spools, keepsReturns: isRaw } = this.#options;
    return new StepOutputs({ timers, bytes, blobs, spools, room: this.#room, isRaw, tell });
  }

  /** A view fits a frame: outputs of cells that ran longest ago go first. */
  #makeRoom(): void {
    if (this.#options.keepsReturns) return;
    const running = this.#running?.cell;
    for (let cell = this.#cells.next(running); cell !== undefined; cell = this.#cells.next(running)) {
      this.#cells.forget(cell);
      this.#outputs.get(cell)?.makeRoom();
    }
  }

  beginPlaceless({ placeless, step }: Done<'placeless-started'>): void {
    const { told, now } = this.#options;
    const { clientName: client, code, at } = placeless;
    const startedAt = now();
    const outputs = this.#newOutputs((change) => told.publish({ type: 'placeless.output', step, change }));
    this.#running = { step, cell: undefined, outputs, startedAt, error: undefined, durationMs: undefined };
    this.#placeless.set(step, outputs);
    told.publish({ type: 'placeless.started', step, client, code, ...(at !== undefined && { at }), startedAt });
    for (const old of this.#placeless.keys()) if (!told.placelessStep(old)) this.#forgetPlaceless(old);
  }

  text({ step, stream, text }: Heard<'stream'>): void {
    const shown = withoutStepMarks(this.#options.path, text);
    const outputs = this.#outputsFor(step);
    if (outputs) {
      outputs.text(stream, shown);
      this.#makeRoom();
    } else this.#options.told.publish({ type: 'output.unattributed', stream, text: shown });
  }

  display(event: Heard<'display'>): void {
    const outputs = this.#outputsFor(event.step);
    if (outputs) return outputs.display(event);
    const text = event.bundle['text/plain'];
    // What changes in place has been told once.
    if (!event.isUpdate && typeof text === 'string')
      this.#options.told.publish({ type: 'output.unattributed', stream: 'stdout', text: `${text}\n` });
  }

  clear({ step, waits }: Heard<'clear'>): void {
    this.#outputsFor(step)?.clear(waits);
  }

  ask(event: Heard<'input'>): void {
    const running = this.#running;
    if (!running || running.step !== event.step) return;
    // The prompt is there before anyone answers it.
    running.outputs.flush();
    this.input.ask(running.cell, running.step, event);
  }

  /** What a person typed, where a terminal would show it. */
  echo(step: StepNumber, text: string): void {
    this.#outputsFor(step)?.text('stdout', text);
  }

  /** All that the step showed has been heard. Whether it is the one that runs. */
  finish({ step, durationMs, outcome }: Heard<'finished'>): boolean {
    const running = this.#running;
    if (running?.step !== step) return false;
    running.outputs.flush();
    running.durationMs = durationMs;
    running.error = this.#errorView(step, outcome);
    return true;
  }

  /** With a reason where nobody asked for it: the step that runs is at fault or was hit. */
  kernelDied(reason: string | undefined): void {
    for (const outputs of this.#all()) outputs.flush();
    if (this.#running && reason !== undefined)
      this.#running.error = { name: 'KernelDied', message: reason, frames: [], text: reason };
  }

  end({ run, step, cell, outcome }: Done<'step-finished'>, messageOf: (error: ErrorView) => string): void {
    const { error, ...end } = this.#end(step);
    const told = error && { error: this.#errors.show(cell, { ...error, message: messageOf(error) }) };
    this.#options.told.publish({ type: 'step.finished', run, step, cell, outcome, ...end, ...told });
  }

  endPlaceless({ step, outcome, stale, defined, deleted, changed }: Done<'placeless-finished'>): void {
    if (step === undefined) return;
    const names: PlacelessNames = { stale, defined, deleted, changed };
    const { error, ...end } = this.#end(step);
    const told = error && { error: this.#errors.show(step, error) };
    this.#options.told.publish({ type: 'placeless.finished', step, outcome, names, ...end, ...told });
  }

  #end(step: StepNumber): { readonly durationMs: number; readonly error?: ErrorView } {
    const running = this.#running?.step === step ? this.#running : undefined;
    this.#running = undefined;
    running?.outputs.end();
    if (running) this.input.stepEnded();
    const durationMs = running?.durationMs ?? (running ? this.#options.now() - running.startedAt : 0);
    return { durationMs, ...(running?.error && { error: running.error }) };
  }

  pass(run: number, cell: CellId, outcome: 'skipped' | 'cached', reason: string): void {
    this.#options.told.publish({ type: 'step.skipped', run, cell, outcome, reason });
  }

  /** Of cells that are gone for good. */
  #forget(isGone: (cell: CellId) => boolean): void {
    for (const [cell, outputs] of this.#outputs) {
      if (!isGone(cell) || this.#running?.cell === cell) continue;
      outputs.close();
      this.#outputs.delete(cell);
      this.#errors.forget(cell);
    }
  }

  #forgetPlaceless(step: StepNumber): void {
    this.#placeless.get(step)?.close();
    this.#placeless.delete(step);
    this.#errors.forget(step);
  }

  close(): void {
    for (const outputs of this.#all()) outputs.close();
  }

  #all(): readonly StepOutputs[] {
    return [...this.#outputs.values(), ...this.#placeless.values()];
  }

  #outputsFor(step: StepNumber | undefined): StepOutputs | undefined {
    if (step === undefined) return undefined;
    if (this.#running?.step === step) return this.#running.outputs;
    const placeless = this.#placeless.get(step);
    if (placeless) return placeless;
    // Threads and tasks may print when their step has ended: theirs it is as long as it is the cell's last.
    const cell = this.#options.files.cellOf(step);
    const isLast = cell !== undefined && this.#options.told.cell(cell)?.lastStep?.step === step;
    return isLast ? this.#outputs.get(cell) : undefined;
  }

  #errorView(step: StepNumber, outcome: StepOutcome): ErrorView | undefined {
    const { path, files } = this.#options;
    if (outcome.type === 'raised') return errorView(path, outcome.error, files, step);
    if (!isFailedExit(outcome)) return undefined;
    const { code, message } = outcome;
    const told =
      message === undefined
        ? { message: String(code), text: `The notebook ended itself with exit code ${code}.`, exitCode: code }
        : { message, text: message };
    return { name: 'SystemExit', frames: [], ...told };
  }
}

/** `sys.exit(0)` is a stop. */
export function isFailedExit(outcome: StepOutcome): outcome is Extract<StepOutcome, { type: 'exited' }> {
  return outcome.type === 'exited' && outcome.code !== 0;
}
