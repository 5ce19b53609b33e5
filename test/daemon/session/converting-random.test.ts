/** Random notebooks to marimo's format and back. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FileFormat } from '../../../daemon/core/notebook/formats/document.ts';
import { createParser, type Parse } from '../../../daemon/parser/parser.ts';
import { convert } from '../../../daemon/session/convert/convert.ts';
import { ipynbText, percentText } from '../../support/documents.ts';

const runs = { numRuns: 300 };

let parse: Parse;

beforeAll(async () => {
  parse = await createParser();
});

describe('a notebook in marimo’s format', () => {
  it.each(['percent', 'ipynb'] as const)('holds all that it was told of %s, and comes back the same by any way', async (from) => {
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
  });
});

const ways = ['percent', 'ipynb', 'markdown', 'marimo'] as const;
const lossesOfContent = new Set(['header', 'app-options', 'title', 'options', 'text', 'kind', 'unparsable']);

/** Without a Python, so that the grammar alone says what is none. */
function to(text: string, from: FileFormat, target: FileFormat) {
  return convert({ path: 'n', text, from, to: target, parse, environment: {} });
}
