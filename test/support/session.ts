/** A session in the test's own process, without a kernel unless the test gives one. */

import { nodeHost } from '../../daemon/node/host.ts';
import { noSettings } from '../../daemon/problems/settings.ts';
import { Session } from '../../daemon/session/session.ts';
import type { SessionOptions } from '../../daemon/session/session-options.ts';
import { Blobs } from '../../daemon/store/blobs.ts';
import { Spools } from '../../daemon/store/spools.ts';

export function testSession(options: Pick<SessionOptions, 'text' | 'format' | 'parse'> & Partial<SessionOptions>): Session {
  return new Session({
    ...nodeHost,
    id: 's1',
    incarnation: 'test',
    path: '/notebook.py',
    blobs: new Blobs(nodeHost.hashes),
    spools: new Spools({ bytes: nodeHost.bytes }),
    keepsReturns: false,
    kept: undefined,
    provideKernels: () => ({ prepare: async () => ({ problem: 'no kernel here' }), close: () => undefined }),
    surroundings: () => ({ environment: {}, python: undefined, arguments: [], directory: undefined }),
    settings: noSettings,
    watchWorld: undefined,
    plainFileNames: true,
    now: () => 0,
    onError: (error) => {
      throw error;
    },
    ...options,
  });
}
