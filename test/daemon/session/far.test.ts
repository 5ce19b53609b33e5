import { type ChildProcess, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunMode } from '../../../daemon/core/scheduler/state.ts';
import { OutputGate } from '../../../daemon/kernel/output-gate.ts';
import { nodeHost } from '../../../daemon/node/host.ts';
import type { Session } from '../../../daemon/session/session.ts';
import { Blobs } from '../../../daemon/store/blobs.ts';
import { parse } from '../../core/analysis/support.ts';
import { provideFar } from '../../support/far-python.ts';
import { emptyFolder, endKernels, testEnvironment, testPython } from '../../support/kernel.ts';
import { testSession } from '../../support/session.ts';
import { until } from '../../support/until.ts';

const blobs = new Blobs(nodeHost.hashes);
let folder: string;
/** Where files of the far end would lie. */
let scratch: string;
let relays: ChildProcess[];
let gate: OutputGate;
let session: Session;

beforeEach(() => {
  folder = emptyFolder();
  scratch = join(folder, 'scratch');
  mkdirSync(scratch);
  relays = [];
  gate = new OutputGate();
});

afterEach(async () => {
  gate.open();
  await session.close();
  for (const relay of relays) relay.kill('SIGKILL');
  await endKernels();
});

/** A session whose kernel is reached over one pipe. */
async function open(...codes: readonly string[]): Promise<void> {
  const python = await testPython();
  session = testSession({
    path: join(folder, 'notebook.py'),
    text: codes.map((code) => `# %%\n${code}\n`).join(''),
    format: 'percent',
    parse,
    blobs,
    provideKernels: provideFar(python, { gate, onRelay: (relay) => relays.push(relay) }),
    surroundings: () => ({
      environment: { ...testEnvironment(), TMPDIR: scratch },
      python: undefined,
      arguments: ['--fast'],
      directory: folder,
    }),
  });
}

async function run(mode: RunMode, ...cells: readonly number[]): Promise<string> {
  const started = session.startRun(mode, cells.map(idOf), undefined, false);
  return (await session.waitForRun(started.run)).outcome;
}

function idOf(at: number): string {
  return session.reading.cells[at]?.cell.id ?? '';
}

function shown(at: number): string {
  return session.textShownBy(idOf(at));
}

/** Whether it runs; a zombie does not. */
function isRunning(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .toString()
      .startsWith('Z');
  } catch {
    return false;
  }
}

it('runs steps one after the other, in the place that was asked for, with what they print in order', async () => {
  await open(
    'import os, sys\nx = 1',
    'x += 1\nprint(os.getcwd(), sys.argv)',
    'for at in range(3):\n    print(at)\n    os.system(f"echo child {at}")\n    display({at})\nprint("last")\nx',
    'print("é" * 70_000)\nsys.exit("enough")',
  );
  expect(await run('all')).toBe('failed');
  expect(shown(1)).toBe(`${folder} ['${join(folder, 'notebook.py')}', '--fast']\n`);
  expect(shown(2)).toBe('0\nchild 0\n{0}\n1\nchild 1\n{1}\n2\nchild 2\n{2}\nlast\n2\n');
  expect(shown(3)).toContain(`${'é'.repeat(70_000)}\n`);
  expect(session.kernelView).toMatchObject({ phase: 'idle', source: 'the far end of a pipe', pid: expect.any(Number) });
});

it('brings bytes as they are', async () => {
  const bytes = Uint8Array.from({ length: 1_048_576 }, (_, at) => at % 256);
  await open('class P:\n    def _repr_png_(self): return bytes(range(256)) * 4096\nP()');
  expect(await run('all')).toBe('ok');
  const name = new Blobs(nodeHost.hashes).put(bytes);
  expect(JSON.stringify(session.shownBy(idOf(0)))).toContain(name);
  expect(Buffer.compare(blobs.get(name) ?? Buffer.alloc(0), bytes)).toBe(0);
});

it('asks and is answered', async () => {
  await open('name = input("Who? ")', 'print("Hello", name)');
  const running = run('all');
  await until(() => session.view().input !== undefined, 'it asks');
  session.reply(session.view().input?.input ?? 0, 'Ada', false);
  expect(await running).toBe('ok');
  expect(shown(1)).toBe('Hello Ada\n');
});

