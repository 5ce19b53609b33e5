/** marimo itself, installed aside, as the oracle for its own file format and its own graph. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pythonWith } from './pypi.ts';

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
  const found = await pythonWith('marimo', marimoVersion);
  return 'skipped' in found ? found.skipped : undefined;
}

/** What a script of ours prints that is run with marimo at hand. */
export async function marimoOutput(script: string, input: string): Promise<string> {
  const found = await pythonWith('marimo', marimoVersion);
  if ('skipped' in found) throw new Error(found.skipped);
  const child = promisify(execFile)(found.python, ['-I', script], { maxBuffer: dumpBytesMax });
  child.child.stdin?.end(input);
  return (await child).stdout;
}

async function readFiles(): Promise<MarimoFiles> {
  const found = await pythonWith('marimo', marimoVersion);
  if ('skipped' in found) return found;
  try {
    const lines = (await run(found.python, ['-I', dump])).trim().split('\n');
    const all = lines.map((line) => JSON.parse(line) as (MarimoNotebook | OtherFile) & { readonly isNotebook: boolean });
    return {
      notebooks: all.filter((file) => file.isNotebook) as unknown as MarimoNotebook[],
      others: all.filter((file) => !file.isNotebook),
    };
  } catch (error) {
    return { skipped: `marimo's notebooks cannot be read: ${String(error).slice(0, 400)}` };
  }
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { maxBuffer: dumpBytesMax });
  return stdout;
}
