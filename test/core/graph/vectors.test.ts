import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Format } from '../../../daemon/core/notebook/notebook.ts';
import { loadParser } from '../../../daemon/node/parser.ts';
import type { Parse } from '../../../daemon/parser/parser.ts';
import { answered, completed, type GraphCase } from './vectors.ts';

let parse: Parse;
beforeAll(async () => {
  parse = await loadParser();
});

const folder = new URL('../../../spec/vectors/graph/', import.meta.url);

/** A file for each dialect. */
describe.each<Format>(['marimo', 'percent'])('%s', (format) => {
  const cases = JSON.parse(readFileSync(new URL(`${format}.json`, folder), 'utf8')) as readonly GraphCase[];
  it.each(cases)('$name', (expected) => {
    expect(answered(expected, format, parse)).toEqual(completed(expected));
  });
});

it('every file is a dialect', () => expect(readdirSync(folder).sort()).toEqual(['marimo.json', 'percent.json']));
