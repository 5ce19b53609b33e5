import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { behindPyenvShim } from '../../daemon/kernel/pyenv.ts';
import { emptyFolder } from '../support/kernel.ts';

/** pyenv's folders with these versions, and one for a notebook. */
function pyenv(...versions: readonly string[]) {
  const root = emptyFolder();
  mkdirSync(join(root, 'shims'), { recursive: true });
  for (const version of versions) {
    mkdirSync(join(root, 'versions', version, 'bin'), { recursive: true });
    symlinkSync(process.execPath, join(root, 'versions', version, 'bin', 'python3'));
  }
  const folder = join(root, 'project', 'notebooks');
  mkdirSync(folder, { recursive: true });
  const ask = (environment: Record<string, string> = {}) =>
    behindPyenvShim(join(root, 'shims', 'python3'), { environment, notebookDirectory: folder });
  const behind = (version: string) => join(root, 'versions', version, 'bin', 'python3');
  return { root, folder, ask, behind };
}

describe('what stands behind a shim of pyenv', () => {
  it('is told by the environment, then by the nearest .python-version, then by the version for all', async () => {
    const { root, folder, ask, behind } = pyenv('3.10.1', '3.11.1', '3.12.1', 'mine');
    writeFileSync(join(root, 'version'), '3.10.1\n');
    expect(await ask()).toBe(behind('3.10.1'));
    writeFileSync(join(root, 'project', '.python-version'), '# ours\n3.9.9\n3.11.1\n');
    expect(await ask()).toBe(behind('3.11.1'));
    writeFileSync(join(folder, '.python-version'), 'mine\n');
    expect(await ask()).toBe(behind('mine'));
    expect(await ask({ PYENV_VERSION: '3.12.1:3.10.1' })).toBe(behind('3.12.1'));
  });

  it.each([
    ['the system’s Python', 'system\n'],
    ['a version that is not there', '3.9\n'],
    ['a path', '../../evil\n'],
    ['nothing', ''],
  ])('is left to the shim where it says %s', async (_, text) => {
    const { root, ask } = pyenv('3.11.1');
    writeFileSync(join(root, 'version'), text);
    expect(await ask()).toBeUndefined();
  });

  it('is nobody’s where the path is no shim', async () => {
    expect(await behindPyenvShim('/usr/bin/python3', { environment: {}, notebookDirectory: '/' })).toBeUndefined();
  });

  const shim = join(homedir(), '.pyenv', 'shims', 'python3');
  it.skipIf(!existsSync(shim))('is what the real pyenv starts (skipped where there is none)', async () => {
    const environment = Object.fromEntries(
      Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    const told = await behindPyenvShim(shim, { environment, notebookDirectory: '/' });
    const started = execFileSync(shim, ['-I', '-S', '-c', 'import sys; print(sys.executable)'], { cwd: '/', encoding: 'utf8' });
    expect(told ?? started.trim()).toBe(started.trim());
  });
});
