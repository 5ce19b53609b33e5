/** Which names are bound on every way through the cell, so that no earlier value can live on. */
import type { Name } from './facts.ts';

interface Path {
  names: Set<Name>;
  /** It ends in `raise`: what follows is not reached this way. */
  isDead: boolean;
}

export class Paths {
  #path: Path = { names: new Set(), isDead: false };

  isCertain(name: Name): boolean {
    return this.#path.names.has(name);
  }

  bind(name: Name): void {
    this.#path.names.add(name);
  }

  end(): void {
    this.#path.isDead = true;
  }

  /** Code that may run or not, or not to its end. */
  maybe(visit: () => void): void {
    this.#along(visit);
  }

  /** Exactly one of these runs. */
  oneOf(visits: readonly (() => void)[]): void {
    const ways = visits.map((visit) => this.#along(visit)).filter((way) => !way.isDead);
    const [first, ...others] = ways;
    if (first === undefined) {
      this.end();
      return;
    }
    for (const name of first.names) if (others.every((way) => way.names.has(name))) this.bind(name);
  }

  #along(visit: () => void): Path {
    const outer = this.#path;
    const way: Path = { names: new Set(), isDead: false };
    this.#path = way;
    visit();
    this.#path = outer;
    return way;
  }
}
