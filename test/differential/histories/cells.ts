/** Puts names into the holes of random statements, so that a cell mostly finds what it reads in the notebook it is placed in. */
import type { Format } from '../../../daemon/core/notebook/notebook.ts';
import { type Statement, indexMax as wild } from './statements.ts';

export interface Cell {
  readonly code: string;
  readonly isDisabled: boolean;
  /** In a marimo notebook a part of each name that the cell binds, so that two cells rarely bind the same. */
  readonly slot: number;
  readonly binds: readonly string[];
}

const script: Readonly<Record<string, readonly string[]>> = {
  a: ['a', 'b', 'k'],
  p: ['p', 'q'],
  d: ['d'],
  f: ['f', 'g'],
  c: ['C'],
  z: ['z', 'y'],
  h: ['h', 'hh'],
  l: ['l', 'll'],
  o: ['o', 'oo'],
  n: ['n', 'nn'],
  m: ['m', 'mm'],
  r: ['r', 'rr'],
  x: ['x', 'xx'],
};
/** What stands where no cell gives such a name. */
const otherwise: Readonly<Record<string, string>> = {
  a: '1',
  p: '[3, 1]',
  d: '{1: 2}',
  f: '(lambda v: v + 1)',
  c: 'type("K", (), {"m": lambda self: 4})',
  z: '6',
  h: '(lambda v: None)',
  l: '(lambda: [5])',
  o: '{"k": [5]}',
  n: 'types.SimpleNamespace(items=[5])',
  m: '[5].append',
  r: 'random.Random(5)',
  x: 'plt.figure().gca()',
};
const namesPerMarimoCell = 2;
const hole = /<(?:([wWmex]):)?([a-zAFGPR]):(\d+)>/g;

/** `above` are the cells that stand above it, `others` all of the notebook. */
export function placeCell(
  format: Format,
  statements: readonly Statement[],
  slot: number,
  above: readonly Cell[],
  others: readonly Cell[],
): Cell {
  const filler = new Filler(format, slot, format === 'percent' ? above : others.filter((cell) => cell.slot < slot), others);
  const lines = statements.flatMap((statement) => filler.fill(statement) ?? []);
  if (filler.shown.length > 0) lines.push(`print(${filler.shown.join(', ')})`);
  return { code: lines.join('\n') || 'print(0)', isDisabled: false, slot, binds: [...filler.bound] };
}

class Filler {
  readonly bound = new Set<string>();
  readonly #sure = new Set<string>();
  readonly #format: Format;
  readonly #slot: number;
  readonly #givers: readonly Cell[];
  readonly #others: readonly Cell[];

  constructor(format: Format, slot: number, givers: readonly Cell[], others: readonly Cell[]) {
    this.#format = format;
    this.#slot = slot;
    this.#givers = givers;
    this.#others = others;
  }

  /** Names whose value the cell is to print at its end. */
  get shown(): string[] {
    return [...this.#sure].filter((name) => /^[abkpqd]/.test(name));
  }

  fill({ text, isPercentOnly }: Statement): string | undefined {
    if (isPercentOnly && this.#format === 'marimo') return undefined;
    const bound: string[] = [];
    const sure: string[] = [];
    let isPossible = true;
    const filled = text.replaceAll(hole, (_, use: string | undefined, type: string, index: string) => {
      const at = Number(index);
      if (use === undefined) return this.#read(type, at);
      const name = use === 'w' || use === 'W' || use === 'e' ? this.#own(type, at) : this.#changeable(type, at);
      if (name === undefined) isPossible = false;
      else if (use === 'x') this.#sure.delete(name);
      else {
        bound.push(name);
        if (use === 'w') sure.push(name);
      }
      return name ?? '';
    });
    if (!isPossible) return undefined;
    for (const name of bound) this.bound.add(name);
    for (const name of sure) this.#sure.add(name);
    return filled;
  }

  #own(type: string, at: number): string {
    if (this.#format === 'marimo') return `${script[type]?.[0]?.toLowerCase()}${this.#slot}${at % namesPerMarimoCell ? 'x' : ''}`;
    return ofPool(type, at);
  }

  #changeable(type: string, at: number): string | undefined {
    if (this.#format === 'percent') return this.#given(type, at);
    const own = [...this.#sure].filter((name) => name.startsWith(type));
    return own[at % own.length];
  }

  #read(type: string, at: number): string {
    // Whether anybody gives it or not.
    if (type === 'G') return this.#format === 'percent' ? ofPool('a', at) : this.#later('a', at);
    if (type !== type.toLowerCase()) return this.#later(type.toLowerCase(), at);
    // Now and then a name that perhaps nobody gives.
    if (at === wild && this.#format === 'percent') return ofPool(type, at);
    return this.#given(type, at) ?? (otherwise[type] as string);
  }

  #given(type: string, at: number): string | undefined {
    const names = ofType(type, [...this.#givers.flatMap(({ binds }) => binds), ...this.bound], this.#format);
    return names.at(-1 - (at % names.length));
  }

  /** A name that a function reads when it is called: whoever binds it, wherever. */
  #later(type: string, at: number): string {
    // Now and then a name that perhaps nobody gives, or one of a cell that is yet to come.
    if (at === wild && this.#format === 'percent') return ofPool(type, at);
    const givers = this.#format === 'percent' ? this.#others : this.#others.filter(({ slot }) => slot <= this.#slot);
    const names = ofType(type, [...givers.flatMap(({ binds }) => binds), ...this.bound], this.#format);
    return names[at % names.length] ?? (otherwise[type] as string);
  }
}

function ofPool(type: string, at: number): string {
  const pool = script[type] as readonly string[];
  return pool[at % pool.length] as string;
}

function ofType(type: string, names: readonly string[], format: Format): readonly string[] {
  const isOfType =
    format === 'percent' ? (name: string) => script[type]?.includes(name) : (name: string) => name.startsWith(type);
  return [...new Set(names.filter(isOfType))];
}
