/** The daemon's process: paths, socket, log, signals, idle exit. Nothing else reads flags or environment. */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { firstFrameBytesMax } from '../protocol/limits.ts';
import type { RuntimePaths } from '../protocol/node/discovery.ts';
import { frameChannel } from '../protocol/node/frames.ts';
import { packageVersion, protocolVersion } from '../protocol/version.ts';
import { assembleResident } from './assemble.ts';
import { idleExitSeconds } from './limits.ts';
import { type Log, openLog } from './log.ts';
import { nodeHost } from './node/host.ts';
import { removeOutputFolders } from './node/output-folder.ts';
import { pathsFrom, stateFolderFrom } from './paths.ts';
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
  let presence: Presence | undefined;
  const { server, sessions, stop } = await assembleResident({
    incarnation,
    token,
    stateFolder: stateFolderFrom(process.env),
    environment,
    outputs: join(paths.folder, `${outputsOf(paths)}${incarnation}`),
    log: paths.log,
    socket: () => presence?.socket,
    onError,
    onStop: () => void end('a client asked for it'),
    onClients: () => idle.restart(),
  });
  const idle = new IdleExit(
    secondsFrom(process.env['HEADWATER_IDLE_SECONDS']),
    () => server.clientCount > 0 || sessions.all.some(({ isAlive }) => isAlive),
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

function secondsFrom(text: string | undefined): number {
  const seconds = Number(text);
  return text !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds : idleExitSeconds;
}

main().catch((error: unknown) => {
  if (error instanceof AlreadyListeningError) process.exit(0);
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
