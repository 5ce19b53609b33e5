import { beforeAll, expect, it } from 'vitest';
import { analyze } from '../../daemon/core/analysis/analyze.ts';
import { loadParser } from '../../daemon/node/parser.ts';
import type { Parse } from '../../daemon/parser/parser.ts';
import { type MarimoCell, type MarimoFiles, marimoNotebooks } from '../support/marimo.ts';

const installMillisecondsMax = 300_000;
/** What marimo's wheel carried when the test was written; fewer means that the search is broken. */
const cellsMin = 600;

/** Where we mean to differ. The list only shrinks: a difference that is gone must leave it. */
const intendedDifferences: readonly string[] = [
  // `count += 1` reads `count` in Python, wherever it was bound; marimo takes it for a definition alone.
  '_tutorials/dataflow.py 19: only ours reads count',
  // A private name that its cell does not bind is a mistake that can be shown. marimo reads nothing there; no cell could give it either.
  '_tutorials/dataflow.py 23: only ours reads _private_variable',
  '_tutorials/dataflow.py 23: only ours reads _',
];

let files: MarimoFiles;
let parse: Parse;

beforeAll(async () => {
  parse = await loadParser();
  files = await marimoNotebooks();
  if ('skipped' in files) console.warn(`skipped: ${files.skipped}`);
}, installMillisecondsMax);

it('the cells of the notebooks in marimo’s own wheel define and read what marimo says', ({ skip }) => {
  if ('skipped' in files) return skip(files.skipped);
  const found: string[] = [];
  let compared = 0;
  for (const { path, cells } of files.notebooks) {
    for (const [at, cell] of cells.entries()) {
      if (!cell.compiles) continue;
      compared += 1;
      found.push(...differences(cell, parse).map((text) => `${path} ${at}: ${text}`));
    }
  }
  expect(found).toEqual(intendedDifferences);
  expect(compared).toBeGreaterThanOrEqual(cellsMin);
});

function differences({ code, defs, refs }: MarimoCell, parse: Parse): readonly string[] {
  const facts = analyze(code, parse(code), { format: 'marimo' });
  // marimo reads no names in strings.
  const read = [...facts.refs].flatMap(([name, { isByText }]) => (isByText ? [] : [name]));
  return [...difference([...facts.defs.keys()], defs, 'defines'), ...difference(read, refs, 'reads')];
}

function difference(ours: readonly string[], theirs: readonly string[], verb: string): readonly string[] {
  return [
    ...ours.filter((name) => !theirs.includes(name)).map((name) => `only ours ${verb} ${name}`),
    ...theirs.filter((name) => !ours.includes(name)).map((name) => `only marimo’s ${verb} ${name}`),
  ];
}
