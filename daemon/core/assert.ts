/** What the code relies on, said where it relies on it. An assertion that fails is a fault of ours, not of the user's program or of a caller. */

/** The sentence says what is wrong. Where making it would cost, `?? impossible(…)` makes it only when it is needed. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) impossible(sentence);
}

export function impossible(sentence: string): never {
  throw new Error(`A fault in Headwater: ${sentence}.`);
}

/** The item that must be there. */
export function itemAt<T>(list: ArrayLike<T | undefined>, index: number): T {
  return list[index] ?? impossible(`item ${index} of a list of ${list.length} is asked for`);
}

export function lastOf<T>(list: readonly T[]): T {
  return itemAt(list, list.length - 1);
}
