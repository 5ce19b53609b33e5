/**
 * An immutable map whose `set` and `delete` share all but a path with the map before: a hash array mapped trie
 * (Bagwell 2001). It is what lets a state of 5,000 cells be a value without copying 5,000 entries at each step.
 */

type Entry<K, V> = { readonly key: K; readonly value: V; readonly hash: number };
type Branch<K, V> = { readonly bitmap: number; readonly slots: readonly Node<K, V>[] };
/** Entries whose whole hash is the same. */
type Bucket<K, V> = { readonly hash: number; readonly entries: readonly Entry<K, V>[] };
type Node<K, V> = Entry<K, V> | Branch<K, V> | Bucket<K, V>;

const bits = 5;
const mask = (1 << bits) - 1;
const emptyBranch: Branch<never, never> = { bitmap: 0, slots: [] };

export class PersistentMap<K extends string | number, V> implements Iterable<readonly [K, V]> {
  readonly size: number;
  readonly #root: Branch<K, V>;

  private constructor(root: Branch<K, V>, size: number) {
    this.#root = root;
    this.size = size;
  }

  static empty<K extends string | number, V>(): PersistentMap<K, V> {
    return new PersistentMap<K, V>(emptyBranch as Branch<K, V>, 0);
  }

  /** Made at once, which costs a third of one `set` after the other. */
  static from<K extends string | number, V>(entries: Iterable<readonly [K, V]>): PersistentMap<K, V> {
    const root: Growing<K, V> = { bitmap: 0, slots: [] };
    let size = 0;
    for (const [key, value] of entries) if (grow(root, { key, value, hash: hashOf(key) }, 0)) size += 1;
    return new PersistentMap<K, V>(root, size);
  }

  get(key: K): V | undefined {
    return find(this.#root, key, hashOf(key))?.value;
  }

  has(key: K): boolean {
    return find(this.#root, key, hashOf(key)) !== undefined;
  }

  /** The same map when the key already has this very value. */
  set(key: K, value: V): PersistentMap<K, V> {
    const hash = hashOf(key);
    const old = find(this.#root, key, hash);
    if (old && Object.is(old.value, value)) return this;
    const root = put(this.#root, { key, value, hash }, 0) as Branch<K, V>;
    return new PersistentMap(root, this.size + (old ? 0 : 1));
  }

  delete(key: K): PersistentMap<K, V> {
    const hash = hashOf(key);
    if (!find(this.#root, key, hash)) return this;
    return new PersistentMap((remove(this.#root, key, hash, 0) ?? emptyBranch) as Branch<K, V>, this.size - 1);
  }

  *[Symbol.iterator](): Iterator<readonly [K, V]> {
    for (const { key, value } of walk<K, V>(this.#root)) yield [key, value];
  }

  *keys(): IterableIterator<K> {
    for (const { key } of walk<K, V>(this.#root)) yield key;
  }

  *values(): IterableIterator<V> {
    for (const { value } of walk<K, V>(this.#root)) yield value;
  }
}

function isBranch<K, V>(node: Node<K, V>): node is Branch<K, V> {
  return 'slots' in node;
}

function isBucket<K, V>(node: Node<K, V>): node is Bucket<K, V> {
  return 'entries' in node;
}

function find<K, V>(root: Node<K, V>, key: K, hash: number): Entry<K, V> | undefined {
  let node: Node<K, V> | undefined = root;
  for (let shift = 0; node && isBranch(node); shift += bits) {
    const bit = 1 << ((hash >>> shift) & mask);
    node = node.bitmap & bit ? node.slots[slotOf(node.bitmap, bit)] : undefined;
  }
  if (!node) return undefined;
  if (isBucket(node)) return node.entries.find((entry) => entry.key === key);
  return (node as Entry<K, V>).key === key ? (node as Entry<K, V>) : undefined;
}

function put<K, V>(node: Node<K, V>, entry: Entry<K, V>, shift: number): Node<K, V> {
  if (!isBranch(node)) return merge(node, entry, shift);
  const bit = 1 << ((entry.hash >>> shift) & mask);
  const at = slotOf(node.bitmap, bit);
  if (!(node.bitmap & bit)) return { bitmap: node.bitmap | bit, slots: node.slots.toSpliced(at, 0, entry) };
  return { bitmap: node.bitmap, slots: node.slots.with(at, put(node.slots[at] as Node<K, V>, entry, shift + bits)) };
}

/** A branch that nobody else has yet. */
type Growing<K, V> = { bitmap: number; readonly slots: Node<K, V>[] };

/** Whether the key is new. */
function grow<K, V>(branch: Growing<K, V>, entry: Entry<K, V>, shift: number): boolean {
  const bit = 1 << ((entry.hash >>> shift) & mask);
  const at = slotOf(branch.bitmap, bit);
  const there = branch.slots[at];
  if (!(branch.bitmap & bit) || there === undefined) {
    branch.slots.splice(at, 0, entry);
    branch.bitmap |= bit;
    return true;
  }
  if (isBranch(there)) return grow(there as Growing<K, V>, entry, shift + bits);
  const isKnown = isBucket(there) ? there.entries.some(({ key }) => key === entry.key) : there.key === entry.key;
  branch.slots[at] = merge(there, entry, shift + bits);
  return !isKnown;
}

/** Puts an entry where an entry or a bucket stands. */
function merge<K, V>(node: Entry<K, V> | Bucket<K, V>, entry: Entry<K, V>, shift: number): Node<K, V> {
  if (node.hash !== entry.hash) {
    const split: Branch<K, V> = { bitmap: 1 << ((node.hash >>> shift) & mask), slots: [node] };
    return put(split, entry, shift);
  }
  if (isBucket(node)) return { hash: node.hash, entries: [...node.entries.filter((e) => e.key !== entry.key), entry] };
  return node.key === entry.key ? entry : { hash: entry.hash, entries: [node, entry] };
}

function remove<K, V>(node: Node<K, V>, key: K, hash: number, shift: number): Node<K, V> | undefined {
  if (isBucket(node)) return { hash, entries: node.entries.filter((entry) => entry.key !== key) };
  if (!isBranch(node)) return undefined;
  const bit = 1 << ((hash >>> shift) & mask);
  const at = slotOf(node.bitmap, bit);
  const rest = remove(node.slots[at] as Node<K, V>, key, hash, shift + bits);
  if (rest) return { bitmap: node.bitmap, slots: node.slots.with(at, rest) };
  return node.slots.length === 1 ? undefined : { bitmap: node.bitmap & ~bit, slots: node.slots.toSpliced(at, 1) };
}

function* walk<K, V>(node: Node<K, V>): Generator<Entry<K, V>> {
  if (isBranch(node)) for (const slot of node.slots) yield* walk(slot);
  else if (isBucket(node)) yield* node.entries;
  else yield node;
}

/** How many set bits stand below `bit`: where its slot is. */
function slotOf(bitmap: number, bit: number): number {
  let x = bitmap & (bit - 1);
  x -= (x >>> 1) & 0x55555555;
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return (((x + (x >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** FNV-1a for text; a mixed integer for numbers. Signed, since V8 keeps integers of 32 bits with a sign in the object itself. */
function hashOf(key: string | number): number {
  if (typeof key === 'number') return Math.imul(key ^ (key >>> 16), 0x45d9f3b);
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash;
}
