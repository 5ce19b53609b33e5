/** A connection to the daemon of this user. */
import { refusalName } from '../../protocol/errors.ts';
import { type Client, connect } from '../node/client.ts';
import { DaemonUnreachableError } from '../view/client.ts';
import type { Caller } from './caller.ts';
import { failure } from './exit.ts';

const clientName = 'headwater';

/** Starts the daemon if none runs. */
export async function withDaemon<T>({ environment }: Caller, use: (client: Client) => Promise<T>): Promise<T> {
  return using(await connect({ clientName, environment }), use);
}

/** Asks the daemon that runs; where none does, starts none and gives nothing. */
export async function withRunningDaemon<T>(caller: Caller, use: (client: Client) => Promise<T>): Promise<T | undefined> {
  try {
    const client = await connectToRunning(caller);
    return client && (await using(client, use));
  } catch (error) {
    // One that is ending is as good as gone.
    if (refusalName(error) === 'shutting-down') return undefined;
    throw error;
  }
}

export function noDaemon(): Error {
  return failure(
    'No daemon is running. It starts by itself when an editor opens a notebook, or with: headwater cell run FILE:LINE',
  );
}

async function using<T>(client: Client, use: (client: Client) => Promise<T>): Promise<T> {
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

async function connectToRunning({ environment }: Caller): Promise<Client | undefined> {
  try {
    return await connect({ clientName, environment, start: false });
  } catch (error) {
    // A daemon that answers and refuses us is an error; only "there is none" is an answer here.
    if (error instanceof DaemonUnreachableError && error.cause === undefined) return undefined;
    throw error;
  }
}
