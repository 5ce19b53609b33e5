/** Environments of peers, made once in `.cache`. */
import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment } from './children.mjs';

const cache = join(import.meta.dirname, '..', '..', '.cache');

/** The interpreter of an environment that has these distributions. */
export function installedPython(name, distributions) {
  const environment = join(cache, name);
  const python = join(environment, 'bin', 'python');
  if (!existsSync(python)) {
    // The interpreter itself, past any shim.
    const base = run('python3', ['-c', 'import sys; print(sys.executable)']).trim();
    run(realpathSync(base), ['-m', 'venv', environment]);
    try {
      if (distributions.length > 0) run(python, ['-m', 'pip', 'install', '--quiet', ...distributions]);
    } catch (error) {
      rmSync(environment, { recursive: true });
      throw error;
    }
  }
  return python;
}

function run(command, args) {
  return execFileSync(command, args, { encoding: 'utf8', env: cleanEnvironment() });
}
