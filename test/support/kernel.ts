/** Starts real kernels for tests: what they say is collected, and what a test waits for is an event. */

import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { CPythonKernel } from '../../daemon/kernel/cpython.ts';
import { findInterpreter } from '../../daemon/kernel/interpreter.ts';
import type { Evaluation, KernelBundle, KernelEvent, StepNumber, StepsSentAhead } from '../../daemon/kernel/kernel.ts';
import type { KernelOptions } from '../../daemon/kernel/kernel-options.ts';
import { Spare } from '../../daemon/kernel/spare.ts';
import { startCPython } from '../../daemon/kernel/start-kernel.ts';
import { startFar } from './far-python.ts';

export type Finished = Extract<KernelEvent, { type: 'finished' }>;
export type Died = Extract<KernelEvent, { type: 'died' }>;

/** How long a test waits for an event of a kernel before it fails with what came instead. */
const waitSecondsMax = 30;

export interface StepResult {
  readonly finished: Finished;
  readonly stdout: string;
  readonly stderr: string;
  readonly displays: readonly Extract<KernelEvent, { type: 'display' }>[];
  /** Bundle of the last expression. */
  readonly result: KernelBundle | undefined;
  /** Everything of the step in order: text of stdout, and "[display]" or "[result]" in between. */
  readonly transcript: string;
}

export class TestKernel {
  readonly kernel: CPythonKernel;
  readonly options: KernelOptions;
  readonly events: KernelEvent[] = [];
  /** For a test that wants to know when they come. */
  onEvent: (event: KernelEvent) => void = () => {};
  readonly #watchers = new Set<() => void>();
  #step = 0;

  constructor(options: KernelOptions, spare?: Spare, start = startCPython) {
    this.options = options;
    const hear = (event: KernelEvent): void => {
      this.events.push(event);
      this.onEvent(event);
      for (const watcher of [...this.#watchers]) watcher();
    };
    this.kernel = start(options, hear, spare);
  }

  /** Gives the worker a step and returns its number at once. */
  begin(code: string, evaluation: Partial<Evaluation> = {}, after?: StepNumber): StepNumber {
    const step = evaluation.step ?? this.#step + 1;
    this.#step = step;
    const whole: Evaluation = {
      step,
      code,
      fileName: `cell-${step}.py`,
      lineOffset: 0,
      bind: [],
      unbind: [],
      forget: [],
      writes: [],
      watched: [],
      compare: [],
      compareObjects: [],
      locals: [],
      localPrefix: '',
      parameters: {},
      wantsResult: true,
      ...evaluation,
    };
    if (after === undefined) this.kernel.evaluate(whole);
    else this.kernel.ahead?.evaluate(whole, after);
    return step;
  }

  takeBack(): ReadonlySet<StepNumber> {
    return (this.kernel.ahead as StepsSentAhead).takeBack();
  }

  async run(code: string, evaluation: Partial<Evaluation> = {}): Promise<StepResult> {
    return await this.finish(this.begin(code, evaluation));
  }

  /** Waits for a step's end and gathers what came of it. */
  async finish(step: StepNumber): Promise<StepResult> {
    const finished = await this.event((event): event is Finished => event.type === 'finished' && event.step === step);
    const isOwn = (event: KernelEvent): event is Shown => isShown(event) && event.step === step;
    const own = this.events.filter(isOwn);
    const displays = own.filter((event) => event.type === 'display');
    const text = (stream: string): string =>
      own.map((event) => (event.type === 'stream' && event.stream === stream ? event.text : '')).join('');
    return {
      finished,
      stdout: text('stdout'),
      stderr: text('stderr'),
      displays,
      result: displays.find((event) => event.isResult)?.bundle,
      transcript: own.map(transcribe).join(''),
    };
  }

  async died(): Promise<Died> {
    return await this.event((event): event is Died => event.type === 'died');
  }

  /** Waits until text has come, from whichever step. */
  async printed(text: string): Promise<void> {
    await this.event((_event): _event is KernelEvent => this.allText().includes(text));
  }

  allText(): string {
    return this.events.map((event) => (event.type === 'stream' ? event.text : '')).join('');
  }

  /** The first event so far or to come that fits; fails when the kernel dies before. */
  event<E extends KernelEvent>(fits: (event: KernelEvent) => event is E): Promise<E> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        this.#watchers.delete(look);
        clearTimeout(timer);
        reject(new Error(`${why}; the last events were ${JSON.stringify(this.events.slice(-5))}`));
      };
      const look = (): void => {
        const found = this.events.find(fits);
        if (found === undefined) {
          if (this.events.at(-1)?.type === 'died') fail('The kernel died');
          return;
        }
        this.#watchers.delete(look);
        clearTimeout(timer);
        resolve(found);
      };
      const timer = setTimeout(() => fail(`Nothing came in ${waitSecondsMax} seconds`), waitSecondsMax * 1000);
      this.#watchers.add(look);
      look();
    });
  }
}

