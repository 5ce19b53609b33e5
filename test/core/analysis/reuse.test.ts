import { describe, expect, it } from 'vitest';
import { holdsFor } from '../../../daemon/core/analysis/reuse.ts';
import { pick, random } from '../../support/random.ts';
import { factsOf } from './support.ts';

describe('facts hold for another text', () => {
  it.each([
    ['a comment that grows at the end', 'x = y  # a', 'x = y  # ab', true],
    ['a comment that comes', 'x = y', 'x = y  # a', true],
    ['a blank line below', 'x = y', 'x = y\n\n', true],
    ['a comment above, which moves all that is told', '# a\nx = y', '# ab\nx = y', false],
    ['another name', 'x = y', 'x = yy', false],
    ['another value', 'x = 1', 'x = 2', false],
    ['a comment in code that cannot be read', 'x = (  # a', 'x = (  # ab', false],
  ])('%s', (_, before, after, holds) => {
    expect(holdsFor(factsOf(before), before, after)).toBe(holds);
  });

  it('and then are what reading the text gives', () => {
    const roll = random(17);
    const starts = [
      'x = y  # note',
      'def f(a):  # one\n    return a + b  # two\n',
      'mo.md("a")  # b',
      'xs[0] = 1 # c\n\n',
      'import os # d',
    ];
    const pieces = ['#', ' ', '\n', 'x', '"', '(', ' # z', '\t', '=', '1'];
    let held = 0;
    for (let round = 0; round < 3000; round += 1) {
      const before = pick(roll, starts);
      const at = roll(before.length + 1);
      const after = before.slice(0, at) + (roll(3) > 0 ? pick(roll, pieces) : '') + before.slice(at + roll(2));
      if (!holdsFor(factsOf(before), before, after)) continue;
      held += 1;
      expect(factsOf(after), JSON.stringify({ before, after })).toEqual(factsOf(before));
    }
    expect(held).toBeGreaterThan(300);
  });
});
