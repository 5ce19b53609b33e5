import { expect, it } from 'vitest';
import { type BranchFault, playFamily } from './family.ts';
import { branchFaults } from './family-faults.ts';
import type { HistoryOptions } from './history.ts';

const familiesMax = 2000;
const options: HistoryOptions = { format: 'percent', names: 4, moves: 40 };

it.each(Object.entries(branchFaults))('notices when %s', (_, fault) => {
  expect(familiesUntilCaught(fault)).toBeLessThanOrEqual(familiesMax);
});

function familiesUntilCaught(fault: BranchFault): number {
  for (let seed = 0; seed < familiesMax; seed++) {
    try {
      playFamily(seed, options, fault);
    } catch {
      return seed + 1;
    }
  }
  return Number.POSITIVE_INFINITY;
}
