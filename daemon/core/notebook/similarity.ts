/** The words and signs of a code, alone and with the one before, counted: pairs tell `x = y` from `y = x`. */
export interface Words {
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

export function wordsOf(code: string): Words {
  const counts = new Map<string, number>();
  let total = 0;
  let before: string | undefined;
  for (const [found] of code.matchAll(/[\p{L}\p{N}_]+|\S/gu)) {
    for (const entry of before === undefined ? [found] : [found, `${before} ${found}`]) {
      counts.set(entry, (counts.get(entry) ?? 0) + 1);
      total += 1;
    }
    before = found;
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
