/** Things that happen seldom, each of which ends in a sentence that says what it is. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { connect } from '../../clients/node/client.ts';
import { callHeadwater } from '../clients/cli/headwater.ts';
import { TestDaemon } from '../support/daemon.ts';

let daemon: TestDaemon | undefined;
const mounts: string[] = [];

afterEach(async () => {
  await daemon?.stop();
  daemon = undefined;
  for (const folder of mounts.splice(0)) execFileSync('umount', ['-l', folder]);
});

/** A disk of so many kilobytes; undefined where none may be mounted. */
function smallDisk(kilobytes: number): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-small-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=700`, 'headwater-test', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  mounts.push(folder);
  return folder;
}

function fill(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(join(folder, 'filler'), Buffer.alloc(bavail * bsize));
}

const trial = smallDisk(64);
if (!trial) console.warn('skipped: no file system may be mounted here, so no disk is full');

describe('a runtime folder that is no use', () => {
  const start = (folder: string) =>
    connect({ clientName: 'test', environment: { ...process.env, HEADWATER_RUNTIME_DIR: folder }, startDeadlineMs: 5_000 });

  it.skipIf(!trial)('is said to be full', async () => {
    const folder = smallDisk(256) as string;
    fill(folder);
    await expect(start(folder)).rejects.toThrow(`The daemon's folder ${folder} is on a disk that is full.`);
    await expect(start(join(folder, 'below'))).rejects.toThrow('is on a disk that is full.');
  });

  it('is said to be no folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headwater-no-'));
    writeFileSync(join(folder, 'file'), '');
    await expect(start(join(folder, 'file', 'run'))).rejects.toThrow('is below a file, which is no folder.');
    await expect(start(join(folder, 'file'))).rejects.toThrow();
  });

  it('is said to be closed to the person', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headwater-closed-'));
    mkdirSync(join(folder, 'run'), { mode: 0o700 });
    chmodSync(join(folder, 'run'), 0o500);
    // Whoever may do everything may write there, too.
    if (process.getuid?.() === 0) return rmSync(folder, { recursive: true });
    await expect(start(join(folder, 'run'))).rejects.toThrow('cannot be written by you.');
  });
});

describe('a file of an output', () => {
  it.skipIf(!trial)('is refused where the disk is full, and written when it is not any more', async () => {
    const folder = smallDisk(1_024) as string;
    daemon = await TestDaemon.create({ HEADWATER_RUNTIME_DIR: folder, HEADWATER_STATE_DIR: join(tmpdir(), 'headwater-none') });
    const notebook = await daemon.notebook('# %%\nprint("x" * 500_000)\n');
    await notebook.run('all');
    const ask = () => notebook.client.request('output/file', { session: notebook.session, cell: notebook.cell(0).id });
    fill(folder);
    await expect(ask()).rejects.toMatchObject({ data: { name: 'unwritable-file' }, message: expect.stringContaining('ENOSPC') });
    rmSync(join(folder, 'filler'));
    expect((await ask()).mime).toBe('text/plain');
  });

  it('is refused where something else stands in its place', async () => {
    daemon = await TestDaemon.create();
    const notebook = await daemon.notebook('# %%\nprint("x")\n');
    await notebook.run('all');
    const { incarnation } = notebook.client.server;
    writeFileSync(join(daemon.folder, 'run', `v1-0.1.0.outputs-${incarnation}`), '');
    await expect(
      notebook.client.request('output/file', { session: notebook.session, cell: notebook.cell(0).id }),
    ).rejects.toMatchObject({ data: { name: 'unwritable-file' } });
  });
});

