/** Finds the daemon of this user, or starts it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectSocket, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemCode } from '../../protocol/errors.ts';
import { Discovery, type RuntimePaths, runtimePaths } from '../../protocol/node/discovery.ts';
import { secureFolder } from '../../protocol/node/runtime-folder.ts';
import { DaemonUnreachableError } from '../view/client.ts';
import { logTailCharactersMax, namelessWaitMs, pollMs, roomBytesMin, startDeadlineMs } from './limits.ts';

export interface ReachOptions {
  /** Whether to start a daemon if none answers. Default: true. */
  readonly start?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
  /** The program to start, instead of the one of this package. */
  readonly daemonMain?: string;
  readonly startDeadlineMs?: number;
}

export interface Reached {
  readonly socket: Socket;
  readonly discovery: Discovery;
}

export async function reachDaemon(options: ReachOptions = {}): Promise<Reached> {
  const environment = options.environment ?? process.env;
  const paths = runtimePaths({ environment, uid: process.getuid?.() ?? 0, temporaryFolder: tmpdir() });
  // Before its file is believed: in a folder of another user it would name another user's daemon.
  await secureFolder(paths.folder).catch((cause: Error) => {
    throw unusable(paths.folder, cause) ?? new DaemonUnreachableError(cause.message, { cause });
  });
  const found = await findDaemon(paths);
  if (found) return found;
  if (options.start === false) {
    const again = await findNameless(paths);
    if (again) return again;
    throw new DaemonUnreachableError(
      `No daemon is running: ${paths.discovery} does not name one. Any headwater command that needs a daemon starts it.`,
    );
  }
  return startDaemon(paths, environment, options);
}

/** Several clients may start a daemon at once: all but one of them find the socket taken and leave, and every client finds that one. */
async function startDaemon(paths: RuntimePaths, environment: NodeJS.ProcessEnv, options: ReachOptions): Promise<Reached> {
  const logBytesBefore = statSync(paths.log, { throwIfNoEntry: false })?.size ?? 0;
  const main = options.daemonMain ?? builtDaemon();
  await requireRoom(paths.folder);
  const failure = watch(spawnDaemon(paths.log, environment, main));
  const deadlineMs = options.startDeadlineMs ?? startDeadlineMs;
  const deadline = Date.now() + deadlineMs;
  while (Date.now() < deadline) {
    const found = await findDaemon(paths);
    if (found) return found;
    if (failure.reason)
      throw new DaemonUnreachableError(`The daemon did not start: ${failure.reason}.${logTail(paths.log, logBytesBefore)}`);
    await wait(pollMs);
  }
  throw new DaemonUnreachableError(
    `The daemon did not answer within ${deadlineMs / 1000} s.${logTail(paths.log, logBytesBefore)}`,
  );
}

/** A daemon that can write nothing there cannot say so, either. */
async function requireRoom(folder: string): Promise<void> {
  const trial = join(folder, `.room-${randomBytes(4).toString('hex')}`);
  try {
    await writeFile(trial, Buffer.alloc(roomBytesMin), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw unusable(folder, error) ?? error;
  } finally {
    await rm(trial, { force: true }).catch(() => undefined);
  }
}

const advice = 'Or set HEADWATER_RUNTIME_DIR to another folder.';
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: `is on a disk that is full. Free space there. ${advice}`,
  EDQUOT: `is on a disk of which you may use no more. Free space there. ${advice}`,
  EROFS: `is on a disk that cannot be written. ${advice}`,
  EACCES: `cannot be written by you. Change that. ${advice}`,
  ENOTDIR: `is below a file, which is no folder. ${advice}`,
};

function unusable(folder: string, error: unknown): DaemonUnreachableError | undefined {
  const reason = reasons[systemCode(error) ?? ''];
  if (reason === undefined) return undefined;
  return new DaemonUnreachableError(`The daemon's folder ${folder} ${reason}`, { cause: error });
}

function spawnDaemon(log: string, environment: NodeJS.ProcessEnv, main: string): ChildProcess {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = environment; // The daemon speaks no TLS, and reading certificates slows its start.
  const output = openSync(log, 'a', 0o600);
  try {
    const child = spawn(process.execPath, [main], { detached: true, stdio: ['ignore', output, output], env, cwd: '/' });
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

function watch(child: ChildProcess): { readonly reason: string | undefined } {
  const failure: { reason: string | undefined } = { reason: undefined };
  child.on('error', (error) => {
    failure.reason = error.message;
  });
  child.on('exit', (code, signal) => {
    if (code !== 0) failure.reason = signal ? `it was ended by ${signal}` : `it exited with code ${code}`;
  });
  return failure;
}

async function findDaemon(paths: RuntimePaths): Promise<Reached | undefined> {
  const discovery = await readDiscovery(paths.discovery);
  const socket = discovery && (await openSocket(discovery.socket));
  return socket && { socket, discovery };
}

/** A daemon whose file is gone puts it back. Throws where it does not. */
async function findNameless(paths: RuntimePaths): Promise<Reached | undefined> {
  const path = await listeningSocket(paths);
  if (path === undefined) return undefined;
  const deadline = Date.now() + namelessWaitMs;
  while (Date.now() < deadline) {
    const found = await findDaemon(paths);
    if (found) return found;
    await wait(pollMs);
  }
  throw new DaemonUnreachableError(
    `A daemon listens at ${path}, but ${paths.discovery}, which has its token, is gone or of another daemon. It writes the file again within seconds; if not, end that process.`,
    { cause: new Error('There is no discovery file.') },
  );
}

async function listeningSocket({ folder, name }: RuntimePaths): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  for (const path of names.filter((one) => one.startsWith(`${name}.`) && one.endsWith('.sock')).map((one) => join(folder, one))) {
    const socket = await openSocket(path);
    socket?.destroy();
    if (socket) return path;
  }
  return undefined;
}

/** What the discovery file says, where there is one that can be read. */
export async function readDiscovery(path: string): Promise<Discovery | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return Discovery.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function openSocket(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connectSocket(path);
    const fail = () => resolve(undefined);
    socket.once('error', fail).once('connect', () => {
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

function builtDaemon(): string {
  const root = packageRoot(dirname(fileURLToPath(import.meta.url)));
  const main = join(root, 'dist', 'daemon', 'main.js');
  if (!existsSync(main))
    throw new DaemonUnreachableError(`Headwater is not built: ${main} is missing. Run "npm run build" in ${root}.`);
  return main;
}

function packageRoot(from: string): string {
  const manifest = join(from, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'headwater') return from;
  const parent = dirname(from);
  if (parent === from)
    throw new DaemonUnreachableError('The Headwater package was not found above this program; install it again.');
  return packageRoot(parent);
}

/** What the log says since this start. */
function logTail(path: string, fromByte: number): string {
  if (!existsSync(path)) return '';
  const text = readFileSync(path).subarray(fromByte).toString().trim().slice(-logTailCharactersMax);
  return text ? ` The log ${path} ends with:\n${text}` : ` The log ${path} says nothing.`;
}
