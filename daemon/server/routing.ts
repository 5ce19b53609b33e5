/** Requests about a notebook that is not here go to where it is; what is about all of them is put together from all places. */
import type { Handler, Handlers } from '../../protocol/connection.ts';
import { refusalName } from '../../protocol/errors.ts';
import { isAboutSession, type ParamsOf, type RequestName, type SessionInfo } from '../../protocol/methods.ts';
import { listMilliseconds } from '../limits.ts';
import { LargeText } from '../reading/large-text.ts';
import { seesSession } from './access.ts';
import type { Context } from './context.ts';
import type { Crossings } from './crossings.ts';
import type { Elsewhere, NotebookPlace } from './elsewhere.ts';
import type { InTurn } from './in-turn.ts';

type AnyHandler = Handler<RequestName>;
type Cancelling = Parameters<AnyHandler>[1];

export interface RoutingContext extends Context {
  readonly crossings: Crossings;
  /** What is opened by anyone. */
  readonly openings: InTurn;
}

export function routed(handlers: Handlers, context: RoutingContext): Handlers {
  const { elsewhere } = context;
  if (!elsewhere) return handlers;
  const byName = new ByName(elsewhere, context);
  const named = (Object.entries(handlers) as [RequestName, AnyHandler][]).filter(([method]) => isAboutSession(method));
  return {
    ...handlers,
    ...Object.fromEntries(named.map(([method, handler]) => [method, byName.route(method, handler)])),
    ...ofAll(handlers as OfAll, elsewhere, context),
  };
}

/** Requests that name an open notebook. */
class ByName {
  readonly #elsewhere: Elsewhere;
  readonly #context: RoutingContext;

  constructor(elsewhere: Elsewhere, context: RoutingContext) {
    this.#elsewhere = elsewhere;
    this.#context = context;
  }

  /** At once where it is named by its id, so that a later request does not overtake this one. */
  route(method: RequestName, here: AnyHandler): AnyHandler {
    const { sessions, crossings } = this.#context;
    return (params, token) => {
      const { session: name } = params as { readonly session: string };
      const there = this.#elsewhere.byId(name);
      if (there) return crossings.request(there.place, method, params as never, token);
      if (this.#elsewhere.sessions.length === 0 || sessions.byId(name)) return here(params, token);
      return this.#byPath(name, method, here, params, token);
    };
  }

  async #byPath(name: string, method: RequestName, here: AnyHandler, params: object, token: Cancelling): Promise<never> {
    const { files, crossings } = this.#context;
    const place = this.#elsewhere.placeOf(await files.realPath(name));
    return (place ? crossings.request(place, method, params as never, token) : here(params as never, token)) as Promise<never>;
  }
}

type OfAll = Pick<Required<Handlers>, 'session/open' | 'session/list' | 'blob/read' | 'graph/check' | 'notebook/convert'>;

function ofAll(here: OfAll, elsewhere: Elsewhere, context: RoutingContext): OfAll {
  const { files, crossings, openings, client, timers } = context;
  /** What is large has a thread for this one question. */
  const asked =
    <M extends 'graph/check' | 'notebook/convert'>(method: M, handler: Handler<M>): Handler<M> =>
    async (params, token) => {
      try {
        return await handler(params, token);
      } catch (error) {
        if (!(error instanceof LargeText)) throw error;
        return crossings.request(elsewhere.begin(), method, params as ParamsOf<M>, token);
      }
    };
  const visible = () => elsewhere.sessions.filter(({ id }) => client.access && seesSession(client.access, id));
  const places = () => [...new Set(visible().map(({ place }) => place))];
  return {
    'session/open': async (params, token) => {
      const path = await files.realPath(params.path);
      const there = (place: NotebookPlace) => crossings.request(place, 'session/open', params as ParamsOf<'session/open'>, token);
      // Nobody else is about to decide where this file is. What is asked for there is under way when that is decided, so that its thread stays.
      const { answer } = await openings.do(path, async () => {
        const place = elsewhere.placeOf(path);
        if (place) return { answer: there(place) };
        try {
          return { answer: await here['session/open'](params, token) };
        } catch (error) {
          if (!(error instanceof LargeText)) throw error;
          return { answer: there(elsewhere.begin(path)) };
        }
      });
      return answer;
    },
    'session/list': async (params, token) => {
      const [{ sessions }] = await Promise.all([
        here['session/list'](params, token),
        ...places().map((place) =>
          Promise.race([place.refresh(), new Promise<void>((late) => timers.after(listMilliseconds, late))]),
        ),
      ]);
      const there = visible().flatMap(({ info }): readonly SessionInfo[] => (info ? [info] : []));
      return { sessions: [...sessions, ...there] };
    },
    'blob/read': async (params, token) => {
      try {
        return await here['blob/read'](params, token);
      } catch (error) {
        if (refusalName(error) !== 'no-such-blob') throw error;
        const asked = places().map((place) => crossings.request(place, 'blob/read', params, token));
        return Promise.any(asked).catch(() => {
          throw error;
        });
      }
    },
    'graph/check': asked('graph/check', here['graph/check']),
    'notebook/convert': asked('notebook/convert', here['notebook/convert']),
  };
}
