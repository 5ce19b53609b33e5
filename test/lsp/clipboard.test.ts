import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { copyToClipboard } from '../../lsp/features/clipboard.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headwater-clipboard-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function tool(name: string, body: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
  await chmod(join(folder, name), 0o755);
}

const desktop = () => ({ PATH: `${folder}:/usr/bin:/bin`, DISPLAY: ':0' });

it.skipIf(process.platform === 'darwin')('uses the first tool of the desktop that works, and names it', async () => {
  await tool('xclip', 'exit 1');
  await tool('xsel', `cat > '${folder}/kept'`);
  expect(await copyToClipboard('a\nb\n', desktop())).toBe('xsel');
  expect(await readFile(join(folder, 'kept'), 'utf8')).toBe('a\nb\n');
});

it.skipIf(process.platform === 'darwin')('says so when there is none, and asks none without a display', async () => {
  expect(await copyToClipboard('a', { PATH: folder, DISPLAY: ':0' })).toBeUndefined();
  await tool('xclip', 'exit 0');
  expect(await copyToClipboard('a', { PATH: `${folder}:/bin` })).toBeUndefined();
});
