/** Chooses the Python for a notebook, as a person in that folder would expect it. */

import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, lstat, realpath, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { openRegular } from '../../protocol/node/regular-file.ts';
import { interpreterAnswerSecondsMax, shimAnswersMax } from '../limits.ts';
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

type Environment = InterpreterRequest['environment'];

/** Gives the interpreter behind a program that may only be a shim. */
type PastShim = (path: string, request: InterpreterRequest) => Promise<string | undefined>;

/** For someone who runs code in that folder: a shim may follow what the folder says, and start programs of it. */
export async function findInterpreter(request: InterpreterRequest): Promise<Interpreter> {
  return find(request, askInFolder);
}

/**
 * For someone who has run nothing in that folder: nothing of it is started. A shim says what it says everywhere, unless a run has asked it in
 * the folder before; a script that only the folder or the request names is not asked at all.
 */
export async function guessInterpreter(request: InterpreterRequest): Promise<Interpreter> {
  return find(request, askElsewhere);
}

async function find(request: InterpreterRequest, pastShim: PastShim): Promise<Interpreter> {
  if (request.python !== undefined) return await findNamed(request.python, request, pastShim);
  for (const candidate of await candidates(request)) {
    if (await isExecutable(candidate.python)) return candidate;
  }
  return await findOnPath('python3', request, 'python3 on the PATH', pastShim);
}

async function findNamed(python: string, request: InterpreterRequest, pastShim: PastShim): Promise<Interpreter> {
  if (!python.includes('/')) return await findOnPath(python, request, 'as asked for', pastShim);
  const path = resolve(request.notebookDirectory, python);
  if (!(await isExecutable(path))) return { problem: `There is no Python at ${path}.` };
  return await past(path, request, 'as asked for', pastShim);
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

async function findOnPath(
  command: string,
  request: InterpreterRequest,
  source: string,
  pastShim: PastShim,
): Promise<Interpreter> {
  for (const folder of (request.environment.PATH ?? '').split(delimiter).filter(isAbsolute)) {
    const path = join(folder, command);
    if (await isExecutable(path)) return await past(path, request, source, pastShim);
  }
  const own = request.environment['HEADWATER_FALLBACK_PYTHON'] ?? '';
  if (command === 'python3' && isAbsolute(own) && (await isExecutable(own)))
    return { python: own, source: 'the Python that Headwater was installed with' };
  return {
    problem: `There is no ${command} on the PATH; choose an interpreter with --python, or create a .venv beside the notebook.`,
  };
}

/**
 * A shim looks for the real interpreter each time it is called, which is slow; it is asked once. A real interpreter is kept as it was named:
 * the path of a virtual environment is what makes it one.
 */
async function past(path: string, request: InterpreterRequest, source: string, pastShim: PastShim): Promise<Interpreter> {
  if (!(await isShim(path))) return { python: path, source };
  const python = (await behindPyenvShim(path, request)) ?? (await pastShim(path, request));
  if (python !== undefined) return { python, source };
  return { problem: `${path} does not start Python; choose another interpreter with --python.` };
}

/** What shims have answered. It depends on the folder in which they are asked, and on who asks. */
const answers = new Map<string, Promise<string | undefined>>();

const askInFolder: PastShim = (path, request) => {
  return askOnce(path, request.notebookDirectory, request.environment);
};

const askElsewhere: PastShim = async (path, { python, environment, notebookDirectory }) => {
  const known = await answers.get(keyOf(path, notebookDirectory, environment));
  if (known !== undefined) return known;
  const project = (await nearestProject(notebookDirectory)) ?? notebookDirectory;
  const isOfFolder = python?.includes('/') || isIn(notebookDirectory, path) || isIn(project, path);
  return isOfFolder ? path : askOnce(path, '/', environment);
};

/** No notebook is in the root, and everything is below it. */
function isIn(folder: string, path: string): boolean {
  return folder !== '/' && path.startsWith(`${resolve(folder)}/`);
}

async function askOnce(path: string, folder: string, environment: Environment): Promise<string | undefined> {
  const key = keyOf(path, folder, environment);
  const answer = answers.get(key) ?? ask(path, folder, environment);
  answers.set(key, answer);
  for (const oldest of answers.keys()) if (answers.size > shimAnswersMax) answers.delete(oldest);
  const python = await answer;
  if (python === undefined) answers.delete(key);
  return python;
}

function keyOf(path: string, folder: string, { PYENV_VERSION = '' }: Environment): string {
  return [path, folder, PYENV_VERSION].join('\0');
}

async function ask(path: string, folder: string, environment: Environment): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['-I', '-S', '-c', 'import sys; print(sys.executable)'], {
      cwd: folder,
      env: inFolder(environment, folder),
      timeout: interpreterAnswerSecondsMax * 1000,
    });
    const python = stdout.trim();
    return isAbsolute(python) ? python : undefined;
  } catch {
    return undefined;
  }
}

/** Variables that tell a shim to begin elsewhere than in its working directory. */
const placeVariables: ReadonlySet<string> = new Set(['PWD', 'OLDPWD', 'PYENV_DIR', 'INIT_CWD']);

function inFolder(environment: Environment, folder: string): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(Object.entries(environment).filter(([name]) => !placeVariables.has(name))), PWD: folder };
}

/** A script; a link to a program that is no Python (mise); or what stands in a folder of shims. */
async function isShim(path: string): Promise<boolean> {
  if (basename(dirname(path)) === 'shims' || (await isScript(path))) return true;
  return !/^(?:python|pypy|graalpy)/i.test(basename(await realpath(path))) && (await lstat(path)).isSymbolicLink();
}

async function isScript(path: string): Promise<boolean> {
  const file = await openRegular(path);
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
