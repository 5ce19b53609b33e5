/** What functions read for those who call them is gone through once for all callers. */
import { expect, it } from 'vitest';
import { namesBehind } from '../../../daemon/core/graph/behind.ts';
import { buildGraph } from '../../../daemon/core/graph/edit.ts';
import { nothingObserved } from '../../../daemon/core/graph/observed.ts';
import { noOptions } from '../../../daemon/core/notebook/notebook.ts';
import { factsOf } from '../../simulation/program.ts';

const graphOf = (...lines: string[]) =>
  buildGraph(
    'percent',
    lines.map((code, at) => ({
      id: String(at),
      kind: 'code',
      name: undefined,
      code,
      options: noOptions,
      facts: factsOf(code),
      observed: nothingObserved,
    })),
  );

it('callers of the same functions share what these read', () => {
  const graph = graphOf('a = #1', 'fn f = a #2', 'fn g = f #3', 'x = call g #4', 'y = call g #5');
  expect([...namesBehind(graph, '3')].sort()).toEqual(['a', 'f']);
  expect(namesBehind(graph, '4')).toBe(namesBehind(graph, '3'));
});

it('also of functions that need each other, where both callers stand below', () => {
  const graph = graphOf('x = call f #1', 'fn f = g #2', 'fn g = f a #3', 'a = #4', 'x = call f #5', 'y = call f #6');
  expect([...namesBehind(graph, '4')].sort()).toEqual(['a', 'f', 'g']);
  expect(namesBehind(graph, '5')).toBe(namesBehind(graph, '4'));
  expect(namesBehind(graph, '0')).not.toBe(namesBehind(graph, '4'));
});

it('each has its own where a function is another at its place', () => {
  const graph = graphOf('a = #1', 'fn f = a #2', 'fn g = f #3', 'x = call g #4', 'b = #5', 'fn f = b #6', 'y = call g #7');
  expect([...namesBehind(graph, '3')].sort()).toEqual(['a', 'f']);
  expect([...namesBehind(graph, '6')].sort()).toEqual(['b', 'f']);
});

it('what only functions of the caller itself read is not behind it', () => {
  const graph = graphOf('a = #1', 'fn f = g #2', 'fn g = a #3\nx = call f #4', 'y = call f #5');
  expect([...namesBehind(graph, '2')]).toEqual(['g']);
});
