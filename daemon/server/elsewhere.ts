/** Notebooks that live in threads of their own, as the server sees them. Where there are no threads, all are here. */
import type { Connection } from '../../protocol/connection.ts';
import type { Encoding } from '../../protocol/encoding.ts';
import type { NotificationName, SessionInfo } from '../../protocol/methods.ts';
import type { LargeFrom } from '../reading/large-text.ts';
import type { Access } from './access.ts';

export interface Elsewhere {
  /** What is larger is not read here. */
  readonly largeFrom: LargeFrom;
  readonly sessions: readonly SessionElsewhere[];
  byId(id: string): SessionElsewhere | undefined;
  /** Where all sessions of the file are, if they are not here. */
  placeOf(path: string): NotebookPlace | undefined;
  /** A new place, for the sessions of a file or for one question. Throws a refusal where there are too many. */
  begin(path?: string): NotebookPlace;
  /** Ends every kernel there. */
  stop(): Promise<void>;
}

export interface SessionElsewhere {
  readonly id: string;
  readonly path: string;
  /** As in the view. */
  readonly variant: string | undefined;
  /** Whether a kernel holds values. */
  readonly isAlive: boolean;
  /** As it was when it was last asked. */
  readonly info: SessionInfo | undefined;
  readonly place: NotebookPlace;
}

export interface NotebookPlace {
  /** For one client, which has the same rights there. `tell` resolves when the client has taken it. */
  connect(client: KnownClient, tell: Tell): Connection;
  /** It does not end before this has. Where no session is left, it ends then. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Asks how its sessions are. */
  refresh(): Promise<void>;
}

export type Tell = (name: NotificationName, params: object) => Promise<void>;

/** A client that has said who it is. */
export interface KnownClient {
  readonly id: string;
  readonly name: string;
  readonly access: Access;
  /** In which it wants to be answered. */
  encoding(): Encoding;
}
