import { expect, it } from 'vitest';
import { lineAfter } from '../../../daemon/core/analysis/line-after.ts';

/** The lines marked with `<-` in both; the mark is no part of either. */
function marked(code: string): { readonly code: string; readonly line: number } {
  const line = code.split('\n').findIndex((one) => one.endsWith('<-'));
  return { code: code.replace('<-', ''), line };
}

it.each([
  ['a comment above it', 'def f(x):\n    return 1 / x<-', 'def f(x):\n    # why\n    return 1 / x<-'],
  ['a comment on it', 'def f(x):\n    return 1 / x<-', '\ndef f(x):\n    return 1 / x  # why<-'],
  ['the comment above it gone', 'a\n# why\nb<-', 'a\nb<-'],
  ['comments between lines that read the same', 'a\na<-\na', '#\na\n#\n#\na<-\na'],
  ['blank lines and indentation', 'if a:\n  b<-', 'if a:\n\n\n      b<-'],
  ['brackets broken into lines', 'f(a, b)\ng()<-', 'f(\n  a,\n  b)\ng()<-'],
  ['a line break by a backslash', 'x = a + b\ng()<-', 'x = a \\\n  + b\ng()<-'],
  ['brackets joined: the line of its first token', 'f(\n  a,\n  b)<-', 'f(a, b)<-'],
  ['a line within a string', 'x = f"""\n{1}\n{y}"""<-', '#\n#\nx = f"""\n{1}\n{y}"""<-'],
  ['code above it', 'a\nb<-', 'new()\nother()\na\nb<-'],
  ['code below it', '#\na<-\nb', 'a<-\nb\nnew()'],
  ['the line itself', 'a\nb = 1<-\nc', 'a\n#\nb = 2<-\nc'],
  ['code above and below', 'a\nb\nc<-\nd\ne', 'x\nb\n\nc<-\nd\ny'],
  ['a word in a comment that looks like code', 'b<-', '# b\nb<-'],
])('%s', (_, before, after) => {
  const [was, is] = [marked(before), marked(after)];
  expect(lineAfter(was.code, is.code, was.line)).toBe(is.line);
});

it.each([
  ['a\nb', 'x', 1],
  ['', 'x', 0],
  ['a', '', 0],
  ['# only\n#', 'x\ny', 1],
])('of a line that is gone the number stays: %j', (before, after, line) => {
  expect(lineAfter(before, after, line)).toBe(line);
});
