/** What the protocol describes is sent by somebody. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeProtocol, type Schema } from '../../protocol/describe.ts';
import { refusals } from '../../protocol/errors.ts';
import { readSources } from '../support/imports.ts';

const sources = readSources(join(import.meta.dirname, '../..'), ['protocol', 'daemon']);
/** Without the description itself and what clients do, and without types that name what is handled. */
const code = [...sources]
  .filter(([path]) => !/^protocol\/(?:types|methods|errors|changes)\.ts$/.test(path))
  .map(([, text]) => text.replaceAll(/^ *(?:\| \{ )?readonly .*$/gm, ''))
  .join('\n');
const { $defs } = describeProtocol();

it.each(Object.keys(refusals))('the refusal %s is thrown somewhere', (name) => {
  expect(new RegExp(`refusal\\(\\s*'${name}'`).test(code)).toBe(true);
});

const events = ($defs['SessionEvent']?.oneOf ?? []).map(({ properties }) => String(properties?.['type']?.const));

it.each(events)('the event %s is sent by somebody', (type) => {
  expect(new RegExp(`(?<!readonly )type: '${type}'`).test(code)).toBe(true);
});

/** Words of enumerations, which may stand in the code for anything. */
function wordsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const words = ((schema as Schema).enum ?? []).filter((word) => typeof word === 'string');
  return [...words, ...Object.values(schema).flatMap(wordsIn)];
}

it('each word of an enumeration is used by somebody', () => {
  const words = [...new Set(wordsIn($defs))];
  expect(words.length).toBeGreaterThan(40);
  expect(words.filter((word) => !code.includes(`'${word}'`))).toEqual([]);
});
