/** What the server is made of, and what its handlers work with. */
import type { Host } from '../host.ts';
import type { AskPython } from '../problems/world/question.ts';
import type { OutputFiles } from '../session/output-files.ts';
import type { Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Blobs } from '../store/blobs.ts';
import type { ConnectedClient } from './client.ts';
import type { Elsewhere } from './elsewhere.ts';
import type { Tokens } from './tokens.ts';

export interface ServerOptions extends Pick<Host, 'timers' | 'files' | 'process' | 'secrets'> {
  readonly incarnation: string;
  /** With which a client is let in as an editor; undefined within one process. */
  readonly token: string | undefined;
  readonly sessions: Sessions;
  readonly blobs: Blobs;
  /** Where there is no folder for them, clients cannot ask for them. */
  readonly outputFiles?: OutputFiles | undefined;
  /** Where there is no Python to ask, `check` and `convert` do without. */
  readonly askPython?: AskPython | undefined;
  /** Where there are no threads for large notebooks, all are here. */
  readonly elsewhere?: Elsewhere | undefined;
  readonly socket: string | undefined;
  readonly log: string | undefined;
  readonly now: () => number;
  readonly onError: (error: Error) => void;
  /** A client asked for the end. */
  readonly onStop: () => void;
  /** A client came or went. */
  readonly onClients: () => void;
}

/** What handlers work with. */
export interface Context extends ServerOptions {
  readonly client: ConnectedClient;
  readonly clients: ReadonlySet<ConnectedClient>;
  readonly tokens: Tokens;
  readonly startedAt: number;
  closeSession(session: Session, reason: string): Promise<void>;
}
