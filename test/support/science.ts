/** Interpreters with what people show in notebooks, for tests that need the real thing: virtual environments kept in `.cache`. */

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import { testPython } from './kernel.ts';

const packages = ['numpy', 'pandas', 'matplotlib', 'polars', 'scikit-learn', 'plotly', 'altair', 'pillow', 'tqdm', 'ipython'];
const makeMinutesMax = 10;

type Interpreter = { readonly python: string } | { readonly skipped: string };

/** Skips say why: `const science = await scienceInterpreter(); it.skipIf('skipped' in science)(…)`. */
export function scienceInterpreter(): Promise<Interpreter> {
  return interpreterWith('science-venv', packages);
}

/** torch takes gigabytes, so nobody is made to install it: `TORCH_PYTHON` names a Python that has it. */
export async function torchInterpreter(): Promise<Interpreter> {
  const python = process.env['TORCH_PYTHON'] ?? (await testPython());
  try {
    await promisify(execFile)(python, ['-c', 'import torch'], { timeout: makeMinutesMax * 60_000 });
    return { python };
  } catch {
    const skipped = `${python} has no torch; TORCH_PYTHON may name a Python that has it`;
    console.warn(`Skipped: ${skipped}`);
    return { skipped };
  }
}

/** Each list of packages has a folder of its own. */
export async function interpreterWith(name: string, packages: readonly string[]): Promise<Interpreter> {
  const folder = join(packageRoot(), '.cache', name);
  const python = join(folder, 'bin', 'python');
  try {
    mkdirSync(join(packageRoot(), '.cache'), { recursive: true });
    await alone(`${folder}.lock`, async () => {
      if (!isReady(join(folder, 'ready'), packages)) await make(folder, python, packages);
    });
    return { python };
  } catch (error) {
    const skipped = `no interpreter with ${packages.join(', ')} could be made: ${(error as Error).message.split('\n').slice(-3).join(' ')}`;
    console.warn(`Skipped: ${skipped}`);
    return { skipped };
  }
}

async function make(folder: string, python: string, packages: readonly string[]): Promise<void> {
  const run = promisify(execFile);
  const timeout = makeMinutesMax * 60_000;
  rmSync(folder, { recursive: true, force: true });
  await run(await testPython(), ['-m', 'venv', folder], { timeout });
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages], { timeout });
  // The first use of pyplot looks at every font of the machine; tests are not to wait for that.
  if (packages.includes('matplotlib')) await run(python, ['-c', 'import pandas, matplotlib.pyplot'], { timeout });
  writeFileSync(join(folder, 'ready'), packages.join());
}

/** One that was made with other packages is made anew. */
function isReady(file: string, packages: readonly string[]): boolean {
  return existsSync(file) && readFileSync(file, 'utf8') === packages.join();
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
