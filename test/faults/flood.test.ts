import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';
import { TestDaemon, type TestNotebook } from '../support/daemon.ts';
import { floodCharacters, floodCode } from '../support/flood.ts';
import { until } from '../support/until.ts';

interface Report {
  readonly type: 'ready' | 'finished' | 'replaced' | 'failed';
  readonly outcome: string;
  readonly length: number;
  readonly characters: number;
  readonly got: number;
  readonly announced: number;
  readonly gaps: number;
  readonly interrupts: number;
  readonly read: number;
  readonly cut: number;
  readonly lost: number;
}

const residentBytesMax = 300 * 1024 * 1024;

/** A client in a process of its own. */
class Follower {
  readonly process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(session: string, environment: Record<string, string>) {
    this.process = spawn(process.execPath, [join(import.meta.dirname, '..', 'support', 'follower.mjs'), session], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (!this.process.stdout) throw new Error('a follower without its output');
    this.#lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async next(type: 'ready' | 'finished' | 'replaced'): Promise<Report> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`a follower ended before it was ${type}`);
    const report = JSON.parse(value) as Report;
    expect(report).toMatchObject({ type });
    return report;
  }

  stop(): void {
    this.process.kill('SIGSTOP');
  }

  goOn(): void {
    this.process.kill('SIGCONT');
  }
}

let daemon: TestDaemon;
let followers: Follower[] = [];

afterEach(async () => {
  for (const { process } of followers) process.kill('SIGKILL');
  followers = [];
  await daemon.stop();
});

/** A notebook that floods, and three clients that follow it, the last of them stopped. */
async function flooded(blocks: number): Promise<TestNotebook> {
  daemon = await TestDaemon.create();
  const notebook = await daemon.notebook(`# %%\n${floodCode(blocks)}\n`);
  followers = [0, 1, 2].map(() => new Follower(notebook.session, daemon.environment));
  await Promise.all(followers.map((follower) => follower.next('ready')));
  followers[2]?.stop();
  return notebook;
}

/** The largest resident memory that the daemon has had; undefined where the system does not tell. */
function peakBytes({ client }: TestNotebook): number | undefined {
  const path = `/proc/${client.server.pid}/status`;
  if (!existsSync(path)) return undefined;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(path, 'utf8'))?.[1]) * 1024;
}

async function reports(): Promise<readonly Report[]> {
  const [first, second, stopped] = followers as [Follower, Follower, Follower];
  const fast = [await first.next('finished'), await second.next('finished')];
  stopped.goOn();
  return [...fast, await stopped.next('finished')];
}

it('says of every character that a slow client did not get where it is missing, and gives it later (P38, P39)', {
  timeout: 120_000,
}, async () => {
  const blocks = 500;
  const notebook = await flooded(blocks);
  expect((await notebook.run('all')).outcome).toBe('ok');
  const all = await reports();
  const length = floodCharacters(blocks);
  for (const report of all) {
    expect(report).toMatchObject({ outcome: 'ok', length, characters: length, lost: 0, cut: 0 });
    expect(report.got + report.read).toBe(length);
  }
  // The stopped one got little, and one word for what it did not get.
  expect(all[2]?.announced).toBeGreaterThan(length / 2);
  expect(all[2]?.gaps).toBe(1);
});

it('keeps the first and the last of a flood that is larger than the spool, and stays small (P38, P41)', {
  timeout: 120_000,
}, async () => {
  const blocks = 2_500;
  const notebook = await flooded(blocks);
  expect((await notebook.run('all')).outcome).toBe('ok');
  const peak = peakBytes(notebook);
  const length = floodCharacters(blocks);
  for (const report of await reports()) {
    expect(report).toMatchObject({ length, characters: length, lost: 0 });
    expect(report.got + report.read + report.cut).toBe(length);
  }
  if (peak === undefined) console.warn('skipped: this system does not tell how much memory a process has had.');
  else expect(peak).toBeLessThan(residentBytesMax);
});

it('is interrupted in the midst of a flood while a client is stopped (P38)', { timeout: 120_000 }, async () => {
  const notebook = await flooded(0);
  const { client, session } = notebook;
  for (let round = 1; round <= 3; round += 1) {
    const run = await notebook.start('all');
    await until(
      () => (notebook.cell(0).outputs[0] as { elided?: number } | undefined)?.elided !== undefined,
      'the flood has begun',
    );
    await client.request('run/interrupt', { session });
    expect((await notebook.wait(run)).outcome).toBe('interrupted');
    for (const follower of followers.slice(0, 2))
      expect(await follower.next('finished')).toMatchObject({ outcome: 'interrupted', lost: 0, interrupts: 1 });
  }
  // The stopped one hears of all steps, and reads what is kept: the last.
  followers[2]?.goOn();
  for (let round = 1; round < 3; round += 1) await followers[2]?.next('replaced');
  expect(await followers[2]?.next('finished')).toMatchObject({ outcome: 'interrupted', lost: 0, interrupts: 1 });
});
