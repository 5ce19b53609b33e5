// What a step of the fake kernel has changed in place: things that it was given, and who else has them under another name.
import type { SeenChange } from '../../daemon/core/analysis/facts.ts';
import { versionGiven } from '../../daemon/core/scheduler/standing.ts';
import { type State, spentKey } from '../../daemon/core/scheduler/state.ts';
import type { Globals, Thing } from './program.ts';

type Kept = ReadonlyMap<number, ReadonlyMap<string, Thing>>;

/** Looks at all that the kernel keeps; what this gives says later which versions of cells have changed since, and may be given as if they had not. */
export function lookAt(kept: Kept): (state: State) => string[] {
  const before = [...kept].flatMap(([step, things]) =>
    [...things].map(([name, thing]) => ({ name, step, thing, value: thing.value })),
  );
  return ({ records, removed, spent }) => {
    const all = [...records.values(), ...removed.values()];
    const isFree = (name: string, step: number) =>
      !spent.has(spentKey(step, name)) && all.some((record) => versionGiven(record, name) === step);
    return before
      .filter(({ name, step, thing, value }) => thing.value !== value && isFree(name, step))
      .map(({ name, step }) => `${name} of step ${step} has changed, and is given as if it had not`);
  };
}

interface Given {
  readonly label: string;
  readonly thing: Thing;
  readonly value: string;
}

/** A look at things before a step. */
export class ChangedThings {
  readonly #watched: readonly Given[];
  readonly #changing: readonly Given[];
  readonly #before: Globals;

  /** `watched` may be known by labels; `changing` are names whose things the text changes. */
  constructor(globals: Globals, watched: readonly (readonly [label: string, thing: Thing])[], changing: readonly string[]) {
    const given = ([label, thing]: readonly [string, Thing]) => ({ label, thing, value: thing.value });
    this.#watched = watched.map(given);
    this.#changing = changing.flatMap((name) => {
      const thing = globals.get(name);
      return thing ? [given([name, thing])] : [];
    });
    this.#before = new Map(globals);
  }

  /** The changes of what was watched, and of names that were bound before and after to a thing that changed. */
  changes(after: Globals): SeenChange[] {
    const seen = this.#watched.filter(hasChanged).map(({ label }) => ({ name: label, line: undefined, inside: undefined }));
    const things = this.#changed();
    const known = new Set([...this.#watched, ...this.#changing].map(({ label }) => label));
    const through = [...this.#watched, ...this.#changing].find(hasChanged)?.label;
    const others = [...this.#before].filter(
      ([name, thing]) => things.has(thing) && !known.has(name) && after.get(name) === thing,
    );
    return [...seen, ...others.map(([name]) => ({ name, line: undefined, inside: undefined, through }))];
  }

  /** Kept values that are a thing that changed, and not bound: `bound` are the steps whose values were bound before. */
  aside(after: Globals, kept: Kept, bound: ReadonlyMap<string, number>): (readonly [string, number])[] {
    const things = this.#changed();
    const isBound = (name: string, step: number, thing: Thing) => bound.get(name) === step && after.get(name) === thing;
    return [...kept].flatMap(([step, values]) =>
      [...values]
        .filter(([name, thing]) => things.has(thing) && !isBound(name, step, thing))
        .map(([name]) => [name, step] as const),
    );
  }

  #changed(): ReadonlySet<Thing> {
    return new Set([...this.#watched, ...this.#changing].filter(hasChanged).map(({ thing }) => thing));
  }
}

function hasChanged({ thing, value }: Given): boolean {
  return thing.value !== value;
}
