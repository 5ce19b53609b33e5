/** Random notebooks to marimo's format and back. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { convertText } from '../../../daemon/convert/convert.ts';
import type { FileFormat } from '../../../daemon/core/notebook/formats/document.ts';
import { loadParser } from '../../../daemon/node/parser.ts';
import type { Parse } from '../../../daemon/parser/parser.ts';
import { readVectors } from '../../core/notebook/vectors.ts';
import { ipynbText, percentText } from '../../support/documents.ts';
import { howMany } from '../../support/histories.ts';

const runs = { numRuns: howMany(300) };

let parse: Parse;

beforeAll(async () => {
  parse = await loadParser();
});

describe('a notebook in marimo’s format', () => {
  it.each(['percent', 'ipynb'] as const)(
    'holds all that it was told of %s, and comes back the same by any way (P31)',
    async (from) => {
      await fc.assert(
        fc.asyncProperty(from === 'ipynb' ? ipynbText : percentText, fc.constantFrom(...ways), async (text, by) => {
          // A script has one cell at least.
          fc.pre(!text.startsWith('{"cells":[]'));
          // marimo takes the spaces from lines that hold nothing else, each time it saves.
          fc.pre(!/(?:\n|\\n|")[ \t]+(?:\n|\\n|"|$)/.test(text));
          const marimo = await to(text, from, 'marimo');
          const told = marimo.losses.map(({ code }) => code).filter((code) => lossesOfContent.has(code));
          // White space around lines of text, code that is no Python, and what cannot stand in one comment.
          const known = ['text', 'unparsable', ...(from === 'ipynb' ? ['options', 'title'] : [])];
          expect(told.filter((code) => !known.includes(code))).toEqual([]);
          const there = await to(marimo.text, 'marimo', by);
          expect(there.losses.filter(({ code }) => lossesOfContent.has(code))).toEqual([]);
          const back = await to(there.text, by, 'marimo');
          expect((await to(back.text, 'marimo', by)).text).toBe(there.text);
          // Jupyter sorts options.
          if (!told.includes('text') && by !== 'ipynb') expect(back.text).toBe(marimo.text);
        }),
        runs,
      );
    },
  );
});

describe('a notebook that is being typed', () => {
  it('can be converted, whatever it looks like', async () => {
    await fc.assert(
      fc.asyncProperty(mangled, fc.constantFrom(...ways), async ({ text, from }, target) => {
        const { cells, text: written } = await to(text, from, target);
        // Without cells there may come an empty one.
        expect((await to(written, target, from)).cells || 1).toBe(cells || 1);
      }),
      runs,
    );
  });
});

const pieces = [
  '',
  '"',
  '"' + '""',
  "'",
  '(',
  '\\',
  '\n',
  '# %%\n',
  '@app.cell\n',
  'def _():\n',
  '    return x',
  '\r',
  '\ufeff',
  '\u00a0',
  ';',
  ':',
  '#',
];
const mangled = fc.constantFrom('marimo', 'percent').chain((from) =>
  fc.record({
    from: fc.constant<FileFormat>(from as FileFormat),
    text: fc
      .tuple(
        fc.constantFrom(...readVectors<{ readonly text: string }>(`formats/${from}`)),
        fc.nat(),
        fc.nat({ max: 40 }),
        fc.constantFrom(...pieces),
      )
      .map(([{ text }, at, length, inserted]) => {
        const start = at % (text.length + 1);
        return text.slice(0, start) + inserted + text.slice(start + length);
      }),
  }),
);

const ways = ['percent', 'ipynb', 'markdown', 'marimo'] as const;
const lossesOfContent = new Set(['header', 'app-options', 'title', 'options', 'text', 'kind', 'unparsable']);

/** Without a Python, so that the grammar alone says what is none. */
function to(text: string, from: FileFormat, target: FileFormat) {
  return convertText({
    path: 'n',
    text,
    from,
    to: target,
    parse,
    environment: {},
    askPython: async () => ({ problem: 'none is asked' }),
  });
}
