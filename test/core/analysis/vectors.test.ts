import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import type { Facts } from '../../../daemon/core/analysis/facts.ts';
import { factsOf } from './support.ts';

/** Sets of names, sorted. `format` is percent where a case does not say; a field that a case leaves out is not compared. */
interface Case {
  readonly name: string;
  readonly code: string;
  readonly format?: 'marimo' | 'percent';
  readonly defs: readonly string[];
  readonly refs: readonly string[];
  /** Refs whose every read is deferred. */
  readonly deferred?: readonly string[];
  readonly locals?: readonly string[];
  readonly deleted?: readonly string[];
  readonly mutations?: readonly string[];
  /** Defs that a run of the cell may leave as they were. */
  readonly conditional?: readonly string[];
  readonly maybeReads?: readonly string[];
  readonly deferredReads?: readonly string[];
  readonly deferredWrites?: readonly string[];
  /** Codes; none where a case does not say. */
  readonly problems?: readonly string[];
}

const folder = new URL('../../../spec/vectors/analysis/', import.meta.url);

describe.each(readdirSync(folder))('%s', (file) => {
  const cases = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly Case[];
  it.each(cases)('$name', (expected) => {
    const facts = factsOf(expected.code, expected.format);
    expect(toCase(expected, facts)).toEqual({ ...expected, problems: expected.problems ?? [] });
  });
});

function toCase(expected: Case, facts: Facts): unknown {
  const found = {
    defs: [...facts.defs.keys()],
    refs: [...facts.refs.keys()],
    deferred: [...facts.refs].filter(([, ref]) => ref.isDeferred).map(([name]) => name),
    locals: [...facts.locals],
    deleted: [...facts.deleted],
    mutations: [...facts.mutations.keys()],
    conditional: [...facts.defs].filter(([, def]) => def.isConditional).map(([name]) => name),
    maybeReads: [...facts.maybeReads],
    deferredReads: [...facts.deferredReads],
    deferredWrites: [...facts.deferredWrites],
  };
  const compared = Object.entries(found).filter(([field]) => field in expected);
  return {
    ...expected,
    ...Object.fromEntries(compared.map(([field, names]) => [field, names.sort()])),
    problems: facts.problems.map((problem) => problem.code),
  };
}
