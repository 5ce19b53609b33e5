/**
 * marimo writes into each cell what it takes from other cells and gives to them, and ignores it when it reads: after an edit by
 * hand it says something else than the code. Told as a hint, with what marimo would write.
 */
import { itemAt } from '../core/assert.ts';
import { listed } from '../core/check/labels.ts';
import type { CheckedCell, CheckedNotebook, CheckProblem, TextEdit } from '../core/check/problem.ts';
import { readMarimo } from '../core/notebook/formats/marimo.ts';
import { isCellBoundary } from '../core/notebook/formats/marimo-app.ts';
import { readMarimoFrame } from '../core/notebook/formats/marimo-frame.ts';
import { writeMarimo } from '../core/notebook/formats/write-marimo.ts';
import { type Layout, readLayout, readMarks, type Statement } from '../core/notebook/lexer.ts';
import type { CellText } from '../core/notebook/notebook.ts';
import type { Parse } from '../parser/parser.ts';
import { analyseForMarimo } from '../reading/writable.ts';
import { signaturesAgree } from './signatures-agree.ts';

/** What a query takes and gives stands in its text, which is not read here; marimo reads it. */
const queries = /\bsql\b|\bduckdb\b/;

export function staleSignatures(notebook: CheckedNotebook, text: string, parse: Parse): CheckProblem[] {
  const { format, cells } = notebook;
  if (format !== 'marimo' || signaturesAgree(notebook, text.split(/\r\n|[\n\r]/))) return [];
  if (cells.some(({ cell }) => queries.test(cell.code))) return [];
  const written = asMarimoSaves(
    cells.map((placed) => placed.text),
    text,
    parse,
    '',
  );
  const layouts = { own: readLayout(text, isCellBoundary), theirs: readLayout(written, isCellBoundary) };
  const theirs = readMarimo(written).cells.filter(({ kind }) => kind !== 'setup');
  const own = cells.filter((placed) => placed.text.kind !== 'setup');
  if (own.length !== theirs.length) return [];
  return own.flatMap((placed, at) => {
    const before = signatureOf(text, layouts.own, placed.text);
    const after = signatureOf(written, layouts.theirs, itemAt(theirs, at));
    if (!before || !after || !isStale(placed, before, after)) return [];
    return [problemFor(placed, before, after)];
  });
}

/** The file as marimo would save it. `version` is what it calls itself in there. */
export function asMarimoSaves(cells: readonly CellText[], text: string, parse: Parse, version: string): string {
  const writable = cells.map(({ kind, name, code, options }) => ({
    kind,
    cell: analyseForMarimo(parse, {
      code,
      name: name ?? '_',
      isDefinitionCell: kind === 'function' || kind === 'class',
      isUnparsable: kind === 'unparsable',
      options: options.raw,
    }).cell,
  }));
  return writeMarimo({
    ...readMarimoFrame(text),
    setup: writable.find(({ kind }) => kind === 'setup')?.cell,
    cells: writable.filter(({ kind }) => kind !== 'setup').map(({ cell }) => cell),
    version,
  });
}

/** A place in the document, as lines and characters, and the text there. */
interface Piece {
  readonly range: TextEdit['range'];
  readonly text: string;
  readonly names: readonly string[];
}

interface Signature {
  /** From `def` to the colon. */
  readonly head: Piece;
  /** The last line of the body; where there is none, it is empty and stands where one would be. */
  readonly last: Piece;
}

const definition = /^(?:async\s+)?def\s/;

