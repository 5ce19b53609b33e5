/** What a connection may do and see. */
import type { Role } from '../../protocol/types.ts';

export interface Access {
  readonly role: Role;
  /** Id of the only session that it may know of. */
  readonly session?: string | undefined;
}

/** Within one process, and with the token of the discovery file. */
export const fullAccess: Access = { role: 'editor' };

/** Whether it may know of everything that the daemon has. */
export function isUnlimited({ role, session }: Access): boolean {
  return role === 'editor' && session === undefined;
}

export function seesSession({ session }: Access, id: string): boolean {
  return session === undefined || session === id;
}
