import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identify } from '../../../daemon/core/notebook/align-edits.ts';
import type { KnownCell } from '../../../daemon/core/notebook/alignment.ts';
import { type CellText, noOptions } from '../../../daemon/core/notebook/notebook.ts';
import { readVectors } from './vectors.ts';

interface AlignmentVector {
  readonly title: string;
  /** Id, code and perhaps name. */
  readonly old: readonly (readonly string[])[];
  /** Code, or code and name. */
  readonly next: readonly (string | readonly string[])[];
  /** `null`: a new cell. */
  readonly ids: readonly (string | null)[];
}

const cells = fc.array(fc.constantFrom('', 'x = 1', 'x = 2', 'y = x', 'y = x\nz = 1', 'z = 1', 'print(x, y, z)'), {
  maxLength: 12,
});

describe('alignment of cells', () => {
  it.each(readVectors<AlignmentVector>('alignment/alignment'))('$title', ({ old, next, ids }) => {
    expect(align(old.map(knownCell), next.map(nextCell))).toEqual(ids);
  });

  it('gives every cell an id, and no id twice', () => {
    fc.assert(
      fc.property(cells, cells, (before, after) => {
        const ids = align(
          before.map((code, index) => ({ id: `old ${index}`, code })),
          after.map(nextCell),
        );
        const kept = ids.filter((id) => id !== null);
        expect(ids).toHaveLength(after.length);
        expect(new Set(kept).size).toBe(kept.length);
      }),
    );
  });

  it('keeps all ids when cells with different texts are shuffled', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(), { maxLength: 20 }).chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all))),
        ([all, some]) => {
          const ids = align(
            all.map((n) => ({ id: `id ${n}`, code: `x = ${n}` })),
            some.map((n) => nextCell(`x = ${n}`)),
          );
          expect(ids).toEqual(some.map((n) => `id ${n}`));
        },
      ),
    );
  });

  it('keeps ids by place where too many cells changed to compare them', () => {
    const old = Array.from({ length: 5000 }, (_, index) => ({ id: `id ${index}`, code: `old ${index}` }));
    expect(
      align(
        old,
        old.map((_, index) => nextCell(`new ${index}`)),
      ),
    ).toEqual(old.map(({ id }) => id));
  });
});

function align(old: readonly KnownCell[], next: readonly CellText[]): readonly (string | null)[] {
  const before = { present: old.map((cell) => ({ ...cell, line: undefined })), absent: [] };
  return identify(before, undefined, next, () => 'new', 0).present.map(({ id }) => (id === 'new' ? null : id));
}

function knownCell([id, code, name]: readonly string[]): KnownCell {
  return { id: id as string, code: code as string, name };
}

function nextCell(entry: string | readonly string[]): CellText {
  const [code, name] = typeof entry === 'string' ? [entry] : entry;
  return { kind: 'code', name, code: code as string, line: 0, endLine: 0, codeLine: 0, indents: [], options: noOptions };
}