/** Nothing where the cell is written in another way than marimo's. */
function signatureOf(text: string, layout: Layout, { kind, line, endLine, codeLine }: CellText): Signature | undefined {
  if (kind !== 'code' && kind !== 'markdown') return undefined;
  const statements = layout.statements.filter(({ firstLine }) => firstLine >= line && firstLine <= endLine);
  const header = statements.find(({ start, indent }) => indent === 0 && definition.test(text.slice(start, start + 20)));
  const last = statements.at(-1);
  if (!header || header.colon !== header.end - 1 || !last || last === header) return undefined;
  const head = pieceOf(text, layout, header.start, header.end, argumentsIn);
  if (last.semicolons.length > 0 || !head) return undefined;
  const isReturn = /^return(?![\p{L}\p{N}_])/u.test(text.slice(last.start, last.end)) && last.firstLine >= codeLine;
  const bodyIndent = statements[statements.indexOf(header) + 1]?.indent;
  if (isReturn && last.indent === bodyIndent) {
    const given = pieceOf(text, layout, last.start, last.end, returnsIn);
    return given && { head, last: given };
  }
  const end = layout.lines[endLine]?.end ?? text.length;
  return { head, last: { range: rangeOf(layout, end, end), text: '', names: [] } };
}

function pieceOf(
  text: string,
  layout: Layout,
  start: Statement['start'],
  end: Statement['end'],
  read: (code: string) => readonly string[] | undefined,
): Piece | undefined {
  const code = text.slice(start, end);
  const names = read(code);
  return names && { range: rangeOf(layout, start, end), text: code, names };
}

function rangeOf({ lines }: Layout, start: number, end: number): TextEdit['range'] {
  const position = (offset: number) => {
    const line = lines.findLastIndex((one) => one.start <= offset);
    return { line, character: offset - (lines[line]?.start ?? 0) };
  };
  return { start: position(start), end: position(end) };
}

function argumentsIn(header: string): readonly string[] | undefined {
  const marks = readMarks(header);
  const open = marks.find(({ char, depth }) => char === '(' && depth === 0)?.offset;
  const close = marks.find(({ char, depth }) => char === ')' && depth === 0)?.offset;
  if (open === undefined || close === undefined) return undefined;
  const commas = marks
    .filter(({ char, depth, offset }) => char === ',' && depth === 1 && offset < close)
    .map(({ offset }) => offset);
  const starts = [open, ...commas];
  return starts
    .map((start, at) =>
      header
        .slice(start + 1, starts[at + 1] ?? close)
        .replace(/[:=][\s\S]*/, '')
        .trim(),
    )
    .filter((name) => name !== '');
}

function returnsIn(statement: string): readonly string[] | undefined {
  const names = statement
    .slice('return'.length)
    .trim()
    .replace(/^\(([\s\S]*)\)$/, '$1')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.every((name) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) ? names : undefined;
}

/** Names are missing, or stand there that the cell does not know. What it defines may be given though nobody reads it: old versions of marimo wrote so. */
function isStale({ cell: { facts } }: CheckedCell, before: Signature, after: Signature): boolean {
  const lacks = (some: Piece, others: Piece) => others.names.some((name) => !some.names.includes(name));
  return (
    lacks(before.head, after.head) ||
    lacks(before.last, after.last) ||
    lacks(after.head, before.head) ||
    before.last.names.some((name) => !facts.defs.has(name))
  );
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

function problemFor({ cell }: CheckedCell, before: Signature, after: Signature): CheckProblem {
  const said = `takes ${shown(before.head.names)} and gives ${shown(before.last.names)}`;
  const meant = `takes ${shown(after.head.names)} and gives ${shown(after.last.names)}`;
  const isLastNew = before.last.text === '';
  const edits = [
    ...(isSameSet(before.head.names, after.head.names) ? [] : [{ range: before.head.range, newText: after.head.text }]),
    ...(isSameSet(before.last.names, after.last.names)
      ? []
      : [{ range: before.last.range, newText: isLastNew ? `\n    ${after.last.text}` : after.last.text }]),
  ];
  return {
    code: 'stale-signature',
    severity: 'hint',
    message: `By its first and last line, this cell ${said}. By its code, it ${meant}. marimo follows the code and rewrites these lines when it saves.`,
    range: before.head.range,
    cells: [cell.id],
    related: [],
    fixes: [{ title: `Rewrite the signature as marimo does: ${meant}`, edits }],
  };
}

const namesShownMax = 6;

function shown(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  return names.length > namesShownMax ? `${names.length} names` : listed(names);
}
