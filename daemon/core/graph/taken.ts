/**
 * Percent format: a cell that calls a function which binds global names binds them, too. Found by name, wherever the function stands, so
 * that it does not depend on page order: functions that bind global names are few, and so are those who use them.
 */
import type { Facts, Name } from '../analysis/facts.ts';
import { hasSameKeys } from '../collections/same.ts';
import type { CellId } from '../notebook/notebook.ts';
import { cellOf, type Graph, type GraphCell, type Taken } from './graph.ts';

type Links = Pick<Graph, 'format' | 'cells' | 'readers' | 'globalWriters'>;

/** Every cell that takes something on. */
export function takersIn(graph: Links): ReadonlyMap<CellId, Taken> {
  if (graph.format === 'marimo' || graph.globalWriters.size === 0) return new Map();
  const carried = carriedNames(graph);
  const takers = new Map<CellId, Taken>();
  for (const [name, effect] of carried) {
    for (const id of graph.readers.get(name) ?? []) {
      const { facts } = cellOf(graph, id);
      if (facts.refs.get(name)?.isDeferred === false) takers.set(id, joined(takers.get(id), effect));
    }
  }
  for (const id of graph.globalWriters.keys()) {
    const own = ownCalls(cellOf(graph, id).facts);
    if (own) takers.set(id, joined(takers.get(id), own));
  }
  return takers;
}

export function sameTaken(a: Taken | undefined, b: Taken | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return hasSameKeys(a.writes, b.writes) && hasSameKeys(a.changes, b.changes);
}

/** Functions and classes, by name, and what comes of calling them: through functions that call them, as far as there are any. */
function carriedNames(graph: Links): ReadonlyMap<Name, Taken> {
  const carried = new Map<Name, Taken>();
  const todo: CellId[] = [];
  const carry = (id: CellId, effect: Taken) => {
    for (const name of functionsOf(cellOf(graph, id))) {
      const before = carried.get(name);
      const after = joined(before, effect);
      if (sameTaken(before, after)) continue;
      carried.set(name, after);
      for (const user of graph.readers.get(name) ?? []) todo.push(user);
    }
  };
  for (const id of graph.globalWriters.keys()) carry(id, effectOf(cellOf(graph, id).facts));
  for (let user = todo.pop(); user !== undefined; user = todo.pop()) {
    for (const name of namesRead(graph, user)) {
      const effect = carried.get(name);
      if (effect) carry(user, effect);
    }
  }
  return carried;
}

function functionsOf({ facts }: GraphCell): Name[] {
  return [...facts.defs].filter(([, { kind }]) => kind === 'function' || kind === 'class').map(([name]) => name);
}

/** By its text alone: what it takes on must not be why it takes it on. */
function namesRead(graph: Links, id: CellId): Iterable<Name> {
  const { refs, maybeReads, deferredReads } = cellOf(graph, id).facts;
  return [...refs.keys(), ...maybeReads, ...deferredReads];
}

function effectOf({ deferredWrites, deferredReads }: Facts): Taken {
  return { writes: deferredWrites, changes: new Set([...deferredWrites].filter((name) => deferredReads.has(name))) };
}

/** A cell that calls its own functions on a name that it does not bind otherwise. */
function ownCalls(facts: Facts): Taken | undefined {
  const isCalled = (name: Name) => facts.defs.get(name)?.isLate === false && facts.refs.get(name)?.isDeferred === false;
  const writes = [...facts.deferredWrites].filter((name) => facts.deferredReads.has(name) && isCalled(name));
  return writes.length > 0 ? { writes: new Set(), changes: new Set(writes) } : undefined;
}

function joined(a: Taken | undefined, b: Taken): Taken {
  return a ? { writes: new Set([...a.writes, ...b.writes]), changes: new Set([...a.changes, ...b.changes]) } : b;
}
