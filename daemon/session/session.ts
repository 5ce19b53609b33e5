/** An open notebook: takes one event at a time, lets the core decide, performs, and tells its clients. It outlives them. */

import { refusal } from '../../protocol/errors.ts';
import type { ContentChange } from '../../protocol/methods.ts';
import type { ErrorView, KernelView, NotebookView } from '../../protocol/types.ts';
import { withoutHarmlessMagics } from '../core/analysis/magics.ts';
import { withoutNoBreakSpaces } from '../core/analysis/spaces.ts';
import type { LiveEdit } from '../core/check/live.ts';
import { noChange } from '../core/graph/edit.ts';
import type { GraphCell } from '../core/graph/graph.ts';
import { resolveParameters } from '../core/graph/parameters.ts';
import type { CellId, Format } from '../core/notebook/notebook.ts';
import type { Effect, Evaluate } from '../core/scheduler/effects.ts';
import type { Event } from '../core/scheduler/events.ts';
import { planRun } from '../core/scheduler/plan.ts';
import {
  type Asked,
  type ExecutionMode,
  initialState,
  type PlannedStep,
  type RunMode,
  type State,
} from '../core/scheduler/state.ts';
import { step as decide } from '../core/scheduler/step.ts';
import type { KernelEvent, StepNumber, StepOutcome } from '../kernel/kernel.ts';
import { Spare } from '../kernel/spare.ts';
import type { StartKernel } from '../kernel/start-kernel.ts';
import { runsQueuedMax } from '../limits.ts';
import type { Parse } from '../parser/parser.ts';
import type { Blobs } from '../store/blobs.ts';
import { type Document, Text } from './document.ts';
import type { EventLog } from './event-log.ts';
import { KernelHost, type KernelPreparation } from './kernel-host.ts';
import { LiveProblems, type WatchWorld } from './live-problems.ts';
import { StepOutputs } from './outputs.ts';
import { PendingInput } from './pending-input.ts';
import { checkedNotebook } from './problems.ts';
import { Reader, type Reading, type Unreadable } from './reading.ts';
import { describeReason } from './reasons.ts';
import { type FinishedRun, RunLogs } from './run-logs.ts';
import { seenChange } from './seen-changes.ts';
import type { Settings } from './settings.ts';
import { Told } from './told.ts';
import { errorView, type StepPlace, stepFileName, withoutStepMarks } from './tracebacks.ts';
import { kernelView, layoutOf, runView } from './view.ts';

export interface SessionOptions {
  readonly id: string;
  readonly incarnation: string;
  /** Absolute path of the file. */
  readonly path: string;
  readonly text: string;
  /** Told from the text where it is undefined. */
  readonly format: Format | undefined;
  readonly parse: Parse;
  readonly blobs: Blobs;
  readonly startKernel: StartKernel;
  /** A started process waits for the next restart. */
  readonly keepsSpare: boolean;
  /** Chooses the interpreter and the surroundings of a new kernel; rejects with a sentence where there is none. */
  readonly prepareKernel: () => Promise<KernelPreparation>;
  /** Which problems are told, from the settings of the notebook's project. */
  readonly settings: Settings;
  readonly watchWorld: WatchWorld;
  /** Steps compile under the notebook's own path, as a script would, instead of a name for each. */
  readonly plainFileNames: boolean;
  readonly now: () => number;
  readonly onError: (error: Error) => void;
}

interface RunningStep {
  readonly step: StepNumber;
  readonly cell: CellId;
  readonly outputs: StepOutputs;
  readonly startedAt: number;
  error: ErrorView | undefined;
  durationMs: number | undefined;
}

export class Session {
  readonly id: string;
  readonly path: string;
  readonly #options: SessionOptions;
  readonly #reader: Reader;
  readonly #kernel: KernelHost;
  readonly #told: Told;
  readonly #problems: LiveProblems;
  readonly #runs = new RunLogs();
  readonly #outputs = new Map<CellId, StepOutputs>();
  readonly #places = new Map<StepNumber, StepPlace>();
  readonly #queue: Event[] = [];
  #document: Document;
  #reading: Reading;
  #state: State;
  #running: RunningStep | undefined;
  readonly #input: PendingInput;
  #settings: Settings;
  #watch: boolean | undefined;
  #lastRun = 0;
  #isTaking = false;

