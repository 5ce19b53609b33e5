/** Which new cell continues which old one, found step by step. */
import { itemAt, lastOf } from '../assert.ts';
import { matchGap } from './align-gap.ts';
import type { CellId, CellText } from './notebook.ts';
import { similarity, wordsOf } from './similarity.ts';

export interface KnownCell {
  readonly id: CellId;
  readonly name?: string | undefined;
  readonly code: string;
}

export type NextCell = Pick<CellText, 'code' | 'name'>;

/** Above this many pairs, cells that were moved and edited at once are taken as new. */
const movedPairsMax = 10_000;
/** Such a cell must keep most of its words to be known again. */
const movedSimilarityMin = 0.6;

/** What a step has paired stays so. */
export class Alignment {
  readonly #old: readonly KnownCell[];
  readonly #next: readonly NextCell[];
  readonly #oldOf: (number | undefined)[];
  readonly #isTaken: boolean[];
  readonly #isSettled: boolean[];

  constructor(old: readonly KnownCell[], next: readonly NextCell[]) {
    this.#old = old;
    this.#next = next;
    this.#oldOf = next.map(() => undefined);
    this.#isTaken = old.map(() => false);
    this.#isSettled = next.map(() => false);
  }

  /** For each new cell the id of the old one that it continues. */
  get ids(): readonly (CellId | undefined)[] {
    return this.#oldOf.map((index) => (index === undefined ? undefined : this.#old[index]?.id));
  }

  match(old: number, next: number): void {
    this.#oldOf[next] = old;
    this.#isTaken[old] = true;
    this.#isSettled[next] = true;
  }

  /** No new cell continues this one. */
  leaveOut(old: number): void {
    this.#isTaken[old] = true;
  }

  /** This new cell continues none of these. */
  settle(next: number): void {
    this.#isSettled[next] = true;
  }

  isFree(next: number): boolean {
    return this.#isSettled[next] === false;
  }

  matchText(): void {
    if (this.#isDone()) return;
    this.#matchEqual((cell) => `${cell.name ?? ''}\n${cell.code}`);
    this.#matchEqual((cell) => cell.code);
  }

  matchLikeness(): void {
    if (this.#isDone()) return;
    this.#matchOnly((cell) => cell.name);
    this.#matchGaps();
    this.#matchMoved();
  }

  #isDone(): boolean {
    return !this.#isTaken.includes(false) || !this.#isSettled.includes(false);
  }

  #freeOld(): readonly number[] {
    return [...this.#isTaken.keys()].filter((index) => this.#isTaken[index] === false);
  }

  #freeNext(): readonly number[] {
    return [...this.#isSettled.keys()].filter((index) => this.#isSettled[index] === false);
  }

  /** Pairs cells with equal keys in page order, wherever they stand: cut and paste keeps identity. */
  #matchEqual(keyOf: (cell: NextCell) => string): void {
    const olds = groupBy(this.#freeOld(), (index) => keyOf(nameAndCode(itemAt(this.#old, index))));
    const nexts = groupBy(this.#freeNext(), (index) => keyOf(itemAt(this.#next, index)));
    for (const [key, indices] of nexts) {
      for (const [place, old] of (olds.get(key) ?? []).slice(0, indices.length).entries())
        this.match(old, itemAt(indices, place));
    }
  }

  /** Pairs the cells whose key one old and one new cell has. */
  #matchOnly(keyOf: (cell: NextCell) => string | undefined): void {
    const olds = groupBy(this.#freeOld(), (index) => keyOf(nameAndCode(itemAt(this.#old, index))));
    const nexts = groupBy(this.#freeNext(), (index) => keyOf(itemAt(this.#next, index)));
    for (const [key, indices] of nexts) {
      const [old, ...others] = olds.get(key) ?? [];
      if (key !== undefined && old !== undefined && others.length === 0 && indices.length === 1)
        this.match(old, itemAt(indices, 0));
    }
  }

  /** Each stretch of unmatched new cells is compared with the unmatched old cells beside its neighbours' old places. */
  #matchGaps(): void {
    for (const next of runsOf(this.#freeNext())) {
      const before = this.#oldOf[itemAt(next, 0) - 1] ?? -1;
      const after = this.#oldOf[lastOf(next) + 1] ?? this.#old.length;
      const old = [...new Set([...this.#freeRun(before + 1, 1), ...this.#freeRun(after - 1, -1)])].sort((a, b) => a - b);
      const oldCodes = old.map((index) => itemAt(this.#old, index).code);
      const nextCodes = next.map((index) => itemAt(this.#next, index).code);
      for (const pair of matchGap(oldCodes, nextCodes)) this.match(itemAt(old, pair.old), itemAt(next, pair.next));
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
    const oldWords = olds.map((index) => wordsOf(itemAt(this.#old, index).code));
    const nextWords = nexts.map((index) => wordsOf(itemAt(this.#next, index).code));
    const pairs = oldWords.flatMap((a, o) =>
      nextWords.map((b, n) => ({ old: itemAt(olds, o), next: itemAt(nexts, n), likeness: similarity(a, b) })),
    );
    for (const { old, next } of pairs
      .filter((pair) => pair.likeness >= movedSimilarityMin)
      .sort((a, b) => b.likeness - a.likeness)) {
      if (this.#isTaken[old] === false && this.isFree(next)) this.match(old, next);
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
