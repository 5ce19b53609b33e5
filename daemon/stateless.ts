/**
 * What can be asked about one text, answered in the caller's process: the same methods with the same answers as over a connection, without
 * the connection. A command that starts for one question has its answer before a server would stand.
 */
import type { ParamsOf, ResultOf } from '../protocol/methods.ts';
import { nodeHost } from './node/host.ts';
import { askingBy } from './node/python/ask.ts';
import { findOurPython } from './node/python/our-python.ts';
import { ProbeProcess } from './node/python/probe-process.ts';

export type StatelessMethod = 'graph/check' | 'notebook/convert';

export interface Stateless {
  request<M extends StatelessMethod>(method: M, params: ParamsOf<M>): Promise<ResultOf<M>>;
  close(): void;
}

export interface StatelessOptions {
  /** Python will be asked: it starts while the first text is read. */
  readonly asksPython: boolean;
}

/** With one Python for all questions, which starts while the rest is loaded. */
export async function createStateless(
  environment: Readonly<Record<string, string>>,
  { asksPython }: StatelessOptions,
): Promise<Stateless> {
  const probe = new ProbeProcess({ findPython: () => findOurPython(environment) });
  if (asksPython) probe.start();
  const [{ loadParser }, { checkHandlers }, { notebookHandlers }] = await Promise.all([
    import('./node/parser.ts'),
    import('./server/handlers/check.ts'),
    import('./server/handlers/notebook.ts'),
  ]);
  const { files, timers } = nodeHost;
  const askPython = askingBy((_, question) => probe.ask(question));
  const context = { parse: await loadParser(), timers, files, askPython };
  const handlers = { ...checkHandlers(context), ...notebookHandlers(context) };
  return {
    // The compiler cannot see that the handler of a method takes the params of this method.
    request: async (method, params) => (await (handlers[method] as (given: unknown) => unknown)(params)) as never,
    close: () => probe.close(),
  };
}
