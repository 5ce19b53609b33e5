/**
 * Who sees what: the least role for each event and each of its fields, and for the view and the answers that others than editors
 * get. Which role may send a request is in `methods.ts`. A viewer sees what cells show and nothing beyond; docs/roles.md says why.
 *
 * The compiler finds a field, an event or an answer that is not named here.
 */
import type { RefusalName } from './errors.ts';
import type { ParameterInfo, RequestName, ResultOf, requests, SessionInfo } from './methods.ts';
import type { CellPlace, CellView, KernelView, NotebookView, Range, Role, RunView, SessionEvent } from './types.ts';

const ranks: Readonly<Record<Role, number>> = { viewer: 0, interactor: 1, editor: 2 };

/** Whether the role is the least one that is needed, or more. */
export function reaches(role: Role, least: Role): boolean {
  return ranks[role] >= ranks[least];
}

/** What each role sees of a value. `viewer`: everyone sees all of it. `event`: by the rules for events. */
export type RuleOf<T> =
  | 'viewer'
  | Hidden<T>
  | (T extends SessionEvent ? 'event' : T extends readonly (infer Item)[] ? Each<Item> : T extends object ? WithParts<T> : never);

/** A field that has to be there: lesser roles get something else in its place. */
export interface Hidden<T> {
  readonly from: Role;
  readonly below: (value: T) => T;
}

/** A list of things that are alike, or a table of them. */
export interface Each<T> {
  readonly each: RuleOf<T>;
}

export interface Fields<T> {
  readonly fields: FieldRules<T>;
}

/** A field that may be absent is left out for roles that do not see it. */
export type FieldRules<T> = {
  readonly [K in keyof T]-?: RuleOf<Exclude<T[K], undefined>> | (Record<never, never> extends Pick<T, K> ? Role : never);
};

/** A rule for whatever value, as programs walk through it. */
export type AnyRule =
  | Role
  | 'event'
  | { readonly from: Role; readonly below: (value: never) => unknown }
  | { readonly each: AnyRule }
  | { readonly fields: AnyRules };
export type AnyRules = Readonly<Record<string, AnyRule>>;

type WithParts<T> = string extends keyof T ? Each<T[keyof T]> : Fields<T>;

type Of<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;

/** Roles below get the event `hidden` in its place. */
type EventRule<T extends SessionEvent['type']> =
  | 'editor'
  | { readonly from: Exclude<Role, 'editor'>; readonly fields: FieldRules<Of<T>> };

const text = { from: 'editor', below: () => '' } as const;
const number = { from: 'editor', below: () => 0 } as const;
const list = { from: 'editor', below: () => [] } as const;
const path = { from: 'editor', below: (whole: string) => whole.slice(whole.lastIndexOf('/') + 1) } as const;
const start = { line: 0, character: 0 };
const range = { from: 'editor', below: (): Range => ({ start, end: start }) } as const;

/** Cells have an order; where in the text they stand says how long their code is. */
const place: FieldRules<CellPlace> = { id: 'viewer', line: number, endLine: number, codeLine: number };

const cell: FieldRules<CellView> = {
  id: 'viewer',
  name: 'editor',
  kind: 'viewer',
  code: text,
  defs: list,
  refs: list,
  locals: list,
  parents: list,
  children: list,
  status: 'viewer',
  reason: 'editor',
  unwatched: 'editor',
  parameters: 'interactor',
  manual: 'viewer',
  outputs: 'viewer',
  // Its message names variables and files, and its frames are code.
  error: 'editor',
  asOf: 'viewer',
  lastStep: 'viewer',
};

const kernel: FieldRules<KernelView> = {
  phase: 'viewer',
  generation: 'viewer',
  python: 'editor',
  source: 'editor',
  version: 'editor',
  pid: 'editor',
  reason: 'editor',
};

const run: FieldRules<RunView> = { id: 'viewer', mode: 'viewer', roots: 'viewer', plan: 'viewer', done: 'viewer' };

export const viewRules: FieldRules<NotebookView> = {
  session: 'viewer',
  incarnation: 'viewer',
  seq: 'viewer',
  path,
  // It may be the name of who else looks.
  variant: 'editor',
  format: 'viewer',
  options: 'viewer',
  version: 'viewer',
  layout: { each: { fields: place } },
  cells: { each: { fields: cell } },
  problems: list,
  kernel: { fields: kernel },
  runs: { each: { fields: run } },
  placeless: list,
  notice: 'editor',
  input: 'interactor',
};

const at = { session: 'viewer', seq: 'viewer', type: 'viewer' } as const;
const inStep = { ...at, cell: 'viewer', step: 'viewer' } as const;

