/** The code of a marimo cell: the lines of a block, without its indentation and its trailing `return`. */
import { itemAt } from '../../assert.ts';
import type { Layout, Line, Statement } from '../lexer.ts';

export interface Body {
  readonly code: string;
  readonly codeLine: number;
  readonly indents: readonly number[];
}

/** Consecutive lines of the document, and where in the last of them the code ends. */
export interface Block {
  readonly firstLine: number;
  readonly lastLine: number;
  /** Offset in the text; the end of the last line, or before. */
  readonly end: number;
  /** White space in front of the block's statements. */
  readonly indent: string;
}

/** What follows the colon of `def _(): x = 1; return x` on its own line. */
export function readInline(text: string, header: Statement, colon: number): Body | undefined {
  const rest = text.slice(colon + 1, header.end);
  const start = colon + 1 + rest.length - rest.trimStart().length;
  if (start >= header.end) return undefined;
  const end = returnStart(text, { ...header, start }) ?? header.end;
  const code = normalizeBreaks(text.slice(start, end).trimEnd());
  const line = header.lastLine - normalizeBreaks(text.slice(start, header.end)).split('\n').length + 1;
  return { code, codeLine: line, indents: [start - lineStartBefore(text, start)] };
}

/** Takes the indentation off each line, and remembers how much. */
export function readBlock(text: string, layout: Layout, block: Block): Body {
  const lines = layout.lines
    .slice(block.firstLine, block.lastLine + 1)
    .map((line) => ({ ...line, end: Math.min(line.end, block.end) }));
  const filled = lines.map((line) => text.slice(line.start, line.end).trim() !== '');
  const first = filled.indexOf(true);
  if (first === -1) return { code: '', codeLine: Math.min(block.firstLine, block.lastLine), indents: [] };
  const kept = lines.slice(first, filled.lastIndexOf(true) + 1);
  const indents = indentsOf(text, kept, block.indent);
  const code = kept.map((line, index) => text.slice(line.start + (indents[index] ?? 0), line.end)).join('\n');
  return { code: code.trimEnd(), codeLine: block.firstLine + first, indents };
}

/**
 * Lines inside multi-line strings move with the code, so that a docstring reads the same in the cell; where one of them is
 * indented less than the code, moving would eat its text, and the whole string stays as it is.
 */
export function indentsOf(text: string, lines: readonly Line[], indent: string): number[] {
  const indents: number[] = [];
  while (indents.length < lines.length) {
    const from = indents.length;
    let to = from;
    while (lines[to]?.begins === 'string') to += 1;
    if (to === from) indents.push(text.startsWith(indent, itemAt(lines, from).start) ? indent.length : 0);
    else indents.push(...stringIndents(text, lines.slice(from, to), indent.length));
  }
  return indents;
}

function stringIndents(text: string, lines: readonly Line[], shift: number): readonly number[] {
  const leading = lines.map((line) => {
    const content = text.slice(line.start, line.end);
    return { count: content.length - content.trimStart().length, isBlank: content.trim() === '' };
  });
  const isUnderIndented = leading.some(({ count, isBlank }) => !isBlank && count < shift);
  return leading.map(({ count }) => (isUnderIndented ? 0 : Math.min(count, shift)));
}

const compound = /^(?:if|for|while|with|try|def|class|match|case|async|else|elif|except|finally)\b/;

/** Where the `return` starts that ends this line of statements, if one does. */
export function returnStart(text: string, statement: Statement): number | undefined {
  const ends = [...statement.semicolons.filter((offset) => offset >= statement.start), statement.end];
  const starts = [statement.start, ...ends.slice(0, -1).map((offset) => offset + 1)];
  const last = starts.findLastIndex((start, index) => text.slice(start, ends[index]).trim() !== '');
  const start = starts[last];
  if (start === undefined || (last > 0 && compound.test(text.slice(statement.start, statement.start + 10)))) return undefined;
  const isReturn = /^\s*return(?![\p{L}\p{N}_])/u.test(text.slice(start, ends[last]));
  return isReturn ? start : undefined;
}

/** In a cell whose last statement is still open: the line at the block's own indentation that looks like its `return`. */
export function returnLineInside(text: string, layout: Layout, statement: Statement, indent: string): number | undefined {
  if (!statement.isUnclosed) return undefined;
  for (let index = statement.lastLine; index > statement.firstLine; index -= 1) {
    const { start, end } = itemAt(layout.lines, index);
    if (text.startsWith(`${indent}return`, start) && /^\s*return(?:[\s(]|$)/.test(text.slice(start, end))) return index;
  }
  return undefined;
}

export function normalizeBreaks(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function lineStartBefore(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}
