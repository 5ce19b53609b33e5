/** One lens above each cell: how it stands, and a click or key that runs it. One only, so that no editor has to ask which. */
import type { CodeLens } from 'vscode-languageserver';
import type { NotebookView } from '../../protocol/types.ts';
import { countsBelow } from '../below.ts';
import { asOfText, type PlacedCell, placedCells } from '../cells.ts';
import type { OutputPlace } from '../clients.ts';
import { lensColumnsMax } from '../limits.ts';
import { cutLine, outputLines } from '../outputs.ts';
import type { CommandName } from './commands.ts';

export function codeLensesOf(uri: string, view: NotebookView, outputs: OutputPlace): CodeLens[] {
  const below = countsBelow(view);
  return placedCells(view).map((placed) => lensOf(uri, placed, outputs, below.get(placed.cell.id) ?? 0));
}

function lensOf(uri: string, placed: PlacedCell, outputs: OutputPlace, below: number): CodeLens {
  const { cell, place } = placed;
  const position = { line: place.line, character: 0 };
  const command: CommandName = 'headwater.runCell';
  const title = [
    cell.status,
    ...duration(placed),
    ...value(placed, outputs),
    'Run cell',
    ...(below > 0 ? [`${below} below`] : []),
  ].join(' · ');
  return { range: { start: position, end: position }, command: { title, command, arguments: [uri, place.line, cell.id] } };
}

function duration({ cell }: PlacedCell): readonly string[] {
  const ms = cell.lastStep?.durationMs;
  return ms === undefined || cell.status !== 'fresh' ? [] : [formatDuration(ms)];
}

function value({ cell }: PlacedCell, outputs: OutputPlace): readonly string[] {
  const first = outputs === 'lens' ? outputLines(cell)[0] : undefined;
  if (first === undefined) return [];
  const time = asOfText(cell);
  return [cutLine(time === undefined ? first : `${time}: ${first}`, lensColumnsMax)];
}

export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}
