/** The state of a notebook: its graph, what its cells gave, what the kernel holds, what waits to run. */

import type { Facts, Name } from '../analysis/facts.ts';
import { impossible } from '../assert.ts';
import { PersistentMap } from '../collections/persistent-map.ts';
import { emptyGraph, type Graph } from '../graph/graph.ts';
import type { Observed } from '../graph/observed.ts';
import type { CellId, Format } from '../notebook/notebook.ts';

/** Counts the steps of a session from 1. */
export type StepNumber = number;

/** A value of a name is known by the step that gave it; 0 says that the name is unbound there. */
export type Version = StepNumber;
export const unbound: Version = 0;

/** What files hold, told from one another by a mark of their content. */
export type FileMarks = ReadonlyMap<string, string>;

/** What a file holds now. */
export interface FileNow {
  readonly mark: string;
  /** The cell whose step has left it so; undefined for a change from outside. */
  readonly writer: CellId | undefined;
  /** The last step that had ended, at the latest, when it was found so. */
  readonly since: StepNumber;
}

/** What the last step of a cell did. */
export interface StepRecord {
  readonly step: StepNumber;
  readonly generation: number;
  /** What ran: the cell's tokens and the parameters that were put into them. */
  readonly tokens: string;
  /** Of a cell that does nothing but import: what its names were to be. */
  readonly imports: ReadonlyMap<Name, string>;
  /** The versions it was given. */
  readonly inputs: ReadonlyMap<Name, Version>;
  /** Names from within its unit, which functions read later; with the version of those that the step was seen to change. */
  readonly inner: ReadonlyMap<Name, Version | undefined>;
  readonly outcome: 'running' | 'ok' | 'raised' | 'stopped' | 'interrupted';
  /** Names that it gave a version. */
  readonly written: ReadonlySet<Name>;
  /** Of these, the ones whose value is what an earlier step of the cell gave: they go on under that step's number. */
  readonly kept: ReadonlyMap<Name, Version>;
  /** Of these, the ones that it bound to the very object that it was given: a change of one version is a change of the other. */
  readonly same: ReadonlySet<Name>;
  /** marimo's format: the steps that had changed the objects that it was given before. Names whose object nobody had changed are not there. */
  readonly shared: ReadonlyMap<Name, readonly StepNumber[]>;
  /** Names that it left unbound (`del x`). */
  readonly deleted: ReadonlySet<Name>;
  /** What its text was seen to do, in this step or before: it comes back with the text. */
  readonly observed: Observed;
  /** Other texts that the cell ran with before, the last one first. */
  readonly earlier: readonly EarlierText[];
  /** Names of which was not found out in time whether it changed their objects. */
  readonly unwatched?: readonly Name[];
  /** Files of the notebook's project whose modules it imported, and what these were made of. Absent until it has said so. */
  readonly files?: FileMarks;
  /** Data files that it read, and what they held then. Absent until it has said so. */
  readonly data?: FileMarks;
  /** It read more data files than are watched. */
  readonly hasUnwatchedData?: boolean;
  /** Since then the state of `mo.state` that it reads by this name was set. */
  readonly stateSet?: StateSet;
}

export type StateSet = Extract<SkipReason, { type: 'state-set' | 'state-set-beside' }>;

/** What a text did when it ran, though it does not say so: expected again when it is back. */
export type EarlierText = Pick<StepRecord, 'tokens' | 'observed'>;

/** How a cell stands with respect to its text and its inputs; kept up to date by what changed (see standing.ts). */
export interface Standing {
  /** Ran with the current text and was given the current versions of fresh writers. */
  readonly isFresh: boolean;
  /** Of a cell that is out of date: names that it gives as they are all the same, because their imports stand in it as they did. */
  readonly imports: ReadonlySet<Name>;
  /** Why it cannot run at all. */
  readonly blocked: Blocked | undefined;
}

export interface Blocked {
  readonly why: 'conflict' | 'disabled' | 'unparsable';
  /** The cell that is so: this one or an ancestor. */
  readonly cell: CellId;
}

export type KernelState =
  | { readonly phase: 'none' | 'starting' | 'idle' | 'dead'; readonly generation: number }
  | { readonly phase: 'busy'; readonly generation: number; readonly cell: CellId; readonly step: StepNumber }
  | Evaluating
  | { readonly phase: 'stopping'; readonly generation: number; readonly next: 'start' | 'none' };

/** A client that evaluates code: what it defines is its own. */
export type ClientId = string;

/** A placeless step: code that runs in the names of the notebook and is no cell. */
export interface Placeless {
  readonly id: number;
  readonly client: ClientId;
  /** For people. */
  readonly clientName: string;
  readonly code: string;
  readonly facts: Facts;
  /** It sees what this cell would see. Without one it sees the newest value of each name. */
  readonly at: CellId | undefined;
  /** The last run that was accepted before it: that one goes first, and later ones wait. */
  readonly after: number;
}

