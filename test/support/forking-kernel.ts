// A kernel within the test's process that can make a copy of itself. It runs what Python and JavaScript have in common: `x = y * 2`,
// `xs = []`, `xs.append(x)`, `print(x)`, and an expression at the end.
import type { Evaluation, ForkedKernel, Kernel, KernelEvent, KernelOptions, StepNumber } from '../../daemon/kernel/kernel.ts';

type Names = Record<string, unknown>;

/** All that a kernel holds: copied at once, so that what is one object stays one. */
interface Held {
  readonly globals: Names;
  readonly values: Map<StepNumber, Names>;
}

type Finished = Extract<KernelEvent, { type: 'finished' }>;

export interface KernelMaker {
  readonly start: (options: KernelOptions, onEvent: (event: KernelEvent) => void) => Kernel;
  /** Of those that were started or forked: those that have not ended. */
  readonly alive: ReadonlySet<ForkingKernel>;
  /** The next copy does not come to be. */
  failNext(reason: string): void;
  /** Steps end when they are told to. */
  hold(): void;
  release(): void;
}

export function kernelMaker(): KernelMaker {
  return new Maker();
}

class Maker implements KernelMaker {
  readonly alive = new Set<ForkingKernel>();
  #failure: string | undefined;
  #isHeld = false;
  #pids = 0;

  readonly start = (_: KernelOptions, onEvent: (event: KernelEvent) => void): Kernel =>
    this.add(onEvent, { globals: {}, values: new Map() });

  add(onEvent: (event: KernelEvent) => void, held: Held): ForkingKernel {
    const kernel = new ForkingKernel(this, ++this.#pids, onEvent, held);
    this.alive.add(kernel);
    return kernel;
  }

  failNext(reason: string): void {
    this.#failure = reason;
  }

  takeFailure(): string | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    for (const kernel of this.alive) kernel.runAll();
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }
}

class ForkingKernel implements Kernel {
  readonly pid: number;
  readonly #maker: Maker;
  readonly #onEvent: (event: KernelEvent) => void;
  readonly #held: Held;
  readonly #waiting: Evaluation[] = [];
  readonly #ahead = new Set<StepNumber>();

  constructor(maker: Maker, pid: number, onEvent: (event: KernelEvent) => void, held: Held) {
    this.pid = pid;
    this.#maker = maker;
    this.#onEvent = onEvent;
    this.#held = held;
    setImmediate(() => this.#onEvent({ type: 'started', pid, version: '3.13.0', executable: '/python3' }));
  }

  async fork(): Promise<ForkedKernel> {
    const held = structuredClone(this.#held);
    const failure = this.#maker.takeFailure();
    await new Promise(setImmediate);
    if (failure !== undefined) throw new Error(failure);
    return (onEvent) => this.#maker.add(onEvent, held);
  }

  /** None of its ends is plain: what is sent ahead never begins. */
  evaluate(evaluation: Evaluation, after?: StepNumber): void {
    if (after !== undefined) return void this.#ahead.add(evaluation.step);
    this.#waiting.push(evaluation);
    setImmediate(() => !this.#maker.isHeld && this.runAll());
  }

  runAll(): void {
    for (const evaluation of this.#waiting.splice(0)) {
      this.#ahead.clear();
      this.#onEvent(this.#run(evaluation));
    }
  }

  takeBack(): ReadonlySet<StepNumber> {
    const taken = new Set(this.#ahead);
    this.#ahead.clear();
    return taken;
  }

  interrupt(): void {}

  answer(): void {}

  memoryBytes(): Promise<number | undefined> {
    return Promise.resolve(undefined);
  }

  async stop(): Promise<void> {
    this.kill();
  }

  kill(): void {
    if (!this.#maker.alive.delete(this)) return;
    this.#onEvent({ type: 'died', code: 0, signal: null, wasAsked: true, reason: 'The kernel was stopped.' });
  }

  #run({ step, code, bind, unbind, forget, writes, parameters }: Evaluation): Finished {
    const { globals, values } = this.#held;
    for (const old of forget) values.delete(old);
    for (const name of unbind) delete globals[name];
    for (const [name, from] of bind) globals[name] = values.get(from)?.[name];
    for (const line of code.split('\n').filter((one) => one.trim() !== '')) this.#perform(step, line, parameters);
    const written = writes.filter((name) => name in globals);
    values.set(step, Object.fromEntries(written.map((name) => [name, globals[name]])));
    const nothing = { writes: [], reads: [], changes: [] };
    const ended = {
      outcome: { type: 'ok' },
      isPlain: false,
      deleted: [],
      observed: nothing,
      untouched: [],
      unchanged: [],
    } as const;
    return { type: 'finished', step, written, durationMs: 1, ...ended };
  }

  #perform(step: StepNumber, line: string, parameters: Evaluation['parameters']): void {
    const [, name, right] = /^(\w+) = (.*)$/.exec(line) ?? [];
    if (name !== undefined) this.#held.globals[name] = this.#value(parameters[name] ?? right ?? '');
    else if (line.startsWith('print(')) this.#show(step, `${this.#value(line.slice('print'.length))}\n`);
    else this.#value(line);
  }

  #value(expression: string): unknown {
    const globals = this.#held.globals;
    const body = `return (${expression.replaceAll('.append(', '.push(')})`;
    return new Function(...Object.keys(globals), body)(...Object.values(globals));
  }

  #show(step: StepNumber, text: string): void {
    this.#onEvent({ type: 'stream', step, stream: 'stdout', text });
  }
}
