import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNotebook } from '../../../daemon/core/notebook/formats/read.ts';
import { type CellText, documentPosition, type Format } from '../../../daemon/core/notebook/notebook.ts';
import { howMany } from '../../support/histories.ts';
import { readVectors } from './vectors.ts';

const texts = ['formats/marimo', 'formats/percent']
  .flatMap((name) => readVectors<{ readonly text: string }>(name))
  .map(({ text }) => text);
const fragments = [
  '"""',
  "'",
  'f"{x',
  '\\',
  '(',
  ')',
  '# %%\n',
  '# %% [md] a="1"\n',
  '@app.cell\n',
  'def _():\n',
  '    return x',
  'with app.setup:',
  '\n',
  '\r\n',
  '\r',
  '\ufeff',
  ' ',
  '\t',
  ';',
  ':',
  'x = 1',
  '#',
  '}',
  '\u00a0',
  'app._unparsable_cell(',
];

const percentLine = fc.constantFrom(
  '',
  'x = 1',
  '# %%',
  '#%% Title',
  '# %% [markdown] tags=["a"]',
  'if x:',
  '    # %% no',
  '    y = (1)',
  'text = "a # %% b"',
  '# note',
);
const percentText = fc
  .array(percentLine, { maxLength: 30 })
  .chain((lines) => fc.constantFrom('\n', '\r\n', '\r').map((end) => lines.join(end)));
const piecesText = fc.array(fc.constantFrom(...fragments), { maxLength: 40 }).map((parts) => parts.join(''));
const cutText = fc
  .tuple(fc.constantFrom(...texts), fc.nat(), fc.nat(), fc.constantFrom('', ...fragments))
  .map(([text, at, length, inserted]) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + inserted + text.slice(start + (length % 40));
  });
const format = fc.constantFrom<Format>('marimo', 'percent');

describe('reading any text', () => {
  it('gives cells of a percent script that lie one after the other and cover it', () => {
    fc.assert(
      fc.property(percentText, (text) => {
        const cells = readNotebook(text, 'percent')?.cells ?? [];
        const lines = linesOf(text);
        const first = cells[0]?.line ?? lines.length;
        expect(lines.slice(0, first).join('').trim()).toBe('');
        expect(cells.flatMap((cell) => lines.slice(cell.line, cell.endLine + 1))).toEqual(lines.slice(first));
        for (const cell of cells) expect(joined(cell, lines)).toEqual(lines.slice(cell.line, cell.endLine + 1));
      }),
    );
  });

  it.each(['mangled notebooks', 'pieces of notebooks'])('never throws, keeps order and knows where code stands: %s', (kind) => {
    fc.assert(
      fc.property(kind === 'mangled notebooks' ? cutText : piecesText, format, (text, as) => {
        const notebook = readNotebook(text, as);
        let above = -1;
        for (const cell of notebook?.cells ?? []) {
          expect(cell.line).toBeGreaterThan(above);
          expect(cell.endLine).toBeGreaterThanOrEqual(cell.line);
          if (cell.kind !== 'unparsable') checkPositions(cell, linesOf(text));
          above = cell.endLine;
        }
        readNotebook(text);
      }),
      { numRuns: howMany(1000) },
    );
  });
});

function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/);
}

/** The marker, if the cell has one, the code, and the blank lines that the code leaves out. */
function joined(cell: CellText, lines: readonly string[]): readonly string[] {
  const count = cell.endLine - cell.line + 1;
  const code =
    cell.kind === 'setup'
      ? cell.code.split('\n')
      : [lines[cell.line] as string, ...(cell.code === '' ? [] : cell.code.split('\n'))];
  return [...code, ...Array<string>(count - code.length).fill('')];
}

function checkPositions(cell: CellText, lines: readonly string[]): void {
  let offset = 0;
  for (const codeLine of cell.code.split('\n')) {
    const { line, character } = documentPosition(cell, offset);
    expect(lines[line]?.slice(character, character + codeLine.length)).toBe(codeLine);
    expect(line).toBeLessThanOrEqual(cell.endLine);
    offset += codeLine.length + 1;
  }
}
