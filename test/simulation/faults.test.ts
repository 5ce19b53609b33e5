import { expect, it } from 'vitest';
import { faults } from './faults.ts';
import { playHistory } from './history.ts';

const historiesMax = 2000;
/** A busy machine may take so long for them. */
const minutesMax = 10;

it.each(Object.entries(faults))('notices when %s', { timeout: minutesMax * 60_000 }, (_, distort) => {
  expect(historiesUntilCaught(distort)).toBeLessThanOrEqual(historiesMax);
});

function historiesUntilCaught(distort: (typeof faults)[string]): number {
  for (let seed = 0; seed < historiesMax; seed++) {
    try {
      playHistory(seed, { format: 'percent', names: 4, moves: 40, draws: seed % 4 === 3, distort });
    } catch {
      return seed + 1;
    }
  }
  return Number.POSITIVE_INFINITY;
}
