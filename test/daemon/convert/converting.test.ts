import { beforeAll, describe, expect, it } from 'vitest';
import { convertText } from '../../../daemon/convert/convert.ts';
import type { FileFormat } from '../../../daemon/core/notebook/formats/document.ts';
import { loadParser } from '../../../daemon/node/parser.ts';
import { askingBy } from '../../../daemon/node/python/ask.ts';
import type { Parse } from '../../../daemon/parser/parser.ts';
import { readVectors } from '../../core/notebook/vectors.ts';

interface ConvertVector {
  readonly title: string;
  readonly from: FileFormat;
  readonly to: FileFormat;
  readonly text: string;
  readonly written: string;
  /** In the order in which they are told; left out: none. */
  readonly losses?: readonly { readonly code: string; readonly severity: string; readonly cell?: number }[];
}

let parse: Parse;

beforeAll(async () => {
  parse = await loadParser();
});

describe('a conversion', () => {
  it.each(readVectors<ConvertVector>('formats/convert'))('$title: $from to $to', async ({ from, to, text, written, losses }) => {
    const environment = process.env as Record<string, string>;
    const converted = await convertText({ path: 'n', text, from, to, parse, environment, askPython: askingBy() });
    expect(converted.text).toBe(written);
    expect(converted.losses.map(({ code, severity, cell }) => ({ code, severity, ...(cell !== undefined && { cell }) }))).toEqual(
      losses ?? [],
    );
  });
});
