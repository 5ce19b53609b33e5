import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { SessionEvent } from '../../protocol/types.ts';
import { TestDaemon, type TestNotebook } from '../support/daemon.ts';
import { type Roll, random } from '../support/random.ts';

/** `HEADWATER_KILLS=200 npx vitest run test/faults/killed.test.ts` for a long run; SEED=… for other moments. */
const kills = Number(process.env['HEADWATER_KILLS'] ?? 20);
const seed = Number(process.env['SEED'] ?? 17);
/** A run of the notebook below takes about this long where nothing else keeps the machine busy. */
const runMilliseconds = 200;

const cells = [
  'import asyncio, subprocess, time\ndef note(name):\n  with open("ran.txt", "a") as ran: print(name, file=ran)',
  'note("prints")\nfor i in range(40):\n  print("line", i)\n  time.sleep(0.001)',
  'note("child")\nprint(subprocess.run(["sh", "-c", "sleep 0.03; echo child"], capture_output=True, text=True).stdout, end="")',
  'note("shows")\nfor k in range(50): display("x" * 1000)',
  'note("awaits")\nawait asyncio.sleep(0.03)\nprint("awaited")',
  'note("computes")\nprint(sum(range(2_000_000)))',
];
const whole = ['', Array.from({ length: 40 }, (_, at) => `line ${at}\n`).join(''), 'child\n', `'${'x'.repeat(1000)}'`.repeat(50)];
whole.push('awaited\n', '1999999000000\n');

let daemon: TestDaemon;

afterEach(() => daemon.stop());

const shown = (notebook: TestNotebook): string[] => cells.map((_, at) => notebook.shown(at));

/** Kills the kernel of the run some time after it is there: also while Python starts, between two cells, and after the last. */
async function killSoon(notebook: TestNotebook, generation: number, roll: Roll): Promise<void> {
  await notebook.followed.waitFor(({ kernel }) => kernel.generation >= generation && kernel.pid !== undefined);
  await pass(roll(runMilliseconds));
  process.kill(notebook.followed.view.kernel.pid as number, 'SIGKILL');
  await notebook.followed.waitFor(({ kernel }) => kernel.phase === 'dead');
}

it(`survives ${kills} kernels that are killed at random moments of a run (W11)`, {
  timeout: 60_000 + kills * 6_000,
}, async () => {
  daemon = await TestDaemon.create();
  const notebook = await daemon.notebook(cells.map((cell) => `# %%\n${cell}\n`).join(''));
  const events: SessionEvent[] = [];
  notebook.client.onEvent(notebook.session, (event) => events.push(event));
  const ran = join(daemon.folder, 'ran.txt');
  const roll = random(seed);
  let inTheMidst = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    rmSync(ran, { force: true });
    events.length = 0;
    const { generation } = notebook.followed.view.kernel;
    // Half of the kernels have run before, the others are new.
    const isNew = notebook.followed.view.kernel.phase === 'dead' || notebook.followed.view.kernel.phase === 'none';
    const run = await notebook.start('all');
    await killSoon(notebook, isNew ? generation + 1 : generation, roll);
    const { outcome, steps } = await notebook.wait(run);
    const dead = notebook.followed.view.kernel;
    const context = `seed ${seed}, kill ${kill}, ${outcome}`;

    expect(dead.reason, context).toContain('SIGKILL');
    // The session says what was cut off, and that nothing of it goes on.
    const ended = steps.map((step) => step.outcome);
    if (outcome === 'failed') {
      inTheMidst += 1;
      const cut = ended.indexOf('interrupted');
      expect(ended, context).toEqual(cells.map((_, at) => (cut < 0 || at > cut ? ended[at] : at < cut ? 'ok' : 'interrupted')));
      if (cut >= 0) expect(notebook.cell(cut).error, context).toMatchObject({ name: 'KernelDied', message: dead.reason });
      for (const { reason } of steps.filter((step) => step.outcome === 'skipped'))
        expect(reason, context).toBe('the kernel died');
    }
    // No value is left, and nothing waits.
    for (const status of notebook.statuses) expect(['stale', 'new', 'skipped'], context).toContain(status);

    // Outputs stay: whole ones of cells that ended, the beginning of that which did not.
    const after = shown(notebook);
    for (const [at, text] of after.entries()) {
      if (ended[at] === 'ok') expect(text, `${context}, cell ${at}`).toBe(whole[at]);
      else expect(whole[at]?.startsWith(text), `${context}, cell ${at} shows ${text.slice(-50)}`).toBe(true);
    }

    // Nothing runs again by itself, and the next run works. Every second kernel is then killed in its second run.
    if (kill % 2 === 0) {
      const before = events.length;
      expect(
        (await notebook.client.request('run/interrupt', { session: notebook.session })).interrupted,
        context,
      ).toBeUndefined();
      const again = events.slice(before).map(({ type }) => type);
      expect(again, context).toEqual([]);
      expect(notesIn(ran), context).toEqual([...new Set(notesIn(ran))]);
      expect(shown(notebook), context).toEqual(after);
      expect((await notebook.run('all')).outcome, context).toBe('ok');
      expect(shown(notebook), context).toEqual(whole);
      expect(new Set(notebook.statuses), context).toEqual(new Set(['fresh']));
    }
  }
  expect(inTheMidst).toBeGreaterThan(0);
});

function notesIn(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}
