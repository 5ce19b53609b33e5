import { describe, expect, it } from 'vitest';
import { noBreakSpaces, withoutNoBreakSpaces } from '../../../daemon/core/analysis/spaces.ts';

const mark = '\u00a0';

describe('no-break spaces become spaces', () => {
  it.each([
    ['between tokens', 'x_=_1', 'x = 1'],
    ['as indentation', 'if a:\n____b', 'if a:\n    b'],
    ['in a placeholder', 'f"{x_+_1}"', 'f"{x + 1}"'],
    ['in a placeholder of a placeholder', 'f"{f"{x_}"}"', 'f"{f"{x }"}"'],
    ['in a placeholder of a format', 'f"{x:{y_}}"', 'f"{x:{y }}"'],
    ['after a string', "'a'_+_'b'", "'a' + 'b'"],
    ['after a comment', 'x # a\n_y', 'x # a\n y'],
  ])('%s', (_, written, expected) => {
    const code = written.replaceAll('_', mark);
    expect(withoutNoBreakSpaces(code)).toBe(expected);
    expect(noBreakSpaces(code)).toHaveLength(written.split('_').length - 1);
  });
});

describe('no-break spaces stay', () => {
  it.each([
    ['in a string', "x = 'a_b'"],
    ['in a raw string', "x = r'a_b\\'"],
    ['in a string of several lines', 'x = """a\n_b"""'],
    ['in the text of a formatted string', 'f"a_{b}_{{_}}"'],
    ['in a format', 'f"{x:_>5}"'],
    ['in a string in a placeholder', 'f"{d[\'a_b\']}"'],
    ['in a comment', 'x # a_b'],
    ['in a string that is never closed', "x = 'a_b"],
  ])('%s', (_, written) => {
    const code = written.replaceAll('_', mark);
    expect(withoutNoBreakSpaces(code)).toBe(code);
  });
});
