/** Where a piece of a random program stands: what is allowed there, and which names are good to use. */
import { pick, type Roll } from '../../support/random.ts';

export interface Place {
  readonly kind: 'module' | 'class' | 'function';
  readonly isAsync: boolean;
  readonly isInLoop: boolean;
  /** A walrus is refused in the comprehensions of class bodies and in iterables, a `yield` in annotations and comprehensions. */
  readonly walrus: 'allowed' | 'refused';
  readonly yields: boolean;
  readonly awaits: boolean;
  /** Loop variables of the comprehensions around: a walrus may not bind them. */
  readonly loopNames: ReadonlySet<string>;
  /** Parameters of the functions around, innermost last: what `nonlocal` may name. */
  readonly parameters: readonly (readonly string[])[];
}

export const modulePlace: Place = {
  kind: 'module',
  isAsync: false,
  isInLoop: false,
  walrus: 'allowed',
  yields: false,
  awaits: false,
  loopNames: new Set(),
  parameters: [],
};

/**
 * Few names, so that scopes meet; some with a meaning of their own to Python or to the grammar. Not `__class__`: CPython 3.13.0 compiles
 * it wrongly in comprehensions of class bodies.
 */
const ordinaryNames = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'x', 'y', 'z'];
const oddNames = [
  '_p',
  '__q',
  '__w__',
  'len',
  'print',
  'ﬁ',
  'fi',
  'été',
  'type',
  'match',
  'case',
  'super',
  '_',
  'exec',
  'async_',
  '__q',
  '___',
];
const oddNamesEvery = 14;

export class Context {
  readonly roll: Roll;
  /** What may still be nested: falls with every level. */
  depth: number;

  constructor(roll: Roll, depth: number) {
    this.roll = roll;
    this.depth = depth;
  }

  one<T>(items: readonly T[]): T {
    return pick(this.roll, items);
  }

  chance(every: number): boolean {
    return this.roll(every) === 0;
  }

  name(): string {
    return this.one(this.chance(oddNamesEvery) ? oddNames : ordinaryNames);
  }

  /** A name that Python lets one bind anywhere. */
  target(except: ReadonlySet<string> = new Set()): string {
    for (;;) {
      const name = this.name();
      if (!except.has(name)) return name;
    }
  }

  /** Different from each other, also when normalised. */
  distinct(count: number): string[] {
    const found = new Map<string, string>();
    while (found.size < count) {
      const name = this.target();
      found.set(name.normalize('NFKC'), name);
    }
    return [...found.values()];
  }

  times<T>(from: number, to: number, make: () => T): T[] {
    return Array.from({ length: from + this.roll(to - from + 1) }, make);
  }

  deeper<T>(make: () => T): T {
    this.depth--;
    const made = make();
    this.depth++;
    return made;
  }
}
