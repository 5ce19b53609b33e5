/** Names that several cells define, and cells that need each other. In marimo's format they cannot run. */
import type { Name } from '../analysis/facts.ts';
import { itemAt } from '../assert.ts';
import type { CellId } from '../notebook/notebook.ts';
import { componentsOf } from './components.ts';
import { cellOf, type Graph, indexOf } from './graph.ts';
import { edgeNames, inputsOf, parentsOf, precedersOf } from './inputs.ts';
import { perShape } from './per-shape.ts';

export interface Conflicts {
  /** Names that several cells define, with those cells in page order. In a percent notebook they are shown, not refused. */
  readonly redefinitions: ReadonlyMap<Name, readonly CellId[]>;
  /** Strongly connected components, each in page order. */
  readonly components: readonly (readonly CellId[])[];
  /** Those that no order serves. In a script: cells that certainly need each other, so that plain Python fails; others run as they stand. */
  readonly cycles: readonly (readonly CellId[])[];
  /** marimo's format: components that can run in page order because all that leads back is read later, by member: they run as one unit. */
  readonly units: ReadonlyMap<CellId, readonly CellId[]>;
  /** Cells that do not run. */
  readonly cells: ReadonlySet<CellId>;
  /** Who gives to another cell, or runs before it for another reason, has the lower rank, but in a component. */
  readonly ranks: ReadonlyMap<CellId, number>;
}

export const conflictsOf = perShape(findConflicts);

/** Those of the text as it stands: what is cut of a script for them is not cut here. */
export function cyclesOf(graph: Graph): Conflicts['cycles'] {
  return conflictsOf(graph.uncut ?? graph).cycles;
}

/**
 * After an edit that moved no cell: as long as every relinked cell is in no component and takes from cells of lower rank alone, no
 * component came or went, and only redefinitions of the names that were touched are looked at.
 */
export function carryConflicts(before: Graph, after: Graph, { written, relinked }: GraphLinks): void {
  const known = conflictsOf.known(before);
  if (!known || !relinked) return;
  const inComponents = new Set(known.components.flat());
  for (const id of relinked) {
    if (inComponents.has(id) || !isRanked(after, id, known.ranks)) return;
  }
  const redefinitions = carryRedefinitions(after, known.redefinitions, written);
  const cells = redefinitions === known.redefinitions ? known.cells : cellsIn(after, redefinitions, known.cycles);
  conflictsOf.carry(after, { ...known, redefinitions, cells });
}

interface GraphLinks {
  readonly written: ReadonlySet<Name>;
  readonly relinked: ReadonlySet<CellId> | undefined;
}

function isRanked(graph: Graph, id: CellId, ranks: Conflicts['ranks']): boolean {
  const own = ranks.get(id) ?? -1;
  const isLower = (other: CellId) => other === id || (ranks.get(other) ?? Number.POSITIVE_INFINITY) < own;
  for (const givers of inputsOf(graph, id).values()) if (!givers.every(isLower)) return false;
  for (const preceder of precedersOf(graph, id)) if (!isLower(preceder)) return false;
  return true;
}

function carryRedefinitions(
  graph: Graph,
  known: Conflicts['redefinitions'],
  names: ReadonlySet<Name>,
): Conflicts['redefinitions'] {
  let changed: Map<Name, readonly CellId[]> | undefined;
  for (const name of names) {
    const definers = redefinersOf(graph, name);
    if (!definers && !known.has(name)) continue;
    changed ??= new Map(known);
    if (definers) changed.set(name, definers);
    else changed.delete(name);
  }
  return changed ?? known;
}

function findConflicts(graph: Graph): Conflicts {
  const redefinitions = findRedefinitions(graph);
  if (isPageOrderValid(graph)) {
    const cells = cellsIn(graph, redefinitions, []);
    return { redefinitions, components: [], cycles: [], units: new Map(), cells, ranks: graph.index };
  }
  const { several, ranks } = componentsOf(graph.order, (id) => new Set([...parentsOf(graph, id), ...precedersOf(graph, id)]));
  const components = inPageOrder(graph, several);
  const cycles =
    graph.format === 'percent'
      ? components.flatMap((component) => certainCycles(graph, component))
      : components.filter((component) => !isUnit(graph, component));
  const unitsFound = graph.format === 'percent' ? [] : components.filter((component) => !cycles.includes(component));
  const units = new Map(unitsFound.flatMap((unit) => unit.map((id) => [id, unit] as const)));
  return { redefinitions, components, cycles, units, cells: cellsIn(graph, redefinitions, cycles), ranks };
}

