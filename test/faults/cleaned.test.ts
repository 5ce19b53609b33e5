/** Programs that clean temporary folders take files from a daemon that runs: it is found all the same. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { callHeadwater, emptyFolder } from '../clients/cli/headwater.ts';
import { TestDaemon, type TestNotebook } from '../support/daemon.ts';
import { until } from '../support/until.ts';

let daemon: TestDaemon;
afterEach(() => daemon.stop());

const run = () => join(daemon.folder, 'run');
const file = () => join(run(), 'v1-0.1.0.json');
const command = (...args: readonly string[]) => callHeadwater(args, { env: { HEADWATER_RUNTIME_DIR: run() } });

async function withValues(): Promise<TestNotebook> {
  daemon = await TestDaemon.create();
  const notebook = await daemon.notebook('# %%\nx = 41\n');
  await notebook.run('all');
  return notebook;
}

function remove(fits: (name: string) => boolean): void {
  for (const name of readdirSync(run()).filter(fits)) rmSync(join(run(), name), { recursive: true });
}

describe('a daemon whose files are taken (P15, P17)', () => {
  it.each([
    ['the file that names it', (name: string) => name.endsWith('.json')],
    ['its socket', (name: string) => /\.[0-9a-f]{8}$/.test(name)],
    ['the link to its socket', (name: string) => name.endsWith('.sock')],
    ['all of it', () => true],
  ])('is found again, with its values, without %s', { timeout: 60_000 }, async (_, fits) => {
    const notebook = await withValues();
    const { pid } = notebook.client.server;
    remove(fits);
    await until(async () => (await command('daemon', 'status')).stdout.includes(`process ${pid},`), 'it is found');
    const client = await daemon.client();
    expect(client.server.pid).toBe(pid);
    const { variables } = await client.request('variables/list', { session: notebook.path });
    expect(variables).toMatchObject([{ name: 'x', preview: '41' }]);
    expect((await command('ps')).stdout).toContain(notebook.path);
    expect((await command('daemon', 'stop')).stderr).toContain(`Stopped the daemon (process ${pid})`);
  });

  it('is found again without its folder', { timeout: 60_000 }, async () => {
    const { pid } = (await withValues()).client.server;
    rmSync(run(), { recursive: true });
    await until(async () => (await command('daemon', 'status')).stdout.includes(`process ${pid},`), 'it is found');
  });

  it('says in its log that this happened', { timeout: 60_000 }, async () => {
    await withValues();
    remove((name) => name.endsWith('.json'));
    await until(() => readFileSync(join(run(), 'v1-0.1.0.log'), 'utf8').includes('had been removed'), 'it is in the log');
  });

  it('leaves the file of another daemon as it is', { timeout: 60_000 }, async () => {
    await withValues();
    const own = readFileSync(file(), 'utf8');
    const other = JSON.stringify({ ...JSON.parse(own), incarnation: 'another' });
    writeFileSync(file(), other);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(readFileSync(file(), 'utf8')).toBe(other);
    writeFileSync(file(), own);
  });
});

it('a command says that someone listens who cannot be spoken to', { timeout: 60_000 }, async () => {
  daemon = await TestDaemon.create();
  const folder = emptyFolder();
  const server = createServer();
  const path = join(folder, 'v1-0.1.0.1.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  for (const args of [['ps'], ['daemon', 'status'], ['daemon', 'stop']]) {
    const { stderr, code } = await callHeadwater(args, { env: { HEADWATER_RUNTIME_DIR: folder } });
    expect(stderr).toContain(`A daemon listens at ${path}, but ${join(folder, 'v1-0.1.0.json')}`);
    expect(code).toBe(1);
  }
  server.close();
});
