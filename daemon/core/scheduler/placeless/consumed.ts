/** What a placeless step changes in place is consumed, as when a cell changes it: whoever needs it again makes its definition run again. */
import type { Name } from '../../analysis/facts.ts';
import type { CellId } from '../../notebook/notebook.ts';
import { unsettle, versionGiven } from '../standing.ts';
import { type State, type StepNumber, type StepRecord, spentKey, unbound, type Version } from '../state.ts';
import type { Turn } from '../turn.ts';
import { spend } from '../values/spent.ts';

export function consume(
  turn: Turn,
  changed: readonly { readonly name: Name; readonly version: Version }[],
  step: StepNumber,
): void {
  for (const { name, version } of changed) {
    const alike = versionsAlike(turn.state, name, version);
    let { spent } = turn.state;
    for (const one of alike) spent = spend(spent, [name], () => one, { cell: undefined, step });
    turn.update({ spent });
    turn.touch(giversOf(turn.state, name, alike));
  }
  unsettle(
    turn,
    changed.map(({ name }) => name),
  );
}

/**
 * The versions of the name that are one object: a cell that changes what it was given gives it as a version of its own, and so does one
 * that binds the name to it again. Also those of cells that were removed and may come back.
 */
function versionsAlike(state: State, name: Name, version: Version): ReadonlySet<Version> {
  const linked = new Map<Version, Version[]>();
  const link = (from: Version, to: Version) => {
    const others = linked.get(from);
    if (others) others.push(to);
    else linked.set(from, [to]);
  };
  for (const [given, made] of linksOf(state, name)) {
    link(given, made);
    link(made, given);
  }
  const alike = new Set([version]);
  // The set grows while it is walked.
  for (const one of alike) for (const other of linked.get(one) ?? []) alike.add(other);
  return alike;
}

function giversOf({ records }: State, name: Name, versions: ReadonlySet<Version>): readonly CellId[] {
  return [...records].filter(([, record]) => versions.has(versionGiven(record, name) ?? unbound)).map(([id]) => id);
}

function linksOf(state: State, name: Name): readonly (readonly [Version, Version])[] {
  return [...state.records.values(), ...state.removed.values()].flatMap((record) => {
    const given = record.inputs.get(name) ?? record.inner.get(name) ?? unbound;
    const made = versionGiven(record, name) ?? unbound;
    return given === unbound || made === unbound || !isPassedOn(state, record, name, given) ? [] : [[given, made] as const];
  });
}

function isPassedOn({ spent }: State, record: StepRecord, name: Name, given: Version): boolean {
  return record.same.has(name) || (spent.get(spentKey(given, name)) ?? []).some(({ step }) => step === record.step);
}
