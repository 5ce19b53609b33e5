/** Which cells write and read which implicit names. */
import type { Name } from '../analysis/facts.ts';
import { PersistentMap } from '../collections/persistent-map.ts';
import { PersistentSet } from '../collections/persistent-set.ts';
import type { CellId } from '../notebook/notebook.ts';
import { implicitOf, type WithImplicit } from './implicit.ts';

export interface ImplicitLinks {
  /** In page order. */
  readonly writers: PersistentMap<Name, readonly CellId[]>;
  /** Cells that are known to read the name. Those that may read it because they mention something are looked for when asked. */
  readonly readers: PersistentMap<Name, PersistentSet<CellId>>;
}

export const noImplicitLinks: ImplicitLinks = { writers: PersistentMap.empty(), readers: PersistentMap.empty() };

/** Of cells in page order. */
export function implicitLinksOf(cells: readonly (WithImplicit & { readonly id: CellId })[]): ImplicitLinks {
  let links = noImplicitLinks;
  for (const cell of cells) links = relinkImplicit(links, cell.id, undefined, cell, () => {});
  return links;
}

/** The cell takes the place of an older text of it. Writers that are new stand last: `sortImplicitWriters` puts them right. */
export function relinkImplicit(
  links: ImplicitLinks,
  id: CellId,
  old: WithImplicit | undefined,
  cell: WithImplicit | undefined,
  touch: (name: Name) => void,
): ImplicitLinks {
  const [before, now] = [namesOf(old), namesOf(cell)];
  if (before === none && now === none) return links;
  let { writers, readers } = links;
  for (const name of missingIn(now.writes, before.writes)) {
    const others = (writers.get(name) ?? []).filter((writer) => writer !== id);
    writers = others.length > 0 ? writers.set(name, others) : writers.delete(name);
    touch(name);
  }
  for (const name of missingIn(before.writes, now.writes)) {
    writers = writers.set(name, [...(writers.get(name) ?? []), id]);
    touch(name);
  }
  for (const name of missingIn(now.reads, before.reads)) {
    const others = readers.get(name)?.delete(id);
    readers = others && others.size > 0 ? readers.set(name, others) : readers.delete(name);
  }
  for (const name of missingIn(before.reads, now.reads))
    readers = readers.set(name, readers.get(name)?.add(id) ?? PersistentSet.of(id));
  return { writers, readers };
}

export function sortImplicitWriters(
  links: ImplicitLinks,
  names: Iterable<Name>,
  index: ReadonlyMap<CellId, number>,
): ImplicitLinks {
  let { writers } = links;
  const at = (id: CellId) => index.get(id) ?? -1;
  for (const name of names) {
    const cells = writers.get(name) ?? [];
    if (cells.some((id, place) => place > 0 && at(cells[place - 1] ?? id) > at(id)))
      writers = writers.set(
        name,
        cells.toSorted((a, b) => at(a) - at(b)),
      );
  }
  return { ...links, writers };
}

interface Names {
  readonly writes: ReadonlySet<Name>;
  readonly reads: ReadonlySet<Name>;
}

const none: Names = { writes: new Set(), reads: new Set() };

function namesOf(cell: WithImplicit | undefined): Names {
  if (!cell || (!cell.facts.implicit && !cell.observed.implicit)) return none;
  const { writes, reads, consumes } = implicitOf(cell);
  return { writes: new Set(writes), reads: new Set([...reads, ...consumes]) };
}

function missingIn(names: ReadonlySet<Name>, others: ReadonlySet<Name>): Name[] {
  return [...others].filter((name) => !names.has(name));
}
