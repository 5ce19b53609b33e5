import type { Handlers } from '../../../protocol/connection.ts';
import type { ParamsOf, SessionInfo } from '../../../protocol/methods.ts';
import { cellLabel } from '../../core/check/labels.ts';
import type { Session } from '../../session/session.ts';
import type { Sessions } from '../../session/sessions.ts';
import type { Context } from '../context.ts';

export function sessionHandlers(context: Context): Handlers {
  const { sessions, client, clients, incarnation } = context;
  const attach = (session: Session) => {
    const view = session.view();
    client.attach(session, view.seq);
    return { view };
  };
  return {
    'session/list': async () => {
      const seen = sessions.all.filter((session) => client.mayKnow(session));
      return { sessions: await Promise.all(seen.map((session) => describeSession(context, session))) };
    },
    'session/open': async (params) => {
      const { path, text, version, format, options, variant, parameters = {} } = params;
      const [opening, surroundings] = [{ text, format }, surroundingsIn(params)];
      const session =
        variant === undefined
          ? await sessions.open(path, opening, surroundings)
          : await sessions.openVariant(path, { name: variant, parameters }, opening, surroundings);
      // It may have left meanwhile, and would keep the text for ever.
      const isHere = clients.has(client);
      const takesText = isHere && variant === undefined && text !== undefined && session.document.owner === undefined;
      if (takesText) session.openText(client.id, version ?? 0, text);
      if (options) session.setOptions(options);
      return attach(session);
    },
    'session/fork': async ({ session: name, variant, parameters = {} }) =>
      attach(await sessions.fork(await sessions.get(name), { name: variant, parameters })),
    'session/attach': async ({ session: name, since }) => {
      const session = await sessions.get(name);
      // First, since it makes events: all that the client is not sent later is in the answer.
      session.tellStandings();
      const events = since?.incarnation === incarnation ? session.events.since(since.seq) : undefined;
      client.attach(session, session.seq);
      return events ? { events } : { view: session.view() };
    },
    'session/detach': async ({ session: name }) => {
      const session = await sessions.get(name);
      client.detach(session);
      session.placeless.drop(client.id);
      return {};
    },
    'session/close': async ({ session }) => {
      await context.closeSession(await sessions.get(session), 'The notebook was closed.');
      return {};
    },
    'session/configure': async ({ session: name, options }) => {
      const session = await sessions.get(name);
      session.setOptions(options);
      return {};
    },
  };
}

function surroundingsIn(params: ParamsOf<'session/open'>): Parameters<Sessions['open']>[2] {
  const { environment, python, arguments: args, directory } = params;
  return {
    ...(environment && { environment }),
    ...(python !== undefined && { python }),
    ...(args && { arguments: args }),
    ...(directory !== undefined && { directory }),
  };
}

export async function describeSession({ clients }: Pick<Context, 'clients'>, session: Session): Promise<SessionInfo> {
  const { kernel, graph } = session.state;
  const memoryBytes = await session.memoryBytes();
  session.tellStandings();
  const view = session.view();
  const stale = Object.values(view.cells).filter(({ status }) => status === 'stale' || status === 'new').length;
  return {
    session: session.id,
    path: session.path,
    ...(session.variant !== undefined && { variant: session.variant }),
    format: session.format,
    clients: [...clients].filter((client) => client.isAttachedTo(session)).length,
    kernel: session.kernelView,
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(kernel.phase === 'busy' && { running: cellLabel(graph, kernel.cell) }),
    ...(kernel.phase === 'evaluating' && { running: `<repl ${kernel.step}>` }),
    stale,
  };
}
