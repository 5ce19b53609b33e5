import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeHost } from '../../../daemon/node/host.ts';
import { spoolFilesIn } from '../../../daemon/node/spool-files.ts';
import type { Spool, SpoolBounds } from '../../../daemon/store/spool.ts';
import { Spools, spoolBounds } from '../../../daemon/store/spools.ts';
import { random } from '../../support/random.ts';

const bounds = {
  ...spoolBounds,
  headBytesMax: 4_000,
  tailBytesMax: 4_000,
  memoryBytesMax: 1_000,
  shrunkBytesMax: 200,
  chunkCharactersMax: 100,
  rewrittenCharactersMax: 50,
  allMemoryBytesMax: 1_000_000,
  filesMax: 3,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headwater-spool-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const spoolsIn = (place: string, given?: SpoolBounds) =>
  new Spools({ bytes: nodeHost.bytes, openFile: spoolFilesIn(place), ...(given && { bounds: given }) });

const seed = Number(process.env['SEED'] ?? 17);

/** All that is kept, with what is cut left out. */
function kept(spool: Spool, charactersMax: number): string {
  const parts: string[] = [];
  for (let at = 0; at < spool.length; ) {
    const { from, text } = spool.read(at, charactersMax);
    expect(text).not.toBe('');
    parts.push(text);
    at = from + text.length;
  }
  return parts.join('');
}

function expectKept(spool: Spool, whole: string): void {
  const { cut = { from: 0, to: 0 } } = spool;
  expect(spool.length).toBe(whole.length);
  expect(kept(spool, Math.max(77, whole.length / 500))).toBe(whole.slice(0, cut.from) + whole.slice(cut.to));
}

describe('a spool', () => {
  it.each([10, 900, 3_900, 8_000, 20_000, 100_000])(
    'keeps the first and the last of %i characters, at any place',
    (characters) => {
      const roll = random(seed);
      const spool = spoolsIn(join(folder, 'new')).create(() => {});
      const small = spoolsIn(folder, bounds).create(() => {});
      let whole = '';
      while (whole.length < characters) {
        const text = Array.from({ length: roll(300) }, () =>
          String.fromCodePoint([97, 233, 0x4e00, 0x1f600][roll(4)] as number),
        ).join('');
        whole += text;
        for (const one of [spool, small]) one.append(text);
      }
      expectKept(spool, whole);
      expect(spool.cut).toBeUndefined();
      expectKept(small, whole);
      small.end();
      expectKept(small, whole);
      expect(small.cut === undefined).toBe(Buffer.byteLength(whole) < 7_000);
      if (small.cut) expect(whole.length - small.cut.to).toBeGreaterThan(500);
    },
  );

  it('takes back the end of what was written, whatever has gone to the file', () => {
    const roll = random(seed);
    const spool = spoolsIn(folder, bounds).create(() => {});
    let whole = '';
    let line = 0;
    for (let at = 0; at < 500; at += 1) {
      const text = 'x'.repeat(roll(45)) + String(at);
      whole = whole.slice(0, line) + text;
      spool.rewrite(line, text);
      if (roll(3) === 0) line = whole.length;
    }
    expectKept(spool, whole);
  });

  it('has no file while it is small, and one without a name when it is large', () => {
    const spools = spoolsIn(folder, bounds);
    const spool = spools.create(() => {});
    spool.append('x'.repeat(900));
    expect([spool.hasFile, spools.memoryBytes]).toEqual([false, 800]);
    spool.append('x'.repeat(900));
    expect([spool.hasFile, spools.memoryBytes, readdirSync(folder)]).toEqual([true, 0, []]);
    spool.close();
    expect(spool.hasFile).toBe(false);
    expect(spool.read(0, 10)).toEqual({ from: 1_700, text: 'x'.repeat(10) });
  });

  it('keeps the first and the last in memory, and says so once, where there is no file to be had', () => {
    writeFileSync(join(folder, 'file'), '');
    const troubles: string[] = [];
    const spools = spoolsIn(join(folder, 'file'), bounds);
    const spool = spools.create((error) => troubles.push(error.message));
    const whole = Array.from({ length: 5_000 }, (_, at) => `${at}\n`).join('');
    for (let at = 0; at < whole.length; at += 64) spool.append(whole.slice(at, at + 64));
    expectKept(spool, whole);
    expect(troubles).toEqual([expect.stringContaining('EEXIST')]);
    expect(spool.cut?.from).toBeGreaterThan(800);
    expect(spools.memoryBytes).toBeLessThanOrEqual(2 * bounds.memoryBytesMax);
    expect(spools.memoryBytes).toBe(spool.memoryBytes);
  });

  it('keeps no more than its beginning when there are too many files, or too much is in memory', () => {
    const spools = spoolsIn(folder, { ...bounds, allMemoryBytesMax: 2_500 });
    const large = Array.from({ length: 5 }, () => spools.create(() => {}));
    for (const spool of large) spool.append('y'.repeat(5_000));
    expect(large.map(({ hasFile }) => hasFile)).toEqual([false, false, true, true, true]);
    expect(large.map(({ cut }) => cut?.from)).toEqual([200, 200, undefined, undefined, undefined]);
    expectKept(large[0] as Spool, 'y'.repeat(5_000));
    const small = Array.from({ length: 5 }, () => spools.create(() => {}));
    for (const spool of small) {
      spool.append('z'.repeat(800));
      spool.end();
    }
    expect(small.map(({ cut }) => cut?.from)).toEqual([200, 200, undefined, undefined, undefined]);
    for (const spool of [...large, ...small]) spool.close();
    expect(spools.memoryBytes).toBe(0);
  });
});