function inPageOrder(graph: Graph, components: readonly (readonly CellId[])[]): readonly (readonly CellId[])[] {
  const sorted = components.map((component) => component.toSorted((a, b) => indexOf(graph, a) - indexOf(graph, b)));
  return sorted.sort((a, b) => indexOf(graph, itemAt(a, 0)) - indexOf(graph, itemAt(b, 0)));
}

/** As in most notebooks: whoever gives stands above. */
function isPageOrderValid(graph: Graph): boolean {
  return graph.order.every((id) => isRanked(graph, id, graph.index));
}

/** A script has none: it runs as it stands, and fails where Python does. */
function cellsIn({ format }: Graph, redefinitions: Conflicts['redefinitions'], cycles: Conflicts['cycles']): ReadonlySet<CellId> {
  return new Set(format === 'percent' ? [] : [...cycles, ...redefinitions.values()].flat());
}

function findRedefinitions(graph: Graph): Map<Name, readonly CellId[]> {
  const redefinitions = new Map<Name, readonly CellId[]>();
  for (const name of graph.positional.keys()) {
    const definers = redefinersOf(graph, name);
    if (definers) redefinitions.set(name, definers);
  }
  return redefinitions;
}

function redefinersOf(graph: Graph, name: Name): readonly CellId[] | undefined {
  const writers = graph.writers.get(name) ?? [];
  if (writers.length < 2) return undefined;
  const definers = writers.filter((id) => cellOf(graph, id).facts.defs.has(name));
  return definers.length > 1 && !isHarmless(graph, name, definers) ? definers : undefined;
}

/** A repeated import means the same everywhere, and `_` is nobody's name. marimo refuses both, so its format does too. */
function isHarmless(graph: Graph, name: Name, definers: readonly CellId[]): boolean {
  if (graph.format === 'marimo') return false;
  const imports = new Set(definers.map((id) => cellOf(graph, id).facts.defs.get(name)?.imported));
  return name === '_' || (imports.size === 1 && !imports.has(undefined)) || [...imports].every((one) => isPackage(name, one));
}

/** `import a` and `import a.b` bind `a` to the same module; what `from a import a` binds may be anything. */
function isPackage(name: Name, imported: string | undefined): boolean {
  const isIt = (one: string) =>
    one === name || (one.startsWith(`${name}.`) && !one.endsWith(`.${name}`) && !one.includes(' as '));
  return imported?.split(', ').every(isIt) ?? false;
}

/** Whether any order serves the cells: all that they need of each other is read later, inside functions. */
function isUnit(graph: Graph, component: readonly CellId[]): boolean {
  const members = new Set(component);
  return component.every((id) => {
    const { refs } = cellOf(graph, id).facts;
    const isDeferred = (from: CellId) => edgeNames(graph, from, id).every((name) => refs.get(name)?.isDeferred);
    const parents = [...parentsOf(graph, id)].filter((parent) => members.has(parent));
    return parents.every(isDeferred) && ![...precedersOf(graph, id)].some((before) => members.has(before));
  });
}

/** Whatever the order, one of them reads a name that is not there. */
function certainCycles(graph: Graph, component: readonly CellId[]): readonly (readonly CellId[])[] {
  const members = new Set(component);
  const certainParents = (id: CellId) => {
    const { refs } = cellOf(graph, id).facts;
    const isCertain = (from: CellId) => edgeNames(graph, from, id).some((name) => refs.get(name)?.isCertain);
    return [...parentsOf(graph, id)].filter((parent) => members.has(parent) && isCertain(parent));
  };
  return inPageOrder(graph, componentsOf(component, certainParents).several);
}
