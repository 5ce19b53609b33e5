/**
 * What a page would be: a server, a session and a client in one JavaScript context, with a fake kernel. All that is not in the language comes
 * in as an argument.
 */
import { type Client, createClient } from '../../clients/view/client.ts';
import { followSession, type Notebook } from '../../clients/view/notebook.ts';
import type { Files, Hashes, Secrets, TextBytes, Timers } from '../../daemon/host.ts';
import { createParser } from '../../daemon/parser/parser.ts';
import { Server } from '../../daemon/server/server.ts';
import { Sessions } from '../../daemon/session/sessions.ts';
import { Blobs } from '../../daemon/store/blobs.ts';
import { Spools } from '../../daemon/store/spools.ts';
import { memoryPair } from '../../daemon/transport/memory.ts';
import { createConnection } from '../../protocol/connection.ts';
import type { ParamsOf, RequestName } from '../../protocol/methods.ts';
import { provideFakes } from '../support/fake-provider.ts';

/** What a page has of its own. */
export interface Surroundings {
  readonly timers: Timers;
  readonly bytes: TextBytes;
  readonly hashes: Hashes;
  readonly secrets: Secrets;
  readonly runtime: Uint8Array;
  readonly grammar: Uint8Array;
  /** Notebooks by their paths. */
  readonly texts: Readonly<Record<string, string>>;
  readonly onError: (sentence: string) => void;
}

/** Values go in and out as JSON, so that neither side meets objects of the other. */
export interface Page {
  request(method: string, params: string): Promise<string>;
  /** Opens a notebook with the text of a buffer, and follows it. */
  follow(path: string, text: string): Promise<void>;
  /** Of the notebook that is followed, as the client has it. */
  view(): string;
}

export async function openPage(surroundings: Surroundings): Promise<Page> {
  const { timers, bytes, hashes, secrets, texts } = surroundings;
  const onError = (error: Error) => surroundings.onError(error.stack ?? error.message);
  const host = {
    timers,
    bytes,
    hashes,
    secrets,
    files: filesOf(texts),
    watchedFiles: undefined,
    process: { pid: 0, memoryBytes: () => 0 },
  };
  const shared = { ...host, incarnation: 'page', blobs: new Blobs(hashes), now: () => 0, onError };
  // Bytes of the other context are no `Uint8Array` here.
  const [runtime, grammar] = [new Uint8Array(surroundings.runtime), new Uint8Array(surroundings.grammar)];
  const sessions = new Sessions({
    ...shared,
    parse: await createParser({ runtime, grammar }),
    spools: new Spools({ bytes }),
    provideKernels: provideFakes(),
    plainFileNames: false,
    keepsReturns: false,
  });
  const server = new Server({
    ...shared,
    token: undefined,
    sessions,
    socket: undefined,
    log: undefined,
    onStop: () => void server.stop(),
    onClients: () => undefined,
  });
  const [ours, theirs] = memoryPair(timers);
  server.accept(ours);
  return pageOf(await createClient(createConnection(theirs, { onError }), { clientName: 'page' }));
}

function pageOf(client: Client): Page {
  let notebook: Notebook | undefined;
  return {
    request: async (method, params) =>
      JSON.stringify(await client.request(method as RequestName, JSON.parse(params) as ParamsOf<RequestName>)),
    follow: async (path, text) => {
      notebook = await followSession(client, { path, text, version: 1 });
    },
    view: () => JSON.stringify(notebook?.view),
  };
}

function filesOf(texts: Readonly<Record<string, string>>): Files {
  return {
    readText: async (path) => texts[path] ?? Promise.reject(Object.assign(new Error('There is none.'), { code: 'ENOENT' })),
    sizeOf: async (path) => texts[path]?.length,
    kindOf: async (path) => (path in texts ? 'file' : undefined),
    realPath: async (path) => path,
    exists: (path) => path in texts,
  };
}
