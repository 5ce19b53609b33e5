/** Interpreters with real libraries, for tests that need them: virtual environments made once in `.cache`. */

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import { testPython } from './kernel.ts';

interface Environment {
  readonly folder: string;
  readonly packages: readonly string[];
  /** Imported once, so that no test waits for a first time. */
  readonly imports: string;
}

const makeMinutesMax = 10;

type Interpreter = { readonly python: string } | { readonly skipped: string };

/** Skips say why: `const science = await scienceInterpreter(); it.skipIf('skipped' in science)(…)`. */
export function scienceInterpreter(): Promise<Interpreter> {
  // The first use of pyplot looks at every font of the machine.
  return interpreterWith({
    folder: 'science-venv',
    packages: ['numpy', 'pandas', 'matplotlib'],
    imports: 'pandas, matplotlib.pyplot',
  });
}

export function learningInterpreter(): Promise<Interpreter> {
  return interpreterWith({ folder: 'learning-venv', packages: ['polars', 'scikit-learn'], imports: 'polars, sklearn.ensemble' });
}

async function interpreterWith(environment: Environment): Promise<Interpreter> {
  const folder = join(packageRoot(), '.cache', environment.folder);
  const python = join(folder, 'bin', 'python');
  try {
    mkdirSync(join(packageRoot(), '.cache'), { recursive: true });
    await alone(`${folder}.lock`, async () => {
      if (!existsSync(join(folder, 'ready'))) await make(folder, python, environment);
    });
    return { python };
  } catch (error) {
    const skipped = `no interpreter with ${environment.packages.join(', ')} could be made: ${(error as Error).message.split('\n').slice(-3).join(' ')}`;
    console.warn(`Skipped: ${skipped}`);
    return { skipped };
  }
}

async function make(folder: string, python: string, { packages, imports }: Environment): Promise<void> {
  const run = promisify(execFile);
  const timeout = makeMinutesMax * 60_000;
  rmSync(folder, { recursive: true, force: true });
  await run(await testPython(), ['-m', 'venv', folder], { timeout });
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages], { timeout });
  await run(python, ['-c', `import ${imports}`], { timeout });
  writeFileSync(join(folder, 'ready'), '');
}

/** One process at a time makes it; a lock whose owner is gone does not count. */
async function alone(lock: string, work: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + makeMinutesMax * 60_000;
  while (!tryLock(lock)) {
    if (Date.now() > deadline) throw new Error(`somebody else holds ${lock}`);
    await wait(100);
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function tryLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (isAbandoned(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isAbandoned(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