/** The kernel executes a placeless step. */
export interface Evaluating {
  readonly phase: 'evaluating';
  readonly generation: number;
  readonly step: StepNumber;
  readonly placeless: Placeless;
  /** Names of the notebook that it reads and whose value is out of date. */
  readonly stale: readonly Name[];
  /** Names of the notebook whose object it changes in place by its text. */
  readonly consumed: readonly Name[];
  /** Values of the notebook that it does not see and may change all the same, each with a label. */
  readonly hidden: ReadonlyMap<string, { readonly name: Name; readonly version: Version }>;
  /** Nobody gets what it defines: its client is gone. */
  readonly isOrphan: boolean;
}

/** What a client has made of a name. It hides the notebook's. */
export interface LayerName {
  /** `unbound`: the client deleted the name. */
  readonly version: Version;
  /** What functions of the step that gave it read when they are called. */
  readonly reads: ReadonlySet<Name>;
}

/** The names that the placeless steps of one client have defined and deleted. No cell sees them, and no other client. */
export type Layer = PersistentMap<Name, LayerName>;

/** reactive: the roots, their stale ancestors and, unless lazy, what follows; upstream: without what follows; only: the roots alone. */
export type RunMode = 'reactive' | 'upstream' | 'only' | 'stale' | 'all';

export interface PlannedStep {
  readonly cell: CellId;
  readonly reason: 'asked for' | 'stale ancestor' | 'used up' | 'descendant' | 'stale' | 'unit' | 'state set';
}

/** How hard a person wants a step to be interrupted: what the kernel makes of it is its own. */
export interface Asked {
  readonly level?: 'soft' | 'sigint' | 'group' | 'kill' | undefined;
  readonly deadlineMs?: number | undefined;
}

/**
 * A sealed plan. It executes the text it was planned on: the graph is that of the moment it was accepted. Where its steps set states, those who
 * read them run again in another round of it, with a plan of its own.
 */
export interface Run {
  readonly run: number;
  readonly mode: RunMode;
  readonly roots: ReadonlySet<CellId>;
  readonly plan: readonly PlannedStep[];
  readonly planned: ReadonlySet<CellId>;
  readonly graph: Graph;
  readonly parameters: Parameters;
  /** The standings when it was accepted: an ancestor outside of the plan counts when it was fresh then. */
  readonly standings: State['standings'];
  /** The step count when it was accepted: what began later need not run again for it. */
  readonly since: StepNumber;
  readonly next: number;
  /** Cells of the plan that gave their names. */
  readonly done: PersistentMap<CellId, true>;
  /** Cells of the plan that did not. */
  readonly lost: PersistentMap<CellId, 'failed' | 'stopped' | 'skipped' | 'dropped'>;
  readonly stopAtFailure: boolean;
  readonly cancelled: SkipReason | undefined;
  readonly rounds: Rounds;
}

export interface Rounds {
  /** How many there were before this one. */
  readonly count: number;
  /** The texts when the run was accepted. */
  readonly texts: Graph;
  /** How cells that were lost in earlier rounds, and did not run again, have ended. */
  readonly lost: Run['lost'];
  /** Cells that read a state which a step of this round has set. */
  readonly due: PersistentMap<CellId, true>;
  /** A person has cancelled what waits. */
  readonly isLast: boolean;
}

export type SkipReason =
  | {
      /** An input cannot be had: `name` comes from `cell`, which is so. */
      readonly type: 'failed' | 'stopped' | 'skipped' | 'dropped' | 'stale';
      readonly cell: CellId;
      readonly name: Name;
    }
  /** What the cell gave cannot be given again. */
  | { readonly type: 'used-up'; readonly cell: CellId; readonly name: Name }
  /** The cell has run since, and gave the name or changed its object; or it gives what another gave. */
  | { readonly type: 'given-anew' | 'given-by' | 'changed-by'; readonly cell: CellId; readonly name: Name }
  /** No cell gives the name any more, or changes its object as one did. */
  | { readonly type: 'not-given' | 'not-changed'; readonly name: Name }
  /** It and this cell need each other. */
  | { readonly type: 'unit-stale'; readonly cell: CellId }
  /** Since the cell ran. */
  | { readonly type: 'edited' | 'parameter-set' | 'kernel-ended' }
  | { readonly type: Blocked['why']; readonly cell: CellId }
  /** The run ends with this cell: it failed, or it ended the program. */
  | { readonly type: 'run-stopped' | 'run-exited'; readonly cell: CellId }
  /** It ended itself, quietly. */
  | { readonly type: 'stopped-itself' }
  /** Another run, with newer values, makes it pointless. */
  | { readonly type: 'superseded'; readonly run: number }
  /** A placeless step has changed the object of a name that the cell gave. */
  | { readonly type: 'changed-beside'; readonly name: Name; readonly step: StepNumber }
  /** A module that it imports is another now. */
  | { readonly type: 'file-changed'; readonly file: string }
  /** A data file that it read holds something else now. */
  | { readonly type: 'data-changed'; readonly file: string }
  /** It read more data files than are watched: it may be out of date. */
  | { readonly type: 'data-unwatched' }
  /** The cell, or a placeless step, has set a state that it reads under this name. */
  | { readonly type: 'state-set'; readonly cell: CellId; readonly name: Name }
  | { readonly type: 'state-set-beside'; readonly step: StepNumber; readonly name: Name }
  /** More often than a run goes along with. */
  | { readonly type: 'state-set-endlessly'; readonly cell: CellId; readonly name: Name }
  | { readonly type: 'cancelled' | 'interrupted' | 'kernel-died' | 'restarted' | 'removed' };

