/** Jupyter's own nbformat, installed aside, as the oracle for `.ipynb`. */
import { execFile } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import { testPython } from './kernel.ts';

const version = '5.11.0';
const environment = join(packageRoot(), '.cache', 'nbformat-venv');
const outputBytesMax = 64 * 1024 * 1024;

/** What nbformat has against each text (nothing: `null`), and what it writes when it has read it. */
export interface Judgement {
  readonly problem: string | null;
  readonly written: string;
}

export async function nbformatPython(): Promise<{ readonly python: string } | { readonly skipped: string }> {
  try {
    return { python: (await installed()) ?? (await install()) };
  } catch (error) {
    return { skipped: `nbformat ${version} is not available: ${String(error).slice(0, 400)}` };
  }
}

const judge = `
import json, sys, warnings
import nbformat

warnings.simplefilter("error")

def judge(text):
    try:
        notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
        return {"problem": None, "written": nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\\n"}
    except Exception as error:
        return {"problem": str(error)[:400], "written": ""}

json.dump([judge(text) for text in json.load(sys.stdin)], sys.stdout)
`;

export async function judgeNotebooks(python: string, texts: readonly string[]): Promise<readonly Judgement[]> {
  const child = promisify(execFile)(python, ['-I', '-c', judge], { maxBuffer: outputBytesMax });
  child.child.stdin?.end(JSON.stringify(texts));
  return JSON.parse((await child).stdout) as readonly Judgement[];
}

async function installed(): Promise<string | undefined> {
  const python = join(environment, 'bin', 'python');
  const ask = 'import importlib.metadata as m; print(m.version("nbformat"))';
  const found = await promisify(execFile)(python, ['-I', '-c', ask]).catch(() => undefined);
  return found?.stdout.trim() === version ? python : undefined;
}

/** Built aside and then moved into place, so that two test files may do it at once. */
async function install(): Promise<string> {
  const run = promisify(execFile);
  const draft = `${environment}-${process.pid}`;
  await mkdir(join(packageRoot(), '.cache'), { recursive: true });
  try {
    await run(await testPython(), ['-m', 'venv', draft]);
    await run(join(draft, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', `nbformat==${version}`]);
    await rename(draft, environment).catch(() => undefined);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  const python = await installed();
  if (python === undefined) throw new Error(`${environment} holds something else; remove it and try again`);
  return python;
}
