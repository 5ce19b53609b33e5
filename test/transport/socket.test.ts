import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import { clientsMax } from '../../daemon/limits.ts';
import { AlreadyListeningError, listen } from '../../daemon/transport/socket.ts';
import { until } from '../support/until.ts';

let folder: string;
let base: string;
const cleanups: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headwater-socket-'));
  base = join(folder, 'v1-0.1.0');
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(onConnection: (socket: Socket) => void = () => {}) {
  const listening = await listen(base, onConnection);
  cleanups.push(() => listening.close());
  return listening;
}

/** What a client reads from the socket until it ends. */
async function hear(path: string): Promise<string> {
  const socket = connect(path);
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

describe('the folder of the socket', () => {
  it('is made for its owner alone (P16)', async () => {
    const inner = join(folder, 'new', 'headwater');
    const listening = await listen(join(inner, 'v1-0.1.0'), () => {});
    await listening.close();
    expect(statSync(inner).mode & 0o777).toBe(0o700);
  });

  it('is refused when others can open it (P16)', async () => {
    chmodSync(folder, 0o755);
    await expect(start()).rejects.toThrow(`Others can open ${folder} (mode 755). Run: chmod 700 '${folder}'`);
  });

  it('is refused when it is a link, which another user could have made (P16)', async () => {
    const link = join(folder, 'link');
    mkdirSync(join(folder, 'real'), { mode: 0o700 });
    symlinkSync('real', link);
    await expect(listen(join(link, 'v1-0.1.0'), () => {})).rejects.toThrow(`${link} is a link or a file, not a folder.`);
  });

  it('is refused when the path of the socket does not fit into the system', async () => {
    const long = join(folder, 'x'.repeat(90));
    await expect(listen(join(long, 'v1-0.1.0'), () => {})).rejects.toThrow(
      /too long for the system \(\d+ bytes, 103 at most\).*Set HEADWATER_RUNTIME_DIR to a shorter folder\./,
    );
  });
});

describe('the socket', () => {
  it('is that of a living daemon, and stays with it', async () => {
    const { path } = await start((socket) => socket.end('the first'));
    expect(path).toBe(`${base}.1.sock`);
    await expect(start((socket) => socket.end('the second'))).rejects.toThrow(AlreadyListeningError);
    expect(await hear(path)).toBe('the first');
  });

  it('takes only so many clients, and lets the next one in when one has left', async () => {
    const { path } = await start((socket) => socket.write('welcome'));
    const guests = await Promise.all(Array.from({ length: clientsMax }, () => enter(path)));
    expect(guests.every(({ isWelcome }) => isWelcome)).toBe(true);
    expect((await enter(path)).isWelcome).toBe(false);
    guests[0]?.socket.destroy();
    await until(async () => (await enter(path)).isWelcome, 'there is room for a client');
  });

  it('goes to the next daemon when the last one was closed, or killed', async () => {
    const first = await start();
    await first.close();
    expect((await start()).path).toBe(`${base}.2.sock`);
  });

  it.each(['a link that leads nowhere', 'a socket that nobody listens to', 'a file'])(
    'is not kept by %s (P17)',
    async (leftover) => {
      await leave(leftover);
      const { path } = await start((socket) => socket.end('alive'));
      expect(path).toBe(`${base}.8.sock`);
      expect(await hear(path)).toBe('alive');
      expect(readdirSync(folder).filter((name) => name.endsWith('.7.sock'))).toEqual([]);
    },
  );

  it('goes to exactly one of many that start at once beside a dead one', async () => {
    await leave('a socket that nobody listens to');
    const attempts = await Promise.allSettled(Array.from({ length: 12 }, () => start()));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(
      attempts.filter((attempt) => attempt.status === 'rejected' && attempt.reason instanceof AlreadyListeningError),
    ).toHaveLength(11);
  });

  it('goes to exactly one of several processes that start at once, again and again (P17)', async () => {
    for (let round = 0; round < 3; round++) {
      const children = Array.from({ length: 3 }, () => run('contender.mjs', base));
      const outcomes = await Promise.all(children.map(async (child) => (await once(child, 'message'))[0] as string));
      expect(outcomes.toSorted(), `round ${round}`).toEqual(['listening', 'taken', 'taken']);
      // Killed, so that its socket stays behind for the next round.
      await Promise.all(children.map((child) => kill(child)));
    }
  }, 30_000);
});

async function enter(path: string): Promise<{ socket: Socket; isWelcome: boolean }> {
  const socket = connect(path);
  cleanups.push(() => socket.destroy());
  const isWelcome = await new Promise<boolean>((resolve) =>
    socket.once('data', () => resolve(true)).once('close', () => resolve(false)),
  );
  return { socket, isWelcome };
}

async function leave(leftover: string): Promise<void> {
  const path = `${base}.7.sock`;
  if (leftover === 'a file') writeFileSync(path, '');
  else symlinkSync('v1-0.1.0.dead', path);
  if (leftover !== 'a socket that nobody listens to') return;
  const child = run('listener.mjs', join(folder, 'v1-0.1.0.dead'));
  await once(child, 'message');
  await kill(child);
}

function run(script: string, argument: string): ChildProcess {
  const child = fork(join(packageRoot(), 'test', 'transport', script), [argument], {
    execArgv: [],
    env: { PATH: process.env.PATH ?? '' },
  });
  cleanups.push(() => kill(child));
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
