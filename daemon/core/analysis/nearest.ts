/** The names that a person may have meant. */

/** At most this many suggestions; more would not help. */
const suggestionsMax = 3;
/** Insertions, deletions and replacements between what was written and what may have been meant. */
const changesMax = 2;
/** Where more names than this are alike, none of them is likelier than the others. */
const alikeMax = 500;

/** Names within two changes, whatever their case, nearest first. */
export function nearest(name: string, names: Iterable<string>): string[] {
  const lower = name.toLowerCase();
  const close: { readonly other: string; readonly distance: number }[] = [];
  for (const other of names) {
    const distance = editDistance(lower, other.toLowerCase());
    if (distance <= changesMax) close.push({ other, distance });
  }
  return close
    .sort((a, b) => a.distance - b.distance || (a.other < b.other ? -1 : 1))
    .slice(0, suggestionsMax)
    .map(({ other }) => other);
}

/** Names to look for near ones among, by length and by the letters in them: few of thousands are compared letter by letter. */
export class NameIndex {
  readonly #byLength = new Map<number, Map<string, number>>();

  add(name: string): void {
    const alike = this.#byLength.get(name.length);
    if (alike) alike.set(name, letters(name));
    else this.#byLength.set(name.length, new Map([[name, letters(name)]]));
  }

  delete(name: string): void {
    this.#byLength.get(name.length)?.delete(name);
  }

  nearest(name: string): string[] {
    const own = letters(name);
    const alike: string[] = [];
    for (let length = name.length - changesMax; length <= name.length + changesMax; length += 1) {
      for (const [other, mask] of this.#byLength.get(length) ?? []) {
        // A change takes one letter away and brings another.
        if (bitCount(own ^ mask) > 2 * changesMax) continue;
        if (alike.push(other) > alikeMax) return [];
      }
    }
    return nearest(name, alike);
  }
}

/** Which letters occur, each as one of 32 bits. */
function letters(name: string): number {
  let mask = 0;
  for (const letter of name.toLowerCase()) mask |= 1 << (letter.charCodeAt(0) & 31);
  return mask;
}

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > changesMax) return changesMax + 1;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
