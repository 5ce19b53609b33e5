/** A small seeded generator (mulberry32), so that every failure can be replayed. */
export type Roll = (below: number) => number;

export function random(seed: number): Roll {
  let a = seed >>> 0;
  return (below) => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

export function pick<T>(roll: Roll, items: readonly T[]): T {
  return items[roll(items.length)] as T;
}
