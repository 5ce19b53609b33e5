import { describe, expect, it } from 'vitest';
import { harmlessMagics, withoutHarmlessMagics } from '../../../daemon/core/analysis/magics.ts';

describe('commands of IPython that compute nothing become comments', () => {
  it.each([
    ['%matplotlib inline', '#matplotlib inline'],
    ['%matplotlib', '#matplotlib'],
    ['x = 1\n%autoreload 2\ny', 'x = 1\n#autoreload 2\ny'],
    ['if x:\n    %config A.b = 1\n    y', 'if x:\n    #config A.b = 1\n    y'],
    ['%load_ext autoreload\n%reload_ext autoreload', '#load_ext autoreload\n#reload_ext autoreload'],
    ['x = "a"\n%matplotlib agg', 'x = "a"\n#matplotlib agg'],
    ["# it's a comment\n%matplotlib agg", "# it's a comment\n#matplotlib agg"],
    ['f(\n)\n%matplotlib agg\r\nx', 'f(\n)\n#matplotlib agg\r\nx'],
  ])('%j', (code, expected) => {
    expect(withoutHarmlessMagics(code)).toBe(expected);
    expect(harmlessMagics(code)).toHaveLength(code.split('%').length - 1);
  });
});

describe('everything else stays', () => {
  it.each([
    ['%time x = 1'],
    ['%load_ext rpy2.ipython'],
    ['%%matplotlib inline'],
    ['x %matplotlib'],
    ['x = 7 \\\n%config'],
    ['x = (7\n%config)'],
    ['x = """\n%matplotlib inline\n"""'],
    ['x = f"""{y\n}\n%matplotlib inline\n"""'],
    ['%matplotlib_too'],
    ['%config()'],
    ['x = 5\n%config.y'],
  ])('%j', (code) => {
    expect(withoutHarmlessMagics(code)).toBe(code);
  });
});
