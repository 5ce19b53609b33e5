/** Kernels for a session without Python: one that runs a little Python itself, and whatever a test scripts. They need nothing of Node, nor timers. */
import type { Evaluation, ForkedKernel, Kernel, KernelEvent, StepNumber, StepsSentAhead } from '../../daemon/kernel/kernel.ts';
import type { ProvideKernels } from '../../daemon/kernel/provider.ts';
import { FakeKernel } from '../simulation/fake-kernel.ts';
import { LittlePython } from './little-python.ts';

type OnEvent = (event: KernelEvent) => void;

/** A kernel that says what the test says. What the test does not give, nobody may use. */
export function provideScripted(start: (onEvent: OnEvent) => Partial<Kernel>): ProvideKernels {
  return () => ({
    prepare: async () => ({ python: '/python3', source: 'the test', start: (onEvent) => start(onEvent) as Kernel }),
    close: () => undefined,
  });
}

export interface FakeOptions {
  /** As a kernel that needs a round trip for each step where it is false. */
  readonly sendsAhead?: boolean;
  readonly onAhead?: (step: StepNumber) => void;
  /** When a step that has begun ends: at the end of the turn unless the test says otherwise. A session needs longer to send steps ahead. */
  readonly later?: (act: () => void) => void;
  /** Kernels can be copied; called for each copy, which does not come to be where this rejects. */
  readonly onFork?: () => Promise<void>;
  /** Those that have not ended are in it, and copies that nobody hears yet. */
  readonly alive?: Set<object>;
}

/** Runs the language of little-python.ts. It knows one interrupt, which ends the step, and says so. */
export function provideFakes(options: FakeOptions = {}): ProvideKernels {
  return () => ({
    prepare: async () => ({ python: 'little Python', source: 'the test', start: (onEvent) => new Fake(onEvent, options) }),
    close: () => undefined,
  });
}

interface Sent {
  readonly evaluation: Evaluation;
  readonly after: StepNumber | undefined;
}

class Fake implements Kernel {
  readonly ahead: StepsSentAhead | undefined;
  readonly fork: (() => Promise<ForkedKernel>) | undefined;
  readonly #onEvent: OnEvent;
  readonly #options: FakeOptions;
  readonly #schedule: (act: () => void) => void;
  readonly #python = new LittlePython();
  readonly #values: FakeKernel;
  #running: Evaluation | undefined;
  #waiting: Sent[] = [];
  #isAsking = false;
  #isDead = false;

