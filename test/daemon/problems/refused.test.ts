import { describe, expect, it } from 'vitest';
import { askingBy } from '../../../daemon/node/python/ask.ts';
import { refusedCells } from '../../../daemon/problems/world/refused.ts';

describe('cells that Python refuses', () => {
  const codes = ['x = 1', 'return 1', 'await later()', 'x = 08', 'if x:\n"no block"'];

  it('are told, and none of the others', async () => {
    const refused = await refusedCells(codes, process.env as Record<string, string>, askingBy());
    expect(refused).toEqual(new Set([1, 3, 4]));
  });

  it('are not known where there is no Python to ask', async () => {
    expect(await refusedCells(codes, {}, askingBy())).toEqual({ problem: 'there is no python3 on the PATH that starts' });
  });
});
