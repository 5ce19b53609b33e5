/** An open notebook: takes one event at a time, lets the core decide, performs, and tells its clients. It outlives them. */
import { changeCell } from '../../protocol/changes.ts';
import { refusal } from '../../protocol/errors.ts';
import type { ContentChange } from '../../protocol/methods.ts';
import type { CellView, ErrorView, KernelView, NotebookView, Outcome, Problem, SessionEvent } from '../../protocol/types.ts';
import type { GraphCell } from '../core/graph/graph.ts';
import { resolveParameters } from '../core/graph/parameters.ts';
import type { CellId } from '../core/notebook/notebook.ts';
import type { Effect, Evaluate } from '../core/scheduler/effects.ts';
import type { Event } from '../core/scheduler/events.ts';
import { planRun } from '../core/scheduler/plan.ts';
import { type ExecutionMode, initialState, type PlannedStep, type RunMode, type State } from '../core/scheduler/state.ts';
import { step as decide } from '../core/scheduler/step.ts';
import type { Kernel, KernelEvent, StartKernel, StepNumber, StepOutcome } from '../kernel/kernel.ts';
import { runsQueuedMax, runsRememberedMax } from '../limits.ts';
import type { Parse } from '../parser/parser.ts';
import type { Blobs } from '../store/blobs.ts';
import { applyChanges, type Document } from './document.ts';
import { EventLog } from './event-log.ts';
import { type OutputChange, StepOutputs } from './outputs.ts';
import { findProblems } from './problems.ts';
import { Reader, type Reading } from './reading.ts';
import { describeReason } from './reasons.ts';
import { errorView, type StepPlace, stepFileName, withoutStepMarks } from './tracebacks.ts';
import { type CellPatch, cellPatch, cellView, type KernelDetails, kernelView, layoutOf, runView, samePatch } from './view.ts';

export interface SessionOptions {
  readonly id: string;
  readonly incarnation: string;
  /** Absolute path of the file. */
  readonly path: string;
  readonly text: string;
  readonly parse: Parse;
  readonly blobs: Blobs;
  readonly startKernel: StartKernel;
  /** Chooses the interpreter and the surroundings of a new kernel; rejects with a sentence where there is none. */
  readonly prepareKernel: () => Promise<KernelPreparation>;
  /** Steps compile under the notebook's own path, as a script would, instead of a name for each. */
  readonly plainFileNames: boolean;
  readonly now: () => number;
  readonly onError: (error: Error) => void;
}

export interface KernelPreparation {
  readonly python: string;
  readonly source: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly arguments: readonly string[];
}

export interface FinishedRun {
  readonly outcome: 'ok' | 'failed' | 'interrupted';
  readonly steps: readonly { cell: CellId; outcome: Outcome; error?: ErrorView; reason?: string }[];
  readonly seq: number;
}

interface RunLog {
  readonly steps: { cell: CellId; outcome: Outcome; error?: ErrorView; reason?: string }[];
  readonly waiting: ((finished: FinishedRun) => void)[];
  finished: FinishedRun | undefined;
}

interface RunningStep {
  readonly step: StepNumber;
  readonly cell: CellId;
  readonly run: number;
  readonly outputs: StepOutputs;
  readonly startedAt: number;
  error: ErrorView | undefined;
  durationMs: number | undefined;
}

type WithoutPlace<T> = T extends unknown ? Omit<T, 'session' | 'seq'> : never;
type Told = WithoutPlace<SessionEvent>;

export class Session {
  readonly id: string;
  readonly path: string;
  readonly events: EventLog;
  readonly #options: SessionOptions;
  readonly #reader: Reader;
  readonly #views = new Map<CellId, CellView>();
  readonly #runs = new Map<number, RunLog>();
  readonly #outputs = new Map<CellId, StepOutputs>();
  readonly #places = new Map<StepNumber, StepPlace>();
  readonly #queue: Event[] = [];
  #document: Document;
  #reading: Reading;
  #state: State;
  #problems: readonly Problem[] = [];
  #kernel: Kernel | undefined;
  #kernelDetails: KernelDetails = {};
  #running: RunningStep | undefined;
  #lastRun = 0;
  #kernelPhaseTold: KernelView['phase'] = 'none';
  #isTaking = false;

