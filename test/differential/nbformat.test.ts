/** What we write as .ipynb against Jupyter's own reader, schema and writer. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readDocument } from '../../daemon/core/notebook/formats/read-document.ts';
import { writeIpynb } from '../../daemon/core/notebook/formats/write-ipynb.ts';
import { ipynbText, percentText } from '../support/documents.ts';
import { howMany } from '../support/histories.ts';
import { judgeNotebooks, nbformatPython } from '../support/nbformat.ts';

const millisecondsMax = 300_000;
const notebooks = howMany(400);
const seed = 20263;

it(`is valid, and byte for byte what nbformat writes, for ${notebooks} notebooks`, { timeout: millisecondsMax }, async ({
  skip,
}) => {
  const found = await nbformatPython();
  if ('skipped' in found) return skip(found.skipped);
  const scripts = fc.sample(percentText, { numRuns: notebooks / 2, seed });
  const theirs = fc.sample(ipynbText, { numRuns: notebooks / 2, seed });
  const texts = [...scripts.map((text) => written(text, 'percent')), ...theirs.map((text) => written(text, 'ipynb'))];
  const judgements = await judgeNotebooks(found.python, texts);
  expect(judgements.flatMap(({ problem }) => problem ?? [])).toEqual([]);
  for (const [index, judgement] of judgements.entries()) expect(judgement.written).toBe(texts[index]);
});

function written(text: string, from: 'percent' | 'ipynb'): string {
  const document = readDocument(text, from);
  if ('problem' in document) throw new Error(document.problem);
  return writeIpynb(document);
}
