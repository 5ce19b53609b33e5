/** A marimo file cut at the statements that begin cells; nothing is looked into yet. */
import { itemAt } from '../../assert.ts';
import type { Layout, Statement } from '../lexer.ts';
import type { FormatProblem } from '../notebook.ts';
import { type PieceRole, roleOf } from './marimo-app.ts';

export interface Source {
  readonly text: string;
  readonly layout: Layout;
  /** The variable that holds the app. */
  readonly app: string;
  readonly problems: FormatProblem[];
}

/** The statements from one boundary to the next: a cell, and whatever strayed in below it. */
export interface Piece {
  readonly role: PieceRole;
  /** The statement that says the role; decorators may stand above it. */
  readonly mark: Statement;
  readonly statements: readonly Statement[];
}

export function readPieces(source: Source): readonly Piece[] {
  const { statements } = source.layout;
  const starts: { readonly first: number; readonly mark: Statement; readonly role: PieceRole }[] = [];
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

export function isDecorator(source: Source, statement: Statement): boolean {
  return statement.indent === 0 && source.text[statement.start] === '@';
}

export function isDecorated(role: PieceRole): boolean {
  return role === 'cell' || role === 'function' || role === 'class_definition';
}

export function firstLineOf(piece: Piece): number {
  return itemAt(piece.statements, 0).firstLine;
}

export function reportDecorators(source: Source, decorators: readonly Statement[], advice: string): void {
  for (const decorator of decorators) {
    report(
      source,
      'decorator',
      'warning',
      decorator,
      `This decorator is not part of the cell, and marimo drops it when it saves: ${advice}.`,
    );
  }
}

export function reportStrays(source: Source, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (statement.indent > 0) continue;
    report(
      source,
      'stray-statement',
      'warning',
      statement,
      'This is outside the cells: no cell runs it, and marimo drops it when it saves.',
    );
  }
}

export function report(
  source: Source,
  code: string,
  severity: FormatProblem['severity'],
  place: Statement,
  message: string,
): void {
  const { lines } = source.layout;
  const start = { line: place.firstLine, character: place.start - itemAt(lines, place.firstLine).start };
  const end = { line: place.lastLine, character: place.end - itemAt(lines, place.lastLine).start };
  source.problems.push({ code, severity, message, range: { start, end } });
}
