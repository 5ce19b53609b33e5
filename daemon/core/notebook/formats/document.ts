/** A notebook between two formats: what every format can say, in plain data. */
import { itemAt } from '../../assert.ts';
import type { RawOptions } from './options.ts';

export type FileFormat = 'marimo' | 'percent' | 'ipynb' | 'markdown';

export interface DocumentCell {
  /** `setup` can only be the first. */
  readonly kind: 'code' | 'markdown' | 'raw' | 'setup' | 'unparsable';
  /** What a person calls the cell: a title, or the name of marimo's function. */
  readonly title: string;
  /**
   * Python, in which no line is a `# %%` marker and what IPython alone understands stands in comments (`magics.ts`), also
   * where Python does not accept it; of markdown and raw cells the text itself.
   */
  readonly text: string;
  /** Source text of the values, as percent scripts write them; `name` included. */
  readonly options: RawOptions;
  /** The line where the cell begins, in the text that it was read from. */
  readonly line: number | undefined;
}

export interface NotebookDocument {
  /** Comments and docstring above everything, PEP 723 included; no line is a marker. */
  readonly header: string;
  /** Arguments of `marimo.App(…)`. */
  readonly app: RawOptions;
  readonly cells: readonly DocumentCell[];
  readonly losses: readonly Loss[];
}

/** Something that the other format says otherwise, or not at all. */
export interface Loss {
  readonly code: string;
  /** `hint`: nothing is lost, but it is said otherwise. */
  readonly severity: 'warning' | 'hint';
  readonly message: string;
  /** Index of the cell. */
  readonly cell: number | undefined;
  /** Line in the text that was read, where the loss is not about a cell. */
  readonly line?: number;
}

/** A text that is no notebook of its format, and what to do about it. */
export interface Unreadable {
  readonly problem: string;
}

export function loss(code: string, severity: Loss['severity'], message: string, cell?: number): Loss {
  return { code, severity, message, cell };
}

/** White space above and behind code says nothing, and not every format keeps it. Only Python's own counts. */
export function withoutBlankEnds(code: string): string {
  const lines = code.split('\n');
  const first = lines.findIndex(isFilled);
  if (first === -1) return '';
  const last = lines.findLastIndex(isFilled);
  const end = itemAt(lines, last);
  let length = end.length;
  while (' \t\f\r'.includes(end.charAt(length - 1))) length -= 1;
  return [...lines.slice(first, last), end.slice(0, length)].join('\n');
}

function isFilled(line: string): boolean {
  return /[^ \t\f\r]/.test(line);
}

export function withoutKey(options: RawOptions, key: string): RawOptions {
  return Object.fromEntries(Object.entries(options).filter(([own]) => own !== key));
}
