import { describe, expect, it } from 'vitest';
import { analysisCases, analysisFiles, answered } from './vectors.ts';

describe.each(analysisFiles)('%s', (file) => {
  it.each(analysisCases(file))('$name', (expected) => {
    expect(answered(expected)).toEqual({ ...expected, problems: expected.problems ?? [] });
  });
});

it.each(analysisFiles)('no two examples of %s have one name or one code', (file) => {
  const cases = analysisCases(file);
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  const codes = cases.map(({ code, format, lazyAnnotations }) => JSON.stringify([code, format, lazyAnnotations]));
  expect(new Set(codes).size).toBe(cases.length);
});