  /** Throws a refusal where the text is no notebook. */
  constructor(options: SessionOptions) {
    this.#options = options;
    this.id = options.id;
    this.path = options.path;
    this.#reader = new Reader(options.parse);
    this.events = new EventLog();
    this.#document = { text: options.text, version: 0, owner: undefined };
    this.#reading = this.#read(options.text);
    this.#state = initialState(this.#reading.format);
    this.#takeReading(undefined, this.#reading);
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

  get kernelView(): KernelView {
    return kernelView(this.#state, this.#kernelDetails);
  }

  get seq(): number {
    return this.events.seq;
  }

  /** Whether a kernel holds values, or is about to. */
  get isAlive(): boolean {
    return this.#state.kernel.phase !== 'none' && this.#state.kernel.phase !== 'dead';
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
      cells: Object.fromEntries(this.#views),
      problems: [...this.#problems],
      kernel: this.kernelView,
      runs: this.#state.runs.map(runView),
    };
  }

  /** The whole outputs of the last step of a cell. */
  outputsOf(cell: CellId): StepOutputs | undefined {
    return this.#outputs.get(cell);
  }

  memoryBytes(): Promise<number | undefined> {
    return this.#kernel?.memoryBytes() ?? Promise.resolve(undefined);
  }

  /** The buffer of a client becomes the text. */
  openText(owner: string, version: number, text: string): void {
    const other = this.#document.owner;
    if (other !== undefined && other !== owner)
      throw refusal('not-owner', 'Another client has this notebook open and owns its text; close it there first.');
    this.#setDocument({ text, version, owner });
  }

  changeText(owner: string, version: number, changes: readonly ContentChange[]): void {
    const { text, owner: current, version: before } = this.#document;
    if (current !== owner) throw refusal('not-owner', 'This client does not own the text; send text/open first.');
    if (version <= before)
      throw refusal('stale-revision', `The text is at version ${before} already; ${version} came too late.`, { current: before });
    this.#setDocument({ text: applyChanges(text, changes), version, owner });
  }

  /** The owner let go: the text is what the file says. */
  closeText(owner: string, fileText: string | undefined): void {
    if (this.#document.owner === owner)
      this.#setDocument({ text: fileText ?? this.#document.text, version: 0, owner: undefined });
  }

  /** The file changed while nobody owned the text. */
  reloadText(fileText: string): void {
    if (this.#document.owner === undefined && fileText !== this.#document.text)
      this.#setDocument({ text: fileText, version: 0, owner: undefined });
  }

  setMode(mode: ExecutionMode): void {
    if (mode === this.#state.mode) return;
    this.take({ type: 'mode-changed', mode });
    this.#tell({ type: 'mode', mode });
  }

  startRun(
    mode: RunMode,
    roots: readonly CellId[],
    given: Readonly<Record<string, string>> | undefined,
    stopAtFailure: boolean,
  ): number {
    const parameters = given && resolveParameters(this.#state.graph, given);
    if (parameters && 'problem' in parameters) throw refusal('bad-parameter', parameters.problem);
    if (this.#state.runs.length >= runsQueuedMax)
      throw refusal('limit-reached', `${runsQueuedMax} runs wait already; interrupt, or wait for some to end.`);
    this.take({ type: 'run-requested', mode, roots, parameters, stopAtFailure });
    return this.#lastRun;
  }

  planOf(mode: RunMode, roots: readonly CellId[]): PlannedStep[] {
    return planRun(this.#state, mode, roots);
  }

  waitForRun(run: number): Promise<FinishedRun> {
    const log = this.#runs.get(run);
    if (!log) throw refusal('no-such-run', `Run ${run} is not known; the last ${runsRememberedMax} are.`);
    return log.finished ? Promise.resolve(log.finished) : new Promise((resolve) => log.waiting.push(resolve));
  }

  /** The step that was told to stop, if one runs. */
  interrupt(): StepNumber | undefined {
    const { kernel } = this.#state;
    this.take({ type: 'interrupt-requested' });
    return kernel.phase === 'busy' ? kernel.step : undefined;
  }

  restart(): void {
    this.take({ type: 'restart-requested' });
  }

  stopKernel(): void {
    this.take({ type: 'stop-requested' });
  }

  /** Ends the kernel for good; resolves when the process is gone. */
  async close(): Promise<void> {
    const kernel = this.#kernel;
    this.stopKernel();
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
    if (this.#kernelPhaseTold !== state.kernel.phase) this.#tellKernel();
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'start-kernel':
        return void this.#startKernel(effect.generation);
      case 'stop-kernel':
        return void this.#stopKernel(effect.generation);
      case 'interrupt':
        return this.#kernel?.interrupt(effect.step);
      case 'evaluate':
        return this.#evaluate(effect);
      case 'run-accepted':
        this.#lastRun = effect.run.run;
        this.#rememberRun(effect.run.run);
        return this.#tell({ type: 'run.accepted', run: runView(effect.run) });
      case 'run-sealed':
        return this.#sealRun(effect.run, effect.outcome);
      case 'step-started':
        return this.#beginStep(effect);
      case 'step-finished':
        return this.#endStep(effect);
      case 'step-skipped':
        return this.#logSkip(effect.run, effect.cell, 'skipped', describeReason(this.#state.graph, effect.reason, effect.cell));
      case 'step-cached':
        return this.#logSkip(effect.run, effect.cell, 'cached', 'it has run with this text and these inputs');
      case 'standing-changed':
        return this.#tellStandings(effect.cells);
      case 'kernel-changed':
        return this.#tellKernel();
      case 'graph-changed':
        return this.#tellProblems();
      case 'names-found':
        return this.#tellFound(effect.cell);
    }
  }

  #read(text: string): Reading {
    const reading = this.#reader.read(text);
    if (reading === 'not-a-notebook')
      throw refusal(
        'not-a-notebook',
        `${this.path} is no notebook: it has neither a marimo app nor a line that starts with "# %%".`,
      );
    if (reading === 'too-large') throw refusal('limit-reached', `${this.path} is too large to be opened as a notebook.`);
    return reading;
  }

  #setDocument(document: Document): void {
    const before = this.#reading;
    this.#document = document;
    this.#reading = this.#read(document.text);
    this.#takeReading(before, this.#reading);
  }

  /** Tells the core what differs, and the clients what they must show. */
  #takeReading(before: Reading | undefined, after: Reading): void {
    const cells = after.cells.filter(({ cell }) => before?.byId.get(cell.id)?.cell !== cell).map(({ cell }) => cell);
    const removed = (before?.cells ?? []).filter(({ cell }) => !after.byId.has(cell.id)).map(({ cell }) => cell.id);
    const order = after.cells.map(({ cell }) => cell.id);
    const isSameOrder =
      before !== undefined && order.length === before.cells.length && order.every((id, at) => before.cells[at]?.cell.id === id);
    for (const id of removed) this.#views.delete(id);
    if (cells.length > 0 || removed.length > 0 || !isSameOrder) {
      this.#state = this.#editQuietly({ type: 'edited', cells, removed, order: isSameOrder ? undefined : order });
    }
    for (const { id } of cells)
      this.#views.set(id, cellView(this.#state, after.byId.get(id) as Reading['cells'][number], this.#views.get(id)));
    const layout = before && JSON.stringify(layoutOf(before)) === JSON.stringify(layoutOf(after)) ? undefined : layoutOf(after);
    const changed = cells.map(({ id }) => this.#views.get(id) as CellView);
    this.#tell({
      type: 'text',
      version: this.#document.version,
      format: after.format,
      ...(layout && { layout }),
      removed,
      cells: changed,
    });
    this.#tellStandings(this.#touchedByEdit);
    this.#tellProblems();
  }

  #touchedByEdit: ReadonlySet<CellId> = new Set();

  /** An edit performs nothing; what it touches is told once the cells themselves have been. */
  #editQuietly(event: Extract<Event, { type: 'edited' }>): State {
    const { state, effects } = decide(this.#state, event);
    this.#touchedByEdit = new Set(effects.flatMap((effect) => (effect.type === 'standing-changed' ? [...effect.cells] : [])));
    return state;
  }

  #tellStandings(cells: ReadonlySet<CellId>): void {
    const patches: CellPatch[] = [];
    for (const id of this.#withNeighbours(cells)) {
      const view = this.#views.get(id);
      if (!view || !this.#state.graph.cells.has(id)) continue;
      const patch = cellPatch(this.#state, id);
      if (samePatch(view, patch)) continue;
      const { reason: _, ...rest } = view;
      this.#views.set(id, { ...rest, ...patch });
      patches.push(patch);
    }
    if (patches.length > 0) this.#tell({ type: 'cells', cells: patches });
  }

  /** Edges are shown at both ends: who was or is beside a touched cell may have other edges. */
  #withNeighbours(cells: ReadonlySet<CellId>): Set<CellId> {
    const all = new Set(cells);
    for (const id of cells) {
      const view = this.#views.get(id);
      for (const beside of [...(view?.parents ?? []), ...(view?.children ?? [])]) all.add(beside);
      if (!this.#state.graph.cells.has(id)) continue;
      const { parents, children } = cellPatch(this.#state, id);
      for (const beside of [...parents, ...children]) all.add(beside);
    }
    return all;
  }

  #tellKernel(): void {
    this.#kernelPhaseTold = this.#state.kernel.phase;
    this.#tell({ type: 'kernel', kernel: this.kernelView });
  }

  #tellProblems(): void {
    const problems = findProblems(this.#reading, this.#state.graph);
    if (JSON.stringify(problems) === JSON.stringify(this.#problems)) return;
    this.#problems = problems;
    this.#tell({ type: 'problems', problems });
  }

  #tellFound(id: CellId): void {
    const read = this.#reading.byId.get(id);
    if (!read) return;
    const view = cellView(this.#state, read, this.#views.get(id));
    this.#views.set(id, view);
    this.#tell({ type: 'text', version: this.#document.version, format: this.#reading.format, removed: [], cells: [view] });
  }

  async #startKernel(generation: number): Promise<void> {
    this.#kernelDetails = {};
    let kernel: Kernel | undefined;
    try {
      const { source, ...options } = await this.#options.prepareKernel();
      if (this.#state.kernel.generation !== generation || this.#state.kernel.phase !== 'starting')
        return this.#kernelDied(generation, 'it was stopped before it started');
      this.#kernelDetails = { python: options.python, source };
      kernel = this.#options.startKernel({ ...options, file: this.path }, (event) => this.#onKernel(generation, event));
      this.#kernel = kernel;
    } catch (error) {
      this.#kernelDied(generation, error instanceof Error ? error.message : String(error));
    }
  }

  async #stopKernel(generation: number): Promise<void> {
    const kernel = this.#kernel;
    if (!kernel) return this.#kernelDied(generation, 'it was stopped before it started');
    await kernel.stop();
  }

  #kernelDied(generation: number, reason: string): void {
    if (this.#state.kernel.generation !== generation) return;
    this.#kernel = undefined;
    const { pid: _, ...details } = this.#kernelDetails;
    this.#kernelDetails = { ...details, reason };
    const wasAsked = this.#state.kernel.phase === 'stopping';
    if (this.#running && !wasAsked) this.#running.error = { name: 'KernelDied', message: reason, frames: [], text: reason };
    this.take({ type: 'kernel-died', generation });
  }

  #onKernel(generation: number, event: KernelEvent): void {
    try {
      this.#hear(generation, event);
    } catch (error) {
      this.#options.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #hear(generation: number, event: KernelEvent): void {
    switch (event.type) {
      case 'started':
        this.#kernelDetails = { ...this.#kernelDetails, pid: event.pid, version: event.version };
        return this.take({ type: 'kernel-started', generation });
      case 'stream':
        return this.#hearText(event);
      case 'display':
        return this.#outputsFor(event.step)?.display(event);
      case 'finished':
        return this.#hearFinished(generation, event);
      case 'died':
        return this.#kernelDied(generation, event.reason);
    }
  }

  #hearText({ step, stream, text }: Extract<KernelEvent, { type: 'stream' }>): void {
    const shown = withoutStepMarks(this.path, text);
    const outputs = this.#outputsFor(step);
    if (outputs) outputs.text(stream, shown);
    else this.#tell({ type: 'output.unattributed', stream, text: shown });
  }

  #outputsFor(step: StepNumber | undefined): StepOutputs | undefined {
    return this.#running && this.#running.step === step ? this.#running.outputs : undefined;
  }

  #hearFinished(generation: number, event: Extract<KernelEvent, { type: 'finished' }>): void {
    const running = this.#running;
    if (running?.step !== event.step) return;
    running.outputs.flush();
    running.durationMs = event.durationMs;
    running.error = this.#errorOf(event.step, event.outcome);
    const outcome = event.outcome.type === 'exited' ? 'raised' : event.outcome.type;
    const { written, deleted, found } = event;
    this.take({ type: 'finished', generation, step: event.step, outcome, written, deleted, found });
  }

  #errorOf(step: StepNumber, outcome: StepOutcome): ErrorView | undefined {
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
    this.#kernel?.evaluate({
      step,
      code: cell.code,
      fileName: this.#options.plainFileNames ? this.path : stepFileName(this.path, step),
      lineOffset: place.codeLine,
      bind: effect.bind,
      unbind: effect.unbind,
      forget: effect.forget,
      writes: effect.writes,
      locals: [...cell.facts.locals],
      localPrefix: `_${cell.id}`,
      parameters: Object.fromEntries(effect.parameters),
      wantsResult: true,
    });
    for (const old of effect.forget) this.#places.delete(old);
  }

  #place(cell: GraphCell): StepPlace {
    return { cell: cell.id, codeLine: this.#reading.byId.get(cell.id)?.text.codeLine ?? 0, lines: cell.code.split('\n').length };
  }

  #beginStep({ run, step, cell }: Extract<Effect, { type: 'step-started' }>): void {
    const startedAt = this.#options.now();
    const outputs = new StepOutputs(this.#options.blobs, (change: OutputChange) => this.#tell({ ...change, cell, step }));
    this.#running = { run, step, cell, outputs, startedAt, error: undefined, durationMs: undefined };
    this.#outputs.set(cell, outputs);
    this.#tell({ type: 'step.started', run, step, cell, startedAt });
  }

  #endStep({ run, step, cell, outcome }: Extract<Effect, { type: 'step-finished' }>): void {
    const running = this.#running?.step === step ? this.#running : undefined;
    this.#running = undefined;
    running?.outputs.flush();
    const durationMs = running?.durationMs ?? this.#options.now() - (running?.startedAt ?? this.#options.now());
    const error = running?.error;
    this.#runs.get(run)?.steps.push({ cell, outcome, ...(error && { error }) });
    this.#tell({ type: 'step.finished', run, step, cell, outcome, durationMs, ...(error && { error }) });
  }

  #logSkip(run: number, cell: CellId, outcome: 'skipped' | 'cached', reason: string): void {
    this.#runs.get(run)?.steps.push({ cell, outcome, reason });
    this.#tell({ type: 'step.skipped', run, cell, outcome, reason });
  }

  #rememberRun(run: number): void {
    this.#runs.set(run, { steps: [], waiting: [], finished: undefined });
    for (const [old, log] of this.#runs) if (this.#runs.size > runsRememberedMax && log.finished) this.#runs.delete(old);
  }

  #sealRun(run: number, outcome: FinishedRun['outcome']): void {
    this.#tell({ type: 'run.sealed', run, outcome });
    const log = this.#runs.get(run);
    if (!log) return;
    log.finished = { outcome, steps: log.steps, seq: this.seq };
    for (const resolve of log.waiting.splice(0)) resolve(log.finished);
  }

  #tell(told: Told): void {
    const event = { ...told, session: this.id, seq: this.seq + 1 } as SessionEvent;
    if ('step' in event) {
      const view = this.#views.get(event.cell);
      if (view) this.#views.set(event.cell, changeCell(view, event));
    }
    this.events.push(event);
  }
}
