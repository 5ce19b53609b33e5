/**
 * Random notebooks in a real session with a real kernel: edited, partly run, and at the end brought up to date. After each move
 * what is fresh shows what it shows in a fresh run of the text as it then is. At the end each fresh cell has printed what
 * `python FILE` prints, the names are the same, and the order is the one that the text had before it ran.
 *
 * `EDITS=10000 npx vitest run test/differential/real.test.ts` for a long run, or `HISTORIES=2000`; SEED=… for other histories;
 * FAMILIES=aliases,files for these kinds of statements alone. What fails only after other histories of its session is not made
 * smaller; the same SEED shows it again.
 */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../clients/node/client.ts';
import { followSession } from '../../clients/node/notebook.ts';
import type { Format } from '../../daemon/core/notebook/notebook.ts';
import { TestDaemon, TestNotebook } from '../support/daemon.ts';
import { howMany } from '../support/histories.ts';
import { testPython } from '../support/kernel.ts';
import { marimoSkipped } from '../support/marimo.ts';
import { notebookText } from '../support/notebook-text.ts';
import { scienceInterpreter } from '../support/science.ts';
import { type FamilyName, familyNames } from './histories/families.ts';
import { FreshRuns } from './histories/fresh-runs.ts';
import { judge, type Verdict } from './histories/judge.ts';
import { judgeByMarimo } from './histories/marimo-judge.ts';
import { type History, histories } from './histories/moves.ts';
import { type Played, play } from './histories/play.ts';

const editsPerHistory = 4;
const edits = howMany(500, 'EDITS');
const count = Math.ceil(process.env['HISTORIES'] === undefined ? edits / editsPerHistory / 2 : Number(process.env['HISTORIES']));
/** As many histories go on in one session: what one leaves behind must not be seen by the next. */
const historiesPerSession = 25;
const secondsPerHistoryMax = 10;

const science = await scienceInterpreter();
const wanted = process.env['FAMILIES']?.split(',');
const families = familyNames.filter((name) => wanted?.includes(name) ?? true);
const plain = families.filter((name) => name !== 'figures');
const drawn = families.filter((name) => name === 'figures' || name === 'aliases' || name === 'functions over globals');

let daemon: TestDaemon;
let client: Client;
let ofPlain: Python;
let ofScience: Python | undefined;

interface Python {
  readonly python: string;
  readonly runs: FreshRuns;
}

beforeAll(async () => {
  daemon = await TestDaemon.create({ MPLBACKEND: 'Agg' });
  client = await daemon.client();
  ofPlain = await pythonWith(await testPython(), []);
  if ('python' in science) ofScience = await pythonWith(science.python, ['matplotlib.pyplot']);
});

afterAll(async () => {
  for (const { runs } of [ofPlain, ofScience].flatMap((one) => one ?? [])) runs.stop();
  await daemon.stop();
});

async function pythonWith(python: string, modules: readonly string[]): Promise<Python> {
  return { python, runs: new FreshRuns(python, await mkdtemp(join(tmpdir(), 'hw-')), modules) };
}

describe.each(['percent', 'marimo'] as const)('what is fresh in a %s notebook is what a fresh run gives', (format) => {
  it(`in ${count} histories`, { timeout: 60_000 + count * secondsPerHistoryMax * 1000 }, async () => {
    const tried = await tryHistories(format, plain, count, ofPlain);
    expect(tried.verdicts.apart, 'most programs can be compared').toBeLessThanOrEqual(Math.ceil(count / 4));
    if (format === 'marimo') await checkByMarimo(tried.whole);
    if (format === 'percent')
      expect(tried.verdicts.python, 'many come to their end').toBeGreaterThanOrEqual(Math.floor(count / 8));
  });

  const withFigures = Math.ceil(count / 10);
  it.skipIf('skipped' in science || drawn.length === 0)(
    `in ${withFigures} histories with figures`,
    { timeout: 120_000 + withFigures * secondsPerHistoryMax * 1000 },
    async () => {
      await tryHistories(format, drawn, withFigures, ofScience as Python);
    },
  );
});

interface Tried {
  readonly verdicts: Record<Verdict, number>;
  /** All of their cells came to their end, and they have plain statements alone. */
  readonly whole: readonly Played[];
}

async function tryHistories(format: Format, given: readonly FamilyName[], numRuns: number, means: Python): Promise<Tried> {
  const sessions = new Sessions(format, means.python);
  const whole: Played[] = [];
  const verdicts: Record<Verdict, number> = { python: 0, cells: 0, apart: 0 };
  let edited = 0;
  let looks = 0;
  const examine = async (history: History): Promise<void> => {
    const notebook = await sessions.next();
    try {
      const result = await play(history, notebook, means.runs);
      const verdict = await judge(format, result, { ...means, folder: join(notebook.path, '..') });
      if (typeof verdict !== 'string') {
        throw new Error(`${verdict.wrong}\n\n${result.story.join('\n---\n')}\n${JSON.stringify(result.cells, null, 1)}`);
      }
      verdicts[verdict]++;
      edited += result.edits;
      looks += result.looks;
      const isPlain = history.families.length === 0 && result.cells.every(({ status }) => status === 'fresh');
      if (format === 'marimo' && isPlain) whole.push(result);
    } catch (error) {
      sessions.hasFailed = true;
      throw error;
    }
  };
  await fc.assert(fc.asyncProperty(histories(format, given), examine), { numRuns, endOnFailure: false });
  console.warn(`${numRuns} histories of ${format} notebooks, ${edited} edits, ${looks} looks: ${JSON.stringify(verdicts)}`);
  return { verdicts, whole };
}

class Sessions {
  /** What fails is made smaller in a session of its own. */
  hasFailed = false;
  readonly #format: Format;
  readonly #python: string;
  #notebook: TestNotebook | undefined;
  #played = 0;

  constructor(format: Format, python: string) {
    this.#format = format;
    this.#python = python;
  }

  async next(): Promise<TestNotebook> {
    if (this.#notebook && !this.hasFailed && this.#played++ % historiesPerSession !== 0) return this.#notebook;
    await this.#notebook?.client.request('session/close', { session: this.#notebook.session });
    const folder = await mkdtemp(join(daemon.folder, `${this.#format}-`));
    const path = join(folder, 'notebook.py');
    const text = notebookText(this.#format, ['0']);
    await writeFile(path, text);
    const { environment } = daemon;
    const followed = await followSession(client, { path, text, version: 1, python: this.#python, environment });
    this.#notebook = new TestNotebook(path, client, followed);
    return this.#notebook;
  }
}

async function checkByMarimo(whole: readonly Played[]): Promise<void> {
  const skipped = await marimoSkipped();
  if (skipped !== undefined) return console.warn(`skipped: histories are not compared with marimo itself, because ${skipped}`);
  console.warn(`${whole.length} of them are compared with marimo, too`);
  expect(await judgeByMarimo(whole)).toEqual([]);
}
