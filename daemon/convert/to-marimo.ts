/** A document as marimo's file, with what analysis has to say of each cell. */
import type { DocumentCell, NotebookDocument } from '../core/notebook/formats/document.ts';
import { fromMarimo } from '../core/notebook/formats/from-marimo.ts';
import { unescapeMarkers } from '../core/notebook/formats/magics.ts';
import { toMarimoCell } from '../core/notebook/formats/marimo-cells.ts';
import { layOutMarkdown } from '../core/notebook/formats/marimo-markdown.ts';
import { addedImport } from '../core/notebook/formats/markdown-cells.ts';
import type { WritableCell } from '../core/notebook/formats/writable-cell.ts';
import { writeMarimo } from '../core/notebook/formats/write-marimo.ts';
import { readLayout } from '../core/notebook/lexer.ts';
import type { Parse } from '../parser/parser.ts';
import { analyseForMarimo } from '../reading/writable.ts';

/** The version whose way of writing this is. */
const marimoVersion = '0.25.2';

export async function toMarimo(
  document: NotebookDocument,
  parse: Parse,
  refusedAmong: (codes: readonly string[]) => Promise<ReadonlySet<number>>,
): Promise<string> {
  const codes = document.cells.map((cell) => (cell.kind === 'unparsable' ? '' : toMarimoCell(cell).code));
  const refused = await refusedAmong(codes);
  const draft = writeNotebook(document, parse, { refused, nameless: new Set() });
  // Which cells become functions and classes of their own, and what cannot stand in a function, is seen when all are written.
  const { cells } = fromMarimo(draft);
  const changed = (isChanged: (cell: DocumentCell, written: DocumentCell | undefined) => boolean) =>
    document.cells.flatMap((cell, index) => (isChanged(cell, cells[index]) ? [index] : []));
  const nameless = changed(
    (cell, written) =>
      (cell.title !== '' && written?.title !== cell.title) ||
      (cell.options['name'] !== undefined && written?.options['name'] === undefined),
  );
  const mangled = changed(
    (cell, written) => cell.kind === 'code' && written?.kind === 'code' && !isSame(cell.text, written.text, parse),
  );
  if (nameless.length === 0 && mangled.length === 0) return draft;
  return writeNotebook(document, parse, { refused: new Set([...refused, ...mangled]), nameless: new Set(nameless) });
}

/** `if x:` and nothing below it, which the grammar accepts. */
function endsInHeader(code: string): boolean {
  const last = readLayout(code).statements.at(-1);
  return last !== undefined && last.colon === last.end - 1;
}

/** marimo takes the spaces from lines that hold nothing else, and lays a call of `mo.md` out in its own way. */
function isSame(code: string, written: string, parse: Parse): boolean {
  const isEqual = (text: string) => text === written || withoutIdleSpaces(text) === withoutIdleSpaces(written);
  return isEqual(code) || isEqual(asLaidOut(code, parse));
}

function withoutIdleSpaces(code: string): string {
  return code.replace(/^[ \t]+$/gm, '');
}

/** The document with its calls of `mo.md` as marimo would save them: to write them so is no loss. */
export function laidOutByMarimo(document: NotebookDocument, parse: Parse): NotebookDocument {
  const cells = document.cells.map((cell) => (cell.kind === 'code' ? { ...cell, text: asLaidOut(cell.text, parse) } : cell));
  return { ...document, cells };
}

function asLaidOut(code: string, parse: Parse): string {
  if (!code.includes('mo.md(')) return code;

  const { markdown } = analyseForMarimo(parse, {
    name: '_',
    code,
    options: {},
    isDefinitionCell: false,
    isUnparsable: false,
  }).cell;
  return markdown === undefined ? code : layOutMarkdown(code, markdown);
}

/** Indices of cells. */
interface Findings {
  /** What is no Python. */
  readonly refused: ReadonlySet<number>;
  /** Titled cells that are written without a name. */
  readonly nameless: ReadonlySet<number>;
}

function writeNotebook({ header, app, cells }: NotebookDocument, parse: Parse, { refused, nameless }: Findings): string {
  const analyse = (cell: DocumentCell, index: number): WritableCell =>
    analyseForMarimo(parse, {
      ...toMarimoCell(cell, cell.kind === 'setup' || nameless.has(index)),
      isDefinitionCell: nameless.has(index),
      isUnparsable: cell.kind === 'unparsable' || refused.has(index) || (cell.kind === 'code' && endsInHeader(cell.text)),
    }).cell;
  const written = cells.map(analyse);
  const isSetup = cells[0]?.kind === 'setup';
  const ordinary = written.slice(isSetup ? 1 : 0);
  const needsImport = cells.some(({ kind }) => kind === 'markdown') && !written.some(({ defs }) => defs.has('mo'));
  const added = analyse({ kind: 'code', title: '', text: addedImport, options: {}, line: undefined }, -1);
  return writeMarimo({
    header: unescapeMarkers(header),
    app,
    setup: isSetup ? written[0] : undefined,
    cells: needsImport ? [...ordinary, added] : ordinary,
    version: marimoVersion,
  });
}
