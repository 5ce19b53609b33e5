import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SessionEvent } from '../../protocol/types.ts';
import { TestDaemon, type TestNotebook } from '../support/daemon.ts';
import { howMany } from '../support/histories.ts';
import { type Roll, random } from '../support/random.ts';

/** `HISTORIES=200 npx vitest run test/daemon/ahead.test.ts` for a long run; SEED=… for others. */
const histories = howMany(4, 'HISTORIES');
const firstSeed = Number(process.env['SEED'] ?? 17);
const cellCount = 120;

let daemon: TestDaemon;

beforeAll(async () => {
  daemon = await TestDaemon.create();
});
afterAll(() => daemon.stop());

/** A chain of quick cells that print what they are given. */
function chain(root: number, slow: ReadonlySet<number>): string {
  const cells = Array.from({ length: cellCount }, (_, at) => {
    const value = at === 0 ? `${root}` : `x${at - 1} + 1`;
    return `# %%\n${slow.has(at) ? 'import time; time.sleep(0.003)\n' : ''}x${at} = ${value}\nprint(x${at})\n`;
  });
  return cells.join('');
}

/** In words: what is wrong with the order of a session's events. */
function disorder(events: readonly SessionEvent[]): string[] {
  const wrong: string[] = [];
  let running: number | undefined;
  for (const event of events) {
    if (event.type === 'step.started') {
      if (running !== undefined) wrong.push(`step ${event.step} begins while ${running} runs`);
      running = event.step;
    } else if (event.type === 'step.finished') {
      if (running !== event.step) wrong.push(`step ${event.step} ends while ${running} runs`);
      running = undefined;
    } else if (event.type === 'output.added' && running !== event.step)
      wrong.push(`an output of ${event.step} while ${running} runs`);
    else if (event.type === 'run.sealed' && running !== undefined) wrong.push(`run ${event.run} is sealed while ${running} runs`);
  }
  return wrong;
}

async function disturb(notebook: TestNotebook, roll: Roll, roots: number[], slow: Set<number>): Promise<void> {
  const { client, session } = notebook;
  const kind = roll(6);
  if (kind === 0) await client.request('run/interrupt', { session });
  if (kind === 1) {
    roots.push((roots.at(-1) as number) + 1000);
    await notebook.edit(chain(roots.at(-1) as number, slow));
  }
  if (kind === 2) {
    const at = roll(cellCount);
    if (!slow.delete(at)) slow.add(at);
    await notebook.edit(chain(roots.at(-1) as number, slow));
  }
  if (kind === 3) await notebook.start('stale');
  if (kind === 4) await notebook.start('reactive', roll(cellCount));
  if (kind === 5) await new Promise((resolve) => setTimeout(resolve, roll(8)));
}

it.each(Array.from({ length: histories }, (_, at) => firstSeed + at))(
  'keeps steps in order and ends right, whatever comes while steps are sent ahead (SEED=%i)',
  { timeout: 120_000 },
  async (seed) => {
    const roll = random(seed);
    const slow = new Set([roll(cellCount), roll(cellCount)]);
    const roots = [1];
    const notebook = await daemon.notebook(chain(1, slow), `ahead-${seed}.py`);
    const events: SessionEvent[] = [];
    notebook.client.onEvent(notebook.session, (event) => events.push(event));
    await notebook.start('all');
    for (let round = 0; round < 40; round += 1) {
      if (roll(3) > 0) await new Promise((resolve) => setTimeout(resolve, roll(12)));
      await disturb(notebook, roll, roots, slow);
    }
    await notebook.run('stale');
    expect(disorder(events)).toEqual([]);
    expect(new Set(notebook.statuses)).toEqual(new Set(['fresh']));
    const root = roots.at(-1) as number;
    expect(Array.from({ length: cellCount }, (_, at) => notebook.shown(at))).toEqual(
      Array.from({ length: cellCount }, (_, at) => `${root + at}\n`),
    );
    await notebook.client.request('session/close', { session: notebook.session });
  },
);

it('tells all that a step printed before its end, when it is found out meanwhile what the files of another hold (W21)', async () => {
  await writeFile(join(daemon.folder, 'given.txt'), 'given');
  const reads = (at: number): string => (at % 4 === 0 ? 'open("given.txt").read()' : `"${at}"`);
  const cells = Array.from({ length: cellCount }, (_, at) => `# %%\nprint(${reads(at)})\n`);
  const notebook = await daemon.notebook(cells.join(''), 'files.py');
  const shown = new Map<number, string>();
  const early: number[] = [];
  notebook.client.onEvent(notebook.session, (event) => {
    if (event.type === 'output.added' && event.output.type === 'stream') shown.set(event.step, event.output.text);
    if (event.type === 'step.finished' && !shown.has(event.step)) early.push(event.step);
  });
  await notebook.run('all');
  expect(early).toEqual([]);
  expect([...shown.values()]).toEqual(cells.map((_, at) => (at % 4 === 0 ? 'given\n' : `${at}\n`)));
});
