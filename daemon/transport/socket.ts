/** The Unix domain socket: one daemon listens per user and version, whoever starts how many at once. */
import { randomBytes } from 'node:crypto';
import { readdir, readlink, rm, symlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { systemCode } from '../../protocol/errors.ts';
import { socketPathBytesMax } from '../../protocol/limits.ts';
import { secureFolder } from '../../protocol/node/runtime-folder.ts';
import { clientsMax, socketClaimsMax } from '../limits.ts';

/** Another daemon answers there; use that one. */
export class AlreadyListeningError extends Error {
  override readonly name = 'AlreadyListeningError';
}

export interface Listening {
  /** Path to connect to. */
  readonly path: string;
  /** No more connections; those that are open stay until they end. */
  close(): Promise<void>;
}

/**
 * `base` is the path without its end: `…/v1-0.1.0` gives `…/v1-0.1.0.1.sock`.
 *
 * A socket that a dead daemon left cannot be replaced in one step: two newcomers can both find it dead, and the slower
 * would remove the socket of the faster. Therefore a name is claimed once and never again. The newcomer listens on a
 * private socket and then makes a link with the number after the last; only one can make it, and it is alive from the
 * moment on at which it exists.
 */
export async function listen(
  base: string,
  onConnection: (socket: Socket) => void,
  onError: (error: Error) => void = () => {},
): Promise<Listening> {
  const folder = dirname(base);
  await secureFolder(folder);
  const own = `${base}.${randomBytes(4).toString('hex')}`;
  if (Buffer.byteLength(own) > socketPathBytesMax) throw tooLong(own);
  const server = await listenAt(own, onConnection);
  server.on('error', onError);
  try {
    const path = await claim(base, own);
    return { path, close: () => close(server, own) };
  } catch (error) {
    await close(server, own);
    throw error;
  }
}

async function claim(base: string, own: string): Promise<string> {
  for (let attempt = 0; attempt < socketClaimsMax; attempt++) {
    const earlier = await claims(base);
    const last = earlier.at(-1);
    if (last && (await answers(last.path))) throw new AlreadyListeningError(`A daemon already listens at ${last.path}.`);
    const number = (last?.number ?? 0) + 1;
    const path = `${base}.${number}.sock`;
    if (!(await linked(basename(own), path))) continue;
    if (await isLast(base, number)) {
      await Promise.all(earlier.map(({ path }) => removeClaim(path)));
      return path;
    }
    await rm(path, { force: true });
  }
  throw new Error(
    `No socket could be claimed at ${base} in ${socketClaimsMax} attempts; too many daemons start at once. Try again.`,
  );
}

/** A slow newcomer may have made a number that was used and removed meanwhile; then a higher one is there. */
async function isLast(base: string, number: number): Promise<boolean> {
  return (await claims(base)).at(-1)?.number === number;
}

async function claims(base: string): Promise<readonly { readonly number: number; readonly path: string }[]> {
  const prefix = `${basename(base)}.`;
  const numbers = (await readdir(dirname(base))).map((name) =>
    name.startsWith(prefix) ? /^(\d+)\.sock$/.exec(name.slice(prefix.length)) : null,
  );
  return numbers
    .flatMap((match) => (match ? [Number(match[1])] : []))
    .sort((a, b) => a - b)
    .map((number) => ({ number, path: `${base}.${number}.sock` }));
}

async function linked(target: string, path: string): Promise<boolean> {
  try {
    await symlink(target, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function removeClaim(path: string): Promise<void> {
  const target = await readlink(path).catch(() => undefined);
  await rm(path, { force: true });
  if (target) await rm(join(dirname(path), target), { force: true });
}

/** Whether someone listens there; the system knows, however the last one ended. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (isAlive: boolean) => {
      socket.destroy();
      resolve(isAlive);
    };
    // A full backlog (EAGAIN) is a living listener, too.
    socket.on('connect', () => settle(true)).on('error', (error: NodeJS.ErrnoException) => settle(error.code === 'EAGAIN'));
  });
}

function listenAt(path: string, onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {}); // 'close' reports a peer that is gone; without a listener the error would end the daemon.
    onConnection(socket);
  });
  server.maxConnections = clientsMax;
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(path, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

/** The numbered link stays behind and leads nowhere: were its number free again, a slow newcomer could claim the next one beside it. */
async function close(server: Server, own: string): Promise<void> {
  server.close();
  await rm(own, { force: true });
}

function tooLong(path: string): Error {
  return new Error(
    `The path of the socket is too long for the system (${Buffer.byteLength(path)} bytes, ${socketPathBytesMax} at most): ${path}. ` +
      'Set HEADWATER_RUNTIME_DIR to a shorter folder.',
  );
}
