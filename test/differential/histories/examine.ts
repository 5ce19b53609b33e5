/** Plays random histories in real sessions of a daemon, and compares each with fresh runs. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '../../../clients/node/client.ts';
import { followSession } from '../../../clients/node/notebook.ts';
import type { Format } from '../../../daemon/core/notebook/notebook.ts';
import { type TestDaemon, TestNotebook } from '../../support/daemon.ts';
import { notebookText } from '../../support/notebook-text.ts';
import { written } from './families.ts';
import { FreshRuns } from './fresh-runs.ts';
import { judge, type Verdict } from './judge.ts';
import type { History } from './moves.ts';
import { type Played, play } from './play.ts';

/** As many histories go on in one session: what one leaves behind must not be seen by the next. */
const historiesPerSession = 25;

/** An interpreter, and the process that fresh runs in it are forked from. */
export interface Python {
  readonly python: string;
  readonly runs: FreshRuns;
}

/** The modules are loaded before any run. */
export async function pythonWith(python: string, modules: readonly string[] = []): Promise<Python> {
  return { python, runs: new FreshRuns(python, await mkdtemp(join(tmpdir(), 'hw-fresh-')), modules, written) };
}

export class Examiner {
  readonly verdicts: Record<Verdict, number> = { python: 0, cells: 0, apart: 0 };
  /** Those whose cells all came to their end, and that have plain statements alone. */
  readonly whole: Played[] = [];
  edits = 0;
  looks = 0;
  readonly #format: Format;
  readonly #daemon: TestDaemon;
  readonly #client: Client;
  readonly #python: Python;
  #notebook: TestNotebook | undefined;
  #played = 0;
  #hasFailed = false;

  constructor(format: Format, daemon: TestDaemon, client: Client, python: Python) {
    this.#format = format;
    this.#daemon = daemon;
    this.#client = client;
    this.#python = python;
  }

  /** Fails where the session is wrong. */
  async examine(history: History): Promise<void> {
    try {
      const notebook = await this.#session();
      const result = await play(history, notebook, this.#python.runs);
      const verdict = await judge(history, result, { ...this.#python, folder: join(notebook.path, '..') });
      if (typeof verdict !== 'string') {
        throw new Error(`${verdict.wrong}\n\n${result.story.join('\n---\n')}\n${JSON.stringify(result.cells, null, 1)}`);
      }
      this.#count(history, result, verdict);
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    }
  }

  #count({ families }: History, result: Played, verdict: Verdict): void {
    this.verdicts[verdict]++;
    this.edits += result.edits;
    this.looks += result.looks;
    if (families.length === 0 && result.cells.every(({ status }) => status === 'fresh')) this.whole.push(result);
  }

  /** What fails is made smaller in a session of its own. */
  async #session(): Promise<TestNotebook> {
    if (this.#notebook && !this.#hasFailed && this.#played++ % historiesPerSession !== 0) return this.#notebook;
    await this.#notebook?.client.request('session/close', { session: this.#notebook.session });
    const folder = await mkdtemp(join(this.#daemon.folder, `${this.#format}-`));
    const path = join(folder, 'notebook.py');
    const text = notebookText(this.#format, ['0']);
    await writeFile(path, text);
    const { environment } = this.#daemon;
    const { python } = this.#python;
    const followed = await followSession(this.#client, { path, text, version: 1, python, environment });
    this.#notebook = new TestNotebook(path, this.#client, followed);
    return this.#notebook;
  }
}
