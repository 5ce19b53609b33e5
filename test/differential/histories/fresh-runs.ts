/** Fresh runs of notebooks in new processes of a Python, forked from one that has loaded what they import. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Format } from '../../../daemon/core/notebook/notebook.ts';

/** `null` where the cell was not to run. */
export type FreshCell = { readonly printed: string; readonly error: string | null } | null;

export interface FreshRun {
  readonly cells: readonly FreshCell[];
  readonly names: string;
}

interface Asked {
  readonly format: Format;
  /** `null` for one that is not to run. */
  readonly cells: readonly (string | null)[];
  /** Of a script. A marimo notebook's is found from its names. */
  readonly order: readonly number[];
  /** Code that tells the names at the end. */
  readonly names?: string;
  /** The folder of the notebook. The run has a copy of it. */
  readonly folder: string;
}

const runsKnownMax = 30;

export class FreshRuns {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #waiting: ((line: string) => void)[] = [];
  readonly #folder: string;
  /** The last runs, by what was asked and the files that were there. */
  readonly #known = new Map<string, Promise<FreshRun>>();
  #turn: Promise<unknown> = Promise.resolve();

  /** The folder is for the copies that runs have of the folders of notebooks. */
  constructor(python: string, folder: string, modules: readonly string[] = []) {
    this.#folder = join(folder, 'fresh');
    this.#child = spawn(python, [join(import.meta.dirname, 'fresh_runs.py'), ...modules], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, MPLBACKEND: 'Agg' },
    });
    this.#lines = createInterface({ input: this.#child.stdout as NonNullable<ChildProcess['stdout']> });
    this.#lines.on('line', (line) => this.#waiting.shift()?.(line));
    this.#lines.on('close', () => {
      for (const answer of this.#waiting.splice(0)) answer('');
    });
  }

  /** One after the other, since all use one folder. */
  of(asked: Asked): Promise<FreshRun> {
    const key = JSON.stringify([asked, filesOf(asked.folder)]);
    const run = this.#known.get(key) ?? this.#turn.then(() => this.#run(asked));
    this.#turn = run.catch(() => undefined);
    this.#known.delete(key);
    this.#known.set(key, run);
    for (const oldest of [...this.#known.keys()].slice(0, -runsKnownMax)) this.#known.delete(oldest);
    return run;
  }

  async #run({ folder, names = '', ...asked }: Asked): Promise<FreshRun> {
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder);
    for (const name of readdirSync(folder)) await cp(join(folder, name), join(this.#folder, name), { recursive: true });
    const line = await new Promise<string>((resolve) => {
      this.#waiting.push(resolve);
      this.#child.stdin?.write(`${JSON.stringify({ ...asked, names, folder: this.#folder })}\n`);
    });
    if (line === '') throw new Error(`a fresh run did not come to its end: ${JSON.stringify(asked)}`);
    return JSON.parse(line) as FreshRun;
  }

  stop(): void {
    this.#child.stdin?.end();
  }
}

/** Each with the time when it was written. */
function filesOf(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.map((name) => `${name} ${statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs}`);
}
