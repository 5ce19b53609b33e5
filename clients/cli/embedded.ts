/** A server inside this process, for the commands that need no daemon and leave none. */
import type { Client } from '../node/client.ts';

export interface Embedded {
  readonly client: Client;
  /** Ends the server and its kernels. */
  stop(): Promise<void>;
}

export async function startEmbeddedClient(): Promise<Embedded> {
  const [{ startEmbedded }, { createClient }] = await Promise.all([
    import('../../daemon/embedded.ts'),
    import('../node/client.ts'),
  ]);
  const server = await startEmbedded();
  const client = await createClient(await server.connect(), { clientName: 'headwater' });
  return { client, stop: () => server.stop() };
}

export async function withEmbedded<T>(use: (client: Client) => Promise<T>): Promise<T> {
  const { client, stop } = await startEmbeddedClient();
  try {
    return await use(client);
  } finally {
    await stop();
  }
}
