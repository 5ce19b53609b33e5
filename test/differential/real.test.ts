/**
 * Random notebooks in a real session with a real kernel: edited, partly run, and at the end brought up to date. After each move
 * what is fresh shows what it shows in a fresh run of the text as it then is. At the end each fresh cell has printed what
 * `python FILE` prints, the names are the same, and the order is the one that the text had before it ran.
 *
 * `EDITS=10000 npx vitest run test/differential/real.test.ts` for a long run, or `HISTORIES=2000`; SEED=… for other histories;
 * FAMILIES=aliases,files for these kinds of statements alone. What fails only after other histories of its session is not made
 * smaller; the same SEED shows it again.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../clients/node/client.ts';
import { TestDaemon } from '../support/daemon.ts';
import { howMany } from '../support/histories.ts';
import { testPython } from '../support/kernel.ts';
import { marimoSkipped } from '../support/marimo.ts';
import { scienceInterpreter } from '../support/science.ts';
import { Examiner, type Python, pythonWith } from './histories/examine.ts';
import { familyNames } from './histories/families.ts';
import { judgeByMarimo } from './histories/marimo-judge.ts';
import { type History, histories } from './histories/moves.ts';
import type { Played } from './histories/play.ts';

/** In the mean, of both formats together. */
const editsPerHistory = 8;
const count =
  process.env['HISTORIES'] === undefined ? Math.ceil(howMany(500, 'EDITS') / editsPerHistory) : howMany(0, 'HISTORIES');
const secondsPerHistoryMax = 10;
/** Time to start and to make smaller what fails, and time to report it. */
const secondsAround = { before: 120, after: 30 };

const science = await scienceInterpreter();
const wanted = process.env['FAMILIES']?.split(',');
const families = familyNames.filter((name) => wanted?.includes(name) ?? true);
const plain = families.filter((name) => name !== 'figures');
const drawn = families.filter((name) => name === 'figures');

let daemon: TestDaemon;
let client: Client;
let ofPlain: Python;
let ofScience: Python | undefined;

beforeAll(async () => {
  daemon = await TestDaemon.create({ MPLBACKEND: 'Agg' });
  client = await daemon.client();
  ofPlain = await pythonWith(await testPython());
  if ('python' in science) ofScience = await pythonWith(science.python, ['matplotlib.pyplot']);
});

afterAll(async () => {
  for (const { runs } of [ofPlain, ofScience].flatMap((one) => one ?? [])) runs.stop();
  await daemon.stop();
});

describe.each(['percent', 'marimo'] as const)('what is fresh in a %s notebook is what a fresh run gives', (format) => {
  it(`in ${count} histories`, { timeout: timeoutOf(count) }, async () => {
    const examiner = new Examiner(format, daemon, client, ofPlain);
    await holds(examiner, histories(format, plain, wanted !== undefined), count);
    const { verdicts, edits, looks, whole } = examiner;
    console.warn(`${count} histories of ${format} notebooks, ${edits} edits, ${looks} looks: ${JSON.stringify(verdicts)}`);
    expect(verdicts.apart, 'most programs can be compared').toBeLessThanOrEqual(Math.ceil(count / 4));
    if (format === 'marimo') await checkByMarimo(whole);
    if (format === 'percent' && wanted === undefined)
      expect(verdicts.python, 'many come to their end').toBeGreaterThanOrEqual(Math.floor(count / 8));
  });

  const withFigures = Math.ceil(count / 10);
  it.skipIf('skipped' in science || drawn.length === 0)(
    `in ${withFigures} histories with figures`,
    { timeout: timeoutOf(withFigures) },
    async () => {
      const examiner = new Examiner(format, daemon, client, ofScience as Python);
      await holds(examiner, histories(format, drawn, true), withFigures);
    },
  );
});

function timeoutOf(numRuns: number): number {
  return (secondsAround.before + numRuns * secondsPerHistoryMax + secondsAround.after) * 1000;
}

/** What fails is made smaller as long as there is time: a failure is never told as a timeout. */
async function holds(examiner: Examiner, arbitrary: fc.Arbitrary<History>, numRuns: number): Promise<void> {
  const property = fc.asyncProperty(arbitrary, (history) => examiner.examine(history));
  const interruptAfterTimeLimit = timeoutOf(numRuns) - secondsAround.after * 1000;
  await fc.assert(property, { numRuns, interruptAfterTimeLimit, markInterruptAsFailure: true });
}

async function checkByMarimo(whole: readonly Played[]): Promise<void> {
  const skipped = await marimoSkipped();
  if (skipped !== undefined) return console.warn(`skipped: histories are not compared with marimo itself, because ${skipped}`);
  console.warn(`${whole.length} of them are compared with marimo, too`);
  expect(await judgeByMarimo(whole)).toEqual([]);
}
