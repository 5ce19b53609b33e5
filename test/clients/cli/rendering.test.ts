import { describe, expect, it } from 'vitest';
import { nearestNames } from '../../../clients/cli/nearest.ts';
import { parseTarget, placesIn } from '../../../clients/cli/places.ts';
import { bundleText } from '../../../clients/cli/render/bundle.ts';
import { type CheckedGraph, graphDot, graphMermaid, graphRecord, graphText } from '../../../clients/cli/render/graph.ts';
import { problemLines } from '../../../clients/cli/render/problems.ts';
import { duration, size } from '../../../clients/cli/render/size.ts';
import { table } from '../../../clients/cli/render/table.ts';

describe('names that a person may have meant', () => {
  it.each([
    ['tour.py', ['tuor.py', 'plots.py'], ['tuor.py']],
    ['rate', ['rates', 'gate', 'parameter'], ['gate', 'rates']],
    ['x', ['y', 'long_name'], ['y']],
    ['alpha', ['omega'], []],
  ])('for %s among %j are %j', (name, candidates, expected) => expect(nearestNames(name, candidates)).toEqual(expected));
});

describe('places as people count them', () => {
  it.each([
    ['one', 'x = 1\ny', { line: 1, character: 1 }, { line: 2, column: 2 }],
    ['characters outside the BMP as one column', "'🌍🌍' + x", { line: 0, character: 9 }, { line: 1, column: 8 }],
    ['Windows line ends', 'a\r\nbc', { line: 1, character: 1 }, { line: 2, column: 2 }],
    ['no column for a byte-order mark', '\uFEFFx', { line: 0, character: 1 }, { line: 1, column: 1 }],
    ['a place past the end', 'x', { line: 7, character: 3 }, { line: 8, column: 1 }],
  ])('count %s', (_, text, position, expected) => expect(placesIn(text)(position)).toEqual(expected));

  it.each([
    ['tour.py:12', { shown: 'tour.py', position: { line: 11, character: 0 } }],
    ['a/b.py:12:5', { shown: 'a/b.py', position: { line: 11, character: 4 } }],
    ['odd:name.py:3', { shown: 'odd:name.py', position: { line: 2, character: 0 } }],
  ])('read %s', (argument, expected) => expect(parseTarget(argument)).toEqual(expected));

  it.each([
    ['tour.py', 'tour.py:1'],
    ['tour.py:', 'tour.py:1'],
    ['tour.py:0', 'Lines are counted from 1'],
  ])('refuse %s and say what to write', (argument, advice) => expect(() => parseTarget(argument)).toThrow(advice));
});

describe('values for a terminal', () => {
  it.each([
    [{ 'text/plain': '42' }, '42'],
    [{ 'text/html': '<b>42</b>', 'text/plain': '42' }, '42'],
    [{ 'text/plain': 'Figure(640x480)', 'image/png': { blob: 'ab', size: 23_552 } }, '[image/png 23 KB]'],
    [{ 'application/octet-stream': { blob: 'ab', size: 12 } }, '[application/octet-stream 12 B]'],
  ])('%j is %s', (bundle, text) => expect(bundleText(bundle)).toBe(text));

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1536, '1.5 KB'],
    [31 * 1024 ** 2, '31 MB'],
  ])('%d bytes are %s', (bytes, text) => expect(size(bytes)).toBe(text));

  it.each([
    [40, '40 ms'],
    [1234, '1.2 s'],
    [59_400, '59 s'],
    [185_000, '3 min 5 s'],
  ])('%d milliseconds are %s', (milliseconds, text) => expect(duration(milliseconds)).toBe(text));

  it('sets a table in columns as wide as they must be', () => {
    expect(
      table(
        ['NAME', 'STATE'],
        [
          ['a-long-name', 'idle'],
          ['b', ''],
        ],
      ),
    ).toBe('NAME         STATE\na-long-name  idle\nb');
  });
});

const at = (line: number, from: number, to: number) => ({ start: { line, character: from }, end: { line, character: to } });

const graph: CheckedGraph = {
  format: 'percent',
  cells: [
    { id: 'c1', kind: 'code', line: 0, endLine: 1, code: 'a = "x"', defs: ['a'], refs: [], locals: [] },
    { id: 'c2', name: 'show', kind: 'code', line: 2, endLine: 4, code: 'print(a)', defs: [], refs: ['a', 'print'], locals: [] },
  ],
  complaints: [],
  edges: [[0, 1, ['a']]],
  problems: [
    {
      code: 'multiple-definition',
      severity: 'warning',
      message: 'a is also defined in line 2.',
      range: at(3, 2, 3),
      cells: ['c2', 'c1'],
      related: [{ range: at(1, 0, 1), message: 'also here' }],
    },
    { code: 'syntax-error', severity: 'error', message: 'invalid syntax', range: at(1, 4, 7), cells: ['c1'], related: [] },
  ],
};
const text = '# %%\na = "x"\n# %% name="show"\nprint(a)\n';

describe('a graph', () => {
  it('is one record with plain names, indexes, and places from 1', () => {
    expect(graphRecord('n.py', graph, text)).toEqual({
      path: 'n.py',
      format: 'percent',
      cells: [
        { id: 'c1', name: null, kind: 'code', line: 1, endLine: 2, code: 'a = "x"', defs: ['a'], refs: [], locals: [] },
        {
          id: 'c2',
          name: 'show',
          kind: 'code',
          line: 3,
          endLine: 4,
          code: 'print(a)',
          defs: [],
          refs: ['a', 'print'],
          locals: [],
        },
      ],
      edges: [[0, 1, ['a']]],
      problems: [
        {
          code: 'syntax-error',
          severity: 'error',
          line: 2,
          column: 5,
          endLine: 2,
          endColumn: 8,
          message: 'invalid syntax',
          cells: [0],
        },
        {
          code: 'multiple-definition',
          severity: 'warning',
          line: 4,
          column: 3,
          endLine: 4,
          endColumn: 4,
          message: 'a is also defined in line 2.',
          cells: [1, 0],
        },
      ],
    });
  });

  it('reads as text', () => {
    expect(graphText('n.py', graph)).toBe(
      'n.py: percent, 2 cells, 1 edge\n  1  line 1       defines a\n  2  line 3 show  takes 1 (a)',
    );
  });

  it('is a Mermaid flowchart whose labels end where they should', () => {
    expect(graphMermaid('n.py', graph)).toBe(
      '%% n.py\nflowchart TD\n  c1["1: a = #34;x#34;"]\n  c2["3: show"]\n  c1 -->|"a"| c2',
    );
  });

  it('is a Graphviz digraph', () => {
    expect(graphDot('n.py', graph)).toBe(
      'digraph "n.py" {\n  node [shape=box];\n  c1 [label="1: a = \\"x\\""];\n  c2 [label="3: show"];\n  c1 -> c2 [label="a"];\n}',
    );
  });
});

it('writes problems as compilers do, in the order of the text, with the places they relate to', () => {
  expect(problemLines('n.py', graph.problems, placesIn(text))).toEqual([
    'n.py:2:5: error[syntax-error] invalid syntax',
    'n.py:4:3: warning[multiple-definition] a is also defined in line 2.',
    '  n.py:2:1: also here',
  ]);
});
