/** The nouns of the protocol. Unknown fields are ignored, so a newer peer can talk to an older one. */
import * as z from 'zod';
import { CellId } from './cell-id.ts';
import { ErrorView, Output, StreamName } from './outputs.ts';
import { PlacelessView, placelessEvents } from './placeless.ts';
import type { Described } from './read-only.ts';
import { type OptionName, runningOptions } from './running-options.ts';

export * from './cell-id.ts';
export * from './outputs.ts';
export * from './placeless.ts';

export const Role = z
  .enum(['viewer', 'interactor', 'editor'])
  .describe(
    'From least to most. viewer: sees what cells show. interactor: also sets parameters and answers questions. editor: everything.',
  );
export type Role = Described<typeof Role>;

export const Position = z.object({
  line: z.int().nonnegative().describe('From 0.'),
  character: z.int().nonnegative().describe('UTF-16 code units from the start of the line, as in LSP.'),
});
export type Position = Described<typeof Position>;

export const Range = z.object({ start: Position, end: Position.describe('Exclusive.') });
export type Range = Described<typeof Range>;

export const Severity = z.enum(['error', 'warning', 'information', 'hint']);
export type Severity = Described<typeof Severity>;

export const TextEdit = z.object({ range: Range, newText: z.string() });
export type TextEdit = Described<typeof TextEdit>;

export const Fix = z.object({
  title: z.string(),
  edits: z.array(TextEdit).describe('All edits refer to the current text. They do not overlap.'),
  isManual: z.literal(true).optional().describe('The fix may change what is computed, or is a guess. A person should decide.'),
});
export type Fix = Described<typeof Fix>;

export const Problem = z.object({
  code: z.string().describe('Stable name of the rule: multiple-definition, cycle, syntax-error, runtime-error …'),
  severity: Severity,
  message: z.string(),
  range: Range,
  cells: z.array(CellId).describe('The affected cells. The problem is shown in the first.'),
  related: z.array(z.object({ range: Range, message: z.string() })),
  fixes: z.array(Fix).optional().describe('Ways to fix it. Only graph/check works them out. Absent if there is none.'),
});
export type Problem = Described<typeof Problem>;

export const Status = z.enum(['new', 'stale', 'queued', 'running', 'fresh', 'failed', 'skipped', 'disabled', 'conflict']);
export type Status = Described<typeof Status>;

export const Outcome = z
  .enum(['ok', 'raised', 'stopped', 'interrupted', 'skipped', 'cached'])
  .describe('stopped: the cell ended itself with headwater.stop() or sys.exit(0), which is not a failure.');
export type Outcome = Described<typeof Outcome>;

export const InterruptLevel = z
  .enum(['soft', 'sigint', 'group', 'kill'])
  .describe(
    'soft: cancel the task that the step awaits. sigint: raise KeyboardInterrupt in the step. group: send SIGINT to the process group of the kernel, and SIGKILL to its children if requested again. kill: end the kernel and lose all values.',
  );
export type InterruptLevel = Described<typeof InterruptLevel>;

export const CellKind = z.enum(['code', 'markdown', 'setup', 'function', 'class', 'unparsable']);
export type CellKind = Described<typeof CellKind>;

export const Unwatched = z
  .object({ names: z.array(z.string()), why: z.string().describe('For a person, as a clause.') })
  .describe(
    'Names of which it is not known whether the last step changed their objects, beside a status of fresh. There may be others.',
  );
export type Unwatched = Described<typeof Unwatched>;

export const SetParameter = z
  .object({
    name: z.string(),
    value: z.string().describe('The Python expression that stands in.'),
    default: z.string().describe('Source text of the right-hand side, which does not count.'),
  })
  .describe('A value that a client has set, and what the text says.');
export type SetParameter = Described<typeof SetParameter>;

export const CellView = z.object({
  id: CellId,
  name: z.string().optional(),
  kind: CellKind,
  code: z.string(),
  defs: z.array(z.string()),
  refs: z.array(z.string()),
  locals: z.array(z.string()),
  parents: z
    .array(CellId)
    .describe(
      'Cells that give this one a name or a shared state, or in a marimo notebook change an object that it reads. In page order.',
    ),
  children: z.array(CellId).describe('The same from the other end: cells that a run of this one may take along.'),
  status: Status,
  reason: z.string().optional().describe('Why the cell has this status, for a person: "x comes from load, which failed".'),
  unwatched: Unwatched.optional(),
  parameters: z.array(SetParameter).optional(),
  manual: z.boolean(),
  /** What the last step showed; the outputs of a stale cell are those of its last run. */
  outputs: z.array(Output),
  error: ErrorView.optional(),
  asOf: z
    .number()
    .optional()
    .describe(
      'The outputs and the error date from this time, in milliseconds since 1970, before the daemon was restarted. The same code produced them; the values are gone.',
    ),
  lastStep: z
    .object({
      step: z.int(),
      startedAt: z.number().describe('Milliseconds since 1970.'),
      durationMs: z.number().optional(),
      outcome: Outcome.optional(),
      clearings: z
        .int()
        .optional()
        .describe('How often its outputs were cleared so far. Positions in them count from the last clearing.'),
    })
    .optional(),
});
export type CellView = Described<typeof CellView>;

