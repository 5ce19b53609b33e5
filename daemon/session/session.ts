/** An open notebook as others see it: what clients ask of it, and what they are shown. It outlives them. */
import { refusal } from '../../protocol/errors.ts';
import type { ContentChange, ParamsOf, ResultOf } from '../../protocol/methods.ts';
import { optionsIn } from '../../protocol/running-options.ts';
import type { CellView, KernelView, NotebookView, RunningOptions } from '../../protocol/types.ts';
import { wellFormed } from '../../protocol/utf8.ts';
import type { CellId } from '../core/notebook/notebook.ts';
import { fileNameOf } from '../core/paths.ts';
import type { Evaluate, EvaluatePlaceless } from '../core/scheduler/effects.ts';
import { planRun } from '../core/scheduler/plan.ts';
import { type Asked, initialState, type PlannedStep, type Run, type RunMode, type State } from '../core/scheduler/state.ts';
import type { Evaluation, StepNumber } from '../kernel/kernel.ts';
import type { KernelPlace, PreparedKernel } from '../kernel/provider.ts';
import { runsQueuedMax } from '../limits.ts';
import { LiveProblems } from '../problems/live-problems.ts';
import type { Settings } from '../problems/settings.ts';
import type { Document } from '../reading/document.ts';
import type { Reading } from '../reading/reading.ts';
import { type Beginning, begin, type ChangedParameters, changedParametersIn, parametersIn } from './beginning.ts';
import { forkSession } from './forking.ts';
import { KernelEvents } from './loop/kernel-events.ts';
import { Loop } from './loop/loop.ts';
import { Performer } from './loop/performer.ts';
import { PlacelessSteps } from './placeless-steps.ts';
import { evaluationOf } from './running/evaluation.ts';
import { KernelHost } from './running/kernel-host.ts';
import { leadingCodesIn } from './running/leading-codes.ts';
import { resolveOptions, sameOptions } from './running/options.ts';
import { StepFiles } from './running/step-files.ts';
import { listVariables } from './running/variables.ts';
import type { SessionOptions } from './session-options.ts';
import { outputsText, type Shown } from './shown/readable.ts';
import { ShownSteps } from './shown/shown-steps.ts';
import { OwnedText, type SessionText } from './sources/owned-text.ts';
import { WatchedInputs } from './sources/watched-inputs.ts';
import type { EventLog } from './told/event-log.ts';
import { type FinishedRun, RunLogs } from './told/run-logs.ts';
import { Told } from './told/told.ts';
import { kernelView, layoutOf, runView } from './told/view.ts';

export class Session {
  readonly id: string;
  readonly path: string;
  /** Its name, where it is a variant of the file and not the session of the file itself. */
  readonly variant: string | undefined;
  readonly placeless: PlacelessSteps;
  readonly #options: SessionOptions;
  readonly #text: SessionText;
  readonly #told: Told;
  readonly #runs = new RunLogs();
  readonly #files: StepFiles;
  readonly #kernel: KernelHost;
  readonly #problems: LiveProblems;
  readonly #shown: ShownSteps;
  readonly #inputs: WatchedInputs;
  readonly #loop: Loop;
  readonly #kernelEvents: KernelEvents;
  #settings: Settings;
  #isClosed = false;
  /** What clients asked for; it goes before what the project says. */
  #askedOptions: Partial<RunningOptions>;
  #runningOptions: RunningOptions;

