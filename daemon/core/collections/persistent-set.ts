/** An immutable set whose `add` and `delete` share all but a path with the set before. */
import { PersistentMap } from './persistent-map.ts';

export class PersistentSet<K extends string | number> implements Iterable<K> {
  readonly #map: PersistentMap<K, true>;

  private constructor(map: PersistentMap<K, true>) {
    this.#map = map;
  }

  static of<K extends string | number>(...keys: readonly K[]): PersistentSet<K> {
    return new PersistentSet(PersistentMap.from(keys.map((key) => [key, true] as const)));
  }

  get size(): number {
    return this.#map.size;
  }

  has(key: K): boolean {
    return this.#map.has(key);
  }

  add(key: K): PersistentSet<K> {
    const map = this.#map.set(key, true);
    return map === this.#map ? this : new PersistentSet(map);
  }

  delete(key: K): PersistentSet<K> {
    const map = this.#map.delete(key);
    return map === this.#map ? this : new PersistentSet(map);
  }

  [Symbol.iterator](): IterableIterator<K> {
    return this.#map.keys();
  }
}