export const CellPlace = z.object({
  id: CellId,
  line: z.int().describe('First line of the cell in the document, from 0, including its marker or decorator.'),
  endLine: z.int().describe('Last line.'),
  codeLine: z.int().describe('First line of code.'),
});
export type CellPlace = Described<typeof CellPlace>;

export const KernelView = z.object({
  phase: z.enum(['none', 'starting', 'idle', 'busy', 'stopping', 'dead']),
  generation: z.int().describe('Number of this kernel in the session.'),
  python: z.string().optional().describe('Path of the interpreter.'),
  source: z.string().optional().describe('Why this interpreter was chosen: "VIRTUAL_ENV", ".venv beside the notebook" …'),
  version: z.string().optional(),
  pid: z.int().optional(),
  reason: z.string().optional().describe('What happened to a dead kernel.'),
});
export type KernelView = Described<typeof KernelView>;

export const PlannedStep = z.object({
  cell: CellId,
  reason: z
    .string()
    .describe(
      'asked for · stale ancestor · used up (another cell has changed its value in place) · unit · descendant · stale · state set (a step of the run has set a mo.state that it reads)',
    ),
});
export type PlannedStep = Described<typeof PlannedStep>;

export const RunMode = z.enum(['reactive', 'upstream', 'only', 'stale', 'all']);
export type RunMode = Described<typeof RunMode>;

export const RunView = z.object({
  id: z.int(),
  mode: RunMode,
  roots: z.array(CellId),
  plan: z.array(PlannedStep),
  done: z.int().describe('How many steps of the plan have ended.'),
});
export type RunView = Described<typeof RunView>;

const optionFields = Object.fromEntries(
  Object.entries(runningOptions).map(([name, { values, byDefault, doc }]) => [
    name,
    z.literal(values).describe(`${doc} By default ${byDefault}.`),
  ]),
) as unknown as { readonly [Name in OptionName]: z.ZodLiteral<(typeof runningOptions)[Name]['values'][number]> };

export const RunningOptions = z
  .object(optionFields)
  .describe('How a notebook runs: each option as a client asked for it last, else as the project says, else by default.');
export type RunningOptions = Described<typeof RunningOptions>;

export const InputView = z.object({
  input: z.int().describe('Number of the question in this session. An answer must name it.'),
  cell: CellId.optional().describe('Absent if a placeless step asks.'),
  step: z.int(),
  prompt: z.string().describe('As the program wrote it. Already printed, unless it asks for a password.'),
  isPassword: z.boolean().describe('Do not show what is typed.'),
});
export type InputView = Described<typeof InputView>;

export const NotebookView = z.object({
  session: z.string(),
  incarnation: z.string().describe('Identifies one life of the daemon.'),
  seq: z.int().describe('Number of the last event that this view contains.'),
  path: z.string(),
  variant: z.string().optional().describe('Name of the variant that this is. Absent in the session of the file.'),
  format: z.enum(['marimo', 'percent']).optional().describe('Absent while the text is not a notebook.'),
  options: RunningOptions,
  version: z.int().describe('Version of the text, as counted by its owner. 0 for the text of the file.'),
  layout: z.array(CellPlace).describe('The cells in page order.'),
  cells: z.record(CellId, CellView),
  problems: z.array(Problem),
  kernel: KernelView,
  runs: z.array(RunView).describe('Runs that are accepted and not yet sealed, oldest first.'),
  placeless: z.array(PlacelessView).describe('The last 50 placeless steps that have started, oldest first.'),
  notice: z.string().optional().describe('A problem of the daemon with this notebook that a person should know about.'),
  input: InputView.optional().describe('The question that the running step waits for. Answer it with input/reply.'),
});
export type NotebookView = Described<typeof NotebookView>;

const at = { session: z.string(), seq: z.int() };
const inStep = { ...at, cell: CellId, step: z.int() };
const inAnyStep = { ...inStep, cell: CellId.optional().describe('Absent for a placeless step.') };