type Shown = Extract<KernelEvent, { type: 'stream' | 'display' | 'clear' }>;

function isShown(event: KernelEvent): event is Shown {
  return event.type === 'stream' || event.type === 'display' || event.type === 'clear';
}

function transcribe(event: Shown): string {
  if (event.type === 'stream') return event.stream === 'stdout' ? event.text : '';
  if (event.type === 'clear') return event.waits ? '[clear next]' : '[clear]';
  return event.type === 'display' && event.isResult ? '[result]' : '[display]';
}

const started: TestKernel[] = [];

/** A kernel in an empty folder of its own, unless told otherwise. `endKernels` belongs into `afterEach` or `afterAll`. */
export async function startKernel(
  options: Partial<KernelOptions> = {},
  spare?: Spare,
  start = startsFar && spare === undefined ? startFar() : startCPython,
): Promise<TestKernel> {
  const directory = options.directory ?? emptyFolder();
  const python = options.python ?? (await testPython());
  const environment = options.environment ?? testEnvironment();
  const file = join(directory, 'notebook.py');
  const whole = { python, directory, environment, file, arguments: [], ...options };
  const kernel = new TestKernel(whole, spare ?? (startsForks ? await waitingFork(whole) : undefined), start);
  started.push(kernel);
  return kernel;
}

/** Another long run: all that a kernel and its worker have of each other goes over one pipe. Where a spare is given, it is of this machine. */
const startsFar = process.env['HEADWATER_TEST_RELAY'] === '1';

/** The long run: kernels are forked, from a process that has done many imports beforehand. */
const startsForks = process.env['HEADWATER_TEST_FORKS'] === '1';
const importedBefore = [
  'import asyncio, concurrent.futures, inspect, json, logging, multiprocessing, pdb, pickle, subprocess, tempfile, threading, traceback',
  // Where they are installed.
  'import tqdm\nimport tqdm.auto\nimport numpy\nimport pandas\nimport matplotlib.pyplot\nimport PIL.Image\nimport altair\nimport plotly.express',
  'import IPython.display\nimport sklearn.linear_model',
];
const spares: Spare[] = [];

/** None where no process can be had: the test says then what comes of a kernel there. */
async function waitingFork(options: KernelOptions): Promise<Spare> {
  const spare = new Spare({ delayMilliseconds: 0 });
  spares.push(spare);
  spare.prepare({ ...options, leadingCodes: () => importedBefore, isBusy: () => false });
  await vi.waitUntil(async () => (await spare.pid()) !== undefined, { timeout: 15_000 }).catch(() => undefined);
  return spare;
}

/** Ends the kernels that were started since the last time, and removes the folders that were made. */
export async function endKernels(): Promise<void> {
  for (const kernel of started.splice(0)) {
    kernel.kernel.kill();
    await kernel.kernel.stop();
  }
  for (const spare of spares.splice(0)) spare.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

const folders: string[] = [];

export function emptyFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'headwater-test-')));
  folders.push(folder);
  return folder;
}

export function testEnvironment(): Record<string, string> {
  const keep = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'PYENV_ROOT', 'PYENV_VERSION'];
  return Object.fromEntries(keep.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}

/** The interpreter that tests use: `HEADWATER_TEST_PYTHON`, or what the product would choose here. */
export async function testPython(): Promise<string> {
  const named = process.env.HEADWATER_TEST_PYTHON;
  const found = await findInterpreter({
    ...(named === undefined ? {} : { python: named }),
    environment: testEnvironment(),
    notebookDirectory: tmpdir(),
  });
  if ('problem' in found) throw new Error(found.problem);
  return found.python;
}

/** Every Python that pyenv has here, by version: `['3.10.13', '/…/bin/python3']`. */
export function installedPythons(): readonly (readonly [version: string, python: string])[] {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .map((version) => [version, join(versions, version, 'bin', 'python3')] as const)
    .filter(([, python]) => existsSync(python));
}
