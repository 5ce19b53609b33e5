import { execFile } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { CompiledCode } from '../bundle/compiled-code.ts';
import { packageVersion } from '../protocol/version.ts';
import { program } from './clients/cli/headwater.ts';

const source = '(function () { return 6 * 7; })';
const hash = '0123456789abcdef0123456789abcdef';

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'headwater-compiled-'));
}

function filesIn(folder: string): string[] {
  return readdirSync(join(folder, 'headwater', 'compiled')).map((name) => join(folder, 'headwater', 'compiled', name));
}

function compiledIn(folder: string, command = 'run', program = hash): CompiledCode {
  return new CompiledCode(program, command, { XDG_CACHE_HOME: folder });
}

/** Starts as a program does, and ends as one does. Says whether compiled code was there and taken. */
function start(folder: string, command = 'run', program = hash): 'compiled' | 'taken' | 'rejected' {
  const kept = compiledIn(folder, command, program);
  const script = new Script(source, { cachedData: kept.read() });
  expect((script.runInThisContext() as () => number)()).toBe(42);
  kept.keep(script);
  if (script.cachedDataRejected === undefined) return 'compiled';
  return script.cachedDataRejected ? 'rejected' : 'taken';
}

/** The one file in the folder, with an old time, so that a new one shows. */
function aged(folder: string): string {
  const [file = ''] = filesIn(folder);
  utimesSync(file, 1, 1);
  return file;
}

describe('compiled code', () => {
  it('is kept for the next process, and written once', () => {
    const folder = newFolder();
    expect(start(folder)).toBe('compiled');
    const file = aged(folder);
    expect(start(folder)).toBe('taken');
    expect(statSync(file).mtimeMs).toBe(1000);
  });

  it('is written again with what another command compiles, and then holds both', () => {
    const folder = newFolder();
    start(folder, 'run');
    const file = aged(folder);
    expect(start(folder, 'check')).toBe('taken');
    expect(statSync(file).mtimeMs).toBeGreaterThan(1000);
    aged(folder);
    expect([start(folder, 'run'), start(folder, 'check')]).toEqual(['taken', 'taken']);
    expect(statSync(file).mtimeMs).toBe(1000);
  });

  it('is of one program: another content has its own', () => {
    const folder = newFolder();
    start(folder);
    expect(start(folder, 'run', 'fedcba9876543210')).toBe('compiled');
    expect(filesIn(folder)).toHaveLength(2);
  });

  it.each<[string, (content: Buffer) => Buffer]>([
    ['is empty', () => Buffer.alloc(0)],
    ['is cut off', (content) => content.subarray(0, -9)],
    ['has another byte', (content) => Buffer.from(content.map((byte, at) => (at === content.length - 20 ? byte ^ 1 : byte)))],
    ['is something else', () => Buffer.from('not compiled')],
  ])('is compiled anew where the file %s', (_, damage) => {
    const folder = newFolder();
    start(folder);
    const [file = ''] = filesIn(folder);
    writeFileSync(file, damage(readFileSync(file)));
    expect(start(folder)).toBe('compiled');
    expect(start(folder)).toBe('taken');
  });

  it('is read by its owner alone', () => {
    const folder = newFolder();
    start(folder);
    const [file = ''] = filesIn(folder);
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    expect((statSync(join(folder, 'headwater', 'compiled')).mode & 0o777).toString(8)).toBe('700');
  });

  it('leaves no draft where it cannot be put in its place', () => {
    const folder = newFolder();
    start(folder);
    const [file = ''] = filesIn(folder);
    rmSync(file);
    mkdirSync(join(file, 'in the way'), { recursive: true });
    expect(start(folder)).toBe('compiled');
    expect(filesIn(folder)).toEqual([file]);
  });

  it('leaves out what was written longest ago', () => {
    const folder = newFolder();
    for (let at = 10; at < 30; at++) {
      start(folder, 'run', `program ${at}`);
      utimesSync(filesIn(folder).find((file) => file.includes(`program ${at}`)) ?? '', at, at);
    }
    expect(filesIn(folder)).toHaveLength(12);
    expect([start(folder, 'run', 'program 10'), start(folder, 'run', 'program 29')]).toEqual(['compiled', 'taken']);
  });

  it('is no condition for the program to run', async () => {
    const folder = newFolder();
    const path = join(folder, 'headwater');
    writeFileSync(path, 'a file where the folder would be');
    const options = { env: { ...process.env, XDG_CACHE_HOME: folder } };
    const first = await promisify(execFile)(process.execPath, [program, '--version'], options);
    expect(first).toEqual({ stdout: `${packageVersion}\n`, stderr: '' });
    const other = newFolder();
    mkdirSync(join(other, 'headwater'));
    chmodSync(join(other, 'headwater'), 0o500);
    const second = await promisify(execFile)(process.execPath, [program, '--version'], {
      env: { ...process.env, XDG_CACHE_HOME: other },
    });
    expect(second).toEqual({ stdout: `${packageVersion}\n`, stderr: '' });
  });

  it('is not left where the user has no folder', async () => {
    const folder = newFolder();
    const env = { ...process.env, XDG_CACHE_HOME: 'relative', HOME: '' };
    await promisify(execFile)(process.execPath, [program, '--version'], { env, cwd: folder });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is what the program leaves, and takes', async () => {
    const folder = newFolder();
    const options = { env: { ...process.env, XDG_CACHE_HOME: folder } };
    const version = () => promisify(execFile)(process.execPath, [program, '--version'], options);
    await version();
    const file = aged(folder);
    expect(await version()).toEqual({ stdout: `${packageVersion}\n`, stderr: '' });
    expect(statSync(file).mtimeMs).toBe(1000);
  });
});
