/** Whether two texts of a cell say the same to the graph, or to those who read a name. */
import type { Def, Facts, Name, Ref } from '../analysis/facts.ts';
import { changes, type GraphCell } from './graph.ts';
import { sameImplicit } from './implicit.ts';

const none: ReadonlySet<Name> = new Set();

/** Whether two texts of a cell say the same to the graph. */
export function hasSameNames(a: GraphCell | undefined, b: GraphCell): boolean {
  return (
    a !== undefined &&
    a.options.disabled === b.options.disabled &&
    a.options.manual === b.options.manual &&
    a.kind === b.kind &&
    sameNames(a.observed.writes, b.observed.writes) &&
    sameImplicit(a.observed.implicit, b.observed.implicit) &&
    sameImplicit(a.observed.files, b.observed.files) &&
    (a.facts === b.facts || sameFacts(a.facts, b.facts))
  );
}

function sameFacts(a: Facts, b: Facts): boolean {
  if (!sameKeys(a.refs, b.refs) || !sameKeys(a.defs, b.defs) || !sameKeys(a.mutations, b.mutations)) return false;
  for (const [name, ref] of a.refs) if (!sameRef(ref, b.refs.get(name))) return false;
  for (const [name, def] of a.defs) if (!sameDef(def, b.defs.get(name))) return false;
  return (
    a.mayExit === b.mayExit &&
    a.mayBindAny === b.mayBindAny &&
    sameSet(a.deleted, b.deleted) &&
    sameSet(a.unbinds, b.unbinds) &&
    sameSet(a.deferredReads, b.deferredReads) &&
    sameSet(a.deferredWrites, b.deferredWrites) &&
    sameSet(a.maybeReads, b.maybeReads) &&
    sameSet(a.modules ?? none, b.modules ?? none) &&
    sameImplicit(a.implicit, b.implicit)
  );
}

/** Whether the two texts write the name in the same way: what others see of a writer. */
export function writesAlike(a: GraphCell, b: GraphCell, name: Name): boolean {
  return (
    changes(a, name) === changes(b, name) &&
    a.facts.deleted.has(name) === b.facts.deleted.has(name) &&
    a.facts.unbinds.has(name) === b.facts.unbinds.has(name) &&
    a.observed.writes.includes(name) === b.observed.writes.includes(name) &&
    a.taken?.writes.has(name) === b.taken?.writes.has(name) &&
    sameDef(a.facts.defs.get(name), b.facts.defs.get(name))
  );
}

function sameRef(a: Ref, b: Ref | undefined): boolean {
  return a.isDeferred === b?.isDeferred && a.isCertain === b.isCertain;
}

function sameDef(a: Def | undefined, b: Def | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.kind === b.kind && a.isConditional === b.isConditional && a.isLate === b.isLate && a.imported === b.imported;
}

function sameKeys(a: ReadonlyMap<Name, unknown>, b: ReadonlyMap<Name, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const key of a.keys()) if (!b.has(key)) return false;
  return true;
}

function sameNames(a: readonly Name[], b: readonly Name[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

function sameSet(a: ReadonlySet<Name>, b: ReadonlySet<Name>): boolean {
  if (a.size !== b.size) return false;
  for (const key of a) if (!b.has(key)) return false;
  return true;
}
