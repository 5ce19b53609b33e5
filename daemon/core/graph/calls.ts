/**
 * Percent format: what functions read when they are called, as far as it depends on where that is. Other names mean the same everywhere, so the
 * functions that only these lead to are gone through once for all who call them.
 */
import type { Name } from '../analysis/facts.ts';
import { itemAt } from '../assert.ts';
import type { CellId } from '../notebook/notebook.ts';
import { cellOf, type Graph } from './graph.ts';
import { perShape } from './per-shape.ts';

/** What the functions of a cell read: positional names, and through further functions that are the same everywhere. */
export interface Calls {
  readonly names: readonly Name[];
  readonly next: readonly Calls[];
}

const callsByCell = perShape(() => new Map<CellId, Calls | undefined>());

/** Undefined where all of it means the same everywhere. */
export function callsOf(graph: Graph, id: CellId): Calls | undefined {
  const known = callsByCell(graph);
  // Names that are the same everywhere are defined above all who read them: the way leads up the page, and never back.
  const path = [id];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const missing = known.has(top) ? [] : fixedCallees(graph, top).filter((callee) => !known.has(callee));
    if (missing.length > 0) {
      path.push(...missing);
      continue;
    }
    path.pop();
    if (!known.has(top)) known.set(top, findCalls(graph, top, known));
  }
  return known.get(id);
}

/** Cells whose functions these call, whoever calls them. */
function fixedCallees(graph: Graph, id: CellId): readonly CellId[] {
  const names = [...cellOf(graph, id).facts.deferredReads].filter((name) => !graph.positional.has(name));
  const callees = names.flatMap((name) => graph.writers.get(name) ?? []);
  return callees.filter((callee) => callee !== id && cellOf(graph, callee).facts.deferredReads.size > 0);
}

function findCalls(graph: Graph, id: CellId, known: ReadonlyMap<CellId, Calls | undefined>): Calls | undefined {
  const names = [...cellOf(graph, id).facts.deferredReads].filter((name) => graph.positional.has(name));
  const callees = fixedCallees(graph, id).map((callee) => known.get(callee));
  const next = [...new Set(callees)].filter((calls) => calls !== undefined);
  if (names.length > 0 || next.length > 1) return { names, next };
  return next.length > 0 ? itemAt(next, 0) : undefined;
}
