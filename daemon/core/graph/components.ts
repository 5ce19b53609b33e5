/** Strongly connected components (Tarjan 1972), without recursion: a chain may be thousands of cells long. */
import type { CellId } from '../notebook/notebook.ts';

export interface Components {
  /** Those of more than one cell. */
  readonly several: readonly (readonly CellId[])[];
  /** A component is complete after all that its cells lead to: these have the lower ranks. */
  readonly ranks: ReadonlyMap<CellId, number>;
}

/** Of these cells, and of all that they lead to. */
export function componentsOf(cells: Iterable<CellId>, successors: (id: CellId) => Iterable<CellId>): Components {
  const several: (readonly CellId[])[] = [];
  const ranks = new Map<CellId, number>();
  const number = new Map<CellId, number>();
  const low = new Map<CellId, number>();
  const open: CellId[] = [];
  const isOpen = new Set<CellId>();
  let rank = 0;
  for (const root of cells) {
    if (number.has(root)) continue;
    const path: { id: CellId; next: Iterator<CellId> }[] = [];
    const enter = (id: CellId) => {
      number.set(id, number.size);
      low.set(id, number.size - 1);
      open.push(id);
      isOpen.add(id);
      path.push({ id, next: successors(id)[Symbol.iterator]() });
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
      for (const id of component) {
        isOpen.delete(id);
        ranks.set(id, rank);
      }
      rank += 1;
      if (component.length > 1) several.push(component);
    }
  }
  return { several, ranks };
}
