/** Counts what code looks at, not how long it takes: each question to a persistent map, and each element that a loop or a copy goes over. */
import { PersistentMap } from '../../daemon/core/collections/persistent-map.ts';

type Method = (this: unknown, ...given: unknown[]) => unknown;

/** Where `next` stands of arrays, maps, sets and generators. */
const iterators = [
  ...[[], new Map(), new Set()].map((one: Iterable<unknown>) => Object.getPrototypeOf(one[Symbol.iterator]()) as object),
  Object.getPrototypeOf(Object.getPrototypeOf((function* () {})())) as object,
];
const wholeArrayMethods = [
  'map',
  'filter',
  'flatMap',
  'forEach',
  'reduce',
  'some',
  'every',
  'find',
  'indexOf',
  'includes',
  'sort',
  'toSorted',
  'join',
];

/** How many, and what the work gave. */
export function countLooks<T>(work: () => T): { readonly looks: number; readonly result: T } {
  let looks = 0;
  const undo: (() => void)[] = [];
  const watch = (owner: object, name: string, cost: (self: unknown, result: unknown) => number): void => {
    const original = Reflect.get(owner, name) as Method;
    Reflect.set(owner, name, function (this: unknown, ...given: unknown[]) {
      const result = Reflect.apply(original, this, given);
      looks += cost(this, result);
      return result;
    });
    undo.push(() => Reflect.set(owner, name, original));
  };
  for (const name of ['get', 'has', 'set', 'delete']) watch(PersistentMap.prototype, name, () => 1);
  for (const iterator of iterators) watch(iterator, 'next', () => 1);
  for (const name of wholeArrayMethods) watch(Array.prototype, name, lengthOf);
  watch(Array.prototype, 'slice', (_, part) => lengthOf(part));
  try {
    const result = work();
    return { looks, result };
  } finally {
    for (const restore of undo) restore();
  }
}

function lengthOf(array: unknown): number {
  return (array as readonly unknown[]).length;
}