it.each([
  ['spins', 'print("begun", flush=True)\nwhile True: pass', 'sigint'],
  ['awaits', 'import asyncio\nasyncio.get_running_loop().call_soon(print, "begun")\nawait asyncio.sleep(1000)\npass', 'soft'],
  ['waits for a child', 'import os\nos.system("echo begun; sleep 1000")', 'group'],
])('interrupts a step that %s, and keeps the values', async (_, code, last) => {
  await open('x = 1', code, 'x');
  const running = run('all');
  await until(() => shown(1) === 'begun\n', 'it has begun');
  expect(await session.memoryBytes()).toBeGreaterThan(5_000_000);
  const { seq } = session;
  session.interrupt({});
  expect(await running).toBe('interrupted');
  const levels = session.events.since(seq)?.flatMap((event) => (event.type === 'step.interrupt' ? [event.level] : []));
  expect(levels?.at(-1)).toBe(last);
  expect(await run('only', 2)).toBe('ok');
  expect(shown(2)).toBe('1\n');
});

it('restarts: another process over another connection, with nothing bound', async () => {
  await open('import os\nprint(os.getpid(), "x" in globals())\nx = 1');
  await run('all');
  const first = shown(0);
  session.restart();
  await until(() => session.state.kernel.phase === 'idle' && session.kernelView.generation === 2, 'the next kernel is there');
  await run('all');
  const [one, other] = [first, shown(0)].map((text) => text.split(' '));
  expect([one?.[1], other?.[1]]).toEqual(['False\n', 'False\n']);
  expect(one?.[0]).not.toBe(other?.[0]);
  expect(relays).toHaveLength(2);
});

it.each([
  ['by a signal', 'os.kill(os.getpid(), 9)', 'The kernel was killed by SIGKILL'],
  ['by itself', 'os._exit(3)', 'The kernel ended by itself with exit code 3.'],
])('tells how a process ended %s, after its last words', async (_, code, reason) => {
  await open(`import os\nprint("last words", flush=True)\n${code}`);
  expect(await run('all')).toBe('failed');
  expect(session.kernelView.reason).toContain(reason);
  expect(shown(0)).toContain('last words\n');
});

it('leaves nothing behind when it is stopped: no process and no file', async () => {
  await open('import os, subprocess\nprint(os.getpid(), subprocess.Popen(["sleep", "1000"]).pid)');
  await run('all');
  const pids = [...shown(0).trim().split(' ').map(Number), relays[0]?.pid ?? 0];
  expect(pids.map(isRunning)).toEqual([true, true, true]);
  await session.close();
  await until(() => !pids.some(isRunning), 'all are gone');
  expect(readdirSync(scratch)).toEqual([]);
});

it('counts a kernel as dead whose connection is lost, and all of it ends over there', async () => {
  await open('import os, subprocess\nprint(os.getpid(), subprocess.Popen(["sleep", "1000"]).pid)', 'while True: pass');
  const running = run('all');
  await until(() => session.state.kernel.phase === 'busy' && session.state.kernel.step === 2, 'the second step runs');
  const pids = shown(0).trim().split(' ').map(Number);
  expect(pids.map(isRunning)).toEqual([true, true]);
  relays[0]?.kill('SIGKILL');
  expect(await running).toBe('failed');
  expect(session.kernelView.phase).toBe('dead');
  await until(() => !pids.some(isRunning), 'both are gone');
});

it('lets a flood wait over there while nobody reads here, and hears everything else', async () => {
  await open('import os', 'for at in range(100): os.write(1, b"x" * 65536)\nopen("written", "w").close()');
  await run('only', 0);
  gate.shut();
  let received = 0;
  relays[0]?.stdout?.on('data', ({ length }: Buffer) => {
    received += length;
  });
  const flood = run('only', 1);
  await until(async () => {
    const before = received;
    // That nothing more comes has no event.
    await wait(500);
    return received > 0 && received === before;
  }, 'nothing more comes');
  expect(received).toBeLessThan(2_000_000);
  expect(await session.memoryBytes()).toBeGreaterThan(5_000_000);
  gate.open();
  expect(await flood).toBe('ok');
  expect(existsSync(join(folder, 'written'))).toBe(true);
});

it('says why nothing can be started over there', async () => {
  session = testSession({
    text: '# %%\n1\n',
    format: 'percent',
    parse,
    provideKernels: provideFar('/nowhere/python3', { onRelay: (relay) => relays.push(relay) }),
    surroundings: () => ({ environment: testEnvironment(), python: undefined, arguments: [], directory: folder }),
  });
  expect(await run('all')).toBe('failed');
  expect(session.kernelView.reason).toContain('There is no Python at /nowhere/python3');
});
