/** marimo's notebooks: a Python module in which every cell is a decorated function. Arguments and returns are ignored: they are derived. */
import { type Layout, type Line, readLayout, type Statement } from '../lexer.ts';
import type { CellKind, CellText, FormatProblem, NotebookText } from '../notebook.ts';
import { findApp, headOf, isCellBoundary, isFrame, type Role, roleOf } from './marimo-app.ts';
import { optionsOf, readArguments } from './marimo-arguments.ts';
import { type Body, readBlock, readInline, returnLineInside, returnStart } from './marimo-body.ts';
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

interface Source {
  readonly text: string;
  readonly layout: Layout;
  /** The variable that holds the app. */
  readonly app: string;
  readonly problems: FormatProblem[];
}

/** The statements from one boundary to the next: a cell, and whatever strayed in below it. */
interface Piece {
  readonly role: Role;
  /** The statement that says the role; decorators may stand above it. */
  readonly mark: Statement;
  readonly statements: readonly Statement[];
}

function readPieces(source: Source): readonly Piece[] {
  const { statements } = source.layout;
  const starts: { readonly first: number; readonly mark: Statement; readonly role: Role }[] = [];
  // Where the decorators directly above begin.
  let chain = 0;
  for (const [index, mark] of statements.entries()) {
    const above = statements[index - 1];
    if (above === undefined || !isDecorator(source, above)) chain = index;
    const role = roleOf(source.text, mark, source.app);
    const first = role !== undefined && isDecorated(role) ? chain : index;
    // A second marimo decorator on the same function is no second cell.
    if (role !== undefined && starts.at(-1)?.first !== first) starts.push({ first, mark, role });
  }
  return starts.map(({ first, mark, role }, index) => ({
    role,
    mark,
    statements: statements.slice(first, starts[index + 1]?.first),
  }));
}

function isDecorator(source: Source, statement: Statement): boolean {
  return statement.indent === 0 && source.text[statement.start] === '@';
}

function isDecorated(role: Role): boolean {
  return role === 'cell' || role === 'function' || role === 'class_definition';
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
  const { text } = source;
  reportStrays(source, piece.statements.slice(1));
  const body = readUnparsable(text, piece.mark);
  if (body === undefined) return unreadable(source, piece, piece.mark, 'The text of this cell is not one plain string.');
  const options = optionsOf(readArguments(text.slice(piece.mark.start, piece.mark.end)));
  return cellOf(
    'unparsable',
    body,
    piece.mark.firstLine,
    piece.mark.lastLine,
    options,
    cellName(stringValue(options.raw['name'])),
  );
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
      'This cell has no function that can be read: `def name(arguments):` is expected here.',
    );
  }
  if (piece.role === 'cell') return readSuite(source, piece, at);
  return readDefinition(source, piece, at, found[1] === 'class' ? 'class' : 'function', found[2]);
}

const definition = /^(?:async\s+)?(def|class)\s+([\p{L}_][\p{L}\p{N}_]*)/u;

/** `@app.function` and `@app.class_definition`: the definition itself is the code. */
function readDefinition(source: Source, piece: Piece, at: number, kind: CellKind, name: string | undefined): CellText {
  const end = blockEnd(piece.statements, at);
  reportStrays(source, piece.statements.slice(end));
  const ignored = piece.statements.slice(0, piece.statements.indexOf(piece.mark));
  for (const decorator of ignored) {
    report(
      source,
      'decorator',
      'warning',
      decorator,
      'A decorator above the one of the app is not part of the cell; put it below.',
    );
  }
  const header = piece.statements[at] as Statement;
  const lastLine = lastBlockLine(source, piece, at, end);
  const block = { firstLine: piece.mark.lastLine + 1, lastLine, end: (source.layout.lines[lastLine] as Line).end, indent: '' };
  // On one line with its decorator there is no definition; the compiler says so, and the lines stay.
  const body = readBlock(source.text, source.layout, { ...block, firstLine: Math.min(block.firstLine, header.firstLine) });
  return cellOf(kind, body, firstLineOf(piece), lastLine, optionsOfMark(source, piece), cellName(name));
}

/** `@app.cell` and `with app.setup:`: the code is what the block holds. */
function readSuite(source: Source, piece: Piece, at: number): CellText {
  const { text } = source;
  const header = piece.statements[at] as Statement;
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
  const [header, first] = statements as readonly [Statement, Statement | undefined];
  const last = statements.at(-1) as Statement;
  const firstLine = header.lastLine + 1;
  const indent =
    first === undefined ? commentIndent(source, firstLine, lastLine) : text.slice(first.start - first.indent, first.start);
  const whole = { firstLine, lastLine, end: (layout.lines[lastLine] as Line).end, indent };
  if (first === undefined) return readBlock(text, layout, whole);
  const cut = isSetup ? passStart(text, statements, last) : trailingReturn(source, last, indent);
  if (cut === undefined) return readBlock(text, layout, whole);
  const cutLine = lineAt(layout, last, cut);
  return readBlock(text, layout, { ...whole, lastLine: cutLine, end: cut });
}

