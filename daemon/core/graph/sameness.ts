/** Whether two texts of a cell say the same to the graph, or to those who read a name. */
import type { Def, Facts, Name, Ref } from '../analysis/facts.ts';
import { hasSameItems, hasSameKeys } from '../collections/same.ts';
import { changes, type GraphCell } from './graph.ts';
import { implicitOf, sameImplicit } from './implicit.ts';
import { expectedOf } from './observed.ts';

const none: ReadonlySet<Name> = new Set();

/** Whether two texts of a cell say the same to the graph. */
export function hasSameNames(a: GraphCell | undefined, b: GraphCell): boolean {
  return (
    a !== undefined &&
    a.options.disabled === b.options.disabled &&
    a.options.manual === b.options.manual &&
    a.kind === b.kind &&
    hasSameItems(a.observed.writes, b.observed.writes) &&
    hasSameItems(expectedOf(a), expectedOf(b)) &&
    sameImplicit(implicitOf(a), implicitOf(b)) &&
    (a.facts === b.facts || sameFacts(a.facts, b.facts))
  );
}

function sameFacts(a: Facts, b: Facts): boolean {
  if (!hasSameKeys(a.refs, b.refs) || !hasSameKeys(a.defs, b.defs) || !hasSameKeys(a.mutations, b.mutations)) return false;
  for (const [name, ref] of a.refs) if (!sameRef(ref, b.refs.get(name))) return false;
  for (const [name, def] of a.defs) if (!sameDef(def, b.defs.get(name))) return false;
  return (
    a.mayExit === b.mayExit &&
    a.mayBindAny === b.mayBindAny &&
    hasSameKeys(a.deleted, b.deleted) &&
    hasSameKeys(a.unbinds, b.unbinds) &&
    hasSameKeys(a.deferredReads, b.deferredReads) &&
    hasSameKeys(a.deferredWrites, b.deferredWrites) &&
    hasSameKeys(a.maybeReads, b.maybeReads) &&
    hasSameKeys(a.modules ?? none, b.modules ?? none)
  );
}

/** Whether the two texts write the name in the same way: what others see of a writer. */
export function writesAlike(a: GraphCell, b: GraphCell, name: Name): boolean {
  return (
    changes(a, name) === changes(b, name) &&
    a.facts.deleted.has(name) === b.facts.deleted.has(name) &&
    a.facts.unbinds.has(name) === b.facts.unbinds.has(name) &&
    a.observed.writes.includes(name) === b.observed.writes.includes(name) &&
    expectedOf(a).includes(name) === expectedOf(b).includes(name) &&
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
