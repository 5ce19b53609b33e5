/** What can happen to a notebook. */
import type { Facts, Name } from '../analysis/facts.ts';
import type { GraphCell } from '../graph/graph.ts';
import type { Observed } from '../graph/observed.ts';
import type { CellId } from '../notebook/notebook.ts';
import type { Asked, ClientId, FileMarks, Parameters, RunMode, SchedulerOptions, StepNumber, Version } from './state.ts';

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
  /** A client gives names other values; those of other names stay. What follows from them runs. */
  | {
      readonly type: 'control-moved';
      /** Without a value, that of the text counts again. */
      readonly values: ReadonlyMap<Name, string | undefined>;
    }
  /** Queued cells are to be taken out of the run, or of every run; without cells all of them. */
  | { readonly type: 'cancel-requested'; readonly run: number | undefined; readonly cells: readonly CellId[] | undefined }
  /** A client evaluates code that is no cell, after all that was asked for before. */
  | {
      readonly type: 'placeless-requested';
      readonly client: ClientId;
      readonly clientName: string;
      readonly code: string;
      readonly facts: Facts;
      readonly at: CellId | undefined;
    }
  /** A placeless step is not wanted any more: it is taken out of the queue, or interrupted. */
  | { readonly type: 'placeless-cancelled'; readonly id: number }
  /** A client is gone, with all that its placeless steps have defined. */
  | { readonly type: 'layer-dropped'; readonly client: ClientId }
  /** What the modules of the notebook's project that a step imported were loaded from. */
  | { readonly type: 'files-loaded'; readonly cell: CellId; readonly step: StepNumber; readonly files: FileMarks }
  /** The data files that a step read, as they were then, and those that it left written. */
  | {
      readonly type: 'data-used';
      readonly cell: CellId;
      readonly step: StepNumber;
      readonly read: FileMarks;
      readonly written: FileMarks;
      /** It read more than are watched. */
      readonly hasMore: boolean;
    }
  /** Files that modules were loaded from, or that are data, were changed from outside. */
  | { readonly type: 'files-changed'; readonly files: FileMarks }
  | { readonly type: 'options-changed'; readonly options: SchedulerOptions }
  | { readonly type: 'interrupt-requested'; readonly asked?: Asked }
  | { readonly type: 'restart-requested' }
  | { readonly type: 'stop-requested' }
  | { readonly type: 'kernel-started'; readonly generation: number }
  | { readonly type: 'kernel-died'; readonly generation: number }
  | {
      readonly type: 'finished';
      readonly generation: number;
      readonly step: StepNumber;
      /** `exited`: stopped, and where a failure would end the run this does, well. */
      readonly outcome: 'ok' | 'raised' | 'stopped' | 'exited' | 'interrupted';
      /** As the kernel says: it ended well, wrote all that it may write, and there is nothing else to tell; see foresight.ts. */
      readonly isPlain?: boolean;
      readonly written: readonly Name[];
      readonly deleted: readonly Name[];
      /** Of a step that did not end well, only the changes count: its names are unbound. */
      readonly observed: Observed;
      /** Kept values that are not bound, and whose object it changed. */
      readonly aside?: readonly (readonly [Name, Version])[] | undefined;
      /** Names of which it was not found out in time whether it changed their objects. */
      readonly unwatched?: readonly Name[] | undefined;
      /** Of what it wrote, the names that are bound to the very object that they were bound to before. */
      readonly untouched?: readonly Name[] | undefined;
      /** Of what it was to compare, the names whose value is equal: the kernel keeps it under the number that it had. */
      readonly unchanged?: readonly Name[] | undefined;
      /** States of `mo.state` that it has set. */
      readonly statesSet?: readonly SetState[] | undefined;
    };

export interface SetState {
  /** What it is read under. */
  readonly names: readonly Name[];
  /** Whether the cell that set it runs again, too, if it reads it. */
  readonly allowsSelfLoops: boolean;
}
