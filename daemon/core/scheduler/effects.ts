/** What the shell is to do, and to tell. */
import type { Name } from '../analysis/facts.ts';
import type { GraphChange } from '../graph/edit.ts';
import type { GraphCell } from '../graph/graph.ts';
import type { Observed } from '../graph/observed.ts';
import type { CellId } from '../notebook/notebook.ts';
import type { Asked, Parameters, Run, SkipReason, State, StepNumber, Version } from './state.ts';

export type Effect =
  | { readonly type: 'start-kernel'; readonly generation: number }
  | { readonly type: 'stop-kernel'; readonly generation: number }
  | { readonly type: 'interrupt'; readonly step: StepNumber; readonly asked: Asked }
  | Evaluate
  | { readonly type: 'run-accepted'; readonly run: Run }
  | { readonly type: 'run-sealed'; readonly run: number; readonly outcome: 'ok' | 'failed' | 'interrupted' }
  | { readonly type: 'step-started'; readonly run: number; readonly step: StepNumber; readonly cell: CellId }
  | {
      readonly type: 'step-finished';
      readonly run: number;
      readonly step: StepNumber;
      readonly cell: CellId;
      readonly outcome: 'ok' | 'raised' | 'stopped' | 'interrupted';
    }
  | { readonly type: 'step-skipped'; readonly run: number; readonly cell: CellId; readonly reason: SkipReason }
  /** The cell needs not run again: it ran since the run was accepted, with the same text and inputs. */
  | { readonly type: 'step-cached'; readonly run: number; readonly cell: CellId }
  /** The status of these cells may be another; see `statusOf`. */
  | { readonly type: 'standing-changed'; readonly cells: ReadonlySet<CellId> }
  | { readonly type: 'graph-changed'; readonly change: GraphChange }
  | { readonly type: 'kernel-changed' }
  /** The cell did this when it ran, though its text does not say so. */
  | { readonly type: 'observed'; readonly cell: CellId; readonly observed: Observed };

/** Run one cell. The globals must then hold exactly what they held, less `unbind`, plus `bind`. */
export interface Evaluate {
  readonly type: 'evaluate';
  readonly cell: GraphCell;
  readonly step: StepNumber;
  readonly bind: readonly (readonly [Name, Version])[];
  readonly unbind: readonly Name[];
  /** Steps whose values nobody can be given again. */
  readonly forget: readonly StepNumber[];
  readonly writes: readonly Name[];
  /** Names whose objects it should not change. */
  readonly watched: readonly Name[];
  /** What the cell's step before gave, in force until now: is it equal to what this one gives? */
  readonly compare: readonly (readonly [Name, Version])[];
  /** What functions read that its values hold is looked for, but for these names; not at all where it is undefined. */
  readonly knownReads: readonly Name[] | undefined;
  readonly parameters: Parameters;
}

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}