describe('garbage on a descriptor of the worker', () => {
  /** At the highest numbers, in the order of spec/worker.md. */
  const cells = (place: number, garbage: string) => [
    'print("one")',
    `import os, time\nprint("two")\nos.write(min(os.sysconf("SC_OPEN_MAX"), 1024) - 1 - ${place}, ${garbage})\ntime.sleep(0.3)`,
    'print("three")',
  ];

  it.each([
    'b"garbage, and more of it" * 20',
    'b"\\xff" * 8',
    'b"\\0\\0\\0\\2\\0\\0\\0\\2{]" * 3',
    'b"\\0\\1\\0\\0\\0\\0\\0\\2{}"',
    'b"x"',
  ])('ends the cell that wrote it to the channel: %s', async (garbage) => {
    daemon = await TestDaemon.create();
    const notebook = await daemon.notebook(
      cells(0, garbage)
        .map((code) => `# %%\n${code}\n`)
        .join(''),
    );
    const { outcome } = await notebook.run('all');
    expect(outcome).toBe('failed');
    expect([0, 1, 2].map((at) => notebook.cell(at).error?.name)).toEqual([undefined, 'KernelDied', undefined]);
    expect(notebook.cell(1).error?.message).toContain("wrote to the worker's own channel");
    expect(notebook.shown(0)).toBe('one\n');
    await notebook.edit('# %%\nprint("again")\n');
    await notebook.run('all');
    expect(notebook.shown(0)).toBe('again\n');
  });

  it.each([1, 2])('leaves what runs as it is: %i', async (place) => {
    daemon = await TestDaemon.create();
    const code = cells(place, 'b"garbage!" * 20');
    const notebook = await daemon.notebook(code.map((one) => `# %%\n${one}\n`).join(''));
    expect((await notebook.run('all')).outcome).toBe('ok');
    expect(notebook.shown(2)).toBe('three\n');
  });

  it.each(['b"garbage!" * 20', 'b"garbage"'])('on that of tickets ends the next cell with a name: %s', async (garbage) => {
    daemon = await TestDaemon.create();
    const notebook = await daemon.notebook(
      cells(3, garbage)
        .map((code) => `# %%\n${code}\n`)
        .join(''),
    );
    await notebook.run('only', 1);
    const { outcome } = await notebook.run('only', 2);
    expect([outcome, notebook.cell(2).error?.name]).toEqual(['failed', 'KernelDied']);
    await notebook.run('all');
    expect(notebook.cell(0).status).toBe('fresh');
  });
});

describe('half of a surrogate pair', () => {
  it.each([
    ['a name', 'globals()["\\ud800"] = 1'],
    ['a name that goes', 'globals()["\\ud800"] = 1\ndel globals()["\\ud800"]'],
    ['what is displayed', 'display({"text/plain": "\\udfff", "a/\\ud800": "x"}, raw=True)'],
    ['a message', 'try:\n  raise ValueError("\\ud800")\nexcept ValueError as e: error = e\nerror'],
    ['a key of the environment', 'import os\nos.environ["X\\udc80"] = "\\udcff"'],
    ['a file', 'open("f\\udc80.txt", "w").close()\nopen("f\\udc80.txt").close()'],
    ['a prompt', 'try: input("\\ud800")\nexcept BaseException as e: print(type(e).__name__)'],
  ])('spoils no later step: %s', async (_, code) => {
    daemon = await TestDaemon.create();
    const notebook = await daemon.notebook(`# %%\n${code}\n# %%\nnames = sorted(map(ascii, globals()))\n# %%\nprint("later")\n`);
    const run = await notebook.start('all');
    if (code.startsWith('try: input')) {
      await notebook.followed.waitFor((view) => view.input !== undefined || view.runs.length === 0);
      const { input } = notebook.followed.view;
      if (input) await notebook.client.request('input/reply', { session: notebook.session, input: input.input, text: '' });
    }
    expect((await notebook.wait(run)).outcome).toBe('ok');
    for (const at of [0, 1, 2]) expect((await notebook.run('only', at)).outcome).toBe('ok');
    expect([notebook.shown(2), notebook.statuses.at(-1)]).toEqual(['later\n', 'fresh']);
    const { variables } = await notebook.client.request('variables/list', { session: notebook.session });
    expect(variables.map(({ name }) => name)).toContain('names');
  });

  it('is a name like others: it comes back as it was', async () => {
    daemon = await TestDaemon.create();
    const notebook = await daemon.notebook('# %%\nglobals()["\\ud800"] = 41\n# %%\nprint(globals()["\\ud800"] + 1)\n');
    expect((await notebook.run('all')).outcome).toBe('ok');
    expect((await notebook.run('only', 1)).outcome).toBe('ok');
    expect(notebook.shown(1)).toBe('42\n');
  });
});

describe('a folder in the place of a notebook', () => {
  it.each([['run'], ['graph'], ['convert'], ['cell', 'run']])('is told in one sentence: %s', async (...command) => {
    const folder = mkdtempSync(join(tmpdir(), 'headwater-folder-'));
    mkdirSync(join(folder, 'n.py'));
    const named = command[0] === 'cell' ? 'n.py:1' : 'n.py';
    const rest = command[0] === 'convert' ? ['out.py'] : [];
    const env = { HEADWATER_RUNTIME_DIR: join(folder, 'run') };
    const { stderr, code } = await callHeadwater([...command, named, ...rest], { cwd: folder, env });
    expect(stderr).toBe('headwater: n.py is a folder; name a notebook in it.\n');
    expect(code).toBe(2);
  });
});
