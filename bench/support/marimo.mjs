/** marimo, installed aside once. */
import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment } from './children.mjs';

const version = '0.25.2';
const environment = join(import.meta.dirname, '..', '..', '.cache', 'marimo-venv');

/** The interpreter of an environment that has marimo. */
export function marimoPython() {
  const python = join(environment, 'bin', 'python');
  if (!existsSync(python)) {
    // The interpreter itself, past any shim.
    const base = run('python3', ['-c', 'import sys; print(sys.executable)']).trim();
    run(realpathSync(base), ['-m', 'venv', environment]);
    run(python, ['-m', 'pip', 'install', '--quiet', `marimo==${version}`]);
  }
  return python;
}

function run(command, args) {
  return execFileSync(command, args, { encoding: 'utf8', env: cleanEnvironment() });
}
