import { describe, expect, it } from 'vitest';
import { tokensOf } from '../../../daemon/core/analysis/tokens.ts';

describe('code that computes the same has equal tokens', () => {
  it.each([
    ['spacing', 'x=1+2', 'x  =  1 + 2'],
    ['a comment', 'x = 1', '# first\nx = 1  # then'],
    ['blank lines', 'x = 1\ny = 2', '\n\nx = 1\n\n\ny = 2\n\n'],
    ['a line break in brackets', 'f(a, b)', 'f(\n    a,  # comment\n    b\n)'],
    ['a chain of calls on lines of its own', '(df.a().b())', '(\n  df\n  .a()\n  .b()\n)'],
    ['the width of indentation', 'if a:\n  b\nc', 'if a:\n        b\nc'],
    ['tabs for spaces', 'if a:\n    b', 'if a:\n\tb'],
    ['a comment that is indented oddly', 'if a:\n    b\n    c', 'if a:\n    b\n  # comment\n    c'],
    ['a backslash at the end of a line', 'x = a + b', 'x = a \\\n    + b'],
    ['line ends of Windows', 'x = 1\ny = 2\n', 'x = 1\r\ny = 2\r\n'],
    ['a no-break space', 'x = 1', 'x\u00a0=\u00a01'],
    ['spaces at the end', 'x = 1', 'x = 1   \n  '],
    ['space in a bracket that holds a string', "f('a')", "f( 'a' )"],
  ])('%s', (_, one, other) => expect(tokensOf(one)).toBe(tokensOf(other)));
});

describe('code that may compute something else has other tokens', () => {
  it.each([
    ['a name', 'x = 1', 'y = 1'],
    ['a space between words', 'a in b', 'ain b'],
    ['a space inside a string', "x = 'a b'", "x = 'a  b'"],
    ['a hash inside a string', "x = 'a # b'", "x = 'a '"],
    ['a line break inside a string', 'x = """a\nb"""', 'x = """a b"""'],
    ['indentation inside a string', 'x = """a\n  b"""', 'x = """a\nb"""'],
    ['a semicolon at the end, which silences output', 'x', 'x;'],
    ['depth', 'if a:\n    b\n    c', 'if a:\n    b\nc'],
    ['a dedent to no level', 'if a:\n    b\n    c', 'if a:\n    b\n  c'],
    ['a tab that stands for eight spaces', 'if a:\n        b\n        c', 'if a:\n        b\n\tc'],
    ['an indented first line', 'x', '  x'],
    ['an operator in two pieces', 'a < = b', 'a <= b'],
    ['a number and an attribute', '1 .real', '1.real'],
    ['two strings and three quotes', '"" ""', '""""'],
    ['dots in two pieces', 'x[...]', 'x[. ..]'],
    ['a new line', 'a\nb', 'a b'],
    ['text in a placeholder', 'f"{d["a b"]}"', 'f"{d["a  b"]}"'],
    ['a hash in a placeholder', 'f"{d["#"]} x" + y', 'f"{d["#"]} x" + z'],
    ['a format', 'f"{x:>10}"', 'f"{x:> 10}"'],
    ['a colon after a lambda in a placeholder', 'f"{(lambda: 1)()}" # a', 'f"{(lambda: 2)()}" # a'],
  ])('%s', (_, one, other) => expect(tokensOf(one)).not.toBe(tokensOf(other)));
});

it('keeps strings as they are written', () => {
  expect(tokensOf('x = f"{ a }"  \'b  c\'')).toBe('x=f"{ a }" \'b  c\'');
});

it('survives a string that is never closed', () => {
  expect(tokensOf("x = 'abc  # d\ny  =  1")).toBe("x='abc  # d\ny=1");
  expect(tokensOf('x = """abc  # d\ny  =  1')).toBe('x="""abc  # d\ny  =  1');
});
