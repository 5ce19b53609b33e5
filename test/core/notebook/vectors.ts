import { readFileSync } from 'node:fs';

const folder = new URL('../../../spec/vectors/', import.meta.url);

/** The examples of `spec/vectors/<name>.json`; the tests check their shape by using them. */
export function readVectors<Vector>(name: string): readonly Vector[] {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as readonly Vector[];
}
