/** Each connection meets the handlers with what its token gives: which methods, which sessions, and what of the answers. */
import type { Handler, Handlers } from '../../protocol/connection.ts';
import { refusal } from '../../protocol/errors.ts';
import { isAboutSession, type RequestName, requests } from '../../protocol/methods.ts';
import { reaches } from '../../protocol/roles.ts';
import { noSuchSession } from '../session/sessions.ts';
import { type Access, isUnlimited, seesSession } from './access.ts';
import { seenRefusal, seenResult } from './seen.ts';

type AnyHandler = Handler<RequestName>;

/** Who asks; undefined until it has introduced itself. */
export interface Asking {
  readonly access: Access | undefined;
}

/** What of the open notebooks is asked. */
export interface OpenSessions {
  byId(id: string): unknown;
}

/** Throws a refusal for what the role may not ask, whatever the params are. */
export function checkRole({ role }: Access, method: RequestName): void {
  const least = requests[method].role;
  if (!reaches(role, least))
    throw refusal(
      'not-allowed',
      `${method} needs the role ${least}, but this connection has the role ${role}. Connect with a token for that role.`,
    );
}

export function guarded(handlers: Handlers, client: Asking, sessions: OpenSessions): Handlers {
  const all = Object.entries(handlers) as [RequestName, AnyHandler][];
  return Object.fromEntries(all.map(([method, handler]) => [method, guardedBy(client, sessions, method, handler)]));
}

function guardedBy(client: Asking, sessions: OpenSessions, method: RequestName, handler: AnyHandler): AnyHandler {
  const roleOf = () => client.access?.role ?? 'viewer';
  const answer: AnyHandler = async (params, token) => {
    try {
      const result = await handler(params, token);
      return seenResult(roleOf(), method, result);
    } catch (error) {
      throw seenRefusal(roleOf(), error);
    }
  };
  return (params, token) => {
    if (client.access) checkScope(client.access, sessions, method, params);
    return roleOf() === 'editor' ? handler(params, token) : answer(params, token);
  };
}

/** Only who may know of everything names a notebook by its path: for others the answer would say which files are open. */
function checkScope(access: Access, sessions: OpenSessions, method: RequestName, params: object): void {
  if (isUnlimited(access)) return;
  const { session: name } = params as { readonly session?: string };
  if (name !== undefined && isAboutSession(method)) {
    if (!seesSession(access, name) || !sessions.byId(name)) throw noSuchSession(name);
  } else if (access.session !== undefined && requests[method].role === 'editor')
    throw refusal('not-allowed', `${method} is about more than one notebook, and the token of this connection is for one alone.`);
}
