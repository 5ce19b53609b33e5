/** A disk that is full: a small file system in memory where one may be mounted, else a file where a folder should be. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { floodCharacters, floodCode, floodText } from '../support/flood.ts';

const folder = mkdtempSync(join(tmpdir(), 'headwater-disk-'));
let daemon: TestDaemon | undefined;

/** Whether a small disk is at the folder now. */
function mounted(megabytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'headwater-test', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const canMount = mounted(1);
if (canMount) execFileSync('umount', [folder]);
else
  console.warn(
    'skipped: no file system may be mounted here, so no disk is full; a state folder that cannot be made stands for one.',
  );

afterEach(async () => {
  await daemon?.stop();
  if (canMount) execFileSync('umount', ['-l', folder]);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
});

/** A daemon whose state folder takes so much and no more. */
async function onSmallDisk(megabytes: number): Promise<TestDaemon> {
  const state = join(folder, 'state');
  if (canMount) mounted(megabytes);
  else writeFileSync(state, '');
  daemon = await TestDaemon.create({ HEADWATER_STATE_DIR: state });
  return daemon;
}

/** Leaves no room on the disk. */
function fill(): void {
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(join(folder, 'filler'), Buffer.alloc(bavail * bsize));
}

it('takes what a flood prints as far as there is room, says so, and the run goes on', { timeout: 120_000 }, async () => {
  const disk = await onSmallDisk(4);
  const notebook = await disk.notebook(`# %%\n${floodCode(300)}\nprint("over")\n# %%\n"next"\n`);
  const { outcome } = await notebook.run('all');
  expect([outcome, notebook.statuses, notebook.shown(1)]).toEqual(['ok', ['fresh', 'fresh'], "'next'"]);
  const { client, session } = notebook;
  const cell = notebook.cell(0).id;
  // The person is told where the output stands.
  const text = notebook
    .cell(0)
    .outputs.map((output) => (output.type === 'stream' ? output.text : ''))
    .join('');
  expect(text).toMatch(/… The disk takes no more of what this cell prints, so not all of it is kept: (ENOSPC|EEXIST|ENOTDIR)/);
  // The first is kept, as far as the disk took it, and the last; what is cut is named.
  const read = (index: number, offset: number) => client.request('output/read', { session, cell, index, offset, max: 100_000 });
  const first = await read(0, 0);
  expect(first.text).toBe(floodText(0, 100_000));
  expect(first.cut).toBeDefined();
  const { outputs } = notebook.cell(0);
  const lengths = await Promise.all(outputs.map((_, index) => read(index, 0).then(({ length }) => length)));
  const note = outputs.findIndex((output) => output.type === 'stream' && output.stream === 'stderr');
  const printed = lengths.filter((_, index) => index !== note).reduce((sum, length) => sum + length, 0);
  expect(printed).toBe(floodCharacters(300) + 'over\n'.length);
  const last = outputs.length - 1;
  expect((await read(last, (lengths[last] as number) - 5)).text).toBe('over\n');
  // The daemon is as it was.
  expect((await notebook.run('all')).outcome).toBe('ok');
});

it.skipIf(!canMount)(
  'is full where the daemon has its socket and its log: notebooks run, and what needs a file is refused',
  async () => {
    mounted(1);
    daemon = await TestDaemon.create({ HEADWATER_RUNTIME_DIR: folder, HEADWATER_STATE_DIR: join(folder, 'state') });
    const notebook = await daemon.notebook('# %%\nprint("a" * 1000)\n# %%\n1 / 0\n');
    fill();
    const { client, session } = notebook;
    for (let round = 0; round < 3; round += 1) {
      expect((await notebook.run('all')).steps.map(({ outcome }) => outcome)).toEqual(['ok', 'raised']);
      await notebook.followed.waitFor((view) => view.notice !== undefined);
    }
    await expect(client.request('output/file', { session, cell: notebook.cell(0).id })).rejects.toThrow();
    expect((await (await daemon.client()).request('session/list', {})).sessions).toHaveLength(1);
  },
);

it('cannot keep outputs for the next start: the run goes on, a person is told, and told when it is over', {
  timeout: 120_000,
}, async () => {
  const disk = await onSmallDisk(1);
  const notebook = await disk.notebook('# %%\nx = 1\nprint("x is", x)\n');
  if (canMount) fill();
  expect((await notebook.run('all')).outcome).toBe('ok');
  const { notice } = await notebook.followed.waitFor((view) => view.notice !== undefined);
  expect(notice).toMatch(/^the outputs of notebook\.py cannot be kept for the next start of the daemon: (ENOSPC|ENOTDIR)/);
  const { log } = await notebook.client.request('server/status', {});
  expect(readFileSync(log as string, 'utf8')).toMatch(/ENOSPC|ENOTDIR/);
  expect([notebook.shown(0), notebook.statuses]).toEqual(['x is 1\n', ['fresh']]);
  rmSync(canMount ? join(folder, 'filler') : (disk.environment['HEADWATER_STATE_DIR'] as string));
  await notebook.run('all');
  await notebook.followed.waitFor((view) => view.notice === undefined);
});
