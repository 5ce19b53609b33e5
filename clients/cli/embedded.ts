/** A server inside this process, for the commands that need no daemon and leave none. */
import type { EmbeddedServer } from '../../daemon/embedded.ts';
import type { EarlyWorker, PlaceRequest } from '../../daemon/kernel/early.ts';
import type { Stateless, StatelessOptions } from '../../daemon/stateless.ts';
import type { Client } from '../node/client.ts';

export type { Stateless };

export interface Embedded {
  readonly client: Client;
  readonly gate: EmbeddedServer['gate'];
  /** Ends the server and its kernels. */
  stop(): Promise<void>;
}

/** Python starts first: it needs the longest, and the rest is loaded meanwhile. */
export async function startEmbeddedClient(
  notebook: PlaceRequest,
  input: number | undefined,
  onError: (error: Error) => void,
): Promise<Embedded> {
  const { EarlyWorker } = await import('../../daemon/kernel/early.ts');
  const early = new EarlyWorker(notebook, input);
  try {
    return await startBehind(early, input, onError);
  } catch (error) {
    await early.close();
    throw error;
  }
}

async function startBehind(early: EarlyWorker, input: number | undefined, onError: (error: Error) => void): Promise<Embedded> {
  // To load the rest keeps this thread so busy that the process would start when it is over.
  await early.launched();
  const [{ startEmbedded }, { createClient }] = await Promise.all([
    import('../../daemon/embedded.ts'),
    import('../node/client.ts'),
  ]);
  const server = await startEmbedded({ early, input, onError });
  const client = await createClient(await server.connect(), { clientName: 'headwater' });
  return { client, gate: server.gate, stop: () => server.stop() };
}

/** For questions about texts alone, which need no server. */
export async function withStateless<T>(
  environment: Readonly<Record<string, string>>,
  options: StatelessOptions,
  use: (stateless: Stateless) => Promise<T>,
): Promise<T> {
  const { createStateless } = await import('../../daemon/stateless.ts');
  const stateless = await createStateless(environment, options);
  try {
    return await use(stateless);
  } finally {
    stateless.close();
  }
}
