/** Notebook views for tests, written as cells. */

import { defaultOptions } from '../../protocol/running-options.ts';
import type { CellPlace, CellView, NotebookView, Output } from '../../protocol/types.ts';
import { cellView } from '../support/cell-view.ts';

export type CellSketch = Partial<CellView> & { readonly code: string };

/** A percent notebook: each cell stands under a `# %%` line of its own, one blank line apart. */
export function viewOf(cells: readonly CellSketch[], more: Partial<NotebookView> = {}): NotebookView {
  const placed = place(cells);
  return {
    session: 's1',
    incarnation: 'i1',
    seq: 1,
    path: '/n.py',
    format: 'percent',
    options: defaultOptions,
    version: 1,
    problems: [],
    runs: [],
    placeless: [],
    layout: placed.map(({ place }) => place),
    cells: Object.fromEntries(placed.map(({ cell }) => [cell.id, cell])),
    kernel: { phase: 'none', generation: 0 },
    ...more,
  };
}

/** The buffer that such a view is about. */
export function textOf(cells: readonly CellSketch[]): string {
  return cells.map(({ code }) => `# %%\n${code}\n`).join('\n');
}

export function lineLengths(cells: readonly CellSketch[]): (line: number) => number {
  const lines = textOf(cells).split('\n');
  return (line) => lines[line]?.length ?? 0;
}

export function stdout(text: string, elided = 0): Output {
  return { type: 'stream', stream: 'stdout', text, elided };
}

export function result(text: string): Output {
  return { type: 'result', bundle: { 'text/plain': text } };
}

function place(cells: readonly CellSketch[]): readonly { cell: CellView; place: CellPlace }[] {
  let line = 0;
  return cells.map((sketch, index) => {
    const cell = cellView({ id: `c${index + 1}`, ...sketch });
    const endLine = line + sketch.code.split('\n').length;
    const place = { id: cell.id, line, endLine, codeLine: line + 1 };
    line = endLine + 2;
    return { cell, place };
  });
}
