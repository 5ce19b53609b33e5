import { expect, it } from 'vitest';
import { analyze } from '../../../daemon/core/analysis/analyze.ts';
import { hasLazyAnnotations } from '../../../daemon/core/analysis/future.ts';
import { factsOf, parse } from './support.ts';

it.each([
  [['x = 1', 'from __future__ import annotations'], true],
  [['from __future__ import division, annotations as a'], true],
  [['from __future__ import division'], false],
  [['from m import annotations', '"from __future__ import annotations"'], false],
  [[], false],
])('of the cells %j one makes annotations lazy: %s', (codes, expected) => {
  expect(hasLazyAnnotations(codes.map((code) => factsOf(code)))).toBe(expected);
});

it('annotations of every cell are deferred then', () => {
  const code = 'def f(a: A, b=B): pass\nx: C = 1';
  const facts = analyze(code, parse(code), { format: 'percent', hasLazyAnnotations: true });
  expect([...facts.refs].filter(([, ref]) => ref.isDeferred).map(([name]) => name)).toEqual(['A', 'C']);
});
