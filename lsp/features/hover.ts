/** The cell under the cursor: how it stands, what it defines and reads, what it showed. */
import type { Hover } from 'vscode-languageserver';
import type { ErrorView, NotebookView } from '../../protocol/types.ts';
import { asOfText, cellAtLine, cellById, type PlacedCell, titleOf } from '../cells.ts';
import { hoverLinesMax, outputColumnsMax } from '../limits.ts';
import { capped, outputLines } from '../outputs.ts';
import { formatDuration } from './code-lens.ts';

export type HoverFormat = 'markdown' | 'plaintext';

export function hoverAt(view: NotebookView, line: number, format: HoverFormat): Hover | null {
  const placed = cellAtLine(view, line);
  if (!placed) return null;
  const value = [...facts(view, placed, format), ...block(output(view, placed), format)].join('\n');
  return { contents: { kind: format, value } };
}

function facts(view: NotebookView, placed: PlacedCell, format: HoverFormat): readonly string[] {
  const name = format === 'markdown' ? code : (text: string) => text;
  const { cell } = placed;
  const title = format === 'markdown' ? `**${escapeMarkdown(titleOf(placed))}**` : titleOf(placed);
  return [
    [title, cell.status, ...timing(placed), ...timeOfOutput(placed), ...(cell.reason ? [plainly(cell.reason, format)] : [])].join(
      ' · ',
    ),
    ...(cell.defs.length > 0 ? ['', `defines ${cell.defs.map(name).join(', ')}`] : []),
    ...sources(view, placed, name, format),
    ...unwatched(placed, name),
    ...parameters(placed, name),
  ];
}

function unwatched({ cell }: PlacedCell, name: (text: string) => string): readonly string[] {
  if (!cell.unwatched) return [];
  const { names, why } = cell.unwatched;
  return ['', `not known to be unchanged: ${names.map(name).join(', ')} (${why})`];
}

function parameters({ cell }: PlacedCell, name: (text: string) => string): readonly string[] {
  return (cell.parameters ?? []).flatMap((one) => [
    '',
    `${name(one.name)} is ${name(one.value)}, as a client has set it; the text says ${name(one.default)}`,
  ]);
}

/** `reads x from load, y from cell 3`: only what other cells give. */
function sources(
  view: NotebookView,
  { cell }: PlacedCell,
  name: (text: string) => string,
  format: HoverFormat,
): readonly string[] {
  const parents = cell.parents.flatMap((id) => cellById(view, id) ?? []);
  const reads = parents.flatMap((parent) => {
    const names = cell.refs.filter((ref) => parent.cell.defs.includes(ref));
    return names.length > 0 ? [`${names.map(name).join(', ')} from ${plainly(titleOf(parent), format)}`] : [];
  });
  return reads.length > 0 ? ['', `reads ${reads.join('; ')}`] : [];
}

function timing({ cell }: PlacedCell): readonly string[] {
  const ms = cell.lastStep?.durationMs;
  return ms === undefined ? [] : [formatDuration(ms)];
}

function timeOfOutput({ cell }: PlacedCell): readonly string[] {
  const text = asOfText(cell);
  return text === undefined ? [] : [text];
}

function output(view: NotebookView, { cell }: PlacedCell): readonly string[] {
  const error = cell.error ? cell.error.text.replace(/\n$/, '').split('\n') : [];
  const note = cell.error && hasMoved(view, cell.error) ? ['(Lines are numbered as they were in this run.)'] : [];
  return capped([...outputLines(cell), ...note, ...error], hoverLinesMax, outputColumnsMax);
}

/** Whether a line that a traceback names is another line of the text now. */
function hasMoved({ layout }: NotebookView, { frames }: ErrorView): boolean {
  return frames.some(({ cell, cellLine, line }) => {
    const place = layout.find(({ id }) => id === cell);
    return cellLine !== undefined && place?.codeLine !== line - 1 - cellLine;
  });
}

/** A fence longer than any that the output itself holds. */
function block(lines: readonly string[], format: HoverFormat): readonly string[] {
  if (lines.length === 0) return [];
  if (format === 'plaintext') return ['', ...lines];
  const longest = Math.max(2, ...lines.map((line) => /^\s*(`{3,})/.exec(line)?.[1]?.length ?? 0));
  const fence = '`'.repeat(longest + 1);
  return ['', `${fence}text`, ...lines, fence];
}

function plainly(text: string, format: HoverFormat): string {
  return format === 'markdown' ? escapeMarkdown(text) : text;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>]/g, '\\$&');
}

function code(text: string): string {
  return `\`${text}\``;
}