function trailingReturn(source: Source, last: Statement, indent: string): number | undefined {
  if (last.indent !== indent.length) return undefined;
  const line = returnLineInside(source.text, source.layout, last, indent);
  return line === undefined ? returnStart(source.text, last) : (source.layout.lines[line] as Line).start;
}

/** marimo ends a setup cell of comments with a `pass`, which is not the person's. */
function passStart(text: string, statements: readonly Statement[], last: Statement): number | undefined {
  const isOnly = statements.length === 2 && last.firstLine === (statements[0] as Statement).lastLine + 1;
  return text.slice(last.start, last.end) === 'pass' && !isOnly ? last.start : undefined;
}

function lineAt(layout: Layout, statement: Statement, offset: number): number {
  let line = statement.firstLine;
  while (line < statement.lastLine && (layout.lines[line + 1] as Line).start <= offset) line += 1;
  return line;
}

/** Text that no cell could be read from: kept as it stands, so that nothing is lost. */
function unreadable(source: Source, piece: Piece, place: Statement, message: string): CellText {
  report(source, 'unreadable-cell', 'error', place, message);
  const last = piece.statements.at(-1) as Statement;
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

/** Index behind the statements that are indented below the header. */
function blockEnd(statements: readonly Statement[], header: number): number {
  const end = statements.findIndex((statement, index) => index > header && statement.indent === 0);
  return end === -1 ? statements.length : end;
}

/**
 * As `blockEnd`, but lines that slipped to the left edge stay in the cell when indented ones go on below them, or when the cell
 * would have nothing else: Python cannot read such a file, and dropping half a cell would be worse.
 */
function suiteEnd(source: Source, statements: readonly Statement[], header: number): number {
  const end = blockEnd(statements, header);
  let reach = end;
  let isInForeignBlock = false;
  for (let index = end; index < statements.length; index += 1) {
    const statement = statements[index] as Statement;
    if (statement.indent === 0) isInForeignBlock = source.text[statement.end - 1] === ':';
    else if (!isInForeignBlock) reach = index + 1;
  }
  if (end === header + 1 && end < statements.length) reach = statements.length;
  for (const statement of statements.slice(end, reach)) {
    if (statement.indent === 0)
      report(source, 'under-indented', 'error', statement, 'This line belongs to the cell above but is not indented.');
  }
  return reach;
}

/** The last line of the block, comments at its indentation included. */
function lastBlockLine(source: Source, piece: Piece, header: number, end: number): number {
  const { text, layout } = source;
  const last = piece.statements[end - 1] as Statement;
  const first = piece.statements[header + 1];
  if (end === header + 1 && (piece.statements[header] as Statement).colon !== last.end - 1) return last.lastLine;
  const indent = end > header + 1 && first !== undefined ? text.slice(first.start - first.indent, first.start) : '';
  let reach = last.lastLine;
  for (let index = last.lastLine + 1; index < layout.lines.length; index += 1) {
    const line = layout.lines[index] as Line;
    const content = text.slice(line.start, line.end);
    if (content.trim() === '') continue;
    const isComment = content.trimStart().startsWith('#');
    if (!isComment || !/^\s/.test(content) || !content.startsWith(indent)) break;
    reach = index;
  }
  return reach;
}

function commentIndent(source: Source, firstLine: number, lastLine: number): string {
  for (const line of source.layout.lines.slice(firstLine, lastLine + 1)) {
    const found = /^(\s+)\S/.exec(source.text.slice(line.start, line.end));
    if (found !== null) return found[1] as string;
  }
  return '';
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

function firstLineOf(piece: Piece): number {
  return (piece.statements[0] as Statement).firstLine;
}

function reportStrays(source: Source, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (statement.indent > 0) continue;
    report(
      source,
      'stray-statement',
      'warning',
      statement,
      'This stands outside of the cells: no cell runs it, and marimo drops it when it saves.',
    );
  }
}

function report(source: Source, code: string, severity: FormatProblem['severity'], place: Statement, message: string): void {
  const { lines } = source.layout;
  const start = { line: place.firstLine, character: place.start - (lines[place.firstLine] as Line).start };
  const end = { line: place.lastLine, character: place.end - (lines[place.lastLine] as Line).start };
  source.problems.push({ code, severity, message, range: { start, end } });
}
