/** Whether two collections have the same, in whatever order. */

interface Keyed<K> {
  readonly size: number;
  keys(): Iterable<K>;
  has(key: K): boolean;
}

/** Of sets and maps. */
export function hasSameKeys<K>(a: Keyed<K>, b: Keyed<K>): boolean {
  if (a.size !== b.size) return false;
  for (const key of a.keys()) if (!b.has(key)) return false;
  return true;
}

/** Of short lists without repetitions. */
export function hasSameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}
