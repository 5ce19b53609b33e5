/** Which names are bound on every way through the cell, so that no earlier value can live on. */
import type { Name } from './facts.ts';

interface Path {
  readonly names: Set<Name>;
  /** The way that this one branches off. */
  readonly outer: Path | undefined;
  /** Every way through the cell leads here. */
  readonly isTaken: boolean;
  /** It ends in `raise`: what follows is not reached this way. */
  isDead: boolean;
}

export class Paths {
  #path: Path = { names: new Set(), outer: undefined, isTaken: true, isDead: false };
  readonly #now: () => number;
  readonly #since = new Map<Name, number>();

  /** `now` tells the position in the order of evaluation. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** From when on the name is bound whatever happens; infinite if never. */
  certainSince(name: Name): number {
    return this.#since.get(name) ?? Number.POSITIVE_INFINITY;
  }

  /** Whether the name is bound by now, whichever way led here. */
  isCertain(name: Name): boolean {
    for (let path: Path | undefined = this.#path; path; path = path.outer) if (path.names.has(name)) return true;
    return false;
  }

  /** Whether every way through the cell leads here. */
  get isTaken(): boolean {
    return this.#path.isTaken;
  }

  bind(name: Name): void {
    this.#path.names.add(name);
    if (this.#path.outer === undefined && !this.#since.has(name)) this.#since.set(name, this.#now());
  }

  /** What follows is not reached the way that led here. */
  get isEnded(): boolean {
    return this.#path.isDead;
  }

  end(): void {
    this.#path.isDead = true;
  }

  /** Code that may run or not, or not to its end. */
  maybe(visit: () => void): void {
    this.#along(visit, false);
  }

  /** The last runs however the first ends: what the first binds can be relied on after both, not in the last. */
  thenAlways(visitFirst: () => void, visitLast: () => void): void {
    const way = this.#along(visitFirst, true);
    visitLast();
    for (const name of way.names) this.bind(name);
    if (way.isDead) this.end();
  }

  /** Exactly one of these runs. */
  oneOf(visits: readonly (() => void)[]): void {
    this.#join(visits.map((visit) => ({ way: this.#along(visit, visits.length === 1), namesOfTests: 0 })));
  }

  /**
   * One of these runs, the first of them or what comes behind one more test: what a test binds is there for all that come after it. Not by
   * recursion, for there may be thousands.
   */
  oneAfterTests(first: () => void, others: readonly { readonly test: () => void; readonly visit: () => void }[]): void {
    const ways = [{ way: this.#along(first, false), namesOfTests: 0 }];
    const tests = this.#along(() => {
      for (const { test, visit } of others) {
        test();
        ways.push({ way: this.#along(visit, false), namesOfTests: this.#path.names.size });
      }
    }, false);
    this.#join(ways, [...tests.names]);
  }

  /** Binds what is bound on each of the ways that lead on. To each a part of the names of the tests belongs, from their first on. */
  #join(ways: readonly { readonly way: Path; readonly namesOfTests: number }[], namesOfTests: readonly Name[] = []): void {
    const leading = ways.filter(({ way }) => !way.isDead);
    if (leading.length === 0) return this.end();
    const places = new Map(namesOfTests.map((name, at) => [name, at]));
    const count = new Map<Name, number>();
    const add = (name: Name, more: number) => count.set(name, (count.get(name) ?? 0) + more);
    for (const { way, namesOfTests: before } of leading)
      for (const name of way.names) if ((places.get(name) ?? before) >= before) add(name, 1);
    let behind = leading.length;
    for (const [name, at] of places) {
      while (behind > 0 && (leading[leading.length - behind]?.namesOfTests ?? 0) <= at) behind--;
      add(name, behind);
    }
    for (const [name, ways] of count) if (ways === leading.length) this.bind(name);
  }

  #along(visit: () => void, isTaken: boolean): Path {
    const outer = this.#path;
    const way: Path = { names: new Set(), outer, isTaken: isTaken && outer.isTaken, isDead: false };
    this.#path = way;
    visit();
    this.#path = outer;
    return way;
  }
}
