import { beforeAll, describe, expect, it } from 'vitest';
import { edgesOf } from '../../daemon/core/outline/edges.ts';
import { loadParser } from '../../daemon/node/parser.ts';
import type { Parse } from '../../daemon/parser/parser.ts';
import { graphOfText } from '../support/graphs.ts';
import { type MarimoFiles, type MarimoNotebook, marimoNotebooks } from '../support/marimo.ts';

const installMillisecondsMax = 300_000;
/** What marimo's wheel carried when the test was written; fewer means that the search is broken. */
const notebooksMin = 100;
const edgesMin = 400;

/**
 * Where we mean to differ. The list only shrinks: a difference that is gone must leave it.
 *
 * SQL needs no entry: marimo reads SQL only where duckdb is installed, and the environment of this test has none, so that on both
 * sides the edges of an SQL cell are those of its Python placeholders.
 */
const intendedDifferences: readonly string[] = [
  // `count += 1` reads `count` in Python, wherever it was bound; marimo takes it for a definition alone.
  'only ours: _tutorials/dataflow.py 18 → 19: count',
];

describe('edges of the notebooks in marimo’s own wheel', () => {
  let files: MarimoFiles;
  let parse: Parse;

  beforeAll(async () => {
    parse = await loadParser();
    files = await marimoNotebooks();
    if ('skipped' in files) console.warn(`skipped: ${files.skipped}`);
  }, installMillisecondsMax);

  it('are the edges that marimo finds, with the names it finds', ({ skip }) => {
    if ('skipped' in files) return skip(files.skipped);
    expect(files.notebooks.length).toBeGreaterThanOrEqual(notebooksMin);
    expect(files.notebooks.flatMap(({ edges }) => edges).length).toBeGreaterThanOrEqual(edgesMin);
    expect(files.notebooks.flatMap((notebook) => differences(notebook, parse))).toEqual(intendedDifferences);
  });
});

function differences(notebook: MarimoNotebook, parse: Parse): string[] {
  const ours = edgesOf(graphOfText(notebook.text, parse)).map(
    ([from, to, names]) => `${notebook.path} ${from} → ${to}: ${names.join(', ')}`,
  );
  const theirs = notebook.edges.map(
    ([from, to]) => `${notebook.path} ${from} → ${to}: ${namesBetween(notebook, from, to).join(', ')}`,
  );
  return [
    ...ours.filter((edge) => !theirs.includes(edge)).map((edge) => `only ours: ${edge}`),
    ...theirs.filter((edge) => !ours.includes(edge)).map((edge) => `only marimo’s: ${edge}`),
  ];
}

/** Names that make marimo draw the edge: defined and read, or read and deleted. */
function namesBetween({ cells }: MarimoNotebook, from: number, to: number): string[] {
  const [giver, taker] = [cells[from], cells[to]];
  const given = giver?.defs.filter((name) => taker?.refs.includes(name)) ?? [];
  const deleted = taker?.deletedRefs.filter((name) => giver?.refs.includes(name)) ?? [];
  return [...new Set([...given, ...deleted])].sort();
}
