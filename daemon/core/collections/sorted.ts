import { itemAt } from '../assert.ts';

/** How many of the items stand at the start: those for which it holds all come before those for which it does not. */
export function countWhile<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return firstWithout(0, items.length, (at) => holds(itemAt(items, at)));
}

/** The first index from `low` up to `high` for which it does not hold; `high` where it holds for all. */
export function firstWithout(low: number, high: number, holds: (at: number) => boolean): number {
  let [first, end] = [low, high];
  while (first < end) {
    const middle = (first + end) >> 1;
    if (holds(middle)) first = middle + 1;
    else end = middle;
  }
  return first;
}
