/** A client of the daemon of this user. */
import { setTimeout as wait } from 'node:timers/promises';
import { ResponseError } from 'vscode-jsonrpc';
import { ConnectionClosedError, createConnection } from '../../protocol/connection.ts';
import type { Encoding } from '../../protocol/encoding.ts';
import { refusalName } from '../../protocol/errors.ts';
import { frameChannel } from '../../protocol/node/frames.ts';
import { packageVersion } from '../../protocol/version.ts';
import {
  type Client,
  clientOf,
  DaemonUnreachableError,
  type Introduced,
  type IntroductionOptions,
  introduce,
} from '../view/client.ts';
import { type ReachOptions, reachDaemon } from './daemon.ts';
import { pollMs, reconnectFirstWaitMs, reconnectTriesMax, reconnectWaitMsMax, startDeadlineMs } from './limits.ts';

export { type Client, createClient, type IntroductionOptions } from '../view/client.ts';

/** Without a `token`, that of the discovery file is sent, which makes an editor. */
export interface ConnectOptions extends ReachOptions, IntroductionOptions {
  /** Default: JSON. */
  readonly encoding?: Encoding;
  /** Whether answers and events are checked against the protocol. By default only those of a daemon of another version are. */
  readonly checkAnswers?: boolean;
  readonly onError?: (error: Error) => void;
  readonly reconnectTries?: number;
}

/** A client of the daemon of this user. Starts the daemon, unless `start` is false. */
export async function connect(options: ConnectOptions): Promise<Client> {
  const introduced = await introduceToDaemon(options);
  return clientOf(introduced, () => reintroduce(options));
}

/** A daemon that is just ending still takes connections; the next one is looked for, or started. */
async function introduceToDaemon(options: ConnectOptions): Promise<Introduced> {
  const deadline = Date.now() + (options.startDeadlineMs ?? startDeadlineMs);
  for (;;) {
    const { socket, discovery } = await reachDaemon(options);
    // To check what this very build says would take a client longer than to use it.
    const { checkAnswers = discovery.version !== packageVersion } = options;
    const connection = createConnection(frameChannel(socket, options), { ...options, checkAnswers });
    try {
      return await introduce(connection, { token: discovery.token, ...options });
    } catch (error) {
      connection.dispose();
      if (!isEnding(error) || Date.now() > deadline) throw explained(error, discovery.version);
      await wait(pollMs);
    }
  }
}

function isEnding(error: unknown): boolean {
  return error instanceof ConnectionClosedError || refusalName(error) === 'shutting-down';
}

function isRefused(error: unknown): boolean {
  return error instanceof DaemonUnreachableError && refusalName(error.cause) === 'not-allowed';
}

function explained(error: unknown, version: string): unknown {
  if (!(error instanceof ResponseError)) return error;
  return new DaemonUnreachableError(
    `The daemon (Headwater ${version}; this is ${packageVersion}) refused this client: ${error.message}`,
    { cause: error },
  );
}

async function reintroduce(options: ConnectOptions): Promise<Introduced> {
  const tries = options.reconnectTries ?? reconnectTriesMax;
  for (let attempt = 1; ; attempt++) {
    try {
      return await introduceToDaemon({ ...options, start: false });
    } catch (error) {
      // The daemon is there, and the caller's own token is over: it will not count again.
      if (options.token !== undefined && isRefused(error)) throw error;
      if (attempt < tries) await wait(Math.min(reconnectFirstWaitMs * 2 ** (attempt - 1), reconnectWaitMsMax));
      else
        throw new DaemonUnreachableError(`Disconnected: the daemon was not found again in ${tries} attempts.`, { cause: error });
    }
  }
}
