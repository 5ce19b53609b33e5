/** Random histories of a notebook as data, so that one that fails can be made smaller. */
import fc from 'fast-check';
import type { Format } from '../../../daemon/core/notebook/notebook.ts';
import { type FamilyName, statementOf } from './families.ts';
import { plainStatement, type Statement } from './statements.ts';

export interface History {
  readonly format: Format;
  /** The kinds of statements that it has beside the plain ones. */
  readonly families: readonly FamilyName[];
  readonly cells: readonly (readonly Statement[])[];
  readonly moves: readonly Move[];
}

/** Places count modulo the number of cells, the first one apart, which holds imports. */
export type Move =
  | { readonly type: 'edit'; readonly at: number; readonly statements: readonly Statement[] }
  | { readonly type: 'insert'; readonly at: number; readonly statements: readonly Statement[] }
  | { readonly type: 'remove'; readonly at: number }
  | { readonly type: 'carry'; readonly from: number; readonly to: number }
  | { readonly type: 'copy'; readonly from: number; readonly to: number }
  | { readonly type: 'toggle'; readonly at: number }
  | { readonly type: 'break'; readonly at: number }
  | { readonly type: 'note'; readonly at: number }
  | { readonly type: 'undo' }
  | { readonly type: 'run'; readonly mode: 'reactive' | 'upstream' | 'only'; readonly at: number; readonly isAwaited: boolean }
  | { readonly type: 'run'; readonly mode: 'stale' | 'all'; readonly isAwaited: boolean }
  /** Code that is no cell: it changes nothing of what the cells show. */
  | {
      readonly type: 'evaluate';
      readonly statements: readonly Statement[];
      readonly at: number;
      /** It sees what the cell there sees. */
      readonly isPlaced: boolean;
      readonly isAwaited: boolean;
    }
  | { readonly type: 'mode'; readonly mode: 'eager' | 'lazy' }
  /** Another program writes the file that cells of the family `files` read. */
  | { readonly type: 'disk'; readonly content: number };

const place = fc.integer({ min: 0, max: 11 });
/** Most people wait for a run to end, some go on typing. */
const isAwaited = fc.oneof({ arbitrary: fc.constant(true), weight: 5 }, { arbitrary: fc.constant(false), weight: 1 });

/** The moves that change text count as edits. */
export const editing: ReadonlySet<Move['type']> = new Set([
  'edit',
  'insert',
  'remove',
  'carry',
  'copy',
  'toggle',
  'undo',
  'disk',
]);

const running: fc.Arbitrary<Move> = fc.oneof(
  {
    arbitrary: fc.record({
      type: fc.constant('run' as const),
      mode: fc.constantFrom('reactive' as const, 'reactive' as const, 'upstream' as const, 'only' as const),
      at: place,
      isAwaited,
    }),
    weight: 9,
  },
  {
    arbitrary: fc.record({
      type: fc.constant('run' as const),
      mode: fc.constantFrom('stale' as const, 'all' as const),
      isAwaited,
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({ type: fc.constant('mode' as const), mode: fc.constantFrom('eager' as const, 'lazy' as const) }),
    weight: 1,
  },
);

const moving: fc.Arbitrary<Move> = fc.oneof(
  { arbitrary: fc.record({ type: fc.constant('remove' as const), at: place }), weight: 2 },
  { arbitrary: fc.record({ type: fc.constant('carry' as const), from: place, to: place }), weight: 2 },
  { arbitrary: fc.record({ type: fc.constant('copy' as const), from: place, to: place }), weight: 1 },
  { arbitrary: fc.record({ type: fc.constant('toggle' as const), at: place }), weight: 1 },
  { arbitrary: fc.record({ type: fc.constant('break' as const), at: place }), weight: 1 },
  { arbitrary: fc.record({ type: fc.constant('note' as const), at: place }), weight: 1 },
  { arbitrary: fc.constant({ type: 'undo' as const }), weight: 3 },
);

function moveWith(statements: fc.Arbitrary<readonly Statement[]>, families: readonly FamilyName[]): fc.Arbitrary<Move> {
  const disk = fc.record({ type: fc.constant('disk' as const), content: fc.integer({ min: 0, max: 99 }) });
  return fc.oneof(
    { arbitrary: fc.record({ type: fc.constant('edit' as const), at: place, statements }), weight: 6 },
    { arbitrary: fc.record({ type: fc.constant('insert' as const), at: place, statements }), weight: 3 },
    { arbitrary: moving, weight: 11 },
    { arbitrary: running, weight: 13 },
    {
      arbitrary: fc.record({ type: fc.constant('evaluate' as const), statements, at: place, isPlaced: fc.boolean(), isAwaited }),
      weight: 3,
    },
    ...(families.includes('files') ? [{ arbitrary: disk, weight: 3 }] : []),
  );
}

const familiesMax = 2;

/** With a few of the families that are given, or with all of them. */
export function histories(format: Format, given: readonly FamilyName[], isAll = false): fc.Arbitrary<History> {
  const minLength = isAll ? Math.min(given.length, familiesMax) : 0;
  return fc.subarray([...given], { minLength, maxLength: Math.min(given.length, familiesMax) }).chain((families) => {
    const statement = fc.oneof(
      { arbitrary: plainStatement, weight: 2 },
      ...families.map((family) => ({ arbitrary: statementOf(family), weight: 2 })),
    );
    const statements = fc.array(statement, { minLength: 1, maxLength: 3 });
    return fc.record({
      format: fc.constant(format),
      families: fc.constant(families),
      cells: fc.array(statements, { minLength: 2, maxLength: 6 }),
      moves: fc.array(moveWith(statements, families), { minLength: 1, maxLength: 18, size: 'max' }),
    });
  });
}
