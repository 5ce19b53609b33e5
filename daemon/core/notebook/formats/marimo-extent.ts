/** How far the block of a cell reaches. */
import { itemAt } from '../../assert.ts';
import type { Statement } from '../lexer.ts';
import { type Piece, report, type Source } from './marimo-pieces.ts';

/** Index behind the statements that are indented below the header. */
export function blockEnd(statements: readonly Statement[], header: number): number {
  const end = statements.findIndex((statement, index) => index > header && statement.indent === 0);
  return end === -1 ? statements.length : end;
}

/**
 * As `blockEnd`, but lines that slipped to the left edge stay in the cell when indented ones go on below them, or when the cell
 * would have nothing else: Python cannot read such a file, and dropping half a cell would be worse.
 */
export function suiteEnd(source: Source, statements: readonly Statement[], header: number): number {
  const end = blockEnd(statements, header);
  let reach = end;
  let isInForeignBlock = false;
  for (let index = end; index < statements.length; index += 1) {
    const statement = itemAt(statements, index);
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
export function lastBlockLine(source: Source, piece: Piece, header: number, end: number): number {
  const { text, layout } = source;
  const last = itemAt(piece.statements, end - 1);
  const first = piece.statements[header + 1];
  if (end === header + 1 && itemAt(piece.statements, header).colon !== last.end - 1) return last.lastLine;
  const indent = end > header + 1 && first !== undefined ? text.slice(first.start - first.indent, first.start) : '';
  let reach = last.lastLine;
  for (let index = last.lastLine + 1; index < layout.lines.length; index += 1) {
    const line = itemAt(layout.lines, index);
    const content = text.slice(line.start, line.end);
    if (content.trim() === '') continue;
    const isComment = content.trimStart().startsWith('#');
    if (!isComment || !/^\s/.test(content) || !content.startsWith(indent)) break;
    reach = index;
  }
  return reach;
}

export function commentIndent(source: Source, firstLine: number, lastLine: number): string {
  for (const line of source.layout.lines.slice(firstLine, lastLine + 1)) {
    const found = /^(\s+)\S/.exec(source.text.slice(line.start, line.end));
    if (found !== null) return itemAt(found, 1);
  }
  return '';
}
