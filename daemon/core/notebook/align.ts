/** Which cell of the new text is which cell of the old one: files hold no ids, so identity is told from what stands there. */
import { Alignment, type KnownCell, type NextCell } from './alignment.ts';
import type { CellId } from './notebook.ts';

/** One id per new cell; an old id is given at most once. Unchanged text wins, then the name, then likeness and place. */
export function alignCells(old: readonly KnownCell[], next: readonly NextCell[], newId: () => CellId): readonly CellId[] {
  const prefix = commonLength(old, next, 0, (index) => index);
  const suffix = commonLength(old, next, prefix, (index, cells) => cells.length - 1 - index);
  const changed = new Alignment(old.slice(prefix, old.length - suffix), next.slice(prefix, next.length - suffix));
  changed.matchText();
  changed.matchLikeness();
  const found = changed.ids;
  return next.map((_, index) => {
    if (index < prefix) return (old[index] as KnownCell).id;
    if (index >= next.length - suffix) return (old[index + old.length - next.length] as KnownCell).id;
    return found[index - prefix] ?? newId();
  });
}

/** How many cells are unchanged, counted from one end. */
function commonLength(
  old: readonly KnownCell[],
  next: readonly NextCell[],
  taken: number,
  at: (index: number, cells: readonly unknown[]) => number,
): number {
  const most = Math.min(old.length, next.length) - taken;
  let count = 0;
  while (count < most && old[at(count, old)]?.code === next[at(count, next)]?.code) count += 1;
  return count;
}
