/** Outputs at the end of a cell's last line, for editors whose inlay hints are the best place for them. */
import type { InlayHint, Range } from 'vscode-languageserver';
import type { NotebookView } from '../../protocol/types.ts';
import { asOfText, lastCodeLine, type PlacedCell, placedCells } from '../cells.ts';
import { hintColumnsMax, outputColumnsMax, outputLinesMax } from '../limits.ts';
import { capped, cutLine, outputLines } from '../outputs.ts';

export interface HintOptions {
  readonly tallHints: boolean;
  readonly lineLength: (line: number) => number;
}

export function inlayHintsOf(view: NotebookView, range: Range, options: HintOptions): InlayHint[] {
  return placedCells(view).flatMap((placed) => {
    const line = lastCodeLine(placed);
    const label = line < range.start.line || line > range.end.line ? '' : labelOf(placed, options);
    return label === '' ? [] : [{ position: { line, character: options.lineLength(line) }, label, paddingLeft: true }];
  });
}

function labelOf({ cell }: PlacedCell, { tallHints }: HintOptions): string {
  if (cell.kind === 'markdown') return '';
  const lines = outputLines(cell);
  if (lines.length === 0) return '';
  const time = asOfText(cell);
  if (!tallHints) return shortLabel(time === undefined ? lines : [`${time}: ${lines[0]}`, ...lines.slice(1)]);
  if (lines.length === 1) return cutLine(`→ ${time === undefined ? '' : `${time}: `}${lines[0]}`, outputColumnsMax);
  return `\n${[...(time === undefined ? [] : [time]), ...capped(lines, outputLinesMax, outputColumnsMax)].join('\n')}`;
}

/** Where hints are part of a line, they leave room for it. */
function shortLabel([first = '', ...rest]: readonly string[]): string {
  return rest.length === 0 ? cutLine(`→ ${first}`, hintColumnsMax) : `${cutLine(`→ ${first}`, hintColumnsMax - 2)} …`;
}
