/** An open notebook: takes one event at a time, lets the core decide, performs, and tells its clients. It outlives them. */

import { basename } from 'node:path';
import { refusal } from '../../protocol/errors.ts';
import type { ContentChange } from '../../protocol/methods.ts';
import type { ErrorView, KernelView, NotebookView } from '../../protocol/types.ts';
import { withoutHarmlessMagics } from '../core/analysis/magics.ts';
import { withoutNoBreakSpaces } from '../core/analysis/spaces.ts';
import type { LiveEdit } from '../core/check/live.ts';
import { noChange } from '../core/graph/edit.ts';
import type { GraphCell } from '../core/graph/graph.ts';
import type { CellId, Format } from '../core/notebook/notebook.ts';
import { resolveParameters } from '../core/outline/parameters.ts';
import type { Effect, Evaluate, Step } from '../core/scheduler/effects.ts';
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
import type { Evaluation, KernelEvent, StepNumber } from '../kernel/kernel.ts';
import { Spare } from '../kernel/spare.ts';
import type { StartKernel } from '../kernel/start-kernel.ts';
import { runsQueuedMax } from '../limits.ts';
import type { Parse } from '../parser/parser.ts';
import { LiveProblems, type WatchWorld } from '../problems/live-problems.ts';
import { checkedNotebook } from '../problems/problems.ts';
import type { Settings } from '../problems/settings.ts';
import { type Document, Text } from '../reading/document.ts';
import { Reader, type Reading, type WhyUnreadable } from '../reading/reading.ts';
import type { Blobs } from '../store/blobs.ts';
import type { Spools } from '../store/spools.ts';
import { KernelHost, type KernelPreparation } from './running/kernel-host.ts';
import { leadingCodes } from './running/leading-codes.ts';
import { seenChange } from './running/seen-changes.ts';
import { StepFiles } from './running/step-files.ts';
import { StepsAhead } from './running/steps-ahead.ts';
import type { StepPlace } from './running/tracebacks.ts';
import type { KeptOutputs } from './shown/kept-outputs.ts';
import { type Shown, shownAgain } from './shown/outputs.ts';
import { isFailedExit, ShownSteps } from './shown/shown-steps.ts';
import { WatchedModules } from './sources/watched-modules.ts';
import type { EventLog } from './told/event-log.ts';
import { describeReason } from './told/reasons.ts';
import { type FinishedRun, RunLogs } from './told/run-logs.ts';
import { Told } from './told/told.ts';
import { kernelView, layoutOf, runView } from './told/view.ts';

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
  /** What was shown in earlier lives of the daemon; nowhere kept where it is undefined. */
  readonly kept: KeptOutputs | undefined;
  readonly spools: Spools;
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
  /** What cells print is passed on as it is, carriage returns included. */
  readonly keepsReturns: boolean;
  readonly now: () => number;
  readonly onError: (error: Error) => void;
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
  readonly #files: StepFiles;
  readonly #queue: Event[] = [];
  readonly #ahead = new StepsAhead();
  /** Who waits until it is known how the steps that have begun have come to begin. */
  #waiting: (() => void)[] = [];
  #isExtending = false;
  /** Cells whose standing is still to be told: those of steps that follow one another at once are told together. */
  readonly #untold = new Set<CellId>();
  #document: Document;
  #reading: Reading;
  #state: State;
  readonly #shown: ShownSteps;
  readonly #modules: WatchedModules;
  #settings: Settings;
  #watch: boolean | undefined;
  #lastRun = 0;
  #lastPlan: readonly PlannedStep[] = [];
  #notice: string | undefined;
  #isTaking = false;
  #askedCutOff: boolean | undefined;

  /** Throws a refusal where the text is no notebook. */
  constructor(options: SessionOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.id = options.id;
    this.path = options.path;
    this.#files = new StepFiles(options.path);
    this.#reader = new Reader(options.parse, options.format);
    this.#kernel = new KernelHost({
      file: options.path,
      isScript: options.plainFileNames,
      prepare: options.prepareKernel,
      start: options.startKernel,
      spare: options.keepsSpare ? new Spare() : undefined,
      leadingCodes: () => (this.#settings.preloads ? leadingCodes(this.#state.graph) : []),
      isBusy: () => this.#state.runs.length > 0,
      onPrepared: () => this.#told.tellKernel(this.kernelView),
      onEvent: (generation, event) => this.#hear(generation, event),
      onDied: (generation, reason) => this.#hearDeath(generation, reason),
    });
    this.#told = new Told(options.id, options.kept);
    options.kept?.onTrouble((error) => this.#hearTrouble(error));
    this.#problems = new LiveProblems({
      settings: options.settings,
      watchWorld: options.watchWorld,
      lineOf: (line) => this.#document.text.between(line, line + 1),
      tell: (problems) => this.#told.tellProblems(problems),
    });
    this.#shown = new ShownSteps({ ...options, told: this.#told, runs: this.#runs, files: this.#files });
    this.#modules = new WatchedModules((files) => this.take({ type: 'files-changed', files }));
    this.#document = { text: new Text(options.text), version: 0, owner: undefined };
    this.#reading = this.#read(options.text);
    this.#state = initialState(this.#reading.format);
    this.#takeReading(this.#reading);
    this.#chooseCutOff();
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
    this.#tellStandings();
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
    this.#tellStandings();
    return {
      session: this.id,
      incarnation: this.#options.incarnation,
      seq: this.seq,
      path: this.path,
      format: this.#reading.format,
      mode: this.#state.mode,
      earlyCutoff: this.#state.cutsOff,
      version: this.#document.version,
      layout: layoutOf(this.#reading),
      cells: this.#told.cells,
      problems: this.#told.problems,
      kernel: this.kernelView,
      runs: this.#state.runs.map(runView),
      ...(this.#notice !== undefined && { notice: this.#notice }),
      ...(this.#shown.input.view && { input: this.#shown.input.view }),
    };
  }

  /** What the last step of a cell has shown, as far as it is kept. */
  shownBy(cell: CellId): readonly Shown[] {
    const view = this.#told.cell(cell);
    return (view?.lastStep && this.#shown.outputsOf(cell)?.all) ?? (view?.outputs ?? []).map(shownAgain);
  }

  /** Of what a cell shows of an earlier life of the daemon. */
  asOf(cell: CellId): number | undefined {
    return this.#told.cell(cell)?.asOf;
  }

  /** The last step of a cell that began. */
  stepOf(cell: CellId): StepNumber | undefined {
    return this.#told.cell(cell)?.lastStep?.step;
  }

  /** How often that step has taken away its outputs. */
  clearingsOf(cell: CellId): number {
    return this.#told.cell(cell)?.lastStep?.clearings ?? 0;
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
    this.#modules.look();
    this.#chooseCutOff();
  }

  /** What a client says goes before what the project says. */
  setCutOff(isOn: boolean): void {
    this.#askedCutOff = isOn;
    this.#chooseCutOff();
  }

  #chooseCutOff(): void {
    const isOn = this.#askedCutOff ?? this.#settings.cutsOff;
    if (isOn === this.#state.cutsOff) return;
    this.take({ type: 'cut-off-changed', isOn });
    this.#told.tell({ type: 'early-cutoff', isOn });
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
    this.#refuseIfFull();
    this.#modules.look();
    this.take({ type: 'run-requested', mode, roots, parameters, stopAtFailure });
    return this.#lastRun;
  }

  /** Gives names other values and runs what follows. Throws a refusal for values that do not fit. */
  setParameters(given: Readonly<Record<string, string>>): number {
    const values = resolveParameters(this.#state.graph, given);
    if ('problem' in values) throw refusal('bad-parameter', values.problem);
    this.#refuseIfFull();
    this.take({ type: 'control-moved', values });
    return this.#lastRun;
  }

  #refuseIfFull(): void {
    if (this.#state.runs.length >= runsQueuedMax)
      throw refusal('limit-reached', `${runsQueuedMax} runs wait already; interrupt, or wait for some to end.`);
  }

  /** Takes queued cells, or all, out of a run, or out of all. Throws a refusal for a run that never was. */
  cancel(run: number | undefined, cells: readonly CellId[] | undefined): void {
    if (run !== undefined) this.#runs.require(run);
    this.take({ type: 'cancel-requested', run, cells });
  }

  /** What the run that was accepted last takes. */
  get lastPlan(): readonly PlannedStep[] {
    return this.#lastPlan;
  }

  planOf(mode: RunMode, roots: readonly CellId[]): PlannedStep[] {
    this.#modules.look();
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
    const { asked, view } = this.#shown.input.answer(input, text);
    const isShown = isEchoed && !view.isPassword && text !== undefined;
    if (isShown) this.#shown.echo(view.step, `${text}\n`);
    this.#kernel.kernel?.answer(asked, text);
  }

  restart(): void {
    this.#kernel.expectNext();
    this.take({ type: 'restart-requested' });
  }

  stopKernel(): void {
    this.take({ type: 'stop-requested' });
  }

  /** Ends the kernel for good; resolves when the process is gone. */
  async close(): Promise<void> {
    const { kernel } = this.#kernel;
    this.#problems.close();
    this.#modules.close();
    this.stopKernel();
    this.#kernel.close();
    await kernel?.stop();
    this.#shown.close();
    await this.#options.kept?.flush();
  }

  /**
   * Resolves when no step has begun but the one that is told to run: what was sent ahead is taken back, and what of it has begun is
   * heard of in a moment. Before what a client asks for is done, for it is meant for what runs now.
   */
  async calm(): Promise<void> {
    this.#takeBack();
    while (!this.#ahead.isEmpty) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      this.#takeBack();
    }
  }

  /** One event at a time: what happens while one is taken waits for its turn. */
  take(event: Event): void {
    if (!isOfKernel(event)) this.#catchUp();
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
    const foreseen = event.type === 'finished' ? this.#ahead.take(event) : undefined;
    if (foreseen) this.#follow(foreseen);
    else {
      this.#forgetFiles(this.#ahead.drop(() => true));
      this.#tellStandings();
      const { state, effects } = decide(this.#state, event);
      this.#state = state;
      // The kernel first: it works while the rest is told.
      for (const effect of effects) if (effect.type === 'evaluate') this.#kernel.kernel?.evaluate(this.#evaluation(effect));
      for (const effect of effects) this.#perform(effect);
    }
    if (!this.#told.hasToldKernel(this.#state.kernel.phase, this.#kernel.details.pid)) this.#told.tellKernel(this.kernelView);
    if (this.#ahead.isEmpty) for (const resolve of this.#waiting.splice(0)) resolve();
    this.#sendAheadSoon();
  }

  /** The step that follows was sent ahead. */
  #follow({ state, effects }: Step): void {
    this.#state = state;
    if (this.#untold.size === 0) setImmediate(() => this.#tellStandings());
    for (const effect of effects) {
      if (effect.type === 'standing-changed') for (const cell of effect.cells) this.#untold.add(cell);
      else this.#perform(effect);
    }
    if (this.#ahead.isEmpty) this.#tellStandings();
  }

  #tellStandings(): void {
    if (this.#untold.size === 0) return;
    const cells = [...this.#untold];
    this.#untold.clear();
    this.#told.tellStandings(this.#state, cells);
  }

  /** Whoever waits for what is going on goes first. */
  #sendAheadSoon(): void {
    if (this.#isExtending || !this.isBusy || !this.#ahead.isShort) return;
    this.#isExtending = true;
    setImmediate(() => {
      this.#isExtending = false;
      if (!this.isBusy || this.#waiting.length > 0) return;
      for (const { evaluate, after } of this.#ahead.extend(this.#state))
        this.#kernel.kernel?.evaluate(this.#evaluation(evaluate), after);
    });
  }

  #takeBack(): void {
    if (this.#ahead.isEmpty) return;
    const taken = this.#kernel.kernel?.takeBack();
    this.#forgetFiles(this.#ahead.drop((step) => taken?.has(step) ?? true));
  }

  /** What has begun counts as told, where something is to be done at once. Its last words are heard late. */
  #catchUp(): void {
    this.#takeBack();
    for (let next = this.#ahead.shift(); next; next = this.#ahead.shift()) this.#follow(next);
  }

  #forgetFiles(steps: readonly StepNumber[]): void {
    for (const step of steps) this.#files.forget(step);
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
        return this.#forgetFiles(effect.forget);
      case 'run-accepted':
        this.#lastRun = effect.run.run;
        this.#lastPlan = effect.run.plan;
        this.#runs.accept(effect.run.run);
        return this.#told.tell({ type: 'run.accepted', run: runView(effect.run) });
      case 'run-sealed':
        this.#told.tell({ type: 'run.sealed', run: effect.run, outcome: effect.outcome });
        this.#problems.lookAgain();
        return this.#runs.seal(effect.run, effect.outcome, this.seq);
      case 'step-started':
        return this.#shown.begin(effect);
      case 'step-finished':
        this.#shown.end(effect);
        return this.#told.tellEmptied(this.#state, this.#document.version, this.#reading, effect.cell);
      case 'step-skipped':
        return this.#shown.pass(
          effect.run,
          effect.cell,
          'skipped',
          describeReason(this.#state.graph, effect.reason, effect.cell),
        );
      case 'step-cached':
        return this.#shown.pass(effect.run, effect.cell, 'cached', 'it has run with this text and these inputs');
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

  #unreadable(why: WhyUnreadable): Error {
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
    this.#catchUp();
    const { state, effects } = decide(this.#state, { type: 'edited', cells, removed, order });
    this.#state = state;
    this.#told.tellText(state, this.#document.version, reading);
    if (removed.length > 0) this.#shown.forget((cell) => !this.#told.remembers(cell));
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
    this.#shown.kernelDied(wasAsked ? undefined : reason);
    this.take({ type: 'kernel-died', generation });
  }

  #hear(generation: number, event: Exclude<KernelEvent, { type: 'died' }>): void {
    try {
      switch (event.type) {
        case 'started':
          return this.take({ type: 'kernel-started', generation });
        case 'stream':
          return this.#shown.text(event);
        case 'display':
          return this.#shown.display(event);
        case 'clear':
          return this.#shown.clear(event);
        case 'input':
          return this.#shown.ask(event);
        case 'input-withdrawn':
          return this.#shown.input.withdraw(event.input);
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
    const cell = this.#files.cellOf(step);
    if (cell === undefined) return;
    if (event.type === 'interrupt')
      this.#told.tell({ type: 'step.interrupt', step, cell, level: event.level, state: event.state });
    else this.#told.tell({ type: 'kernel.survivors', step, cell, processes: event.processes });
  }

  #hearFinished(generation: number, event: Extract<KernelEvent, { type: 'finished' }>): void {
    const cell = this.#shown.finish(event);
    if (cell === undefined) return;
    const outcome = isFailedExit(event.outcome) ? 'raised' : event.outcome.type;
    const { step, written, deleted, found, held = [], untouched, unchanged } = event;
    const mutated = event.mutated.map((one) => seenChange(this.path, one, this.#files, step));
    // What it imported from the project is an input of its own, which nobody foresees.
    if (event.modules?.length) this.#forgetFiles(this.#ahead.drop(() => true));
    this.take({ type: 'finished', generation, step, outcome, written, deleted, found, held, mutated, untouched, unchanged });
    if (!event.modules?.length) return;
    const files = new Map(event.modules);
    this.#modules.know(files);
    this.take({ type: 'files-loaded', cell, step, files });
  }

  #evaluation(effect: Evaluate): Evaluation {
    const { cell, step } = effect;
    // With parameters it is not this code alone that gives what is shown.
    const place = this.#place(cell, effect.parameters.size > 0 ? undefined : cell.facts.tokens);
    const fileName = this.#files.nameFor(step, cell.code, place);
    return {
      step,
      code: withoutNoBreakSpaces(withoutHarmlessMagics(cell.code)),
      fileName: this.#options.plainFileNames ? this.path : fileName,
      lineOffset: place.codeLine,
      reloadsModules: this.#settings.reloadsModules,
      bind: effect.bind,
      unbind: effect.unbind,
      forget: effect.forget,
      writes: effect.writes,
      watched: (this.#watch ?? this.#settings.isWatching) ? effect.watched : [],
      compare: effect.compare,
      ...(effect.held && { held: effect.held }),
      locals: [...cell.facts.locals],
      localPrefix: `_${cell.id}`,
      parameters: Object.fromEntries(effect.parameters),
      wantsResult: true,
    };
  }

  #place(cell: GraphCell, tokens: string | undefined): StepPlace {
    const codeLine = this.#reading.byId.get(cell.id)?.text.codeLine ?? 0;
    return { cell: cell.id, codeLine, lines: cell.code.split('\n').length, tokens };
  }

  /** Undefined when it is over. */
  #hearTrouble(error: Error | undefined): void {
    if (error) this.#options.onError(error);
    this.#notice =
      error && `the outputs of ${basename(this.path)} cannot be kept for the next start of the daemon: ${error.message}`;
    this.#told.tell({ type: 'notice', ...(this.#notice !== undefined && { message: this.#notice }) });
  }
}

/** What the kernel does by itself: it is in order with what was sent ahead. */
function isOfKernel({ type }: Event): boolean {
  return type === 'finished' || type === 'kernel-started' || type === 'kernel-died';
}