export const eventRules: { readonly [T in SessionEvent['type']]: EventRule<T> } = {
  text: {
    from: 'viewer',
    fields: {
      ...at,
      version: 'viewer',
      format: 'viewer',
      layout: { each: { fields: place } },
      shift: { fields: { place: { fields: place }, lines: number } },
      removed: 'viewer',
      cells: { each: { fields: cell } },
    },
  },
  cells: {
    from: 'viewer',
    fields: {
      ...at,
      cells: {
        each: {
          fields: {
            id: 'viewer',
            status: 'viewer',
            reason: 'editor',
            unwatched: 'editor',
            parameters: 'interactor',
            parents: 'editor',
            children: 'editor',
          },
        },
      },
    },
  },
  problems: 'editor',
  kernel: { from: 'viewer', fields: { ...at, kernel: { fields: kernel } } },
  options: { from: 'viewer', fields: { ...at, options: 'viewer' } },
  notice: 'editor',
  'run.accepted': { from: 'viewer', fields: { ...at, run: { fields: run } } },
  'run.continued': { from: 'viewer', fields: { ...at, run: 'viewer', plan: 'viewer' } },
  'run.sealed': { from: 'viewer', fields: { ...at, run: 'viewer', outcome: 'viewer' } },
  'step.started': { from: 'viewer', fields: { ...inStep, run: 'viewer', startedAt: 'viewer' } },
  'step.finished': {
    from: 'viewer',
    fields: { ...inStep, run: 'viewer', outcome: 'viewer', durationMs: 'viewer', error: 'editor' },
  },
  'step.skipped': { from: 'viewer', fields: { ...at, run: 'viewer', cell: 'viewer', outcome: 'viewer', reason: text } },
  'step.interrupt': 'editor',
  'kernel.survivors': 'editor',
  'output.added': { from: 'viewer', fields: { ...inStep, output: 'viewer' } },
  'output.appended': { from: 'viewer', fields: { ...inStep, index: 'viewer', text: 'viewer', from: 'viewer', stream: 'viewer' } },
  'output.gap': { from: 'viewer', fields: { ...inStep, index: 'viewer', first: 'viewer', from: 'viewer', to: 'viewer' } },
  'output.updated': { from: 'viewer', fields: { ...inStep, index: 'viewer', output: 'viewer' } },
  'output.cleared': { from: 'viewer', fields: inStep },
  'placeless.started': 'editor',
  'placeless.output': 'editor',
  'placeless.finished': 'editor',
  'input.requested': {
    from: 'interactor',
    fields: { ...inStep, input: 'viewer', prompt: 'viewer', isPassword: 'viewer' },
  },
  'input.ended': { from: 'interactor', fields: { ...inStep, input: 'viewer', outcome: 'viewer' } },
  // No cell shows it.
  'output.unattributed': 'editor',
  hidden: { from: 'viewer', fields: { ...at, first: 'viewer' } },
};

const sessionInfo: FieldRules<SessionInfo> = {
  session: 'viewer',
  path,
  variant: 'editor',
  format: 'viewer',
  clients: 'viewer',
  kernel: { fields: kernel },
  memoryBytes: 'editor',
  running: 'editor',
  stale: 'viewer',
};

/** What interactors set: with its value, and without its place in the text. */
const parameter: FieldRules<ParameterInfo> = {
  name: 'viewer',
  cell: 'viewer',
  range,
  type: 'viewer',
  default: 'viewer',
  value: 'viewer',
};

/** Methods that others than editors may send. */
export type OpenMethod = {
  [M in RequestName]: (typeof requests)[M]['role'] extends 'editor' ? never : M;
}[RequestName];

export const resultRules: { readonly [M in OpenMethod]: 'viewer' | Fields<ResultOf<M>> } = {
  initialize: {
    fields: {
      version: 'viewer',
      server: 'viewer',
      incarnation: 'viewer',
      pid: number,
      role: 'viewer',
      capabilities: 'viewer',
    },
  },
  'session/list': { fields: { sessions: { each: { fields: sessionInfo } } } },
  'session/attach': { fields: { view: { fields: viewRules }, events: { each: 'event' } } },
  'session/detach': 'viewer',
  'run/wait': {
    fields: {
      outcome: 'viewer',
      steps: { each: { fields: { cell: 'viewer', outcome: 'viewer', error: 'editor', reason: 'editor' } } },
      seq: 'viewer',
    },
  },
  'input/reply': { fields: { seq: 'viewer' } },
  'output/get': { fields: { text: 'viewer', files: 'viewer', asOf: 'viewer' } },
  'output/read': { fields: { from: 'viewer', text: 'viewer', length: 'viewer', cut: 'viewer' } },
  'blob/read': { fields: { content: 'viewer', size: 'viewer' } },
  'parameters/list': { fields: { parameters: { each: { fields: parameter } } } },
  'parameters/set': { fields: { run: 'viewer', plan: 'viewer', seq: 'viewer' } },
};

/** Refusals whose sentence names files. Others than editors are told the meaning alone. */
export const refusalsWithPaths: ReadonlySet<RefusalName> = new Set(['no-interpreter']);
