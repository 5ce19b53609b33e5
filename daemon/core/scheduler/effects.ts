/** What the shell is to do, and to tell. */
import type { Implicit, Name } from '../analysis/facts.ts';
import type { GraphChange } from '../graph/edit.ts';
import type { GraphCell } from '../graph/graph.ts';
import type { Observed } from '../graph/observed.ts';
import type { CellId } from '../notebook/notebook.ts';
import type { Asked, Parameters, Placeless, PlannedStep, Run, SkipReason, State, StepNumber, Version } from './state.ts';

export type Effect =
  | { readonly type: 'start-kernel'; readonly generation: number }
  | { readonly type: 'stop-kernel'; readonly generation: number }
  | { readonly type: 'interrupt'; readonly step: StepNumber; readonly asked: Asked }
  | Evaluate
  | EvaluatePlaceless
  | { readonly type: 'run-accepted'; readonly run: Run }
  /** Cells read a state that its steps have set: they run again, and what follows from them. */
  | { readonly type: 'run-continued'; readonly run: number; readonly plan: readonly PlannedStep[] }
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
  | { readonly type: 'placeless-started'; readonly placeless: Placeless; readonly step: StepNumber }
  | PlacelessFinished
  /** The status of these cells may be another; see `statusOf`. */
  | { readonly type: 'standing-changed'; readonly cells: ReadonlySet<CellId> }
  | { readonly type: 'graph-changed'; readonly change: GraphChange }
  | { readonly type: 'kernel-changed' }
  /** The cell did this when it ran, though its text does not say so. */
  | { readonly type: 'observed'; readonly cell: CellId; readonly observed: Observed };

/** The globals must hold exactly what they held, less `unbind`, plus `bind`, when the step begins. */
export interface Begin {
  readonly step: StepNumber;
  readonly bind: readonly (readonly [Name, Version])[];
  readonly unbind: readonly Name[];
  /** Steps whose values nobody can be given again. */
  readonly forget: readonly StepNumber[];
  readonly writes: readonly Name[];
  /** Names whose objects it should not change. */
  readonly watched: readonly Name[];
  /** Names whose objects its text changes: who else reaches these is looked for. */
  readonly changing: readonly Name[];
}

/** Run one cell. */
export interface Evaluate extends Begin {
  readonly type: 'evaluate';
  readonly cell: GraphCell;
  /** What the cell's step before gave, in force until now: is it equal to what this one gives? */
  readonly compare: readonly (readonly [Name, Version])[];
  /** Imports that the step before gave, too: is each bound to the very same object? */
  readonly compareObjects: readonly (readonly [Name, Version])[];
  /** What functions read that its values hold is looked for, but for these names; not at all where it is undefined. */
  readonly knownReads: readonly Name[] | undefined;
  /** What the cell was seen to do with implicit names. What it does now is told where it differs. */
  readonly implicit: Implicit;
  readonly parameters: Parameters;
}

/** Run a placeless step. Its bindings count however it ends. */
export interface EvaluatePlaceless extends Begin {
  readonly type: 'evaluate-placeless';
  readonly placeless: Placeless;
  /** Values that are watched, too, though they are not bound: changes of them are told by the label. */
  readonly hidden: readonly (readonly [label: string, Name, Version])[];
}

export interface PlacelessFinished {
  readonly type: 'placeless-finished';
  readonly placeless: Placeless;
  /** Undefined if it never began. */
  readonly step: StepNumber | undefined;
  /** cancelled: it never began. */
  readonly outcome: 'ok' | 'raised' | 'stopped' | 'interrupted' | 'cancelled';
  /** Names of the notebook that it read although their value is out of date. */
  readonly stale: readonly Name[];
  /** What its client sees from now on, or sees no longer. */
  readonly defined: readonly Name[];
  readonly deleted: readonly Name[];
  /** Names of the notebook whose object it changed: to undo that, the cells that give them run again. */
  readonly changed: readonly Name[];
}

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}
