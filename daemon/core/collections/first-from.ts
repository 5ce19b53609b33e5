import { itemAt } from '../assert.ts';

/** The first item for which it holds, from this index on. Nothing is copied, unlike with `slice` and `find`. */
export function firstFrom<T>(items: readonly T[], from: number, holds: (item: T) => boolean): T | undefined {
  for (let at = from; at < items.length; at++) {
    const item = itemAt(items, at);
    if (holds(item)) return item;
  }
  return undefined;
}
