/** Which cell of the new text is which cell of the old one: files hold no ids, so identity is told from what stands there. */
import { matchGap } from './align-gap.ts';
import type { CellId, CellText } from './notebook.ts';
import { similarity, wordsOf } from './similarity.ts';

export interface KnownCell {
  readonly id: CellId;
  readonly name?: string | undefined;
  readonly code: string;
}

type NextCell = Pick<CellText, 'code' | 'name'>;

/** Above this many pairs, cells that were moved and edited at once are taken as new. */
const movedPairsMax = 10_000;
/** Such a cell must keep most of its words to be known again. */
const movedSimilarityMin = 0.6;

/** One id per new cell; an old id is given at most once. Unchanged text wins, then the name, then likeness and place. */
export function alignCells(old: readonly KnownCell[], next: readonly NextCell[], newId: () => CellId): readonly CellId[] {
  const prefix = commonLength(old, next, 0, (index) => index);
  const suffix = commonLength(old, next, prefix, (index, cells) => cells.length - 1 - index);
  const changed = new Alignment(old.slice(prefix, old.length - suffix), next.slice(prefix, next.length - suffix));
  const found = changed.align();
  return next.map((_, index) => {
    if (index < prefix) return (old[index] as KnownCell).id;
    if (index >= next.length - suffix) return (old[index + old.length - next.length] as KnownCell).id;
    return found[index - prefix] ?? newId();
  });
}

/** How many cells are unchanged, counted from one end. */
function commonLength(
  old: readonly KnownCell[],
  next: readonly NextCell[],
  taken: number,
  at: (index: number, cells: readonly unknown[]) => number,
): number {
  const most = Math.min(old.length, next.length) - taken;
  let count = 0;
  while (count < most && old[at(count, old)]?.code === next[at(count, next)]?.code) count += 1;
  return count;
}

/** The changed stretch. `#oldOf[j]` is the old cell that the new cell `j` continues. */
class Alignment {
  readonly #old: readonly KnownCell[];
  readonly #next: readonly NextCell[];
  readonly #oldOf: (number | undefined)[];
  readonly #isTaken: boolean[];

  constructor(old: readonly KnownCell[], next: readonly NextCell[]) {
    this.#old = old;
    this.#next = next;
    this.#oldOf = next.map(() => undefined);
    this.#isTaken = old.map(() => false);
  }

  align(): readonly (CellId | undefined)[] {
    if (this.#old.length > 0 && this.#next.length > 0) {
      this.#matchEqual((cell) => `${cell.name ?? ''}\n${cell.code}`);
      this.#matchEqual((cell) => cell.code);
      this.#matchOnly((cell) => cell.name);
      this.#matchGaps();
      this.#matchMoved();
    }
    return this.#oldOf.map((index) => (index === undefined ? undefined : this.#old[index]?.id));
  }

  #match(old: number, next: number): void {
    this.#oldOf[next] = old;
    this.#isTaken[old] = true;
  }

  #freeOld(): readonly number[] {
    return [...this.#isTaken.keys()].filter((index) => this.#isTaken[index] === false);
  }

  #freeNext(): readonly number[] {
    return [...this.#oldOf.keys()].filter((index) => this.#oldOf[index] === undefined);
  }

  /** Pairs cells with equal keys in page order, wherever they stand: cut and paste keeps identity. */
  #matchEqual(keyOf: (cell: NextCell) => string): void {
    const olds = groupBy(this.#freeOld(), (index) => keyOf(nameAndCode(this.#old[index] as KnownCell)));
    const nexts = groupBy(this.#freeNext(), (index) => keyOf(this.#next[index] as NextCell));
    for (const [key, indices] of nexts) {
      for (const [place, old] of (olds.get(key) ?? []).slice(0, indices.length).entries())
        this.#match(old, indices[place] as number);
    }
  }

  /** Pairs the cells whose key one old and one new cell has. */
  #matchOnly(keyOf: (cell: NextCell) => string | undefined): void {
    const olds = groupBy(this.#freeOld(), (index) => keyOf(nameAndCode(this.#old[index] as KnownCell)));
    const nexts = groupBy(this.#freeNext(), (index) => keyOf(this.#next[index] as NextCell));
    for (const [key, indices] of nexts) {
      const [old, ...others] = olds.get(key) ?? [];
      if (key !== undefined && old !== undefined && others.length === 0 && indices.length === 1)
        this.#match(old, indices[0] as number);
    }
  }

  /** Each stretch of unmatched new cells is compared with the unmatched old cells beside its neighbours' old places. */
  #matchGaps(): void {
    for (const next of runsOf(this.#freeNext())) {
      const before = this.#oldOf[(next[0] as number) - 1] ?? -1;
      const after = this.#oldOf[(next.at(-1) as number) + 1] ?? this.#old.length;
      const old = [...new Set([...this.#freeRun(before + 1, 1), ...this.#freeRun(after - 1, -1)])].sort((a, b) => a - b);
      const oldCodes = old.map((index) => (this.#old[index] as KnownCell).code);
      const nextCodes = next.map((index) => (this.#next[index] as NextCell).code);
      for (const pair of matchGap(oldCodes, nextCodes)) this.#match(old[pair.old] as number, next[pair.next] as number);
    }
  }

  #freeRun(from: number, direction: 1 | -1): readonly number[] {
    const found: number[] = [];
    for (let index = from; this.#isTaken[index] === false; index += direction) found.push(index);
    return found;
  }

  #matchMoved(): void {
    const [olds, nexts] = [this.#freeOld(), this.#freeNext()];
    if (olds.length * nexts.length > movedPairsMax) return;
    const oldWords = olds.map((index) => wordsOf((this.#old[index] as KnownCell).code));
    const nextWords = nexts.map((index) => wordsOf((this.#next[index] as NextCell).code));
    const pairs = oldWords.flatMap((a, o) =>
      nextWords.map((b, n) => ({ old: olds[o] as number, next: nexts[n] as number, likeness: similarity(a, b) })),
    );
    for (const { old, next } of pairs
      .filter((pair) => pair.likeness >= movedSimilarityMin)
      .sort((a, b) => b.likeness - a.likeness)) {
      if (this.#isTaken[old] === false && this.#oldOf[next] === undefined) this.#match(old, next);
    }
  }
}

function nameAndCode(cell: KnownCell): NextCell {
  return { name: cell.name, code: cell.code };
}

function groupBy<Key>(indices: readonly number[], keyOf: (index: number) => Key): ReadonlyMap<Key, readonly number[]> {
  const groups = new Map<Key, number[]>();
  for (const index of indices) {
    const key = keyOf(index);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  }
  return groups;
}

/** Splits rising numbers where one is missing. */
function runsOf(indices: readonly number[]): readonly (readonly number[])[] {
  const runs: number[][] = [];
  for (const index of indices) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === index - 1) run.push(index);
    else runs.push([index]);
  }
  return runs;
}
