/** marimo itself, installed aside, as the oracle for its own file format and its own graph. */
import { execFile } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface MarimoCell {
  readonly name: string;
  readonly code: string;
  readonly defs: readonly string[];
  readonly refs: readonly string[];
  readonly deletedRefs: readonly string[];
  /** False: marimo's compiler refuses the code; it then has no facts and no edges. */
  readonly compiles: boolean;
}

export interface MarimoNotebook {
  /** Inside marimo's package. */
  readonly path: string;
  readonly text: string;
  readonly cells: readonly MarimoCell[];
  /** Pairs of indices into `cells`, sorted: the second reads what the first defines. */
  readonly edges: readonly (readonly [number, number])[];
}

/** A file that holds `marimo.App(` in a string or inside a function only. */
export interface OtherFile {
  readonly path: string;
  readonly text: string;
}

export type MarimoFiles =
  | { readonly skipped: string }
  | { readonly notebooks: readonly MarimoNotebook[]; readonly others: readonly OtherFile[] };

export const marimoVersion = '0.25.2';
const dumpBytesMax = 64 * 1024 * 1024;
const cache = join(import.meta.dirname, '..', '..', '.cache');
const environment = join(cache, 'marimo-venv');
const dump = join(import.meta.dirname, 'marimo_dump.py');
const save = join(import.meta.dirname, 'marimo_save.py');

let files: Promise<MarimoFiles> | undefined;

/** Every notebook in marimo's own wheel, as marimo reads it; or why there is none. Installs marimo once, into `.cache`. */
export function marimoNotebooks(): Promise<MarimoFiles> {
  files ??= readFiles();
  return files;
}

/** What marimo writes for each of the notebooks; `null` where it cannot read one. */
export async function marimoSaves(texts: readonly string[]): Promise<readonly (string | null)[]> {
  return JSON.parse(await marimoOutput(save, JSON.stringify(texts))) as (string | null)[];
}

/** Why there is no marimo, or nothing. */
export async function marimoSkipped(): Promise<string | undefined> {
  try {
    if ((await installed(environment)) === undefined) await install();
    return undefined;
  } catch (error) {
    return notAvailable(error);
  }
}

/** A Python that has marimo, or why there is none. */
export async function marimoPython(): Promise<{ readonly python: string } | { readonly skipped: string }> {
  const skipped = await marimoSkipped();
  return skipped === undefined ? { python: join(environment, 'bin', 'python') } : { skipped };
}

/** The folder of the notebooks that marimo teaches with. */
export async function marimoTutorials(): Promise<string> {
  const code = 'import importlib.util as u, os; print(os.path.join(os.path.dirname(u.find_spec("marimo").origin), "_tutorials"))';
  return (await run(join(environment, 'bin', 'python'), ['-I', '-c', code])).trim();
}

/** What a script of ours prints that is run with marimo at hand. */
export async function marimoOutput(script: string, input: string): Promise<string> {
  const python = (await installed(environment)) ?? (await install());
  const child = promisify(execFile)(python, ['-I', script], { maxBuffer: dumpBytesMax });
  child.child.stdin?.end(input);
  return (await child).stdout;
}

async function readFiles(): Promise<MarimoFiles> {
  try {
    const python = (await installed(environment)) ?? (await install());
    const lines = (await run(python, ['-I', dump])).trim().split('\n');
    const all = lines.map((line) => JSON.parse(line) as (MarimoNotebook | OtherFile) & { readonly isNotebook: boolean });
    return {
      notebooks: all.filter((file) => file.isNotebook) as unknown as MarimoNotebook[],
      others: all.filter((file) => !file.isNotebook),
    };
  } catch (error) {
    return { skipped: notAvailable(error) };
  }
}

function notAvailable(error: unknown): string {
  return `marimo ${marimoVersion} is not available: ${String(error).slice(0, 400)}`;
}

async function installed(folder: string): Promise<string | undefined> {
  const python = join(folder, 'bin', 'python');
  const version = await run(python, ['-I', '-c', 'import importlib.metadata as m; print(m.version("marimo"))']).catch(() => '');
  return version.trim() === marimoVersion ? python : undefined;
}

/** Built aside and then moved into place, so that two test files may do it at once. */
async function install(): Promise<string> {
  const draft = `${environment}-${process.pid}`;
  await mkdir(cache, { recursive: true });
  try {
    await run(await basePython(), ['-m', 'venv', draft]);
    await run(join(draft, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', `marimo==${marimoVersion}`]);
    await rename(draft, environment).catch(() => undefined);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  const python = await installed(environment);
  if (python === undefined) throw new Error(`${environment} holds something else; remove it and try again`);
  return python;
}

/** The interpreter itself, past any shim. */
async function basePython(): Promise<string> {
  return (await run('python3', ['-c', 'import sys; print(sys.executable)'])).trim();
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { maxBuffer: dumpBytesMax });
  return stdout;
}
