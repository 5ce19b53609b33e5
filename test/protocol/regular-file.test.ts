/** Files at paths that somebody else chose. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRegular, readRegularSync } from '../../protocol/node/regular-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'hw-'));
const at = (name: string) => join(folder, name);
writeFileSync(at('empty'), '');
writeFileSync(at('text'), 'é'.repeat(10));
writeFileSync(at('large'), 'x'.repeat(300_000));
symlinkSync('text', at('link'));
mkdirSync(at('folder'));
execFileSync('mkfifo', [at('pipe')]);
symlinkSync('pipe', at('link-to-pipe'));
symlinkSync('/dev/zero', at('zero'));
symlinkSync('/dev/tty', at('terminal'));
writeFileSync(at('sparse'), '');
truncateSync(at('sparse'), 2 ** 40);

const ways = [
  ['at once', async (path: string, bytesMax: number) => readRegularSync(path, bytesMax)],
  ['in turns', readRegular],
] as const;

describe.each(ways)('a file that is read %s', (_, read) => {
  it.each([
    ['empty', ''],
    ['text', 'é'.repeat(10)],
    ['link', 'é'.repeat(10)],
    ['large', 'x'.repeat(300_000)],
  ])('is all there: %s', async (name, text) => {
    expect(String(await read(at(name), 300_000))).toBe(text);
  });

  it.skipIf(process.platform !== 'linux')('may say that it is empty, as those of the system do', async () => {
    expect(String(await read('/proc/self/status', 100_000))).toMatch(/^Name:[\s\S]+ctxt_switches:\s+\d+\n$/);
  });

  it.each([
    ['folder', 'EISDIR', 'it is a folder'],
    ['pipe', 'ENOTREG', 'it is not a regular file'],
    ['link-to-pipe', 'ENOTREG', 'it is not a regular file'],
    ['zero', 'ENOTREG', 'it is not a regular file'],
    ['terminal', 'ENOTREG', 'it is not a regular file'],
    ['sparse', 'EFBIG', 'it has more than 300000 bytes'],
  ])('is refused: %s', async (name, code, message) => {
    await expect(read(at(name), 300_000)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('is refused where it is a socket', async () => {
    const server = createServer();
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
    await expect(read(at('socket'), 10)).rejects.toMatchObject({ code: 'ENOTREG' });
  });

  it('is refused with one byte more than the bound, and taken with none', async () => {
    await expect(read(at('text'), 19)).rejects.toMatchObject({ code: 'EFBIG' });
    expect(await read(at('text'), 20)).toHaveLength(20);
  });
});
