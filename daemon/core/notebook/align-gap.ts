/** Pairs old and new cells between two fixed neighbours, in order. */
import { itemAt } from '../assert.ts';
import { similarity, wordsOf } from './similarity.ts';

/** Indices into the two lists. */
export interface Pair {
  readonly old: number;
  readonly next: number;
}

/** Above this many pairs the likeness is not computed: cells are paired by place alone. */
const comparedPairsMax = 10_000;
/** In the same place, this share of common words makes it the same cell. */
const similarityMin = 0.3;

/** Splits and merges first, then the likeness of the text, then, for what is left between those, the place. */
export function matchGap(old: readonly string[], next: readonly string[]): readonly Pair[] {
  if (old.length === 0 || next.length === 0) return [];
  const fixed = old.length * next.length <= comparedPairsMax ? likePairs(old, next) : [];
  const ends: readonly Pair[] = [...fixed, { old: old.length, next: next.length }];
  return ends.flatMap((end, index) => {
    const start = fixed[index - 1] ?? { old: -1, next: -1 };
    const between = pairsByPlace(start, end);
    return index < fixed.length ? [...between, end] : between;
  });
}

function pairsByPlace(start: Pair, end: Pair): readonly Pair[] {
  const count = Math.min(end.old - start.old, end.next - start.next) - 1;
  return Array.from({ length: count }, (_, index) => ({ old: start.old + 1 + index, next: start.next + 1 + index }));
}

/** The pairs in order with the greatest sum of weights. */
function likePairs(old: readonly string[], next: readonly string[]): readonly Pair[] {
  const weights = weightsOf(old, next);
  const width = next.length + 1;
  const best = new Float64Array((old.length + 1) * width);
  for (let o = old.length - 1; o >= 0; o -= 1) {
    for (let n = next.length - 1; n >= 0; n -= 1) {
      const paired = weight(weights, o, n) + at(best, (o + 1) * width + n + 1);
      best[o * width + n] = Math.max(paired, at(best, (o + 1) * width + n), at(best, o * width + n + 1));
    }
  }
  const pairs: Pair[] = [];
  for (let o = 0, n = 0; o < old.length && n < next.length; ) {
    const here = at(best, o * width + n);
    if (weight(weights, o, n) > 0 && here === weight(weights, o, n) + at(best, (o + 1) * width + n + 1))
      pairs.push({ old: o++, next: n++ });
    else if (here === at(best, (o + 1) * width + n)) o += 1;
    else n += 1;
  }
  return pairs;
}

function weightsOf(old: readonly string[], next: readonly string[]): readonly (readonly number[])[] {
  const oldCodes = old.map((code) => code.trim());
  const nextCodes = next.map((code) => code.trim());
  const [oldWords, nextWords] = [oldCodes.map(wordsOf), nextCodes.map(wordsOf)];
  return oldCodes.map((oldCode, o) =>
    nextCodes.map((nextCode, n) => {
      if (isFirstPart(oldCode, nextCode, nextCodes[n + 1]) || isFirstPart(nextCode, oldCode, oldCodes[o + 1])) return 2;
      const likeness = similarity(itemAt(oldWords, o), itemAt(nextWords, n));
      return likeness >= similarityMin ? likeness : 0;
    }),
  );
}

/** Whether `whole` was cut into `first`, `second` and perhaps more: of a split or a merge the first part keeps the identity. */
function isFirstPart(whole: string, first: string, second: string | undefined): boolean {
  if (first === '' || second === undefined || second === '' || !whole.startsWith(first)) return false;
  return whole.slice(first.length).trimStart().startsWith(second);
}

function weight(weights: readonly (readonly number[])[], o: number, n: number): number {
  return weights[o]?.[n] ?? 0;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
