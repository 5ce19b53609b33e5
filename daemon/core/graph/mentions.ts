/** Which modules a cell mentions: by importing them, by a name that another cell imported, or through functions that it may call. */
import type { Name } from '../analysis/facts.ts';
import { firstName } from '../analysis/modules.ts';
import type { CellId } from '../notebook/notebook.ts';
import { cellOf, type Graph, type GraphCell } from './graph.ts';
import type { Mentions } from './implicit.ts';
import { inputsOf, writersFor } from './inputs.ts';

export function mentionsIn(graph: Graph, cell: GraphCell): Mentions {
  const modules = new Set(cell.facts.modules);
  let hasImports = modules.size > 0;
  if (cell.facts.refs.has('open')) modules.add(':open');
  const functions = new Set<CellId>();
  const mention = (giver: CellId, name: Name) => {
    const { defs, deferredReads, mayBindAny, modules: ofGiver } = cellOf(graph, giver).facts;
    const def = defs.get(name);
    // A star import may bring it.
    if (!def && mayBindAny) for (const module of ofGiver ?? []) modules.add(module);
    if (def?.imported !== undefined) modules.add(firstName(def.imported));
    else if (deferredReads.size > 0 || def?.kind === 'function' || def?.kind === 'class') functions.add(giver);
  };
  for (const [name, givers] of inputsOf(graph, cell.id)) for (const giver of givers) mention(giver, name);
  // The set grows while it is walked.
  for (const id of functions) {
    const { facts } = cellOf(graph, id);
    for (const module of facts.modules ?? []) modules.add(module);
    hasImports ||= (facts.modules?.size ?? 0) > 0;
    for (const name of facts.deferredReads) {
      if (name === 'open') modules.add(':open');
      for (const giver of writersFor(graph, name, id)) mention(giver, name);
    }
  }
  return { modules, hasImports };
}
