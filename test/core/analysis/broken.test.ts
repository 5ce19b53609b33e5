import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../../daemon/core/analysis/analyze.ts';
import { cellUnitsMax, treeDepthMax } from '../../../daemon/core/analysis/bounds.ts';
import { hasResult, isMarkdown } from '../../../daemon/core/analysis/result.ts';
import { howMany } from '../../support/histories.ts';
import { factsOf, parse } from './support.ts';

const folder = new URL('../../../spec/vectors/analysis/', import.meta.url);
const codes = readdirSync(folder).flatMap((file) => {
  const cases = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly { readonly code: string }[];
  return cases.map(({ code }) => code);
});

describe('analysis never throws', { timeout: 60_000 }, () => {
  it('on the beginnings of cells', () => {
    for (const code of codes) for (let end = 0; end <= code.length; end += 3) check(code.slice(0, end));
  });

  const seed = Number(process.env['SEED'] ?? 17);
  it(`on mangled cells (SEED=${seed})`, () => {
    const chance = randomFrom(seed);
    for (let round = 0; round < howMany(3000); round++) check(mangled(chance));
  });

  it('on cells that nest without end', () => {
    for (const text of ['(', '[', 'f"{', 'lambda: ', 'not ', 'if x:\n ', 'x.', 'a + ', 'a if b else ', 'class A:\n ', '-']) {
      check(text.repeat(20_000));
    }
    check(`x = ${'('.repeat(treeDepthMax)}1${')'.repeat(treeDepthMax)}`);
  });

  const deep = treeDepthMax - 20;
  it.each([
    ['sums', `x = ${'1 + '.repeat(deep)}y`],
    ['decisions', `x = ${'a and '.repeat(deep)}y`],
    ['conditionals', `x = ${'1 if a else '.repeat(deep)}y`],
    ['conditionals in the body', `x = ${'('.repeat(deep / 4)}y${' if a else 2)'.repeat(deep / 4)}`],
    ['calls', `x = y${'.f()'.repeat(deep / 3)}`],
    ['subscripts', `x = y${'[0]'.repeat(deep / 2)}`],
    ['functions of functions', `x = ${'lambda: '.repeat(deep)}y`],
    ['denials', `x = ${'not '.repeat(deep)}y`],
    ['lists', `x = ${'['.repeat(deep / 2)}y${']'.repeat(deep / 2)}`],
    ['calls in calls', `x = ${'f('.repeat(deep / 4)}y${')'.repeat(deep / 4)}`],
    ['comprehensions', `x = ${'[z for z in '.repeat(deep / 4)}y${']'.repeat(deep / 4)}`],
    ['walruses', `x = ${'(z := '.repeat(deep / 4)}y${')'.repeat(deep / 4)}`],
    ['texts in texts', `x = ${'f"{'.repeat(100)}y${'}"'.repeat(100)}`],
    ['blocks', `${[...Array(deep / 7).keys()].map((at) => `${' '.repeat(at)}if a:`).join('\n')}\n${' '.repeat(deep / 7)}x = y`],
    [
      'handlers',
      [...Array(80).keys()]
        .map((at) => `${' '.repeat(at)}try:\n${' '.repeat(at + 1)}pass\n${' '.repeat(at)}except E:`)
        .join('\n') +
        '\n' +
        ' '.repeat(80) +
        'x = y',
    ],
    ['alternatives', `if a: x = 0\n${'elif b: x = 1\n'.repeat(20_000)}else: x = y`],
  ])('on nested %s, and sees what stands inside', (_, code) => {
    const facts = factsOf(code);
    expect([facts.refs.has('y'), facts.defs.has('x'), facts.problems]).toEqual([true, true, []]);
  });

  it('on cells of very many statements', () => {
    check('x+=1\n'.repeat(130_000));
  });

  it('on lone surrogates, null characters and odd line ends', () => {
    for (const text of ['\ud800', 'x = "\udc00"', 'x\0= 1', '\ufeffx = 1', 'a\rb\r\nc\u2028d', '\f\v\u00a0']) check(text);
  });
});

it('a cell beyond the bound has one problem and no names', () => {
  const facts = factsOf(`x = 1\n${' '.repeat(cellUnitsMax)}`);
  expect([...facts.defs.keys()]).toEqual([]);
  expect(facts.problems).toEqual([
    expect.objectContaining({
      code: 'syntax-error',
      message: 'This cell has 8,388,614 characters, and at most 8,388,608 are read: make several cells of it.',
    }),
  ]);
});

function check(code: string): void {
  const tree = parse(code);
  const facts = analyze(code, tree, { format: 'marimo' });
  hasResult(code, tree);
  isMarkdown(code, tree);
  const spans = [
    ...facts.problems.map((problem) => problem.span),
    ...[...facts.refs.values(), ...facts.defs.values()].flatMap((fact) => fact.spans),
  ];
  for (const span of spans) {
    if (span.start < 0 || span.end > code.length || span.start > span.end)
      throw new Error(`${JSON.stringify(code.slice(0, 200))} has a span outside`);
  }
}

/** A cell with a piece cut out, doubled, or taken from another cell. */
function mangled(chance: (below: number) => number): string {
  const one = codes[chance(codes.length)] ?? '';
  const other = codes[chance(codes.length)] ?? '';
  const [a, b] = [chance(one.length + 1), chance(one.length + 1)].sort((x, y) => x - y) as [number, number];
  const from = chance(other.length + 1);
  const piece = [one.slice(a, b).repeat(2), other.slice(from, from + chance(8)), ''][chance(3)] ?? '';
  return one.slice(0, a) + piece + one.slice(b);
}

/** Mulberry32. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
