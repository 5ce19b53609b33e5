import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spareDelayMilliseconds } from '../../daemon/limits.ts';
import { TestDaemon, type TestNotebook } from '../support/daemon.ts';
import { until } from '../support/until.ts';

let installed: string;
let daemon: TestDaemon;

beforeEach(async () => {
  installed = mkdtempSync(join(tmpdir(), 'hw-'));
  const packages = join(installed, 'site-packages');
  mkdirSync(packages);
  // Packages that know in which process they were loaded.
  for (const name of ['pack', 'other']) writeFileSync(join(packages, `${name}.py`), 'import os\nloaded_in = os.getpid()\n');
  daemon = await TestDaemon.create({ PYTHONPATH: packages });
});
afterEach(async () => {
  await daemon.stop();
  rmSync(installed, { recursive: true });
});

const cellsOf = (...cells: string[]): string => cells.map((code) => `# %%\n${code}\n`).join('');

async function restarted(notebook: TestNotebook): Promise<string> {
  await notebook.client.request('kernel/restart', { session: notebook.session });
  await notebook.run('all');
  return notebook.shown(1);
}

const isPreloaded = 'import os\nos.getppid() != DAEMON, pack.loaded_in != os.getpid()';

describe.skipIf(process.platform !== 'linux')("a notebook's first imports, after a restart", () => {
  if (process.platform !== 'linux') console.warn('skipped: processes are forked on Linux alone.');

  const code = async (): Promise<string> => isPreloaded.replace('DAEMON', String((await daemon.client()).server.pid));

  it('are there at once, and follow the text', async () => {
    const notebook = await daemon.notebook(cellsOf('import pack', await code()));
    await notebook.run('all');
    expect(notebook.shown(1)).toBe('(False, False)');
    await until(async () => (await restarted(notebook)) === '(True, True)', 'the kernel is forked and has the import');
    expect(await restarted(notebook)).toBe('(True, True)');
    await notebook.edit(cellsOf('import other as pack', await code()));
    await until(async () => (await restarted(notebook)) === '(True, True)', 'the other import has been done, too');
  });

  it('are not done in advance where nobody has run them', async () => {
    const marker = join(installed, 'marker');
    const packages = join(installed, 'site-packages');
    const marks = (name: string) =>
      writeFileSync(join(packages, `${name}.py`), `open(${JSON.stringify(marker)}, "a").write("${name} ")\n`);
    for (const name of ['first', 'later', 'edited', 'off']) marks(name);
    const cells = ['import first', 'import pack', await code(), 'import later', '# %% disabled=true\nimport off'];
    const notebook = await daemon.notebook(cellsOf(...cells));
    const restart = () => notebook.client.request('kernel/restart', { session: notebook.session });
    await notebook.run('only', 1, 2);
    // Time enough for a process to be made ready, and to have done what it is not to do.
    for (let time = 0; time < 3; time++) {
      await wait(spareDelayMilliseconds + 500);
      await restart();
      await notebook.run('only', 1, 2);
    }
    expect(existsSync(marker)).toBe(false);
    await notebook.edit(cellsOf('import edited', ...cells.slice(1)));
    await wait(spareDelayMilliseconds + 500);
    expect(existsSync(marker)).toBe(false);
    // What somebody has run is done in advance.
    await notebook.edit(cellsOf('x = 1', ...cells.slice(1)));
    await notebook.run('only', 0, 1, 2);
    await until(async () => {
      await restart();
      await notebook.run('only', 0, 1, 2);
      return notebook.shown(2) === '(True, True)';
    }, 'the import has been done');
    expect(existsSync(marker)).toBe(false);
  });

  it('are done when they are due where the project wants that', async () => {
    writeFileSync(join(daemon.folder, 'pyproject.toml'), '[tool.headwater]\npreload = false\n');
    const notebook = await daemon.notebook(cellsOf('import pack', await code()));
    await notebook.run('all');
    await until(async () => (await restarted(notebook)) === '(True, False)', 'the kernel is forked');
  });
});
