/** How the cells of an open notebook are called in messages. */
import type { CellId, NotebookView } from '../../../protocol/types.ts';

export interface CellLabel {
  readonly index: number;
  /** From 1. */
  readonly line: number;
  readonly name: string | undefined;
  readonly isMarkdown: boolean;
}

export type LabelOf = (cell: CellId) => CellLabel;

export function labelsOf(view: NotebookView): LabelOf {
  const labels = new Map<CellId, CellLabel>(
    view.layout.map(({ id, line }, index) => {
      const cell = view.cells[id];
      return [id, { index, line: line + 1, name: cell?.name, isMarkdown: cell?.kind === 'markdown' }];
    }),
  );
  return (cell) => labels.get(cell) ?? { index: -1, line: 0, name: undefined, isMarkdown: false };
}

/** `line 12 (load)` or `line 12`. */
export function labelText({ name, line }: CellLabel): string {
  return name === undefined ? `line ${line}` : `line ${line} (${name})`;
}
