/** The words and signs of a code, counted. */
export interface Words {
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

export function wordsOf(code: string): Words {
  const counts = new Map<string, number>();
  let total = 0;
  for (const [found] of code.matchAll(/[\p{L}\p{N}_]+|\S/gu)) {
    counts.set(found, (counts.get(found) ?? 0) + 1);
    total += 1;
  }
  return { counts, total };
}

/** The share of words that two codes have in common (Dice's coefficient): 1 for the same words, 0 for none. */
export function similarity(a: Words, b: Words): number {
  if (a.total + b.total === 0) return 1;
  let common = 0;
  for (const [found, count] of a.counts) common += Math.min(count, b.counts.get(found) ?? 0);
  return (2 * common) / (a.total + b.total);
}
