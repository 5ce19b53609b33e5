/** The command line: as a person starts it, in a process of the built program, or as a function. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { main } from '../../../clients/cli/program.ts';
import { ownEnvironment } from '../../../clients/node/environment.ts';
import { packageRoot } from '../../../daemon/kernel/package-root.ts';
import { testPython } from '../../support/kernel.ts';

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  /** Of the process; a signal counts as a shell counts it only when the program exits so itself. */
  readonly code: number | null;
}

export interface CallOptions {
  readonly cwd?: string;
  /** In addition to that of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** What standard input holds; nothing unless told. */
  readonly stdin?: string;
  /** Called when something new was printed: the way to act while the program runs, without sleeping. */
  readonly onOutput?: (soFar: Printed) => void;
}

export interface RunOptions extends Omit<CallOptions, 'onOutput'> {
  readonly onOutput?: (soFar: Printed, child: ChildProcess) => void;
}

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

export const program = join(packageRoot(), 'dist', 'clients', 'cli', 'main.js');
const programSecondsMax = 60;

/** A folder of its own for this test file; its daemon, if one is started, lives there too. */
export function emptyFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'headwater-cli-')));
}

export function writeNotebook(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** What it prints and its exit code, without a process of its own: for all that is not about signals, terminals, pipes and their readers. */
export async function callHeadwater(
  args: readonly string[],
  { cwd = tmpdir(), env, stdin = '', onOutput }: CallOptions = {},
): Promise<Result> {
  const soFar = { stdout: '', stderr: '' };
  const collect = (name: 'stdout' | 'stderr') =>
    new Writable({
      decodeStrings: false,
      write: (text: string | Buffer, _encoding, done) => {
        soFar[name] += text;
        onOutput?.(soFar);
        done();
      },
    });
  const code = await main(args, {
    stdin: Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]),
    stdout: collect('stdout'),
    stderr: collect('stderr'),
    environment: { ...(await quietEnvironment()), ...env },
    resolve: (path) => resolve(cwd, path),
  });
  return { ...soFar, code };
}

export async function headwater(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return runProgram(process.execPath, [program, ...args], options);
}

export async function runProgram(
  command: string,
  args: readonly string[],
  { cwd, env, stdin, onOutput }: RunOptions = {},
): Promise<Result> {
  const child = spawn(command, args, {
    cwd: cwd ?? tmpdir(),
    env: { ...(await quietEnvironment()), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: programSecondsMax * 1000,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => undefined).end(stdin ?? '');
  const soFar = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      soFar[name] += text;
      onOutput?.(soFar, child);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...soFar, code }));
  });
}

/** Without what would choose another interpreter or backend, and with the interpreter of the tests first. */
async function quietEnvironment(): Promise<Record<string, string>> {
  const { VIRTUAL_ENV: _v, CONDA_PREFIX: _c, MPLBACKEND: _m, PYTHONPATH: _p, NODE_EXTRA_CA_CERTS: _n, ...env } = ownEnvironment();
  return { ...env, PATH: [dirname(await testPython()), env['PATH']].join(delimiter) };
}
