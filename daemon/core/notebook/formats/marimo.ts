/** marimo's notebooks: a Python module in which every cell is a decorated function. Arguments and returns are ignored: they are derived. */
import { itemAt, lastOf } from '../../assert.ts';
import { type Layout, readLayout, type Statement } from '../lexer.ts';
import type { CellKind, CellText, NotebookText } from '../notebook.ts';
import { findApp, headOf, isCellBoundary, isFrame } from './marimo-app.ts';
import { optionsOf, readArguments } from './marimo-arguments.ts';
import { type Body, readBlock, readInline, returnLineInside, returnStart } from './marimo-body.ts';
import { blockEnd, commentIndent, lastBlockLine, suiteEnd } from './marimo-extent.ts';
import {
  firstLineOf,
  isDecorated,
  isDecorator,
  type Piece,
  readPieces,
  report,
  reportDecorators,
  reportStrays,
  type Source,
} from './marimo-pieces.ts';
import { readUnparsable } from './marimo-unparsable.ts';
import { stringValue } from './options.ts';

export function readMarimo(text: string): NotebookText {
  const layout = readLayout(text, isCellBoundary);
  const app = findApp(text, layout);
  const source: Source = { text, layout, app: app ?? 'app', problems: [] };
  const pieces = readPieces(source);
  reportStrays(source, aboveCells(source, pieces));
  if (app === undefined && layout.statements[0] !== undefined) {
    report(source, 'no-app', 'error', layout.statements[0], 'This notebook has no `app = marimo.App()` above its cells.');
  }
  const cells = pieces.flatMap((piece) => readPiece(source, piece) ?? []);
  return { format: 'marimo', cells, problems: source.problems };
}

function aboveCells(source: Source, pieces: readonly Piece[]): readonly Statement[] {
  const first = pieces[0]?.statements[0];
  const { statements } = source.layout;
  const above = first === undefined ? statements : statements.slice(0, statements.indexOf(first));
  return above.filter((statement) => !isFrame(source.text, statement));
}

function readPiece(source: Source, piece: Piece): CellText | undefined {
  switch (piece.role) {
    case 'guard':
      reportStrays(source, piece.statements.slice(blockEnd(piece.statements, 0)));
      return undefined;
    case 'unparsable':
      return readStoredText(source, piece);
    case 'setup':
      return readSuite(source, piece, 0);
    case 'cell':
    case 'function':
    case 'class_definition':
      return readDecorated(source, piece);
  }
}

/** `app._unparsable_cell(r"""…""")`: text that marimo could not read as Python. */
function readStoredText(source: Source, piece: Piece): CellText {
  const body = readUnparsable(source.text, piece.mark);
  if (body === undefined) return unreadable(source, piece, piece.mark, 'The text of this cell is not one plain string.');
  reportStrays(source, piece.statements.slice(1));
  const options = optionsOfMark(source, piece);
  const name = cellName(stringValue(options.raw['name']));
  return cellOf('unparsable', body, piece.mark.firstLine, piece.mark.lastLine, options, name);
}

function readDecorated(source: Source, piece: Piece): CellText {
  const at = piece.statements.findIndex((statement) => !isDecorator(source, statement));
  const header = piece.statements[at];
  const found = header === undefined ? null : definition.exec(headOf(source.text, header));
  if (header === undefined || found === null || header.colon === undefined || (piece.role === 'cell' && found[1] === 'class')) {
    return unreadable(
      source,
      piece,
      header ?? piece.mark,
      'This cell has no readable function: `def name(arguments):` is expected here.',
    );
  }
  if (piece.role === 'cell') {
    const others = piece.statements.slice(0, at).filter((statement) => statement !== piece.mark);
    reportDecorators(source, others, 'take it away');
    return readSuite(source, piece, at);
  }
  return readDefinition(source, piece, at, found[1] === 'class' ? 'class' : 'function', found[2]);
}

const definition = /^(?:async\s+)?(def|class)\s+([\p{L}_][\p{L}\p{N}_]*)/u;

/** `@app.function` and `@app.class_definition`: the definition itself is the code. */
function readDefinition(source: Source, piece: Piece, at: number, kind: CellKind, name: string | undefined): CellText {
  const end = blockEnd(piece.statements, at);
  reportStrays(source, piece.statements.slice(end));
  reportDecorators(source, piece.statements.slice(0, piece.statements.indexOf(piece.mark)), 'put it below');
  const header = itemAt(piece.statements, at);
  const lastLine = lastBlockLine(source, piece, at, end);
  const block = { firstLine: piece.mark.lastLine + 1, lastLine, end: itemAt(source.layout.lines, lastLine).end, indent: '' };
  // On one line with its decorator there is no definition; the compiler says so, and the lines stay.
  const body = readBlock(source.text, source.layout, { ...block, firstLine: Math.min(block.firstLine, header.firstLine) });
  return cellOf(kind, body, firstLineOf(piece), lastLine, optionsOfMark(source, piece), cellName(name));
}