  /** Throws a refusal where the text is no notebook. */
  constructor(options: SessionOptions) {
    const { id, path, beginning, kept, timers, now, onError } = options;
    this.#options = options;
    this.#settings = options.settings;
    this.#askedOptions = beginning?.asked ?? {};
    this.#runningOptions = resolveOptions(this.#askedOptions, options.settings.options);
    this.id = id;
    this.path = path;
    this.variant = beginning?.variant;
    this.#text = beginning?.text ?? new OwnedText(options, () => this.#takeEdit());
    this.#files = beginning?.copied?.files ?? new StepFiles(path);
    this.#told = new Told(id, (cell, tokens) => kept?.recall(cell, tokens));
    this.#told.events.listen((event) => this.#runs.fold(event));
    kept?.follow(this.#told, { tokensOf: (step) => this.#files.placeOf(step)?.tokens, now });
    kept?.onTrouble((error) => this.#hearTrouble(error));
    this.#kernel = this.#newKernelHost();
    this.#problems = new LiveProblems({
      settings: options.settings,
      watchWorld: options.watchWorld,
      lineOf: (line) => this.#text.document.text.between(line, line + 1),
      tell: (problems) => this.#told.tellProblems(problems),
    });
    // What files hold is found out while later steps run: all that these show is heard first.
    this.#inputs = new WatchedInputs({ ...options, onEvent: (event) => void this.calmly(async () => this.#loop.take(event)) });
    const own = { path, text: this.#text, told: this.#told, files: this.#files, kernel: this.#kernel, inputs: this.#inputs };
    const shown = new ShownSteps({ ...options, ...own });
    const performer = new Performer({ ...own, shown, problems: this.#problems, evaluation: (of) => this.#evaluation(of) });
    const state = beginning?.state ?? initialState(this.format, this.#runningOptions);
    this.#loop = new Loop({ ...state, options: this.#runningOptions }, performer, timers);
    this.#shown = shown;
    this.placeless = new PlacelessSteps({ ...own, shown, loop: this.#loop, parse: options.parse });
    this.#kernelEvents = new KernelEvents({ ...own, shown, loop: this.#loop, onError });
    if (beginning) begin(beginning, { ...own, problems: this.#problems, kernelView: () => this.kernelView });
    else this.#takeEdit();
  }

  get format(): Reading['format'] {
    return this.#text.reading.format;
  }

  get state(): State {
    return this.#loop.state;
  }

  get reading(): Reading {
    return this.#text.reading;
  }

  get document(): Document {
    return this.#text.document;
  }

  get events(): EventLog {
    return this.#told.events;
  }

  /** Number of the newest event. */
  get seq(): number {
    return this.events.seq;
  }

  get kernelView(): KernelView {
    return kernelView(this.state, this.#kernel.details);
  }

  /** Whether a kernel holds values, or is about to. */
  get isAlive(): boolean {
    return !['none', 'dead'].includes(this.state.kernel.phase);
  }

  /** Whether a cell or a placeless step runs. */
  get isBusy(): boolean {
    return this.#loop.isBusy;
  }

  /** Does what a client asks to be changed, while nothing is ahead of what runs; at once where nothing is. */
  calmly<T>(work: () => Promise<T>): Promise<T> {
    return this.#loop.calmly(work);
  }

  /** Tells what waits to be told of how cells stand: of those that follow one another at once it is told together. */
  tellStandings(): void {
    this.#loop.tellStandings();
  }

  /** All that has been told. */
  view(): NotebookView {
    const { notice } = this.#told;
    return {
      session: this.id,
      incarnation: this.#options.incarnation,
      seq: this.seq,
      path: this.path,
      ...(this.variant !== undefined && { variant: this.variant }),
      format: this.format,
      options: this.#runningOptions,
      version: this.#text.version,
      layout: layoutOf(this.reading),
      cells: this.#told.cells,
      problems: this.#told.problems,
      kernel: this.kernelView,
      runs: this.state.runs.map(runView),
      placeless: this.#told.placeless,
      ...(notice !== undefined && { notice }),
      ...(this.#shown.input.view && { input: this.#shown.input.view }),
    };
  }

  cell(id: CellId): CellView | undefined {
    return this.#told.cell(id);
  }

  /** Whether one of its cells shows this content now. */
  showsBlob(blob: string): boolean {
    return this.#told.showsBlob(blob);
  }

  /** Tells what of a cell's outputs waits to be told with more of them. */
  tellOutputs(cell: CellId): void {
    this.#shown.outputsOf(cell)?.flush();
  }

  /** What the last step of a cell has shown, as far as it has been told and is kept. */
  shownBy(cell: CellId): readonly Shown[] {
    return this.#shown.shownBy(cell);
  }

  /** The same as plain text. */
  textShownBy(cell: CellId): string {
    return wellFormed(outputsText(this.shownBy(cell)));
  }

  memoryBytes(): Promise<number | undefined> {
    return this.#kernel.kernel?.memoryBytes?.() ?? Promise.resolve(undefined);
  }

  /** What a kernel would be now. Rejects with a refusal where there can be none. */
  async prepareKernel(): Promise<PreparedKernel> {
    this.#refuseIfClosed();
    return await this.#kernel.prepare();
  }

  /** What it would be, for someone who starts nothing. */
  guessKernel(): Promise<KernelPlace> {
    return this.#kernel.guess();
  }

  /** Answered while a cell runs, too. Throws a refusal where the kernel does not answer. */
  variables(asked: Omit<ParamsOf<'variables/list'>, 'session'>): Promise<ResultOf<'variables/list'>> {
    return listVariables(this.state, this.#kernel.kernel, asked);
  }

  /** The buffer of a client becomes the text. */
  openText(owner: string, version: number, text: string): void {
    this.#text.open(owner, version, text);
  }

  changeText(owner: string, version: number, changes: readonly ContentChange[]): void {
    this.#text.change(owner, version, changes);
  }

  /** The owner wrote its buffer to the file. */
  saveText(): void {
    this.#text.save();
  }

  /** The owner let go: the text is what the file says. */
  closeText(owner: string, fileText: string | undefined): void {
    this.#text.close(owner, fileText);
  }

  /** The file changed while nobody owned the text. */
  reloadText(fileText: string): void {
    this.#text.reload(fileText);
  }

  /** The settings of the project may be others now, and files may have come or gone. */
  lookAround(settings: Settings): void {
    this.#problems.lookAgain();
    this.#settings = settings;
    this.#problems.set(settings);
    this.#inputs.look();
    this.#resolveOptions();
  }

  setOptions(asked: ParamsOf<'session/configure'>['options']): void {
    this.#askedOptions = { ...this.#askedOptions, ...optionsIn(asked) };
    this.#resolveOptions();
  }

  #resolveOptions(): void {
    const options = resolveOptions(this.#askedOptions, this.#settings.options);
    if (sameOptions(options, this.#runningOptions)) return;
    this.#runningOptions = options;
    this.#loop.take({ type: 'options-changed', options });
    this.#told.publish({ type: 'options', options });
  }

  /** The run that was accepted. Throws a refusal for parameters that do not fit. */
  startRun(
    mode: RunMode,
    roots: readonly CellId[],
    given: Readonly<Record<string, string>> | undefined,
    stopAtFailure: boolean,
  ): Run {
    this.#refuseIfClosed();
    const parameters = given && parametersIn(this.state, given);
    this.#refuseIfFull();
    this.#inputs.look();
    return this.#loop.accept({ type: 'run-requested', mode, roots, parameters, stopAtFailure });
  }

  /** Gives names other values; the run is of what follows. Throws a refusal for values that do not fit. */
  setParameters(given: ChangedParameters): Run {
    this.#refuseIfClosed();
    const values = changedParametersIn(this.state, given);
    this.#refuseIfFull();
    return this.#loop.accept({ type: 'control-moved', values });
  }

  /** What was asked while the session was being closed may get here after that. */
  #refuseIfClosed(): void {
    if (this.#isClosed) throw refusal('no-such-session', `${this.id} was closed; open the notebook again.`);
  }

  #refuseIfFull(): void {
    if (this.state.runs.length >= runsQueuedMax)
      throw refusal('limit-reached', `${runsQueuedMax} runs are already waiting; interrupt them, or wait for some to end.`);
  }

  /** Takes queued cells, or all, out of a run, or out of all. Throws a refusal for a run that never was. */
  cancel(run: number | undefined, cells: readonly CellId[] | undefined): void {
    if (run !== undefined) this.#runs.require(run);
    this.#loop.take({ type: 'cancel-requested', run, cells });
  }

  planOf(mode: RunMode, roots: readonly CellId[]): PlannedStep[] {
    this.#inputs.look();
    return planRun(this.state, mode, roots);
  }

  waitForRun(run: number): Promise<FinishedRun> {
    return this.#runs.wait(run);
  }

  /** The step that was told to stop, if one runs. */
  interrupt(asked: Asked): StepNumber | undefined {
    const { kernel } = this.state;
    this.#loop.take({ type: 'interrupt-requested', asked });
    return 'step' in kernel ? kernel.step : undefined;
  }

  /** Answers what the running step asks; without a text, its input is at an end. Throws a refusal where that is not asked. */
  reply(input: number, text: string | undefined, isEchoed: boolean): void {
    const { asked, view } = this.#shown.input.answer(input, text);
    const isShown = isEchoed && !view.isPassword && text !== undefined;
    if (isShown) this.#shown.echo(view.step, `${text}\n`);
    this.#kernel.kernel?.answer(asked, text);
  }

  restart(): void {
    this.#refuseIfClosed();
    this.#kernel.expectNext();
    this.#loop.take({ type: 'restart-requested' });
  }

  stopKernel(): void {
    this.#loop.take({ type: 'stop-requested' });
  }

  /** A copy of it and of its kernel as they are now, for a variant. Throws a refusal where that cannot be had. */
  fork(variant: string, parameters: Readonly<Record<string, string>>): Promise<Beginning> {
    this.#refuseIfClosed();
    const parts = { text: this.#text, told: this.#told, files: this.#files, kernel: this.#kernel, asked: this.#askedOptions };
    return forkSession({ ...parts, state: this.state }, variant, parameters);
  }

  /** Ends the kernel for good; resolves when the process is gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const { kernel } = this.#kernel;
    this.#problems.close();
    this.#inputs.close();
    this.stopKernel();
    this.#kernel.close();
    await kernel?.stop();
    this.#shown.close();
    await this.#options.kept?.flush();
  }

  #newKernelHost(): KernelHost {
    const { path, plainFileNames, provideKernels, surroundings } = this.#options;
    const provider = provideKernels({
      file: path,
      isScript: plainFileNames,
      isWorkedOn: this.variant === undefined,
      surroundings,
      leadingCodes: leadingCodesIn(() => (this.#settings.preloads ? this.state : undefined)),
      isBusy: () => this.isBusy || this.state.runs.length > 0,
    });
    return new KernelHost({
      provider,
      onPrepared: () => this.#told.tellKernel(this.kernelView),
      onEvent: (generation, event) => this.#kernelEvents.hear(generation, event),
      onDied: (generation, reason) => this.#kernelEvents.hearDeath(generation, reason),
    });
  }

  /** The text has been read: the core is told what differs. */
  #takeEdit(): void {
    const { cells, removed, order } = this.reading.change;
    this.#loop.take({ type: 'edited', cells, removed, order });
  }

  #evaluation(effect: Evaluate | EvaluatePlaceless): Evaluation {
    return evaluationOf(effect, {
      files: this.#files,
      plainFileName: this.#options.plainFileNames ? this.path : undefined,
      state: this.state,
      codeLineOf: (cell) => this.reading.byId.get(cell)?.text.codeLine ?? 0,
      reloadsModules: this.#settings.reloadsModules,
      watchesFiles: this.#options.watchedFiles !== undefined,
      detectMutations: this.#runningOptions.detectMutations,
    });
  }

  /** Undefined when it is over. */
  #hearTrouble(error: Error | undefined): void {
    if (error) this.#options.onError(error);
    const message =
      error && `the outputs of ${fileNameOf(this.path)} cannot be kept for the next start of the daemon: ${error.message}`;
    this.#told.publish({ type: 'notice', ...(message !== undefined && { message }) });
  }
}
