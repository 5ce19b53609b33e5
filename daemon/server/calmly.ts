/** Requests that change something meet what really runs: nothing is ahead in the session that they name while they are carried out. */
import type { Handler, Handlers } from '../../protocol/connection.ts';
import { type RequestName, requests } from '../../protocol/methods.ts';
import type { Session } from '../session/session.ts';

type AnyHandler = Handler<RequestName>;

/** What of the open notebooks is asked. */
export interface Named {
  byId(id: string): Session | undefined;
  /** By id or by path. */
  find(name: string): Promise<Session | undefined>;
}

/** Which of them change something is said in the description of each. */
export function calmly(handlers: Handlers, sessions: Named): Handlers {
  const all = Object.entries(handlers) as [RequestName, AnyHandler][];
  return Object.fromEntries(
    all.map(([method, handler]) => [method, requests[method].changes ? inCalm(handler, sessions) : handler]),
  );
}

/** At once where the session is named by its id and nothing is ahead, so that a later request does not overtake this one. */
function inCalm(handler: AnyHandler, sessions: Named): AnyHandler {
  return async (params, token) => {
    const name = nameIn(params);
    const session = name === undefined ? undefined : (sessions.byId(name) ?? (await sessions.find(name)));
    const done = await (session ? session.calmly(async () => handler(params, token)) : handler(params, token));
    return done instanceof Later ? (done.answer as Promise<typeof done>) : done;
  };
}

/** The notebook may not be open yet. A variant is not named by the path. */
function nameIn(params: object): string | undefined {
  const { session, path, variant } = params as Readonly<Record<'session' | 'path' | 'variant', string | undefined>>;
  return session ?? (variant === undefined ? path : undefined);
}

class Later {
  readonly answer: Promise<unknown>;

  constructor(answer: Promise<unknown>) {
    this.answer = answer;
  }
}

/** What a handler returns when the request is accepted, though its answer may take long: the session need not be calm until then. */
export function later<T>(answer: Promise<T>): T {
  return new Later(answer) as T;
}
