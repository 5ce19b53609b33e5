import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLog } from '../../daemon/log.ts';
import { newToken, tokensEqual } from '../../daemon/node/secrets.ts';
import { pathsFrom, stateFolderFrom } from '../../daemon/paths.ts';
import { publish, withdraw } from '../../daemon/transport/discovery.ts';
import type { Discovery } from '../../protocol/node/discovery.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headwater-discovery-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function discovery(incarnation: string): Discovery {
  return { pid: 7, socket: '/s', token: newToken(), incarnation, version: '0.1.0', protocol: 1, startedAt: 0, log: '/l' };
}

describe('the runtime folder', () => {
  it.each([
    [{ HEADWATER_RUNTIME_DIR: '/mine', XDG_RUNTIME_DIR: '/run/user/7' }, '/mine'],
    [{ XDG_RUNTIME_DIR: '/run/user/7' }, '/run/user/7/headwater'],
    [{}, join(tmpdir(), `headwater-${process.getuid?.()}`)],
  ])('follows from %j (P15)', (environment, expected) => expect(pathsFrom(environment).folder).toBe(expected));

  it('names its files by the versions of protocol and package (P15)', () => {
    const { discovery, log } = pathsFrom({ HEADWATER_RUNTIME_DIR: '/mine' });
    expect([discovery, log]).toEqual(['/mine/v1-0.1.0.json', '/mine/v1-0.1.0.log']);
  });
});

describe('the discovery file', () => {
  it('is for its owner alone, and leaves no draft behind (P15)', async () => {
    const path = join(folder, 'd.json');
    await publish(path, discovery('a'));
    await publish(path, discovery('b'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, 'utf8')).incarnation).toBe('b');
    expect(readdirSync(folder)).toEqual(['d.json']);
  });

  it('is removed by the daemon that wrote it, and by no other', async () => {
    const path = join(folder, 'd.json');
    await publish(path, discovery('a'));
    await withdraw(path, 'b');
    expect(readdirSync(folder)).toEqual(['d.json']);
    await withdraw(path, 'a');
    expect(readdirSync(folder)).toEqual([]);
    await withdraw(path, 'a');
  });
});

describe('a token', () => {
  const token = newToken();
  it('has 32 random bytes', () => {
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(newToken()).not.toBe(token);
  });
  it.each([
    [token, true],
    [`${token.slice(0, -1)}x`, false],
    [token.slice(1), false],
    ['', false],
    [undefined, false],
  ])('%s is the same: %s', (given, expected) => expect(tokensEqual(token, given)).toBe(expected));
});

describe('the folder of what outlives the daemon', () => {
  it.each([
    [{ HEADWATER_STATE_DIR: '/mine', HEADWATER_RUNTIME_DIR: '/run', XDG_STATE_HOME: '/state' }, '/mine'],
    [{ HEADWATER_RUNTIME_DIR: '/run', XDG_STATE_HOME: '/state' }, '/run/state'],
    [{ XDG_STATE_HOME: '/state' }, '/state/headwater'],
    [{}, join(homedir(), '.local', 'state', 'headwater')],
  ])('with %j is %s (P44)', (environment, folder) => expect(stateFolderFrom(environment)).toBe(folder));
});

describe('the log', () => {
  it('keeps what other processes append to it, and turns over once when it is full', () => {
    const path = join(folder, 'd.log');
    const log = openLog(path, 200);
    log.write('one');
    writeFileSync(path, 'from a child\n', { flag: 'a' });
    log.error(new Error('two', { cause: new Error('three') }));
    const kept = readFileSync(`${path}.1`, 'utf8');
    expect(kept).toContain('one\nfrom a child\n');
    expect(readFileSync(path, 'utf8')).toMatch(/Error: two[\s\S]*because: Error: three/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('goes on when nothing can be written, as on a full disk', () => {
    const log = openLog(join(folder, 'd.log'), 200);
    log.write('one');
    rmSync(folder, { recursive: true });
    log.error(new Error('two'));
    mkdirSync(folder);
    log.write('three');
    expect(readFileSync(join(folder, 'd.log'), 'utf8')).toMatch(/^\S+ \[\d+\] three\n$/);
  });
});
