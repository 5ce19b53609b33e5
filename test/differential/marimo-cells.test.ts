import { beforeAll, describe, expect, it } from 'vitest';
import { detectFormat } from '../../daemon/core/notebook/formats/detect.ts';
import { readMarimo } from '../../daemon/core/notebook/formats/marimo.ts';
import { type CellText, documentPosition } from '../../daemon/core/notebook/notebook.ts';
import { type MarimoFiles, type MarimoNotebook, marimoNotebooks } from '../support/marimo.ts';

const installMillisecondsMax = 300_000;
/** marimo's wheel carried this many notebooks when the test was written; fewer means that the search is broken. */
const notebooksMin = 100;

describe('cells of the notebooks in marimo’s own wheel', () => {
  let files: MarimoFiles;

  beforeAll(async () => {
    files = await marimoNotebooks();
    if ('skipped' in files) console.warn(`skipped: ${files.skipped}`);
  }, installMillisecondsMax);

  it('are the cells that marimo reads', ({ skip }) => {
    if ('skipped' in files) return skip(files.skipped);
    expect(files.notebooks.length).toBeGreaterThanOrEqual(notebooksMin);
    for (const notebook of files.notebooks) expect(summary(notebook.text), notebook.path).toEqual(expected(notebook));
  });

  it('stand where they say they stand', ({ skip }) => {
    if ('skipped' in files) return skip(files.skipped);
    for (const { text, path } of files.notebooks) {
      for (const cell of readMarimo(text).cells) checkPositions(text, cell, path);
    }
  });

  it('are found in notebooks only, not in modules that speak of marimo', ({ skip }) => {
    if ('skipped' in files) return skip(files.skipped);
    expect(files.notebooks.filter(({ text }) => detectFormat(text) !== 'marimo').map(({ path }) => path)).toEqual([]);
    expect(files.others.filter(({ text }) => detectFormat(text) === 'marimo').map(({ path }) => path)).toEqual([]);
  });
});

function summary(text: string): readonly unknown[] {
  return readMarimo(text).cells.map((cell) => ({ name: cell.kind === 'setup' ? 'setup' : cell.name, code: cell.code.trim() }));
}

function expected(notebook: MarimoNotebook): readonly unknown[] {
  return notebook.cells.map(({ name, code }) => ({ name: name === '_' || name === '__' ? undefined : name, code: code.trim() }));
}

/** Every line of the code is found in the document at the position that is computed for it. */
function checkPositions(text: string, cell: CellText, path: string): void {
  const lines = text.split(/\r\n|\r|\n/);
  let offset = 0;
  for (const codeLine of cell.code.split('\n')) {
    const { line, character } = documentPosition(cell, offset);
    expect(lines[line]?.slice(character, character + codeLine.length), `${path}:${line + 1}`).toBe(codeLine);
    expect(line).toBeLessThanOrEqual(cell.endLine);
    expect(line).toBeGreaterThanOrEqual(cell.line);
    offset += codeLine.length + 1;
  }
}
