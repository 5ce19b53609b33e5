// Thousands of lines of comments in a row: analysis reads around them what it reads without them, in time that grows with their number.
import { describe, expect, it } from 'vitest';
import { commentRunLinesMin, withoutCommentRuns } from '../../../daemon/core/notebook/comment-runs.ts';
import { factsOf } from '../analysis/support.ts';

const namesIn = (code: string) => {
  const { defs, refs } = factsOf(code);
  return { defs: [...defs.keys()], refs: [...refs.keys()] };
};

const many = (line: string) => `${line}\n`.repeat(commentRunLinesMin);

it.each([
  ['at the end', `x = 1\n${many('# c')}`],
  ['with quotes and placeholders', `x = 1\n${many('# don\'t {y} """ \\')}y = x\n`],
  ['in a block', `if a:\n    x = 1\n${many('    # c')}    y = x\n`],
  ['of another depth', `if a:\n    x = 1\n${many('# c')}    y = x\n`],
  ['between a header and its body', `def f():\n${many('    # c')}    return a\n`],
  ['in brackets', `x = [\n${many('  # c')}  a]\n`],
  ['with line ends of Windows', `x = 1\r\n${many('# c\r')}y = x\r\n`],
  ['that are commands of IPython', `x = 1\n${many('%matplotlib inline')}y = x\n`],
])('lines of comments %s', (_, code) => {
  expect(withoutCommentRuns(code)).toHaveLength(code.length);
  expect(namesIn(code)).toEqual(namesIn(code.replaceAll(/^\s*[#%].*\n/gm, '')));
});

describe('what only looks like comments stays', () => {
  it.each([
    ['in a string', `x = """\n${many('# c')}"""\n`],
    ['in a string with fields', `x = f"""\n${many('# {a}')}"""\n`],
    ['few of them', 'x = 1\n# c\n# d\ny = 2\n'],
  ])('%s', (_, code) => {
    expect(withoutCommentRuns(code)).toBe(code);
  });

  it('so that names in fields are read', () => {
    expect(namesIn(`x = f"""\n${many('# {a}')}"""\n`).refs).toEqual(['a']);
  });
});

it('100,000 of them are read', { timeout: 30_000 }, () => {
  expect(namesIn(`x = 1\n${"# don't\n".repeat(100_000)}y = x\n`).defs).toEqual(['x', 'y']);
});
