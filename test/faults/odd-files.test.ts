/** Paths at which there is no file, where one is looked for: nothing waits for them, and nothing fills the memory. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import { callHeadwater } from '../clients/cli/headwater.ts';
import { testPython } from '../support/kernel.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();
const python = await testPython();

type Make = (path: string) => void;
const pipe: Make = (path) => void execFileSync('mkfifo', [path]);
const zeros: Make = (path) => symlinkSync('/dev/zero', path);
const folder: Make = (path) => mkdirSync(path);
const sparse: Make = (path) => {
  writeFileSync(path, '');
  truncateSync(path, 2 ** 40);
};

function make(how: Make, path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  how(path);
  return path;
}

const odd = [
  ['a pipe', pipe, 'pipe'],
  ['a device', zeros, 'device'],
  ['a folder', folder, 'folder'],
  ['a terabyte', sparse, 'more than 100663296 bytes'],
] as const;

describe('a notebook (P71)', () => {
  it.each(odd)('that is %s is refused, with text and without', async (kind, how, why) => {
    const path = make(how, join(daemon.folder, 'n.py'));
    const client = await daemon.client();
    for (const method of ['session/open', 'graph/check', 'notebook/convert'] as const)
      await expect(client.request(method, { path })).rejects.toMatchObject({
        data: { name: 'unreadable-file' },
        message: expect.stringContaining(why),
      });
    const opened = client.request('session/open', { path, text: '# %%\nx = 1\n' });
    if (kind === 'a terabyte') await opened;
    else await expect(opened).rejects.toMatchObject({ message: expect.stringContaining(why) });
  });

  it.each([
    ['', 'it is empty'],
    ['n.py', 'the path is relative'],
    ['./n.py', 'the path is relative'],
    ['../../n.py', 'the path is relative'],
    ['/n\0.py', 'a path has no zero bytes'],
  ])('at the path %j is refused, with text and without, and as a variant', async (path, why) => {
    const client = await daemon.client();
    const text = '# %%\nx = 1\n';
    for (const params of [{ path }, { path, text }, { path, text, variant: 'v' }])
      await expect(client.request('session/open', params)).rejects.toMatchObject({
        data: { name: 'unreadable-file' },
        message: expect.stringContaining(why),
      });
  });

  it('opens while more pipes are asked for than there are threads', async () => {
    const client = await daemon.client();
    const asked = Array.from({ length: 8 }, (_, n) => {
      const path = make(pipe, join(daemon.folder, `pipe${n}.py`));
      return client.request('session/open', { path }).catch((error: Error) => error.message);
    });
    const notebook = await daemon.notebook('# %%\nx = 1\n');
    expect(notebook.followed.view.layout).toHaveLength(1);
    expect(await Promise.all(asked)).toEqual(Array(8).fill(expect.stringContaining('it is a pipe')));
  });

  it('that becomes a pipe while it is open stays as it was', async () => {
    const path = join(daemon.folder, 'n.py');
    writeFileSync(path, '# %%\nx = 1\n');
    const client = await daemon.client();
    const { session } = (await daemon.open(path, undefined, client)).followed;
    execFileSync('rm', [path]);
    make(pipe, path);
    expect((await client.request('graph/plan', { session, mode: 'all' })).plan).toHaveLength(1);
  });
});

describe('what is around a notebook', () => {
  const places = [
    'pyproject.toml',
    '.python-version',
    '.venv/pyvenv.cfg',
    '.venv/lib/python3.12/site-packages/a.pth',
    'helpers.py',
  ];
  const cases = places.flatMap((place) => odd.map(([name, how]) => [place, name, how] as const));

  it.each(cases)('may have as %s %s', async (place, _, how) => {
    make(how, join(daemon.folder, place));
    make((path) => symlinkSync(python, path), join(daemon.folder, '.venv/bin/python'));
    mkdirSync(join(daemon.folder, '.venv/lib/python3.12/site-packages'), { recursive: true });
    writeFileSync(join(daemon.folder, 'n.py'), '# %%\nfrom helpers import *\n# %%\nimport not_there_at_all\n');
    const { stdout } = await callHeadwater(['check', 'n.py'], { cwd: daemon.folder });
    expect(stdout).toContain('has no module not_there_at_all');
    const client = await daemon.client();
    const checked = await client.request('graph/check', {
      path: join(daemon.folder, 'n.py'),
      world: true,
      environment: daemon.environment,
    });
    expect(checked.unchecked).toBeUndefined();
  });
});

describe('a file that the command line is given', () => {
  const commands = [['check'], ['graph'], ['run'], ['convert']] as const;
  const cases = commands.flatMap(([command]) => odd.map(([name, how, why]) => [command, name, how, why] as const));

  it.each(cases)('%s is told of %s', async (command, _, how, why) => {
    make(how, join(daemon.folder, 'n.py'));
    const { stderr, code } = await callHeadwater([command, 'n.py', ...(command === 'convert' ? ['out.py'] : [])], {
      cwd: daemon.folder,
    });
    if (command === 'check' && how === folder) return;
    expect(stderr).toContain(why);
    expect(code).toBe(2);
  });
});

describe('a path that check cannot look at', () => {
  const long = `${'a'.repeat(300)}.py`;
  it.each([
    ['a link to itself', 'loop.py', 'ELOOP', () => symlinkSync('loop.py', join(daemon.folder, 'loop.py'))],
    ['below a file', 'ok.py/x.py', 'ENOTDIR', () => {}],
    ['with too long a name', long, 'ENAMETOOLONG', () => {}],
    ['that is not there', 'nothing.py', 'does not exist', () => {}],
  ])('%s is told, and hides no other', async (_, path, why, prepare) => {
    prepare();
    writeFileSync(join(daemon.folder, 'ok.py'), '# %%\nx = y\n');
    const { stdout, stderr, code } = await callHeadwater(['check', 'ok.py', path], { cwd: daemon.folder });
    expect(stdout).toContain('No cell defines y.');
    expect(stderr).toContain(why);
    expect(stderr).not.toContain('internal error');
    expect(code).toBe(2);
  });
});

describe('a module of the project', () => {
  it.each(odd)('may become %s between two steps', async (_, how) => {
    writeFileSync(join(daemon.folder, 'helpers.py'), 'x = 1\n');
    const notebook = await daemon.notebook('# %%\nimport helpers\nhelpers.x\n');
    await notebook.run('all');
    execFileSync('rm', [join(daemon.folder, 'helpers.py')]);
    make(how, join(daemon.folder, 'helpers.py'));
    const { plan } = await notebook.client.request('graph/plan', { session: notebook.session, mode: 'stale' });
    expect(plan.map(({ cell }) => cell)).toEqual([notebook.cell(0).id]);
  });

  it.each(odd)('is not read by the worker where it is %s', async (_, how) => {
    const path = make(how, join(daemon.folder, 'helpers.py'));
    const worker = join(packageRoot(), 'daemon', 'worker');
    const code = `import sys; sys.path.insert(0, ${JSON.stringify(worker)})
from headwater_worker import regular_file
try: print(len(regular_file.read(${JSON.stringify(path)})))
except OSError as error: print(type(error).__name__)`;
    expect(String(execFileSync(python, ['-c', code], { timeout: 20_000 }))).toBe('OSError\n');
  });
});
