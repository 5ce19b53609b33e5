/** Fresh runs of notebooks in new processes of a Python, forked from one that has loaded what they import. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Format } from '../../../daemon/core/notebook/notebook.ts';

/** `null` where the cell was not to run, or shows something else where the files are gone that earlier runs have left. */
export type FreshCell = { readonly printed: string; readonly error: string | null } | null;

export interface FreshRun {
  readonly cells: readonly FreshCell[];
  readonly names: string | null;
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
  readonly #leftovers: readonly string[];
  /** The last runs, by what was asked and the files that were there. */
  readonly #known = new Map<string, Promise<FreshRun>>();
  #turn: Promise<unknown> = Promise.resolve();

  /** The folder is for the copies that runs have of the folders of notebooks. The leftovers are files that cells write, by name. */
  constructor(python: string, folder: string, modules: readonly string[] = [], leftovers: readonly string[] = []) {
    this.#folder = join(folder, 'fresh');
    this.#leftovers = leftovers;
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
    const run = this.#known.get(key) ?? this.#turn.then(() => this.#whole(asked));
    this.#turn = run.catch(() => undefined);
    this.#known.delete(key);
    this.#known.set(key, run);
    for (const oldest of [...this.#known.keys()].slice(0, -runsKnownMax)) this.#known.delete(oldest);
    return run;
  }

  /** A cell that reads what a later run of it, or of a cell below, has written, is another one each time, under Python, too. */
  async #whole(asked: Asked): Promise<FreshRun> {
    const isLeftover = (path: string) => this.#leftovers.includes(basename(path));
    const run = await this.#run(asked, () => true);
    if (!readdirSync(asked.folder, { recursive: true, encoding: 'utf8' }).some(isLeftover)) return run;
    const without = await this.#run(asked, (path) => !isLeftover(path));
    const isSame = (at: number) => JSON.stringify(run.cells[at]) === JSON.stringify(without.cells[at]);
    return {
      cells: run.cells.map((cell, at) => (isSame(at) ? cell : null)),
      names: run.names === without.names ? run.names : null,
    };
  }

  async #run({ folder, names = '', ...asked }: Asked, isCopied: (path: string) => boolean): Promise<FreshRun> {
    rmSync(this.#folder, { recursive: true, force: true });
    await cp(folder, this.#folder, { recursive: true, filter: isCopied });
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
