import { beforeAll, describe, expect, it } from 'vitest';
import { conflictsOf } from '../../../daemon/core/graph/conflicts.ts';
import type { Format } from '../../../daemon/core/notebook/notebook.ts';
import { edgesOf } from '../../../daemon/core/outline/edges.ts';
import { loadParser } from '../../../daemon/node/parser.ts';
import type { Parse } from '../../../daemon/parser/parser.ts';
import { graphOfCells } from '../../support/graphs.ts';

let parse: Parse;
beforeAll(async () => {
  parse = await loadParser();
});

function checkEdges(format: Format, codes: readonly string[], expected: unknown): void {
  const graph = graphOfCells(codes, format, parse);
  expect(edgesOf(graph)).toEqual(expected);
  expect(conflictsOf(graph).cycles).toEqual([]);
}

describe('edges in a marimo notebook', () => {
  it.each<[string, string[], unknown]>([
    ['lead from a definition to its readers wherever they stand', ['print(x)', 'x = 1'], [[1, 0, ['x']]]],
    ['carry every name that is read', ['a, b = 1, 2', 'print(b + a)'], [[0, 1, ['a', 'b']]]],
    ['do not lead from a cell to itself', ['x = 1\nx = x + 1'], []],
    ['lead to a cell that changes an object in place', ['xs = []', 'xs.append(1)'], [[0, 1, ['xs']]]],
    [
      'lead from a reader to the cell that deletes the name',
      ['x = 1', 'del x', 'print(x)'],
      [
        [0, 1, ['x']],
        [0, 2, ['x']],
        [2, 1, ['x']],
      ],
    ],
    ['treat a cell that deletes a name of its own like any other', ['x = 1\ndel x', 'print(x)'], [[0, 1, ['x']]]],
  ])('%s', (_, codes, expected) => checkEdges('marimo', codes, expected));
});

describe('edges in a percent notebook', () => {
  it.each<[string, string[], unknown]>([
    ['lead from the last writer above', ['x = 1', 'x = 2', 'print(x)'], [[1, 2, ['x']]]],
    ['may lead upwards from the only definition', ['print(x)', 'x = 1'], [[1, 0, ['x']]]],
    [
      'lead through a change in place, and from a reader before it no name',
      ['xs = []', 'print(xs)', 'xs.append(1)', 'print(xs)'],
      [
        [0, 1, ['xs']],
        [0, 2, ['xs']],
        [2, 3, ['xs']],
      ],
    ],
    [
      'lead from all that may have given the name',
      ['x = 1', 'if input():\n    x = 2', 'print(x)'],
      [
        [0, 2, ['x']],
        [1, 2, ['x']],
      ],
    ],
    [
      'lead to who calls a function from what the function reads by then',
      ['k = 2', 'def f(): return k', 'k = 5', 'f()'],
      [
        [0, 1, ['k']],
        [1, 3, ['f']],
        [2, 3, ['k']],
      ],
    ],
  ])('%s', (_, codes, expected) => checkEdges('percent', codes, expected));
});
