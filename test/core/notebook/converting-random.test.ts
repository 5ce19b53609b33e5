/** Documents through the formats of the core, there and back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../../daemon/core/notebook/formats/detect.ts';
import type { FileFormat, NotebookDocument } from '../../../daemon/core/notebook/formats/document.ts';
import { lossesBetween } from '../../../daemon/core/notebook/formats/losses.ts';
import { commentMagics, uncommentMagics } from '../../../daemon/core/notebook/formats/magics.ts';
import { readDocument } from '../../../daemon/core/notebook/formats/read-document.ts';
import { readText, writeText } from '../../../daemon/core/notebook/formats/text-cells.ts';
import { writeIpynb } from '../../../daemon/core/notebook/formats/write-ipynb.ts';
import { writeMarkdown } from '../../../daemon/core/notebook/formats/write-markdown.ts';
import { writePercent } from '../../../daemon/core/notebook/formats/write-percent.ts';
import { ipynbText, jupyterCode, percentText, someText } from '../../support/documents.ts';
import { howMany } from '../../support/histories.ts';

const writers = { percent: writePercent, ipynb: writeIpynb, markdown: writeMarkdown };
type CoreFormat = keyof typeof writers;

const runs = { numRuns: howMany(1000) };

describe('a document', () => {
  it.each<[CoreFormat, CoreFormat]>([
    ['percent', 'percent'],
    ['percent', 'ipynb'],
    ['percent', 'markdown'],
    ['ipynb', 'percent'],
    ['ipynb', 'ipynb'],
    ['ipynb', 'markdown'],
  ])('of %s tells all that %s does not keep, and the second time there is nothing to tell (P31)', (from, by) => {
    fc.assert(
      fc.property(from === 'ipynb' ? ipynbText : percentText, (text) => {
        const document = read(text, from);
        const kept = read(writers[by](document), by);
        const told = lossesBetween(document, kept).map(({ code }) => code);
        // What cannot stand in one line, and strings that are never closed.
        expect(told.filter((code) => by === 'ipynb' || !['title', 'options', 'unparsable'].includes(code))).toEqual([]);
        const back = read(writers[from](kept), from);
        expect(lossesBetween(kept, back).filter(({ code }) => code !== 'unparsable')).toEqual([]);
        expect(writers[by](read(writers[by](kept), by))).toBe(writers[by](kept));
      }),
      runs,
    );
  });

  it('is detected as what it was written as', () => {
    fc.assert(
      fc.property(percentText, (text) => {
        expect(detectFormat(writePercent(read(text, 'percent')))).toBe('percent');
      }),
      runs,
    );
  });
});

describe('code of Jupyter', () => {
  it('comes back from Python as it was', () => {
    fc.assert(
      fc.property(jupyterCode, (code) => {
        expect(uncommentMagics(commentMagics(code).code)).toBe(code);
      }),
      runs,
    );
  });
});

describe('text in a script', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(someText, (text) => {
        expect(readText(writeText(text))).toBe(text);
      }),
      runs,
    );
  });
});

function read(text: string, format: FileFormat): NotebookDocument {
  const document = readDocument(text, format);
  if ('problem' in document) throw new Error(document.problem);
  return document;
}
