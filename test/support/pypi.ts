/** Programs of others as oracles, each in an environment of its own in `.cache`. */
import { execFile } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import { testPython } from './kernel.ts';

export type FoundPython = { readonly python: string } | { readonly skipped: string };

/** A Python that has this version of one package, and what it needs; or why there is none. */
export async function pythonWith(name: string, version: string): Promise<FoundPython> {
  const folder = join(packageRoot(), '.cache', `${name}-venv`);
  try {
    if (!(await isThere(folder, name, version))) await install(folder, name, version);
    return { python: pythonIn(folder) };
  } catch (error) {
    return { skipped: `${name} ${version} is not available: ${String(error).slice(0, 400)}` };
  }
}

function pythonIn(folder: string): string {
  return join(folder, 'bin', 'python');
}

async function isThere(folder: string, name: string, version: string): Promise<boolean> {
  const ask = `import importlib.metadata as m; print(m.version("${name}"))`;
  const found = await promisify(execFile)(pythonIn(folder), ['-I', '-c', ask]).catch(() => undefined);
  return found?.stdout.trim() === version;
}

/** Built aside and then moved into place, so that two test files may do it at once. */
async function install(folder: string, name: string, version: string): Promise<void> {
  const run = promisify(execFile);
  const draft = `${folder}-${process.pid}`;
  await mkdir(join(packageRoot(), '.cache'), { recursive: true });
  try {
    await run(await testPython(), ['-m', 'venv', draft]);
    await run(pythonIn(draft), ['-m', 'pip', 'install', '--quiet', `${name}==${version}`]);
    await rename(draft, folder).catch(() => undefined);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  if (!(await isThere(folder, name, version))) throw new Error(`${folder} holds something else; remove it and try again`);
}
