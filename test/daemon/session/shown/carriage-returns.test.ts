import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lastLine, withoutReturns } from '../../../../daemon/session/shown/carriage-returns.ts';
import { howMany } from '../../../support/histories.ts';

/** The text of a stream that comes in pieces, as it is kept. */
function kept(pieces: readonly string[]): string {
  let text = '';
  let line: string | undefined = '';
  for (const piece of pieces) {
    const { back, text: added } = line === undefined ? { back: 0, text: piece } : withoutReturns(line, piece);
    text = text.slice(0, text.length - back) + added;
    line = lastLine(back > 0 ? '' : line, added);
  }
  return text;
}

it.each([
  ['a progress', ['10%', '\r20%', '\r30%\n', 'done'], '30%\ndone'],
  ['a line that is overwritten in part', ['abc', '\rX\n'], 'Xbc\n'],
  ['a line that is being overwritten', ['abc', '\rX', 'Y', 'Z'], 'XYZ'],
  ['a line that is not overwritten to its end', ['abc', '\rX'], 'abc\rX'],
  ['blocks', ['\r██  2/4', '\r███ 3/4'], '███ 3/4'],
  ['a return and a line feed that come together', ['a\r\nb\r\n'], 'a\r\nb\r\n'],
  ['a return and a line feed that come apart', ['a\r', '\nb'], 'a\r\nb'],
  ['a return that nothing has followed yet', ['abc\r'], 'abc\r'],
  ['several returns', ['abc\r\r', '\rX\r\r'], 'Xbc\r'],
  ['an erased line', ['long line', '\r\u001b[2Kshort'], 'short'],
  ['colours, which have no column', ['\u001b[31mred\u001b[0m', '\rX'], '\u001b[31mred\u001b[0m\rX'],
  ['a sign that takes two columns', ['漢字', '\rX'], '漢字\rX'],
  ['a tab', ['a\tb', '\rX'], 'a\tb\rX'],
  ['no returns', ['a\nb', 'c'], 'a\nbc'],
])('shows %s as a terminal would', (_, pieces, text) => expect(kept(pieces)).toBe(text));

it('does not look at a line that is very long', () => {
  const long = 'x'.repeat(5_000);
  expect(kept([long, '\rX\n', 'ab', '\rXY'])).toBe(`${long}\rX\nXY`);
});

/** What a terminal of endless width shows. */
function screen(text: string): string {
  const lines: string[][] = [[]];
  let column = 0;
  for (const sign of text) {
    const line = lines.at(-1) as string[];
    if (sign === '\r') column = 0;
    else if (sign === '\n') {
      lines.push([]);
      column = 0;
    } else line[column++] = sign;
  }
  return lines.map((line) => line.join('')).join('\n');
}

it('shows the same as a terminal, however the text is cut into pieces, and each line once', () => {
  const piece = fc.array(fc.constantFrom('a', 'bc', 'def', '█', '\r', '\r\r', '\n', '\r\n'), { maxLength: 6 });
  fc.assert(
    fc.property(
      fc.array(
        piece.map((parts) => parts.join('')),
        { maxLength: 8 },
      ),
      (pieces) => {
        const text = kept(pieces);
        expect(screen(text)).toBe(screen(pieces.join('')));
        expect(text).not.toMatch(/\r[^\n][\s\S]*[\n\r]/);
      },
    ),
    { numRuns: howMany(2_000) },
  );
});