  constructor(onEvent: OnEvent, options: FakeOptions, copied = new FakeKernel(1)) {
    const { sendsAhead = true, onAhead, later = afterThis, onFork, alive } = options;
    this.#onEvent = onEvent;
    this.#options = options;
    this.#schedule = later;
    this.#values = copied.fork((code, globals, parameters) => this.#python.run(code, globals, parameters));
    this.fork = onFork && (() => this.#fork(onFork));
    alive?.add(this);
    const evaluate = (evaluation: Evaluation, after: StepNumber): void => {
      onAhead?.(evaluation.step);
      this.#send({ evaluation, after });
    };
    this.ahead = sendsAhead ? { evaluate, takeBack: () => this.#takeBack() } : undefined;
    this.#later(() => this.#emit({ type: 'started', version: '3.14.0', executable: 'little Python' }));
  }

  evaluate(evaluation: Evaluation): void {
    this.#send({ evaluation, after: undefined });
  }

  interrupt(step: StepNumber): void {
    if (this.#running?.step !== step) return;
    for (const state of ['sent', 'taken'] as const) this.#emit({ type: 'interrupt', step, level: 'sigint', state });
    if (this.#isAsking) this.#emit({ type: 'input-withdrawn', step, input: step });
    this.#end(true);
  }

  answer(input: number, text: string | undefined): void {
    if (!this.#isAsking || this.#running?.step !== input) return;
    this.#python.answer = text;
    this.#end(false);
  }

  async stop(): Promise<void> {
    this.#emit({ type: 'died', code: 0, signal: null, wasAsked: true, reason: 'The kernel was stopped.' });
    this.#isDead = true;
    this.#options.alive?.delete(this);
  }

  async #fork(onFork: () => Promise<void>): Promise<ForkedKernel> {
    const values = this.#values.fork();
    await onFork();
    this.#options.alive?.add(values);
    return (onEvent) => {
      this.#options.alive?.delete(values);
      return new Fake(onEvent, this.#options, values);
    };
  }

  #send(sent: Sent): void {
    if (this.#isDead) return;
    this.#waiting.push(sent);
    this.#begin();
  }

  #takeBack(): ReadonlySet<StepNumber> {
    const taken = this.#waiting.filter(({ after }) => after !== undefined);
    this.#waiting = this.#waiting.filter(({ after }) => after === undefined);
    return new Set(taken.map(({ evaluation }) => evaluation.step));
  }

  #begin(): void {
    const next = this.#running ? undefined : this.#waiting.shift()?.evaluation;
    if (next === undefined) return;
    this.#running = next;
    const { step, code, parameters, layer, hidden = [], ...rest } = next;
    const evaluation = { ...rest, changing: rest.changing ?? [] };
    if (layer !== undefined) this.#values.evaluatePlaceless({ ...evaluation, step, hidden, placeless: { code } });
    else this.#values.evaluate({ ...evaluation, step, cell: { code }, parameters: new Map(Object.entries(parameters)) });
    const question = LittlePython.questionIn(code);
    if (question !== undefined) this.#ask(step, question);
    else if (!LittlePython.isEndless(code)) this.#later(() => this.#running === next && this.#end(false));
  }

  #ask(step: StepNumber, prompt: string): void {
    this.#isAsking = true;
    this.#later(() => this.#emit({ type: 'input', step, input: step, prompt, isPassword: false }));
  }

  #end(isInterrupted: boolean): void {
    const evaluation = this.#running;
    const ended = this.#values.finish(isInterrupted);
    if (evaluation === undefined || ended === undefined) return;
    this.#running = undefined;
    this.#isAsking = false;
    for (const shown of this.#python.takeShown(evaluation.step)) this.#emit(shown);
    const finished = finishedOf(ended, evaluation, this.#python);
    this.#waiting = this.#waiting.filter(({ after }) => after === undefined || finished.isPlain);
    this.#emit(finished);
    this.#begin();
  }

  #later(act: () => void): void {
    this.#schedule(() => this.#isDead || act());
  }

  #emit(event: KernelEvent): void {
    if (!this.#isDead) this.#onEvent(event);
  }
}

function afterThis(act: () => void): void {
  void Promise.resolve().then(act);
}

type Ended = NonNullable<ReturnType<FakeKernel['finish']>>;

function finishedOf(
  ended: Ended,
  { step, writes }: Evaluation,
  { error }: LittlePython,
): Extract<KernelEvent, { type: 'finished' }> {
  const { outcome, written, deleted, untouched = [], unchanged = [], aside = [] } = ended;
  const observed = {
    ...ended.observed,
    changes: ended.observed.changes.map(({ name, through }) => ({ name, line: undefined, function: undefined, through })),
    ...(aside.length > 0 && { aside }),
  };
  const rest = [deleted, untouched, unchanged, observed.writes, observed.reads, observed.changes, aside];
  return {
    type: 'finished',
    step,
    outcome:
      outcome === 'raised'
        ? { type: 'raised', error }
        : outcome === 'exited'
          ? { type: 'exited', code: 0, message: undefined }
          : { type: outcome },
    isPlain: outcome === 'ok' && written.length === writes.length && rest.every((names) => names.length === 0),
    written,
    deleted,
    observed,
    untouched,
    unchanged,
    durationMs: 0,
  };
}