  /** Throws a refusal where the text is no notebook. */
  constructor(options: SessionOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.id = options.id;
    this.path = options.path;
    this.#reader = new Reader(options.parse, options.format);
    this.#kernel = new KernelHost({
      file: options.path,
      prepare: options.prepareKernel,
      start: options.startKernel,
      spare: options.keepsSpare ? new Spare() : undefined,
      onEvent: (generation, event) => this.#hear(generation, event),
      onDied: (generation, reason) => this.#hearDeath(generation, reason),
    });
    this.#told = new Told(options.id);
    this.#problems = new LiveProblems({
      settings: options.settings,
      watchWorld: options.watchWorld,
      lineOf: (line) => this.#document.text.between(line, line + 1),
      tell: (problems) => this.#told.tellProblems(problems),
    });
    this.#input = new PendingInput((news) => this.#told.tell(news));
    this.#document = { text: new Text(options.text), version: 0, owner: undefined };
    this.#reading = this.#read(options.text);
    this.#state = initialState(this.#reading.format);
    this.#takeReading(this.#reading);
  }

  get format(): Reading['format'] {
    return this.#reading.format;
  }

  get state(): State {
    return this.#state;
  }

  get reading(): Reading {
    return this.#reading;
  }

  get document(): Document {
    return this.#document;
  }

  get events(): EventLog {
    return this.#told.events;
  }

  get seq(): number {
    return this.events.seq;
  }

  get kernelView(): KernelView {
    return kernelView(this.#state, this.#kernel.details);
  }

  /** Whether a kernel holds values, or is about to. */
  get isAlive(): boolean {
    return this.#state.kernel.phase !== 'none' && this.#state.kernel.phase !== 'dead';
  }

  /** Whether a cell runs. */
  get isBusy(): boolean {
    return this.#state.kernel.phase === 'busy';
  }

  view(): NotebookView {
    return {
      session: this.id,
      incarnation: this.#options.incarnation,
      seq: this.seq,
      path: this.path,
      format: this.#reading.format,
      mode: this.#state.mode,
      version: this.#document.version,
      layout: layoutOf(this.#reading),
      cells: this.#told.cells,
      problems: this.#told.problems,
      kernel: this.kernelView,
      runs: this.#state.runs.map(runView),
      ...(this.#input.view && { input: this.#input.view }),
    };
  }

  /** The whole outputs of the last step of a cell. */
  outputsOf(cell: CellId): StepOutputs | undefined {
    return this.#outputs.get(cell);
  }

  /** What the last step of a cell raised. */
  errorOf(cell: CellId): ErrorView | undefined {
    return this.#told.cell(cell)?.error;
  }

  memoryBytes(): Promise<number | undefined> {
    return this.#kernel.kernel?.memoryBytes() ?? Promise.resolve(undefined);
  }

  /** The buffer of a client becomes the text. */
  openText(owner: string, version: number, text: string): void {
    const other = this.#document.owner;
    if (other !== undefined && other !== owner) {
      throw refusal('not-owner', 'Another client has this notebook open and owns its text; close it there first.');
    }
    this.#setText(text, version, owner);
  }

  changeText(owner: string, version: number, changes: readonly ContentChange[]): void {
    const { text, owner: current, version: before } = this.#document;
    if (current !== owner) throw refusal('not-owner', 'This client does not own the text; send text/open first.');
    if (version <= before) {
      throw refusal('stale-revision', `The text is at version ${before} already; ${version} came too late.`, { current: before });
    }
    const edits = text.apply(changes);
    const reading = this.#reader.readEdited(text, edits);
    if (typeof reading === 'string') {
      text.revert();
      throw this.#unreadable(reading);
    }
    this.#document = { text, version, owner };
    this.#reading = reading;
    this.#takeReading(reading);
  }

  /** The owner let go: the text is what the file says. */
  closeText(owner: string, fileText: string | undefined): void {
    if (this.#document.owner !== owner) return;
    this.#setText(fileText ?? this.#document.text.toString(), 0, undefined);
  }

  /** The file changed while nobody owned the text. */
  reloadText(fileText: string): void {
    if (this.#document.owner !== undefined || fileText === this.#document.text.toString()) return;
    this.#setText(fileText, 0, undefined);
  }

  /** The settings of the project may be others now, and files may have come or gone. */
  lookAround(settings: Settings): void {
    this.#problems.lookAgain();
    this.#settings = settings;
    this.#problems.set(settings);
  }

  setMode(mode: ExecutionMode): void {
    if (mode === this.#state.mode) return;
    this.take({ type: 'mode-changed', mode });
    this.#told.tell({ type: 'mode', mode });
  }

  /** Whether later steps are watched for objects that they change; the project's settings do not count any more. */
  setWatch(watch: boolean): void {
    this.#watch = watch;
  }

  /** The number of the run. Throws a refusal for parameters that do not fit. */
  startRun(
    mode: RunMode,
    roots: readonly CellId[],
    given: Readonly<Record<string, string>> | undefined,
    stopAtFailure: boolean,
  ): number {
    const parameters = given && resolveParameters(this.#state.graph, given);
    if (parameters && 'problem' in parameters) throw refusal('bad-parameter', parameters.problem);
    if (this.#state.runs.length >= runsQueuedMax) {
      throw refusal('limit-reached', `${runsQueuedMax} runs wait already; interrupt, or wait for some to end.`);
    }
    this.take({ type: 'run-requested', mode, roots, parameters, stopAtFailure });
    return this.#lastRun;
  }

  planOf(mode: RunMode, roots: readonly CellId[]): PlannedStep[] {
    return planRun(this.#state, mode, roots);
  }

  waitForRun(run: number): Promise<FinishedRun> {
    return this.#runs.wait(run);
  }

  /** The step that was told to stop, if one runs. */
  interrupt(asked: Asked): StepNumber | undefined {
    const { kernel } = this.#state;
    this.take({ type: 'interrupt-requested', asked });
    return kernel.phase === 'busy' ? kernel.step : undefined;
  }

  /** Answers what the running step asks; without a text, its input is at an end. Throws a refusal where that is not asked. */
  reply(input: number, text: string | undefined, isEchoed: boolean): void {
    const { asked, view } = this.#input.answer(input, text);
    const isShown = isEchoed && !view.isPassword && text !== undefined;
    if (isShown) this.#outputsFor(view.step)?.text('stdout', `${text}\n`);
    this.#kernel.kernel?.answer(asked, text);
  }

  restart(): void {
    this.take({ type: 'restart-requested' });
  }

  stopKernel(): void {
    this.take({ type: 'stop-requested' });
  }

  /** Ends the kernel for good; resolves when the process is gone. */
  async close(): Promise<void> {
    const { kernel } = this.#kernel;
    this.#problems.close();
    this.stopKernel();
    this.#kernel.close();
    await kernel?.stop();
  }

  /** One event at a time: what happens while one is taken waits for its turn. */
  take(event: Event): void {
    this.#queue.push(event);
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#takeOne(next);
    } finally {
      this.#isTaking = false;
    }
  }

  #takeOne(event: Event): void {
    const { state, effects } = decide(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    this.#told.tellKernelPhase(this.kernelView);
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'start-kernel':
        return void this.#kernel.start(effect.generation);
      case 'stop-kernel':
        return void this.#kernel.stop(effect.generation);
      case 'interrupt':
        return this.#kernel.kernel?.interrupt(effect.step, effect.asked);
      case 'evaluate':
        return this.#evaluate(effect);
      case 'run-accepted':
        this.#lastRun = effect.run.run;
        this.#runs.accept(effect.run.run);
        return this.#told.tell({ type: 'run.accepted', run: runView(effect.run) });
      case 'run-sealed':
        this.#told.tell({ type: 'run.sealed', run: effect.run, outcome: effect.outcome });
        this.#problems.lookAgain();
        return this.#runs.seal(effect.run, effect.outcome, this.seq);
      case 'step-started':
        return this.#beginStep(effect);
      case 'step-finished':
        return this.#endStep(effect);
      case 'step-skipped':
        return this.#passStep(effect.run, effect.cell, 'skipped', describeReason(this.#state.graph, effect.reason, effect.cell));
      case 'step-cached':
        return this.#passStep(effect.run, effect.cell, 'cached', 'it has run with this text and these inputs');
      case 'standing-changed':
        return this.#told.tellStandings(this.#state, effect.cells);
      case 'kernel-changed':
        return this.#told.tellKernel(this.kernelView);
      case 'graph-changed':
        return this.#updateProblems({ cells: [], graph: effect.change, moved: 'nowhere' });
      case 'names-found':
        return this.#told.tellFound(this.#state, this.#document.version, this.#reading, effect.cell);
    }
  }

  #read(text: string): Reading {
    const reading = this.#reader.read(text);
    if (typeof reading === 'string') throw this.#unreadable(reading);
    return reading;
  }

  #unreadable(why: Unreadable): Error {
    if (why === 'too-large') return refusal('limit-reached', `${this.path} is too large to be opened as a notebook.`);
    return refusal(
      'not-a-notebook',
      `${this.path} is no notebook: it has neither a marimo app nor a line that starts with "# %%".`,
    );
  }

  #setText(text: string, version: number, owner: string | undefined): void {
    this.#reading = this.#read(text);
    this.#document = { text: new Text(text), version, owner };
    this.#takeReading(this.#reading);
  }

  /** Tells the core what differs, and then the clients: the cells first, what it means for their standing after. */
  #takeReading(reading: Reading): void {
    const { cells, removed, order } = reading.change;
    const { state, effects } = decide(this.#state, { type: 'edited', cells, removed, order });
    this.#state = state;
    this.#told.tellText(state, this.#document.version, reading);
    const { hasMoved, reread } = reading.change;
    let edit: LiveEdit = {
      cells: [...cells.map(({ id }) => id), ...(reread ? [reread.cell] : [])],
      graph: noChange,
      moved: reread ? (hasMoved ? reread : 'nowhere') : 'anywhere',
    };
    for (const effect of effects) {
      if (effect.type === 'graph-changed') edit = { ...edit, graph: effect.change };
      else this.#perform(effect);
    }
    this.#told.tellStandings(state, []);
    this.#updateProblems(edit);
  }

  #updateProblems(edit: LiveEdit): void {
    this.#problems.update(checkedNotebook(this.#reading, this.#state.graph), edit);
  }

  #hearDeath(generation: number, reason: string): void {
    const wasAsked = this.#state.kernel.phase === 'stopping';
    this.#running?.outputs.flush();
    if (this.#running && !wasAsked) this.#running.error = { name: 'KernelDied', message: reason, frames: [], text: reason };
    this.take({ type: 'kernel-died', generation });
  }

  #hear(generation: number, event: Exclude<KernelEvent, { type: 'died' }>): void {
    try {
      switch (event.type) {
        case 'started':
          return this.take({ type: 'kernel-started', generation });
        case 'stream':
          return this.#hearText(event);
        case 'display':
          return this.#outputsFor(event.step)?.display(event);
        case 'input':
          return this.#hearQuestion(event);
        case 'input-withdrawn':
          return this.#input.withdraw(event.input);
        case 'finished':
          return this.#hearFinished(generation, event);
        case 'interrupt':
        case 'survivors':
          return this.#hearInterrupt(event);
      }
    } catch (error) {
      this.#options.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #hearInterrupt(event: Extract<KernelEvent, { type: 'interrupt' | 'survivors' }>): void {
    const { step } = event;
    const cell = this.#places.get(step)?.cell;
    if (cell === undefined) return;
    if (event.type === 'interrupt')
      this.#told.tell({ type: 'step.interrupt', step, cell, level: event.level, state: event.state });
    else this.#told.tell({ type: 'kernel.survivors', step, cell, processes: [...event.processes] });
  }

  #hearText({ step, stream, text }: Extract<KernelEvent, { type: 'stream' }>): void {
    const shown = withoutStepMarks(this.path, text);
    const outputs = this.#outputsFor(step);
    if (outputs) outputs.text(stream, shown);
    else this.#told.tell({ type: 'output.unattributed', stream, text: shown });
  }

  #hearQuestion(event: Extract<KernelEvent, { type: 'input' }>): void {
    const running = this.#running;
    if (!running || running.step !== event.step) return;
    // The prompt is there before anyone answers it.
    running.outputs.flush();
    this.#input.ask(running.cell, running.step, event);
  }

  #outputsFor(step: StepNumber | undefined): StepOutputs | undefined {
    return this.#running && this.#running.step === step ? this.#running.outputs : undefined;
  }

  #hearFinished(generation: number, event: Extract<KernelEvent, { type: 'finished' }>): void {
    const running = this.#running;
    if (running?.step !== event.step) return;
    running.outputs.flush();
    running.durationMs = event.durationMs;
    running.error = this.#errorView(event.step, event.outcome);
    const outcome = event.outcome.type === 'exited' ? 'raised' : event.outcome.type;
    const { step, written, deleted, found } = event;
    const mutated = event.mutated.map((one) => seenChange(this.path, one, (number) => this.#places.get(number), step));
    this.take({ type: 'finished', generation, step, outcome, written, deleted, found, mutated });
  }

  #errorView(step: StepNumber, outcome: StepOutcome): ErrorView | undefined {
    if (outcome.type === 'raised') return errorView(this.path, outcome.error, (number) => this.#places.get(number), step);
    if (outcome.type !== 'exited') return undefined;
    const message = outcome.message ?? String(outcome.code);
    return {
      name: 'SystemExit',
      message,
      frames: [],
      text: outcome.message ?? `The notebook ended itself with exit code ${outcome.code}.`,
    };
  }

  #evaluate(effect: Evaluate): void {
    const { cell, step } = effect;
    const place = this.#place(cell);
    this.#places.set(step, place);
    this.#kernel.kernel?.evaluate({
      step,
      code: withoutNoBreakSpaces(withoutHarmlessMagics(cell.code)),
      fileName: this.#options.plainFileNames ? this.path : stepFileName(this.path, step),
      lineOffset: place.codeLine,
      bind: effect.bind,
      unbind: effect.unbind,
      forget: effect.forget,
      writes: effect.writes,
      watched: (this.#watch ?? this.#settings.isWatching) ? effect.watched : [],
      locals: [...cell.facts.locals],
      localPrefix: `_${cell.id}`,
      parameters: Object.fromEntries(effect.parameters),
      wantsResult: true,
    });
    for (const old of effect.forget) this.#places.delete(old);
  }

  #place(cell: GraphCell): StepPlace {
    const codeLine = this.#reading.byId.get(cell.id)?.text.codeLine ?? 0;
    return { cell: cell.id, codeLine, lines: cell.code.split('\n').length };
  }

  #beginStep({ run, step, cell }: Extract<Effect, { type: 'step-started' }>): void {
    const startedAt = this.#options.now();
    const outputs = new StepOutputs(this.#options.blobs, (change) => this.#told.tell({ ...change, cell, step }));
    this.#running = { step, cell, outputs, startedAt, error: undefined, durationMs: undefined };
    this.#outputs.set(cell, outputs);
    this.#told.tell({ type: 'step.started', run, step, cell, startedAt });
  }

  #endStep({ run, step, cell, outcome }: Extract<Effect, { type: 'step-finished' }>): void {
    const running = this.#running?.step === step ? this.#running : undefined;
    this.#running = undefined;
    running?.outputs.flush();
    if (running) this.#input.stepEnded();
    const now = this.#options.now();
    const durationMs = running?.durationMs ?? now - (running?.startedAt ?? now);
    const error = running?.error;
    this.#runs.add(run, { cell, outcome, ...(error && { error }) });
    this.#told.tell({ type: 'step.finished', run, step, cell, outcome, durationMs, ...(error && { error }) });
  }

  #passStep(run: number, cell: CellId, outcome: 'skipped' | 'cached', reason: string): void {
    this.#runs.add(run, { cell, outcome, reason });
    this.#told.tell({ type: 'step.skipped', run, cell, outcome, reason });
  }
}
