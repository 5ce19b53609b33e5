/**
 * What can be asked about one text, answered in the caller's process: the same methods with the same answers as over a connection, without
 * the connection. A command that starts for one question has its answer before a server would stand.
 */
import type { ParamsOf, ResultOf } from '../protocol/methods.ts';
import { findOurPython } from './problems/world/our-python.ts';
import { ProbeProcess } from './problems/world/probe-process.ts';

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
  const [{ createParser }, { checkHandlers }, { notebookHandlers }] = await Promise.all([
    import('./parser/parser.ts'),
    import('./server/handlers/check.ts'),
    import('./server/handlers/notebook.ts'),
  ]);
  const parse = await createParser();
  const handlers = { ...checkHandlers({ parse, ask: (_, question) => probe.ask(question) }), ...notebookHandlers({ parse }) };
  return {
    // The compiler cannot see that the handler of a method takes the params of this method.
    request: async (method, params) => (await (handlers[method] as (given: unknown) => unknown)(params)) as never,
    close: () => probe.close(),
  };
}
