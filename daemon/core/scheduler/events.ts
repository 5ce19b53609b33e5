/** What can happen to a notebook. */
import type { Name, SeenChange } from '../analysis/facts.ts';
import type { GraphCell } from '../graph/graph.ts';
import type { CellId } from '../notebook/notebook.ts';
import type { Asked, ExecutionMode, Parameters, RunMode, StepNumber } from './state.ts';

export type Event =
  /** The text changed: cells that are new or differ, cells that are gone, and the page order if it changed. */
  | {
      readonly type: 'edited';
      readonly cells: readonly GraphCell[];
      readonly removed: readonly CellId[];
      readonly order: readonly CellId[] | undefined;
    }
  | {
      readonly type: 'run-requested';
      readonly mode: RunMode;
      readonly roots: readonly CellId[];
      /** Stay in force until a run names others; undefined leaves those in force. */
      readonly parameters: Parameters | undefined;
      readonly stopAtFailure: boolean;
    }
  | { readonly type: 'mode-changed'; readonly mode: ExecutionMode }
  | { readonly type: 'interrupt-requested'; readonly asked?: Asked }
  | { readonly type: 'restart-requested' }
  | { readonly type: 'stop-requested' }
  | { readonly type: 'kernel-started'; readonly generation: number }
  | { readonly type: 'kernel-died'; readonly generation: number }
  | {
      readonly type: 'finished';
      readonly generation: number;
      readonly step: StepNumber;
      readonly outcome: 'ok' | 'raised' | 'stopped' | 'interrupted';
      readonly written: readonly Name[];
      readonly deleted: readonly Name[];
      /** Names that the step bound although its text does not say so. */
      readonly found: readonly Name[];
      /** Objects that the step changed although its text does not say so, whatever the outcome. Absent where nobody watches. */
      readonly mutated?: readonly SeenChange[];
    };
