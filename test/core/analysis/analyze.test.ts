import { describe, expect, it } from 'vitest';
import { hasResult, isMarkdown } from '../../../daemon/core/analysis/result.ts';
import { factsOf, parse } from './support.ts';

describe('defs', () => {
  it.each([
    ['x = 1', 'variable', undefined],
    ['def x(): pass', 'function', undefined],
    ['class x: pass', 'class', undefined],
    ['import x', 'import', 'x'],
    ['import x.y', 'import', 'x.y'],
    ['import a.b as x', 'import', 'a.b as x'],
    ['from m import x', 'import', 'm.x'],
    ['from m import a as x', 'import', 'm.a as x'],
    ['from . import x', 'import', '.x'],
    ['from ..m import a as x', 'import', '..m.a as x'],
    ['import x\nimport x', 'import', 'x'],
    ['import x.a, x.b', 'import', 'x.a, x.b'],
    ['try:\n    import x\nexcept E:\n    x = None', 'variable', undefined],
  ])('%j binds a %s', (code, kind, imported) => {
    expect(factsOf(code).defs.get('x')).toMatchObject({ kind, imported });
  });

  it('has every place, in the order of the page', () => {
    const code = 'def f():\n    global x\n    x = 1\nx = 2';
    expect(placesOf(code, factsOf(code).defs.get('x')?.spans)).toEqual(['3:x', '4:x']);
  });

  it('counts UTF-16 units', () => {
    expect(factsOf("s = '😀'; x = 1").defs.get('x')?.spans).toEqual([{ start: 10, end: 11 }]);
  });
});

describe('refs', () => {
  it('has every place that reads the name from outside', () => {
    const code = 'print(x)\nx = 1\nprint(x)\n';
    expect(placesOf(code, factsOf(code).refs.get('x')?.spans)).toEqual(['1:x']);
    expect(placesOf(code, factsOf(code).refs.get('print')?.spans)).toEqual(['1:print', '3:print']);
  });
});

describe('mutations', () => {
  it('have the whole call or target for a place', () => {
    const code = 'xs.append(1)\nxs[0] = 2';
    expect(placesOf(code, factsOf(code).mutations.get('xs')?.spans)).toEqual(['1:xs.append(1)', '2:xs[0]']);
  });
});

describe('parameters', () => {
  it.each([
    ['x = 1', 'int'],
    ['x = -1.5', 'float'],
    ['x = True', 'bool'],
    ["x = 'a' 'b'", 'str'],
    ['x = None', 'none'],
    ['x = [1, (2, 3)]', 'list'],
    ['x = 1, 2', 'tuple'],
    ['x = ()', 'tuple'],
    ["x = {'a': [1]}", 'dict'],
    ['x = (1)', 'int'],
    ["x = b'a'", undefined],
    ["x = f'a'", undefined],
    ['x = 2j', undefined],
    ['x = [a]', undefined],
    ['x = f()', undefined],
  ])('%j is a literal of type %s', (code, literal) => {
    expect(factsOf(code).parameters).toMatchObject([{ name: 'x', literal, annotation: undefined }]);
  });

  it('tells name, value and annotation', () => {
    const code = 'rate: float | None = 0.5  # per year';
    const [site] = factsOf(code).parameters;
    expect(site).toMatchObject({ name: 'rate', annotation: 'float | None', literal: 'float' });
    expect(placesOf(code, site && [site.span, site.value])).toEqual(['1:rate', '1:0.5']);
  });

  it.each(['x: int', 'x = y = 1', 'x, y = 1, 2', 'x += 1', 'x.a = 1', 'if a:\n    x = 1', 'def f():\n    x = 1', 'x ='])(
    '%j is none',
    (code) => {
      expect(factsOf(code).parameters).toEqual([]);
    },
  );

  it('excludes private names in a marimo notebook', () => {
    expect(factsOf('_x = 1', 'marimo').parameters).toEqual([]);
    expect(factsOf('_x = 1', 'percent').parameters).toHaveLength(1);
  });
});

describe('problems', () => {
  it.each([
    ['f(', '1:(', 'This `(` is never closed.'],
    ["x = 'abc", "1:'", 'This string is never closed.'],
    ['x = 1\ny +', '2:+', 'Something is missing after `+`.'],
    ['foo bar', '1:foo', 'Python cannot read this: unexpected `foo`.'],
    ['from m import *', '1:*', 'Which names `import *` binds cannot be seen here: import them one by one.'],
    ['x =\u00a01', '1:\u00a0', 'A no-break space stands here; Python needs an ordinary one.'],
  ])('%j has one at %j', (code, place, message) => {
    const { problems } = factsOf(code);
    expect(problems.map((problem) => problem.message)).toEqual([message]);
    expect(placesOf(code, [problems[0]?.span ?? { start: 0, end: 0 }])).toEqual([place]);
  });

  it('are few, however broken the cell', () => {
    expect(factsOf(') ] } ! ? \n'.repeat(100)).problems.length).toBeLessThanOrEqual(3);
  });

  it('are none where the grammar is older than Python', () => {
    expect(factsOf('class A[T: B = C, *Ts = *D]: pass').problems).toEqual([]);
  });
});

describe('hasResult', () => {
  it.each([
    ['x', true],
    ['x = 1\nx', true],
    ['x  # shown', true],
    ['x;', false],
    ['x ; # silent', false],
    ['x  # ;', true],
    ['x; y', true],
    ['"a;b"', true],
    ['f(1)', true],
    ['(x := 1)', true],
    ['a, b', true],
    ['await f()', true],
    ['print >> f', true],
    ['x = 1', false],
    ['x += 1', false],
    ['x: int', false],
    ['def f(): pass', false],
    ['if a:\n    b', false],
    ['', false],
    ['# x', false],
  ])('%j: %s', (code, expected) => expect(hasResult(code, parse(code))).toBe(expected));
});

describe('isMarkdown', () => {
  it.each([
    ['mo.md("# Title")', true],
    ['mo.md(\n    r"""\n    # Title\n    """\n)', true],
    ['mo.md(f"no placeholder")', true],
    ['mo.md("a" "b")', true],
    ['# comment\nmo.md("a")', true],
    ['mo.md(f"{x}")', false],
    ['mo.md(text)', false],
    ['mo.md("a", x)', false],
    ['mo.md("a".format(x))', false],
    ['mo.md("a").center()', false],
    ['x = mo.md("a")', false],
    ['x\nmo.md("a")', false],
    ['mo.html("a")', false],
    ['', false],
  ])('%j: %s', (code, expected) => expect(isMarkdown(code, parse(code))).toBe(expected));
});

/** `line:text` of each span. */
function placesOf(code: string, spans: readonly { readonly start: number; readonly end: number }[] = []): readonly string[] {
  return spans.map(({ start, end }) => `${code.slice(0, start).split('\n').length}:${code.slice(start, end)}`);
}