/** `@app.cell` and `with app.setup:`: the code is what the block holds. */
function readSuite(source: Source, piece: Piece, at: number): CellText {
  const { text } = source;
  const header = itemAt(piece.statements, at);
  if (header.colon === undefined) return unreadable(source, piece, header, 'The colon that starts the cell is missing here.');
  const isSetup = piece.role === 'setup';
  const name = isSetup ? undefined : cellName(definition.exec(headOf(text, header))?.[2]);
  const inline = readInline(text, header, header.colon);
  const end = inline === undefined ? suiteEnd(source, piece.statements, at) : at + 1;
  reportStrays(source, piece.statements.slice(end));
  const lastLine = inline === undefined ? lastBlockLine(source, piece, at, end) : header.lastLine;
  const body = inline ?? readSuiteBody(source, piece.statements.slice(at, end), lastLine, isSetup);
  return cellOf(isSetup ? 'setup' : 'code', body, firstLineOf(piece), lastLine, optionsOfMark(source, piece), name);
}

function readSuiteBody(source: Source, statements: readonly Statement[], lastLine: number, isSetup: boolean): Body {
  const { text, layout } = source;
  const header = itemAt(statements, 0);
  const first = statements[1];
  const last = lastOf(statements);
  const firstLine = header.lastLine + 1;
  const indent =
    first === undefined ? commentIndent(source, firstLine, lastLine) : text.slice(first.start - first.indent, first.start);
  const whole = { firstLine, lastLine, end: itemAt(layout.lines, lastLine).end, indent };
  if (first === undefined) return readBlock(text, layout, whole);
  const cut = isSetup ? passStart(text, statements, last) : trailingReturn(source, last, indent);
  if (cut === undefined) return readBlock(text, layout, whole);
  const cutLine = lineAt(layout, last, cut);
  return readBlock(text, layout, { ...whole, lastLine: cutLine, end: cut });
}

function trailingReturn(source: Source, last: Statement, indent: string): number | undefined {
  if (last.indent !== indent.length) return undefined;
  const line = returnLineInside(source.text, source.layout, last, indent);
  return line === undefined ? returnStart(source.text, last) : itemAt(source.layout.lines, line).start;
}

/** marimo ends a setup cell of comments with a `pass`, which is not the person's. */
function passStart(text: string, statements: readonly Statement[], last: Statement): number | undefined {
  const isOnly = statements.length === 2 && last.firstLine === itemAt(statements, 0).lastLine + 1;
  return text.slice(last.start, last.end) === 'pass' && !isOnly ? last.start : undefined;
}

function lineAt(layout: Layout, statement: Statement, offset: number): number {
  let line = statement.firstLine;
  while (line < statement.lastLine && itemAt(layout.lines, line + 1).start <= offset) line += 1;
  return line;
}

/** Text that no cell could be read from: kept as it stands, so that nothing is lost. */
function unreadable(source: Source, piece: Piece, place: Statement, message: string): CellText {
  report(source, 'unreadable-cell', 'error', place, message);
  const last = lastOf(piece.statements);
  const below = isDecorated(piece.role) && last !== piece.mark;
  const block = {
    firstLine: below ? piece.mark.lastLine + 1 : piece.mark.firstLine,
    lastLine: last.lastLine,
    end: last.end,
    indent: '',
  };
  const name = piece.statements
    .map((statement) => definition.exec(headOf(source.text, statement))?.[2])
    .find((found) => found !== undefined);
  const body = readBlock(source.text, source.layout, block);
  return cellOf('unparsable', body, firstLineOf(piece), last.lastLine, optionsOfMark(source, piece), cellName(name));
}

function cellOf(
  kind: CellKind,
  body: Body,
  line: number,
  endLine: number,
  options: CellText['options'],
  name: string | undefined,
): CellText {
  return { kind, name, code: body.code, line, endLine, codeLine: body.codeLine, indents: body.indents, options };
}

/** `_` names nothing; `__` is what old versions of marimo wrote for it. */
function cellName(name: string | undefined): string | undefined {
  return name === '_' || name === '__' ? undefined : name;
}

function optionsOfMark(source: Source, piece: Piece): CellText['options'] {
  return optionsOf(readArguments(source.text.slice(piece.mark.start, piece.mark.end)));
}
