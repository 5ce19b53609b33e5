/** Setters of `mo.state`: who reads the state is out of date, and is to run again in the run whose step has set it (see rounds.ts). */
import type { Name } from '../../analysis/facts.ts';
import type { CellId } from '../../notebook/notebook.ts';
import type { SetState } from '../events.ts';
import { replaceRun } from '../runs.ts';
import { refresh } from '../standing.ts';
import { runUnderWay, type State, type StepNumber } from '../state.ts';
import type { Turn } from '../turn.ts';
import { changeRecord } from '../values/records.ts';

/** Those that have run, and read the state by their text, are out of date. */
export function noteStatesSet(turn: Turn, setter: CellId, states: readonly SetState[]): void {
  const readers = new Map(states.flatMap((state) => readersOf(turn.state, setter, state)));
  markSet(turn, readers, { type: 'state-set', cell: setter });
  if (readers.size === 0) return;
  const run = runUnderWay(turn.state);
  const due = [...readers.keys()].reduce((all, reader) => all.set(reader, true), run.rounds.due);
  replaceRun(turn, { ...run, rounds: { ...run.rounds, due } });
}

/** Nobody has asked for a run: they are marked. */
export function noteStatesSetBeside(turn: Turn, step: StepNumber, states: readonly SetState[]): void {
  const readers = new Map(states.flatMap((state) => readersOf(turn.state, undefined, state)));
  markSet(turn, readers, { type: 'state-set-beside', step });
}

function readersOf(
  { graph }: State,
  setter: CellId | undefined,
  { names, allowsSelfLoops }: SetState,
): (readonly [CellId, Name])[] {
  const isMeant = (reader: CellId) => allowsSelfLoops || reader !== setter;
  return names.flatMap((name) => [...(graph.readers.get(name) ?? [])].filter(isMeant).map((reader) => [reader, name] as const));
}

type Setter =
  | { readonly type: 'state-set'; readonly cell: CellId }
  | { readonly type: 'state-set-beside'; readonly step: StepNumber };

function markSet(turn: Turn, readers: ReadonlyMap<CellId, Name>, setter: Setter): void {
  for (const [reader, name] of readers) {
    const record = turn.state.records.get(reader);
    if (record) changeRecord(turn, reader, record.step, { stateSet: { ...setter, name } });
  }
  refresh(turn, readers.keys());
}
