/** Which cells write and read which implicit names. */
import type { Name } from '../analysis/facts.ts';
import { isFile } from '../analysis/implicit-files.ts';
import { PersistentMap } from '../collections/persistent-map.ts';
import { countWhile } from '../collections/sorted.ts';
import type { CellId } from '../notebook/notebook.ts';
import { implicitOf, type WithImplicit } from './implicit.ts';

/** By name, in page order. */
type CellsByName = PersistentMap<Name, readonly CellId[]>;

export interface ImplicitLinks {
  readonly writers: CellsByName;
  /** Cells that are known to read the name, or to add to it. Those that may read it because they mention something are looked for when asked. */
  readonly readers: CellsByName;
}

type Index = ReadonlyMap<CellId, number>;

export const noImplicitLinks: ImplicitLinks = { writers: PersistentMap.empty(), readers: PersistentMap.empty() };

/** Of cells in page order. */
export function implicitLinksOf(cells: readonly (WithImplicit & { readonly id: CellId })[], index: Index): ImplicitLinks {
  return cells.reduce((links, cell) => relinkImplicit(links, cell.id, undefined, cell, index, () => {}), noImplicitLinks);
}

/** The cell takes the place of an older text of it. */
export function relinkImplicit(
  links: ImplicitLinks,
  id: CellId,
  old: WithImplicit | undefined,
  cell: WithImplicit | undefined,
  index: Index,
  touch: (name: Name) => void,
): ImplicitLinks {
  const [before, now] = [namesOf(old), namesOf(cell)];
  if (before === none && now === none) return links;
  let { writers, readers } = links;
  for (const name of missingIn(now.writes, before.writes)) {
    writers = without(writers, name, id);
    touch(name);
  }
  for (const name of missingIn(before.writes, now.writes)) {
    writers = withCell(writers, name, id, index);
    touch(name);
  }
  for (const name of missingIn(now.reads, before.reads)) {
    readers = without(readers, name, id);
    if (isFile(name)) touch(name);
  }
  for (const name of missingIn(before.reads, now.reads)) {
    readers = withCell(readers, name, id, index);
    if (isFile(name)) touch(name);
  }
  return { writers, readers };
}

/** After cells changed places. */
export function sortImplicitLinks({ writers, readers }: ImplicitLinks, index: Index): ImplicitLinks {
  const at = (id: CellId) => index.get(id) ?? -1;
  const sorted = (links: CellsByName) =>
    PersistentMap.from([...links].map(([name, cells]) => [name, cells.toSorted((a, b) => at(a) - at(b))] as const));
  return { writers: sorted(writers), readers: sorted(readers) };
}

function withCell(links: CellsByName, name: Name, id: CellId, index: Index): CellsByName {
  const cells = links.get(name) ?? [];
  const placeOf = (other: CellId) => index.get(other) ?? -1;
  const at = countWhile(cells, (other) => placeOf(other) < placeOf(id));
  return links.set(name, cells.toSpliced(at, 0, id));
}

function without(links: CellsByName, name: Name, id: CellId): CellsByName {
  const others = (links.get(name) ?? []).filter((other) => other !== id);
  return others.length > 0 ? links.set(name, others) : links.delete(name);
}

interface Names {
  readonly writes: ReadonlySet<Name>;
  readonly reads: ReadonlySet<Name>;
}

const none: Names = { writes: new Set(), reads: new Set() };

function namesOf(cell: WithImplicit | undefined): Names {
  if (!cell || (!cell.facts.implicit && !cell.observed.implicit && !cell.observed.files)) return none;
  const { writes, reads, adds = [], consumes } = implicitOf(cell);
  return { writes: new Set(writes), reads: new Set([...reads, ...adds, ...consumes]) };
}

function missingIn(names: ReadonlySet<Name>, others: ReadonlySet<Name>): Name[] {
  return [...others].filter((name) => !names.has(name));
}
