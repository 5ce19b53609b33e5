/**
 * What a cell was seen to do when it ran, though its text does not say so. It counts like what the text says until the text changes, and comes
 * back with the text that ran.
 */
import type { Facts, Implicit, Mutation, Name, Ref, SeenChange } from '../analysis/facts.ts';
import { hasSameItems } from '../collections/same.ts';
import { sameImplicit } from './implicit.ts';

export interface Observed {
  /** Names that the cell bound: `exec`, `globals()[…] = …`. */
  readonly writes: readonly Name[];
  /**
   * Percent format: names that functions read which its values hold (`fs = [f]`, `o = C()`, a partial). Who reads the value may call them, so
   * these count like what the cell's own functions read.
   */
  readonly reads: readonly Name[];
  /** Objects that it changed in place, under another name or in a function. */
  readonly changes: readonly SeenChange[];
  /**
   * What its last step did with implicit names. It stays when the text changes, until the cell has run again: an older version of them can
   * be given again, so to expect too much costs little. Absent: as it is known.
   */
  readonly implicit?: Implicit | undefined;
  /** The same of data files, each of which is an implicit name. Absent: none. */
  readonly files?: Implicit | undefined;
  /** Names that code read which it made while it ran: `eval(text)`. */
  readonly evaluated?: readonly Name[] | undefined;
  /** Of the doubtful mutations in its text, those that are none; undefined where nobody has looked. */
  readonly pure?: readonly Name[] | undefined;
  /**
   * Names that an older text of the cell was seen to bind or to change. Until a step of the new text has ended well, it may do the same: whoever
   * reads one of them waits for it. To expect too much costs a step that was to run anyway.
   */
  readonly expected?: readonly Name[] | undefined;
}

export const nothingObserved: Observed = { writes: [], reads: [], changes: [] };

export function isNothing({ writes, reads, changes, implicit, files, evaluated = [], pure, expected }: Observed): boolean {
  const count = writes.length + reads.length + changes.length + evaluated.length;
  return count === 0 && implicit === undefined && files === undefined && pure === undefined && expected === undefined;
}

/** What may still be so after the text has changed; and what may be so again, where the new text ran earlier. */
export function afterEdit(before: Observed, earlier: Observed = nothingObserved): Observed {
  const names = new Set([...expectedIn(before), ...expectedIn(earlier)]);
  const implicit = earlier.implicit ?? before.implicit;
  const files = earlier.files ?? before.files;
  return {
    ...nothingObserved,
    reads: earlier.reads,
    ...(implicit && { implicit }),
    ...(files && { files }),
    ...(earlier.evaluated && { evaluated: earlier.evaluated }),
    ...(names.size > 0 && { expected: [...names] }),
  };
}

function expectedIn({ expected = [], writes, changes }: Observed): readonly Name[] {
  return [...expected, ...writes, ...changes.map(({ name }) => name)];
}

/** Names that the cell may bind or change, though neither its text nor a step of it says so. A cell without code does nothing. */
export function expectedOf({ facts, observed }: Pick<Cell, 'facts' | 'observed'>): readonly Name[] {
  return facts.tokens === '' ? [] : (observed.expected ?? []);
}

interface Cell {
  readonly code: string;
  readonly facts: Facts;
  readonly observed: Observed;
}

/** The cell with what was seen of it. What it reads and changes stands among its facts, too. */
export function observing<C extends Cell>(cell: C, seen: Observed): C {
  const { writes, reads, changes, implicit, files, evaluated = [], pure, expected } = seen;
  const { facts, observed } = cell;
  const isSamePure = pure === undefined || hasSameItems(pure, observed.pure ?? []);
  const isInText = (name: Name) =>
    facts.mutations.has(name) || (pure !== undefined && facts.doubtful.has(name) && !pure.includes(name));
  const news: Observed = {
    writes: writes.filter((name) => !facts.defs.has(name) && !observed.writes.includes(name)),
    reads: reads.filter((name) => !facts.deferredReads.has(name)),
    changes: changes.filter(({ name }) => !isInText(name)),
    implicit: sameImplicit(implicit, observed.implicit) ? undefined : implicit,
    files: files === undefined || sameImplicit(files, observed.files) ? undefined : files,
    evaluated: evaluated.filter((name) => !facts.refs.has(name) && facts.defs.get(name)?.isConditional !== false),
    pure: isSamePure ? undefined : pure,
    expected: expected && hasSameItems(expected, observed.expected ?? []) ? undefined : expected,
  };
  return isNothing(news) ? cell : { ...cell, observed: joined(observed, news), facts: factsWith(cell, news) };
}

/** For another text that computes the same: where the lines stand now, nobody has seen. */
export function withoutLines(observed: Observed): Observed {
  return { ...observed, changes: observed.changes.map((change) => ({ ...change, line: undefined })) };
}

function joined(a: Observed, b: Observed): Observed {
  const implicit = b.implicit ?? a.implicit;
  const files = b.files ?? a.files;
  const evaluated = [...(a.evaluated ?? []), ...(b.evaluated ?? [])];
  const expected = b.expected ?? a.expected ?? [];
  return {
    writes: [...a.writes, ...b.writes],
    reads: [...a.reads, ...b.reads],
    changes: [...a.changes, ...b.changes],
    ...(implicit && { implicit }),
    ...(files && { files }),
    ...(evaluated.length > 0 && { evaluated }),
    ...((b.pure ?? a.pure) && { pure: b.pure ?? a.pure }),
    ...(expected.length > 0 && { expected }),
  };
}

/** The mutations of the text, without those that are none. */
function mutationsBut(pure: readonly Name[], { mutations, doubtful }: Facts): ReadonlyMap<Name, Mutation> {
  const kept = [...mutations].filter(([name, { seen }]) => seen !== undefined || !pure.includes(name));
  const back = [...doubtful].filter(([name]) => !mutations.has(name) && !pure.includes(name));
  return new Map<Name, Mutation>([...kept, ...back]);
}

function factsWith(cell: Cell, { reads, changes, evaluated = [], pure }: Observed): Facts {
  const { facts } = cell;
  const place = facts.unseenReads[0] ?? { start: 0, end: cell.code.split('\n', 1)[0]?.length ?? 0 };
  const read = evaluated.map((name): [Name, Ref] => [
    name,
    { isDeferred: false, isCertain: false, isByText: true, spans: [place] },
  ]);
  const seen = changes.map((change) => [change.name, { spans: [placeOf(cell, change)], seen: change }] as const);
  return {
    ...facts,
    refs: read.length > 0 ? new Map([...facts.refs, ...read]) : facts.refs,
    deferredReads: new Set([...facts.deferredReads, ...reads]),
    mutations: new Map<Name, Mutation>([...(pure ? mutationsBut(pure, facts) : facts.mutations), ...seen]),
  };
}

/** The line in which it happened, or else where the name is read. */
function placeOf({ code, facts }: Cell, { name, line, through = name }: SeenChange): Mutation['spans'][0] {
  const lines = code.split('\n');
  const text = line === undefined ? '' : (lines[line] ?? '');
  if (text.trim() === '')
    return (
      facts.mutations.get(through)?.spans[0] ?? facts.refs.get(through)?.spans[0] ?? { start: 0, end: lines[0]?.length ?? 0 }
    );
  const start = lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0);
  return { start: start + text.length - text.trimStart().length, end: start + text.trimEnd().length };
}
