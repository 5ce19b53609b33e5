import { describe, expect, it } from 'vitest';
import { analysisCases, analysisFiles, answered } from './vectors.ts';

describe.each(analysisFiles)('%s', (file) => {
  it.each(analysisCases(file))('$name', (expected) => {
    expect(answered(expected)).toEqual({ ...expected, problems: expected.problems ?? [] });
  });
});

it('no two examples of a file are the same', () => {
  for (const file of analysisFiles) {
    const keys = analysisCases(file).map(({ name, code, format }) => JSON.stringify([code, format ?? 'percent', name]));
    expect(new Set(keys).size, file).toBe(keys.length);
  }
});