/** One change of a notebook. Numbered without gaps in its session and incarnation. */
export const SessionEvent = z.discriminatedUnion('type', [
  z.object({
    ...at,
    type: z.literal('text'),
    version: z.int(),
    format: z.enum(['marimo', 'percent']).optional().describe('Absent if the text is not a notebook.'),
    layout: z.array(CellPlace).optional().describe('Absent if no cell moved, or if `shift` is present.'),
    shift: z
      .object({ place: CellPlace, lines: z.int() })
      .optional()
      .describe('This cell is at this place now, and all cells below it are this many lines further down.'),
    removed: z.array(CellId),
    cells: z
      .array(CellView)
      .describe('New cells, those whose text changed, and those whose error has moved with the text, as a whole.'),
  }),
  z.object({
    ...at,
    type: z.literal('cells'),
    cells: z.array(
      z.object({
        id: CellId,
        status: Status,
        reason: z.string().optional().describe('Absent if there is none, like unwatched and parameters.'),
        unwatched: Unwatched.optional(),
        parameters: z.array(SetParameter).optional(),
        parents: z.array(CellId).optional().describe('Absent if unchanged, like children.'),
        children: z.array(CellId).optional(),
      }),
    ),
  }),
  z.object({ ...at, type: z.literal('problems'), problems: z.array(Problem) }),
  z.object({ ...at, type: z.literal('kernel'), kernel: KernelView }),
  z.object({ ...at, type: z.literal('options'), options: RunningOptions }),
  z.object({ ...at, type: z.literal('notice'), message: z.string().optional().describe('Absent when the problem is over.') }),
  z.object({ ...at, type: z.literal('run.accepted'), run: RunView }),
  z.object({
    ...at,
    type: z.literal('run.continued'),
    run: z.int(),
    plan: z
      .array(PlannedStep)
      .describe('The next round: cells that read a state which a step has set, and what follows from them.'),
  }),
  z.object({ ...at, type: z.literal('run.sealed'), run: z.int(), outcome: z.enum(['ok', 'failed', 'interrupted']) }),
  z.object({ ...inStep, type: z.literal('step.started'), run: z.int(), startedAt: z.number() }),
  z.object({
    ...inStep,
    type: z.literal('step.finished'),
    run: z.int(),
    outcome: Outcome,
    durationMs: z.number(),
    error: ErrorView.optional(),
  }),
  z.object({
    ...at,
    type: z.literal('step.skipped'),
    run: z.int(),
    cell: CellId,
    outcome: z.enum(['skipped', 'cached']),
    reason: z.string(),
  }),
  z.object({
    ...inAnyStep,
    type: z.literal('step.interrupt'),
    level: InterruptLevel,
    state: z
      .enum(['sent', 'taken', 'nothing-to-cancel', 'expired'])
      .describe(
        'taken: confirmed by the worker. nothing-to-cancel: the step does not await. expired: the deadline has passed and the step goes on.',
      ),
  }),
  z.object({
    ...inAnyStep,
    type: z.literal('kernel.survivors'),
    processes: z
      .array(z.object({ pid: z.int(), command: z.string() }))
      .describe(
        'After an interrupted step: processes that its kernel started and that still run. There is no event if there are none.',
      ),
  }),
  z.object({ ...inStep, type: z.literal('output.added'), output: Output }),
  z.object({
    ...inStep,
    type: z.literal('output.appended'),
    index: z.int(),
    text: z.string(),
    from: z
      .int()
      .nonnegative()
      .optional()
      .describe('The text replaces the stream from this character on: a line was overwritten.'),
    stream: StreamName.optional().describe(
      'Present if it differs from that of the output, because the step has too many outputs.',
    ),
  }),
  z.object({
    ...inStep,
    type: z.literal('output.gap'),
    index: z.int(),
    first: z.int().describe('The event replaces all events from this number up to its own.'),
    from: z.int().nonnegative().describe('First character that is missing, or that was sent before and may have changed.'),
    to: z.int().nonnegative().describe('Length of the stream up to here. Later text continues from there.'),
  }),
  z.object({ ...inStep, type: z.literal('output.updated'), index: z.int(), output: Output }),
  z
    .object({ ...inStep, type: z.literal('output.cleared') })
    .describe('The step no longer has any output. The next one has index 0.'),
  z.object({ ...inAnyStep, type: z.literal('input.requested'), input: z.int(), prompt: z.string(), isPassword: z.boolean() }),
  z.object({ ...inAnyStep, type: z.literal('input.ended'), input: z.int(), outcome: z.enum(['answered', 'withdrawn']) }),
  z.object({
    ...at,
    type: z.literal('output.unattributed'),
    stream: StreamName,
    text: z.string(),
    elided: z.int().nonnegative().optional().describe('Number of characters that were left out. They are not kept.'),
    first: z.int().optional().describe('The event replaces all events from this number up to its own.'),
  }),
  z
    .object({ ...at, type: z.literal('hidden'), first: z.int().optional().describe('As in the event that it stands for.') })
    .describe('Stands for an event that the role of the client does not see. Only its number counts.'),
  ...placelessEvents(at),
]);
export type SessionEvent = Described<typeof SessionEvent>;
