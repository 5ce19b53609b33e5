/** What cannot run: names that several cells define (marimo's format) and cells that need each other. */
import type { Name } from '../analysis/facts.ts';
import { itemAt } from '../assert.ts';
import type { CellId } from '../notebook/notebook.ts';
import { cellOf, type Graph, indexOf } from './graph.ts';
import { edgeNames, inputsOf, parentsOf, precedersOf } from './inputs.ts';

export interface Conflicts {
  /** Names that several cells define, with those cells in page order. In a percent notebook they are shown, not refused. */
  readonly redefinitions: ReadonlyMap<Name, readonly CellId[]>;
  /** Strongly connected components that cannot be ordered, each in page order. */
  readonly cycles: readonly (readonly CellId[])[];
  /** Components that can run in page order because what leads back is read later, by member: they run as one unit. */
  readonly units: ReadonlyMap<CellId, readonly CellId[]>;
  /** Cells that do not run. */
  readonly cells: ReadonlySet<CellId>;
  /** Who gives to another cell, or runs before it for another reason, has the lower rank, but in a component. */
  readonly ranks: ReadonlyMap<CellId, number>;
}

const cache = new WeakMap<object, Conflicts>();

export function conflictsOf(graph: Graph): Conflicts {
  const known = cache.get(graph.shape);
  if (known) return known;
  const conflicts = findConflicts(graph);
  cache.set(graph.shape, conflicts);
  return conflicts;
}

/**
 * After an edit that moved no cell: as long as every relinked cell is in no component and takes from cells of lower rank alone, no
 * component came or went, and only redefinitions of the names that were touched are looked at.
 */
export function carryConflicts(before: Graph, after: Graph, { written, relinked }: GraphLinks): void {
  const known = cache.get(before.shape);
  if (!known || !relinked) return;
  const inComponents = new Set(known.cycles.flat());
  for (const id of relinked) {
    if (known.units.has(id) || inComponents.has(id) || !isRanked(after, id, known.ranks)) return;
  }
  const redefinitions = carryRedefinitions(after, known.redefinitions, written);
  const cells = redefinitions === known.redefinitions ? known.cells : cellsIn(after, redefinitions, known.cycles);
  cache.set(after.shape, { ...known, redefinitions, cells });
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
    return { redefinitions, cycles: [], units: new Map(), cells, ranks: graph.index };
  }
  const ranks = new Map<CellId, number>();
  const components = componentsOf(graph, ranks);
  const cycles = components.filter((component) => !isUnit(graph, component));
  const units = new Map(components.filter((c) => !cycles.includes(c)).flatMap((unit) => unit.map((id) => [id, unit] as const)));
  return { redefinitions, cycles, units, cells: cellsIn(graph, redefinitions, cycles), ranks };
}

/** As in most notebooks: whoever gives stands above. */
function isPageOrderValid(graph: Graph): boolean {
  return graph.order.every((id) => isRanked(graph, id, graph.index));
}

function cellsIn({ format }: Graph, redefinitions: Conflicts['redefinitions'], cycles: Conflicts['cycles']): ReadonlySet<CellId> {
  const cells = new Set(cycles.flat());
  if (format === 'marimo') for (const definers of redefinitions.values()) for (const id of definers) cells.add(id);
  return cells;
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

/**
 * Whether the cells can run in page order all the same: what leads back up is only read later, inside functions. In marimo's format
 * page order is no order, so there every edge must be such a read.
 */
function isUnit(graph: Graph, component: readonly CellId[]): boolean {
  const members = new Set(component);
  return component.every((id) => {
    const { refs } = cellOf(graph, id).facts;
    const isAbove = (other: CellId) => graph.format === 'percent' && indexOf(graph, other) < indexOf(graph, id);
    const isDeferred = (from: CellId) => edgeNames(graph, from, id).every((name) => refs.get(name)?.isDeferred);
    const parents = [...parentsOf(graph, id)].filter((parent) => members.has(parent));
    const preceders = [...precedersOf(graph, id)].filter((before) => members.has(before));
    return parents.every((parent) => isAbove(parent) || isDeferred(parent)) && preceders.every(isAbove);
  });
}

/**
 * Strongly connected components of more than one cell (Tarjan 1972), without recursion: a chain may be thousands of cells long. A
 * component is complete after all that give to it, which gives the ranks.
 */
function componentsOf(graph: Graph, ranks: Map<CellId, number>): (readonly CellId[])[] {
  const found: (readonly CellId[])[] = [];
  const number = new Map<CellId, number>();
  const low = new Map<CellId, number>();
  const open: CellId[] = [];
  const isOpen = new Set<CellId>();
  for (const root of graph.order) {
    if (number.has(root)) continue;
    const path: { id: CellId; next: Iterator<CellId> }[] = [];
    const enter = (id: CellId) => {
      number.set(id, number.size);
      low.set(id, number.size - 1);
      open.push(id);
      isOpen.add(id);
      path.push({ id, next: successors(graph, id) });
    };
    enter(root);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { value, done } = top.next.next();
      if (!done) {
        if (!number.has(value)) enter(value);
        else if (isOpen.has(value)) low.set(top.id, Math.min(low.get(top.id) ?? 0, number.get(value) ?? 0));
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent) low.set(parent.id, Math.min(low.get(parent.id) ?? 0, low.get(top.id) ?? 0));
      if (low.get(top.id) !== number.get(top.id)) continue;
      const component = open.splice(open.lastIndexOf(top.id));
      const rank = ranks.size;
      for (const id of component) {
        isOpen.delete(id);
        ranks.set(id, rank);
      }
      if (component.length > 1) found.push(component.sort((a, b) => indexOf(graph, a) - indexOf(graph, b)));
    }
  }
  return found.sort((a, b) => indexOf(graph, itemAt(a, 0)) - indexOf(graph, itemAt(b, 0)));
}

function successors(graph: Graph, id: CellId): Iterator<CellId> {
  return new Set([...parentsOf(graph, id), ...precedersOf(graph, id)])[Symbol.iterator]();
}