export interface Skip {
  readonly reason: SkipReason;
  /** The step count at the time: a later change of the cause makes the skip out of date. */
  readonly causeStep: StepNumber | undefined;
}

/** A step that has changed a version in place. */
export interface Spending {
  /** Undefined for a placeless step. */
  readonly cell: CellId | undefined;
  readonly step: StepNumber;
}

/** Python expressions that stand in for right-hand sides, by name. */
export type Parameters = ReadonlyMap<Name, string>;

/** From the place of `cell` every name with several writers was looked at, in a graph of this shape. */
export interface Settled {
  readonly shape: object;
  readonly cell: CellId;
  /** Names that the step itself was given or writes: for another one they may be otherwise. */
  readonly names: ReadonlySet<Name>;
}

/** What the scheduler needs of the options with which a notebook runs. */
export interface SchedulerOptions {
  readonly mode: 'eager' | 'lazy';
  /** A step that gives a name an equal value again leaves those who read it alone. */
  readonly earlyCutoff: boolean;
}

export interface State {
  readonly options: SchedulerOptions;
  readonly graph: Graph;
  readonly parameters: Parameters;
  readonly kernel: KernelState;
  readonly records: PersistentMap<CellId, StepRecord>;
  /** Records of removed cells, kept until the next run: an undone removal gets its values back. */
  readonly removed: PersistentMap<CellId, StepRecord>;
  readonly standings: PersistentMap<CellId, Standing>;
  /** How many of them are blocked: mostly none. */
  readonly blockedCount: number;
  readonly skips: PersistentMap<CellId, Skip>;
  /** Versions that steps have changed in place, by `spentKey`; see values/spent.ts. */
  readonly spent: PersistentMap<string, readonly Spending[]>;
  /** What the files hold now that steps have loaded modules from, or read as data, or written. */
  readonly files: PersistentMap<string, FileNow>;
  /** Generators that the whole program shares, by the first step in which the kernel has seen one change. */
  readonly watchedSince: PersistentMap<Name, StepNumber>;
  /** What the kernel's globals hold. */
  readonly bound: PersistentMap<Name, Version>;
  /** Names whose version may have changed since the globals were last put right. */
  readonly unsettled: PersistentMap<Name, true>;
  /** The step for which the globals were last put right. */
  readonly settledFor: Settled | undefined;
  /** Steps whose values the kernel may drop with the next step. */
  readonly forgettable: readonly StepNumber[];
  /** The first one is under way. */
  readonly runs: readonly Run[];
  /** Placeless steps that wait, the oldest first. */
  readonly placeless: readonly Placeless[];
  /** None of them is empty. */
  readonly layers: PersistentMap<ClientId, Layer>;
  readonly stepCount: StepNumber;
  readonly runCount: number;
  readonly placelessCount: number;
}

export function initialState(format: Format, options: SchedulerOptions): State {
  return {
    options,
    graph: emptyGraph(format),
    parameters: new Map(),
    kernel: { phase: 'none', generation: 0 },
    records: PersistentMap.empty(),
    removed: PersistentMap.empty(),
    standings: PersistentMap.empty(),
    blockedCount: 0,
    skips: PersistentMap.empty(),
    spent: PersistentMap.empty(),
    files: PersistentMap.empty(),
    watchedSince: PersistentMap.empty(),
    bound: PersistentMap.empty(),
    unsettled: PersistentMap.empty(),
    settledFor: undefined,
    forgettable: [],
    runs: [],
    placeless: [],
    layers: PersistentMap.empty(),
    stepCount: 0,
    runCount: 0,
    placelessCount: 0,
  };
}

/** The run whose step the kernel executes, or is to execute next. */
export function runUnderWay({ runs }: Pick<State, 'runs'>): Run {
  return runs[0] ?? impossible('a step has ended, but no run is under way');
}

export function spentKey(version: Version, name: Name): string {
  return `${version}:${name}`;
}
