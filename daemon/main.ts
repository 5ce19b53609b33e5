/** The daemon's process: paths, socket, log, signals, idle exit. Nothing else reads flags or environment. */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { firstFrameBytesMax } from '../protocol/limits.ts';
import type { RuntimePaths } from '../protocol/node/discovery.ts';
import { frameChannel } from '../protocol/node/frames.ts';
import { packageVersion, protocolVersion } from '../protocol/version.ts';
import { assembleResident } from './assemble.ts';
import { idleExitSeconds, largeCharacters, largeLines, threadMegabytesMax } from './limits.ts';
import { type Log, openLog } from './log.ts';
import { nodeHost } from './node/host.ts';
import { removeOutputFolders } from './node/output-folder.ts';
import { pathsFrom, stateFolderFrom } from './paths.ts';
import type { LargeFrom } from './reading/large-text.ts';
import { runThread } from './threads/thread.ts';
import { Threads } from './threads/threads.ts';
import { Presence } from './transport/presence.ts';
import { AlreadyListeningError, listen } from './transport/socket.ts';

async function main(): Promise<void> {
  const paths = pathsFrom(process.env);
  const incarnation = randomBytes(8).toString('hex');
  const token = nodeHost.secrets.newToken();
  let log: Log | undefined;
  const onError = (error: Error) => log?.error(error);
  const environment = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const stateFolder = stateFolderFrom(process.env);
  const outputs = join(paths.folder, `${outputsOf(paths)}${incarnation}`);
  const largeFrom = largeFromIn(process.env);
  const megabytesMax = numberIn(process.env['HEADWATER_THREAD_MEGABYTES'], threadMegabytesMax);
  const elsewhere = new Threads({ incarnation, stateFolder, environment, outputs, largeFrom, megabytesMax, onError });
  let presence: Presence | undefined;
  const { server, sessions, stop } = await assembleResident({
    incarnation,
    token,
    stateFolder,
    environment,
    outputs,
    elsewhere,
    log: paths.log,
    socket: () => presence?.socket,
    onError,
    onStop: () => void end('a client asked for it'),
    onClients: () => idle.restart(),
  });
  const idle = new IdleExit(
    numberIn(process.env['HEADWATER_IDLE_SECONDS'], idleExitSeconds),
    () => server.clientCount > 0 || [...sessions.all, ...elsewhere.sessions].some(({ isAlive }) => isAlive),
    () => end('idle'),
  );
  let ending: Promise<void> | undefined;
  const end = (reason: string) => {
    ending ??= finish(reason);
    return ending;
  };
  const finish = async (reason: string) => {
    log?.write(`ending: ${reason}`);
    await presence?.end();
    await stop();
    process.exit(0);
  };
  const accept = (socket: Socket) => server.accept(frameChannel(socket, { firstFrameBytesMax }));
  presence = await Presence.begin({
    folder: paths.folder,
    path: paths.discovery,
    discovery: {
      pid: process.pid,
      token,
      incarnation,
      version: packageVersion,
      protocol: protocolVersion,
      startedAt: Date.now(),
      log: paths.log,
    },
    listen: () => listen(join(paths.folder, paths.name), accept, onError),
    tell: (sentence) => log?.write(sentence),
  });
  log = openLog(paths.log);
  // One daemon of this version listens: those before it are gone, however they ended.
  await removeOutputFolders(paths.folder, outputsOf(paths), incarnation).catch(onError);
  log.write(`Headwater ${packageVersion} listens at ${presence.socket}`);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(`it was sent ${signal}`));
  process.on('uncaughtException', (error) => log?.error(error));
  process.on('unhandledRejection', (error) => log?.error(error));
  idle.restart();
}

/** How its folders of outputs are called. */
function outputsOf({ name }: RuntimePaths): string {
  return `${name}.outputs-`;
}

/** Ends the daemon when for a while no client is connected and no kernel holds values. */
class IdleExit {
  readonly #milliseconds: number;
  readonly #isNeeded: () => boolean;
  readonly #end: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(seconds: number, isNeeded: () => boolean, end: () => void) {
    this.#milliseconds = seconds * 1000;
    this.#isNeeded = isNeeded;
    this.#end = end;
  }

  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#isNeeded() ? this.restart() : this.#end()), this.#milliseconds);
  }
}

/** One number for both: with 0 every notebook has a thread of its own. */
function largeFromIn({ HEADWATER_LARGE_FROM }: NodeJS.ProcessEnv): LargeFrom {
  const given = numberIn(HEADWATER_LARGE_FROM, undefined);
  return { characters: given ?? largeCharacters, lines: given ?? largeLines };
}

function numberIn<T>(text: string | undefined, otherwise: T): number | T {
  const number = Number(text);
  return text && Number.isFinite(number) && number >= 0 ? number : otherwise;
}

(parentPort ? runThread(parentPort, workerData) : main()).catch((error: unknown) => {
  if (error instanceof AlreadyListeningError) process.exit(0);
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
