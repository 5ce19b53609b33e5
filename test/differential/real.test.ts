/**
 * Random notebooks in a real session with a real kernel: edited, partly run, and at the end brought up to date. Each fresh cell
 * has then printed what it prints in a fresh run of the final text in a new interpreter, and the names are the same.
 *
 * `HISTORIES=2000 npx vitest run test/differential/real.test.ts` for a long run, SEED=… for other histories. What fails only
 * after other histories of its session is not made smaller; the same SEED and HISTORIES show it again.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../clients/node/client.ts';
import { TestDaemon, type TestNotebook } from '../support/daemon.ts';
import { howMany } from '../support/histories.ts';
import { testPython } from '../support/kernel.ts';
import { marimoSkipped } from '../support/marimo.ts';
import { notebookText } from '../support/notebook-text.ts';
import { judge, type Verdict } from './histories/judge.ts';
import { judgeByMarimo } from './histories/marimo-judge.ts';
import { type History, histories } from './histories/moves.ts';
import { type Played, play } from './histories/play.ts';

const count = howMany(60, 'HISTORIES');
/** As many histories go on in one session: what one leaves behind must not be seen by the next. */
const historiesPerSession = 25;
const secondsPerHistoryMax = 5;

let daemon: TestDaemon;
let client: Client;
let python: string;

beforeAll(async () => {
  python = await testPython();
  daemon = await TestDaemon.create();
  client = await daemon.client();
});

afterAll(() => daemon.stop());

describe.each(['percent', 'marimo'] as const)('what is fresh in a %s notebook is what a fresh run gives', (format) => {
  let notebook: TestNotebook | undefined;
  let played = 0;
  let opened = 0;
  let hasFailed = false;

  /** What fails is made smaller in a session of its own. */
  async function session(): Promise<TestNotebook> {
    if (notebook && !hasFailed && played++ % historiesPerSession !== 0) return notebook;
    await notebook?.client.request('session/close', { session: notebook.session });
    const path = join(daemon.folder, `${format}-${++opened}.py`);
    const text = notebookText(format, ['0']);
    await writeFile(path, text);
    notebook = await daemon.open(path, text, client);
    return notebook;
  }

  it(`in ${count} histories`, { timeout: 60_000 + count * secondsPerHistoryMax * 1000 }, async () => {
    const whole: Played[] = [];
    const verdicts: Record<Verdict, number> = { python: 0, cells: 0, apart: 0 };
    const examine = async (history: History): Promise<void> => {
      const result = await play(history, await session());
      const verdict = await judge(format, result, python, daemon.folder);
      if (typeof verdict === 'string') {
        verdicts[verdict]++;
        if (format === 'marimo' && result.cells.every(({ status }) => status === 'fresh')) whole.push(result);
        return;
      }
      hasFailed = true;
      throw new Error(`${verdict.wrong}\n\n${result.story.join('\n---\n')}\n${JSON.stringify(result.cells, null, 1)}`);
    };
    await fc.assert(fc.asyncProperty(histories(format), examine), { numRuns: count, endOnFailure: false });
    console.warn(`${count} histories of ${format} notebooks, by what they were compared with: ${JSON.stringify(verdicts)}`);
    expect(verdicts.apart, 'most programs can be compared').toBeLessThanOrEqual(Math.ceil(count / 4));
    if (format === 'marimo') await checkByMarimo(whole);
    if (format === 'percent') expect(verdicts.python, 'many come to their end').toBeGreaterThanOrEqual(Math.floor(count / 8));
  });
});

async function checkByMarimo(whole: readonly Played[]): Promise<void> {
  const skipped = await marimoSkipped();
  if (skipped !== undefined) return console.warn(`skipped: histories are not compared with marimo itself, because ${skipped}`);
  console.warn(`${whole.length} of them are compared with marimo, too`);
  expect(await judgeByMarimo(whole)).toEqual([]);
}
