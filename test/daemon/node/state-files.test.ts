import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StateFiles } from '../../../daemon/node/state-files.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'headwater-state-')), 'deep', 'outputs');
});
afterEach(() => rmSync(dirname(dirname(folder)), { recursive: true }));

const bytesMax = 1_000;

it('keeps a content by its name, for this user alone', async () => {
  const files = new StateFiles(folder, bytesMax);
  expect(await files.read('/a.py', 100)).toBeUndefined();
  await files.write('/a.py', 'one');
  await files.write('/a.py', 'two');
  expect(await files.read('/a.py', 100)).toBe('two');
  expect(await files.read('/b.py', 100)).toBeUndefined();
  expect([statSync(folder).mode & 0o777, statSync(files.pathOf('/a.py')).mode & 0o777]).toEqual([0o700, 0o600]);
  expect(readdirSync(folder)).toHaveLength(1);
});

it('has the last of several contents that come at once', async () => {
  const files = new StateFiles(folder, bytesMax);
  await Promise.all(Array.from({ length: 20 }, (_, at) => files.write('/a.py', String(at))));
  expect(await files.read('/a.py', 100)).toBe('19');
});

it('removes what was written longest ago when there is too much, and never what was written now', async () => {
  const files = new StateFiles(folder, bytesMax);
  const names = ['/a.py', '/b.py', '/c.py'];
  for (const [at, name] of names.entries()) {
    await files.write(name, 'x'.repeat(300));
    utimesSync(files.pathOf(name), at + 1, at + 1);
  }
  // A part of a file, left by a daemon that was killed while it wrote.
  writeFileSync(join(folder, 'left'), 'x'.repeat(90));
  utimesSync(join(folder, 'left'), 0, 0);
  await files.write('/d.py', 'x'.repeat(300));
  const there = [...names, '/d.py'].map((name) => existsSync(files.pathOf(name)));
  expect([there, existsSync(join(folder, 'left'))]).toEqual([[false, true, true, true], false]);
  await files.write('/e.py', 'x'.repeat(2_000));
  expect(readdirSync(folder)).toHaveLength(1);
  expect(readFileSync(files.pathOf('/e.py'), 'utf8')).toHaveLength(2_000);
});

it('does not read what is larger than it can be, and leaves no part behind where nothing can be written', async () => {
  const files = new StateFiles(folder, bytesMax);
  await files.write('/a.py', 'x'.repeat(300));
  await expect(files.read('/a.py', 299)).rejects.toThrow('has more than 299 bytes');
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'a file where the folder should be');
  await expect(files.write('/a.py', 'one')).rejects.toThrow('EEXIST');
  rmSync(folder);
  await files.write('/a.py', 'two');
  expect(await files.read('/a.py', 100)).toBe('two');
});
