/** Chooses the Python for a notebook, as a person in that folder would expect it. */

import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { interpreterAnswerSecondsMax } from '../limits.ts';
import { behindPyenvShim } from './pyenv.ts';

export interface InterpreterRequest {
  /** What the person named: a path, or a command to look for on the PATH. */
  readonly python?: string;
  /** Environment of the client that opened the notebook. */
  readonly environment: Readonly<Record<string, string>>;
  readonly notebookDirectory: string;
}

/** An absolute path, and where it comes from: "VIRTUAL_ENV", ".venv beside pyproject.toml" … */
export type Interpreter = { readonly python: string; readonly source: string } | { readonly problem: string };

export async function findInterpreter(request: InterpreterRequest): Promise<Interpreter> {
  if (request.python !== undefined) return await findNamed(request.python, request);
  for (const candidate of await candidates(request)) {
    if (await isExecutable(candidate.python)) return candidate;
  }
  return await findOnPath('python3', request, 'python3 on the PATH');
}

async function findNamed(python: string, request: InterpreterRequest): Promise<Interpreter> {
  if (!python.includes('/')) return await findOnPath(python, request, 'as asked for');
  const path = resolve(request.notebookDirectory, python);
  if (!(await isExecutable(path))) return { problem: `There is no Python at ${path}.` };
  return await pastShim(path, request, 'as asked for');
}

async function candidates({
  environment,
  notebookDirectory,
}: InterpreterRequest): Promise<readonly { python: string; source: string }[]> {
  const found: { python: string; source: string }[] = [];
  for (const name of ['VIRTUAL_ENV', 'CONDA_PREFIX']) {
    const prefix = environment[name];
    if (prefix !== undefined && isAbsolute(prefix)) found.push({ python: join(prefix, 'bin', 'python'), source: name });
  }
  found.push({ python: join(notebookDirectory, '.venv', 'bin', 'python'), source: '.venv beside the notebook' });
  const project = await nearestProject(notebookDirectory);
  if (project !== undefined)
    found.push({ python: join(project, '.venv', 'bin', 'python'), source: '.venv beside pyproject.toml' });
  return found;
}

async function nearestProject(from: string): Promise<string | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (await exists(join(folder, 'pyproject.toml'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

async function findOnPath(command: string, request: InterpreterRequest, source: string): Promise<Interpreter> {
  for (const folder of (request.environment.PATH ?? '').split(delimiter).filter(isAbsolute)) {
    const path = join(folder, command);
    if (await isExecutable(path)) return await pastShim(path, request, source);
  }
  return {
    problem: `There is no ${command} on the PATH; choose an interpreter with --python, or create a .venv beside the notebook.`,
  };
}

const answers = new Map<string, Promise<string | undefined>>();

/**
 * A shim is a script that looks for the real interpreter each time it is called, which is slow; ask it once.
 * A real interpreter is kept as it was named: the path of a virtual environment is what makes it one.
 */
async function pastShim(path: string, request: InterpreterRequest, source: string): Promise<Interpreter> {
  if (!(await isScript(path))) return { python: path, source };
  const told = await behindPyenvShim(path, request);
  if (told !== undefined) return { python: told, source };
  // What a shim answers depends on the folder it is asked in and on who asks.
  const key = [path, request.notebookDirectory, request.environment.PYENV_VERSION ?? ''].join('\0');
  const answer = answers.get(key) ?? ask(path, request);
  answers.set(key, answer);
  const python = await answer;
  if (python !== undefined) return { python, source };
  answers.delete(key);
  return { problem: `${path} does not start Python; choose another interpreter with --python.` };
}

async function ask(path: string, request: InterpreterRequest): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['-I', '-S', '-c', 'import sys; print(sys.executable)'], {
      cwd: request.notebookDirectory,
      env: { ...request.environment },
      timeout: interpreterAnswerSecondsMax * 1000,
    });
    const python = stdout.trim();
    return isAbsolute(python) ? python : undefined;
  } catch {
    return undefined;
  }
}

async function isScript(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.toString('latin1') === '#!';
  } finally {
    await file.close();
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
