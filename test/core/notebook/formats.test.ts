import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../../daemon/core/notebook/formats/detect.ts';
import { readNotebook } from '../../../daemon/core/notebook/formats/read.ts';
import type { CellText, Format } from '../../../daemon/core/notebook/notebook.ts';
import { readVectors } from './vectors.ts';

interface CellVector {
  readonly kind: string;
  readonly name?: string;
  readonly code: string;
  /** First and last line of the whole cell. */
  readonly lines: readonly number[];
  readonly codeLine: number;
  /** Left out: nothing was taken off any line. */
  readonly indents?: readonly number[];
  readonly disabled?: boolean;
  readonly manual?: boolean;
  readonly tags?: readonly string[];
  readonly options?: Readonly<Record<string, string | undefined>>;
}

interface FormatVector {
  readonly title: string;
  readonly text: string;
  readonly cells: readonly CellVector[];
  readonly problems: readonly { readonly code: string; readonly line: number }[];
}

interface DetectVector {
  readonly title: string;
  readonly text: string;
  /** `null`: no notebook. */
  readonly format: Format | null;
}

describe('a percent script', () => {
  it.each(readVectors<FormatVector>('formats/percent'))('$title', (vector) => check('percent', vector));
});

describe('a script whose cells begin with other lines', () => {
  it.each(readVectors<FormatVector>('formats/other-markers'))('is read where somebody asks for it: $title', (vector) => {
    const { text, cells } = vector;
    expect(readNotebook(text, 'percent')?.cells.map(vectorOf)).toEqual(cells);
    expect(detectFormat(text)).toBe(text.includes('# %%') ? 'percent' : undefined);
  });
});

describe('a marimo notebook', () => {
  it.each(readVectors<FormatVector>('formats/marimo'))('$title', (vector) => check('marimo', vector));
});

describe('what a file is', () => {
  it.each(readVectors<DetectVector>('formats/detect'))('$title', ({ text, format }) => {
    expect(detectFormat(text) ?? null).toBe(format);
    expect(readNotebook(text)?.format ?? null).toBe(format);
  });
});

function check(format: Format, { text, cells, problems }: FormatVector): void {
  const notebook = readNotebook(text, format);
  expect(notebook?.cells.map(vectorOf)).toEqual(cells);
  expect(notebook?.problems.map(({ code, range }) => ({ code, line: range.start.line }))).toEqual(problems);
  expect(detectFormat(text)).toBe(format);
}

function vectorOf({ kind, name, code, line, endLine, codeLine, indents, options }: CellText): CellVector {
  return {
    kind,
    ...(name !== undefined && { name }),
    code,
    lines: [line, endLine],
    codeLine,
    ...(indents.some((indent) => indent > 0) && { indents }),
    ...(options.disabled && { disabled: true }),
    ...(options.manual && { manual: true }),
    ...(options.tags.length > 0 && { tags: options.tags }),
    ...(Object.keys(options.raw).length > 0 && { options: options.raw }),
  };
}
