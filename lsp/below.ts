/**
 * How many cells follow from each: the same count that *Run cell* has below in its title, from the view alone, since a lens stands above
 * every cell.
 */
import type { CellView, NotebookView } from '../protocol/types.ts';

/** Cells from which nothing follows are not in it; in lazy mode none is. */
export function countsBelow(view: NotebookView): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  if (view.options.mode === 'lazy') return counts;
  const cells = view.layout.flatMap(({ id }) => view.cells[id] ?? []);
  const index = new Map(cells.map(({ id }, at) => [id, at]));
  const runs = cells.map(({ manual }) => !manual);
  for (const at of blockedCells(cells, index)) runs[at] = false;
  const isFresh = cells.map(({ status }) => status === 'fresh');
  const follows = (from: number, child: number) => runs[child] === true && (isFresh[from] === true || isFresh[child] !== true);
  const children = cells.map((cell, at) => cell.children.flatMap((id) => index.get(id) ?? []).filter((one) => follows(at, one)));
  for (const [at, reached] of reachedFrom(children).entries()) {
    const count = sizeWithout(reached, at);
    if (count > 0) counts.set((cells[at] as CellView).id, count);
  }
  return counts;
}

/** They cannot run, and what needs them cannot either. */
function blockedCells(cells: readonly CellView[], index: ReadonlyMap<string, number>): ReadonlySet<number> {
  const isItself = ({ kind, status }: CellView) => kind === 'unparsable' || status === 'conflict' || status === 'disabled';
  const blocked = new Set(cells.flatMap((cell, at) => (isItself(cell) ? [at] : [])));
  // The set grows while it is walked.
  for (const at of blocked) for (const id of cells[at]?.children ?? []) blocked.add(index.get(id) ?? at);
  return blocked;
}

type Children = readonly (readonly number[])[];

/** A bit for each cell. Where cells need each other it takes another round until each has all. */
function reachedFrom(children: Children): readonly Uint32Array[] {
  const sets = children.map(() => new Uint32Array((children.length + 31) >>> 5));
  const order = childrenFirst(children);
  for (let isWhole = false; !isWhole; ) {
    isWhole = true;
    for (const at of order)
      for (const child of children[at] ?? [])
        if (include(sets[at] as Uint32Array, child, sets[child] as Uint32Array)) isWhole = false;
  }
  return sets;
}

function childrenFirst(children: Children): readonly number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  for (const start of children.keys()) {
    const path = seen.has(start) ? [] : [{ at: start, next: 0 }];
    seen.add(start);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const child = children[top.at]?.[top.next++];
      if (child === undefined) {
        order.push(top.at);
        path.pop();
      } else if (!seen.has(child)) {
        seen.add(child);
        path.push({ at: child, next: 0 });
      }
    }
  }
  return order;
}

/** Whether anything came in. */
function include(set: Uint32Array, child: number, below: Uint32Array): boolean {
  let hasGrown = false;
  for (let word = 0; word < set.length; word++) {
    const before = set[word] ?? 0;
    const own = word === child >>> 5 ? 1 << (child & 31) : 0;
    set[word] = before | (below[word] ?? 0) | own;
    hasGrown ||= set[word] !== before;
  }
  return hasGrown;
}

function sizeWithout(set: Uint32Array, at: number): number {
  let size = 0;
  for (let word of set) for (; word !== 0; word &= word - 1) size++;
  const isIn = ((set[at >>> 5] ?? 0) >>> (at & 31)) & 1;
  return size - isIn;
}
