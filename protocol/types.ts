/** The nouns of the protocol. Unknown fields are passed over, so a newer peer can talk to an older one. */
import * as z from 'zod';
import type { Described } from './read-only.ts';
import { type OptionName, runningOptions } from './running-options.ts';

export const CellId = z.string().describe('Stable across edits while the session lives; never stored in the file.');
export type CellId = Described<typeof CellId>;

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
  edits: z.array(TextEdit).describe('All on the text as it is; they do not overlap.'),
  isManual: z
    .literal(true)
    .optional()
    .describe('It may change what is computed, or guesses what was meant: a person chooses it.'),
});
export type Fix = Described<typeof Fix>;

export const Problem = z.object({
  code: z.string().describe('Stable name of the rule: multiple-definition, cycle, syntax-error, runtime-error …'),
  severity: Severity,
  message: z.string(),
  range: Range,
  cells: z.array(CellId).describe('The cells it is about; the first is where it is shown.'),
  related: z.array(z.object({ range: Range, message: z.string() })),
  fixes: z.array(Fix).optional().describe('Ways to mend it; worked out by graph/check alone, absent where there is none.'),
});
export type Problem = Described<typeof Problem>;

export const Status = z.enum(['new', 'stale', 'queued', 'running', 'fresh', 'failed', 'skipped', 'disabled', 'conflict']);
export type Status = Described<typeof Status>;

export const Outcome = z
  .enum(['ok', 'raised', 'stopped', 'interrupted', 'skipped', 'cached'])
  .describe('stopped: the cell ended itself with headwater.stop() or sys.exit(0), which is no failure.');
export type Outcome = Described<typeof Outcome>;

export const InterruptLevel = z
  .enum(['soft', 'sigint', 'group', 'kill'])
  .describe(
    'Cancel the task where the step awaits; KeyboardInterrupt in the step; SIGINT for the process group of the kernel, asked for again SIGKILL for its children; the end of the kernel, with all values.',
  );
export type InterruptLevel = Described<typeof InterruptLevel>;

export const CellKind = z.enum(['code', 'markdown', 'setup', 'function', 'class', 'unparsable']);
export type CellKind = Described<typeof CellKind>;

/** Bytes travel as `bin` in MessagePack and as base64 text in JSON. */
export const Bytes = z.union([z.instanceof(Uint8Array), z.string()]);
export type Bytes = Described<typeof Bytes>;

export const BlobReference = z.object({
  blob: z.string().describe('SHA-256 of the content, hexadecimal; read it with blob/read.'),
  size: z.int().nonnegative().describe('Bytes.'),
});
export type BlobReference = Described<typeof BlobReference>;

export const MimeBundle = z
  .record(z.string(), z.union([z.string(), BlobReference]))
  .describe('By MIME type, always with text/plain. Text stands inline; binary content and large text are references to blobs.');
export type MimeBundle = Described<typeof MimeBundle>;

export const StreamName = z.enum(['stdout', 'stderr']);
export type StreamName = Described<typeof StreamName>;

export const Output = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('stream'),
    stream: StreamName,
    text: z
      .string()
      .describe(
        'In a view the beginning alone: at most streamCharactersMax characters, and cellStreamCharactersMax for all streams of a cell.',
      ),
    elided: z.int().nonnegative().describe('How many characters come after it; output/read gives them.'),
  }),
  z.object({ type: z.literal('display'), bundle: MimeBundle, displayId: z.string().optional() }),
  z.object({ type: z.literal('result'), bundle: MimeBundle }),
]);
export type Output = Described<typeof Output>;

export const ErrorFrame = z.object({
  file: z.string(),
  line: z.int().describe('From 1, as Python counts, where the line was when the step began.'),
  column: z.int().optional().describe('From 1, in characters.'),
  function: z.string(),
  cell: CellId.optional(),
  cellLine: z
    .int()
    .optional()
    .describe('Line within the code of the cell, from 0: with the layout it tells where the line is now.'),
  text: z.string(),
});
export type ErrorFrame = Described<typeof ErrorFrame>;

export const ErrorView = z.object({
  name: z.string().describe('The class of the exception: ValueError.'),
  message: z.string(),
  frames: z.array(ErrorFrame).describe('Outermost first.'),
  text: z.string().describe('The whole traceback as plain text.'),
  exitCode: z
    .number()
    .int()
    .optional()
    .describe('Of `SystemExit` with a number. With anything else Python prints the message and ends with 1.'),
});
export type ErrorView = Described<typeof ErrorView>;

export const CellView = z.object({
  id: CellId,
  name: z.string().optional(),
  kind: CellKind,
  code: z.string(),
  defs: z.array(z.string()),
  refs: z.array(z.string()),
  locals: z.array(z.string()),
  parents: z.array(CellId),
  children: z.array(CellId),
  status: Status,
  reason: z.string().optional().describe('Why it stands so, for a person: "x comes from load, which failed".'),
  manual: z.boolean(),
  /** What the last step showed; the outputs of a stale cell are those of its last run. */
  outputs: z.array(Output),
  error: ErrorView.optional(),
  asOf: z
    .number()
    .optional()
    .describe(
      'Outputs and error are those of this time, in milliseconds since 1970, before the daemon began anew: the same code gave them, and the values are gone.',
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
        .describe('How often its outputs were taken away so far: places in them count from the last time.'),
    })
    .optional(),
});
export type CellView = Described<typeof CellView>;

export const CellPlace = z.object({
  id: CellId,
  line: z.int().describe('First line of the cell in the document, from 0, its marker or decorator included.'),
  endLine: z.int().describe('Last line.'),
  codeLine: z.int().describe('Line of the first line of code.'),
});
export type CellPlace = Described<typeof CellPlace>;

export const KernelView = z.object({
  phase: z.enum(['none', 'starting', 'idle', 'busy', 'stopping', 'dead']),
  generation: z.int().describe('Counts the kernels of this session.'),
  python: z.string().optional().describe('Path of the interpreter.'),
  source: z.string().optional().describe('Why this interpreter: "VIRTUAL_ENV", ".venv beside the notebook" …'),
  version: z.string().optional(),
  pid: z.int().optional(),
  reason: z.string().optional().describe('Of a dead kernel: what happened.'),
});
export type KernelView = Described<typeof KernelView>;

export const PlannedStep = z.object({
  cell: CellId,
  reason: z.string().describe('asked for · stale ancestor · used up · descendant · stale'),
});
export type PlannedStep = Described<typeof PlannedStep>;

export const RunMode = z.enum(['reactive', 'upstream', 'only', 'stale', 'all']);
export type RunMode = Described<typeof RunMode>;

export const RunView = z.object({
  id: z.int(),
  mode: RunMode,
  roots: z.array(CellId),
  plan: z.array(PlannedStep),
  done: z.int().describe('How many steps of the plan are over.'),
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
  input: z.int().describe('Counts the questions of this session; an answer names it.'),
  cell: CellId,
  step: z.int(),
  prompt: z.string().describe('As the program gave it; already printed where it is no password.'),
  isPassword: z.boolean().describe('What is typed is not to be seen.'),
});
export type InputView = Described<typeof InputView>;

export const NotebookView = z.object({
  session: z.string(),
  incarnation: z.string().describe('One life of the daemon.'),
  seq: z.int().describe('Number of the last event that this view contains.'),
  path: z.string(),
  format: z.enum(['marimo', 'percent']).optional().describe('Absent while the text is no notebook.'),
  options: RunningOptions,
  version: z.int().describe('Version of the text, as its owner counts; 0 for the text of the file.'),
  layout: z.array(CellPlace).describe('The cells in page order.'),
  cells: z.record(CellId, CellView),
  problems: z.array(Problem),
  kernel: KernelView,
  runs: z.array(RunView).describe('Accepted and not yet sealed, oldest first.'),
  notice: z.string().optional().describe('A trouble of the daemon with this notebook that a person should know.'),
  input: InputView.optional().describe('What the running step waits to be told, with input/reply.'),
});
export type NotebookView = Described<typeof NotebookView>;

const at = { session: z.string(), seq: z.int() };
const inStep = { ...at, cell: CellId, step: z.int() };

/** One change of a notebook. Numbered without gaps in its session and incarnation. */
export const SessionEvent = z.discriminatedUnion('type', [
  z.object({
    ...at,
    type: z.literal('text'),
    version: z.int(),
    format: z.enum(['marimo', 'percent']).optional(),
    layout: z.array(CellPlace).optional().describe('Absent when no cell moved, and where `shift` says how.'),
    shift: z
      .object({ place: CellPlace, lines: z.int() })
      .optional()
      .describe('The cell stands at this place now, and all cells below it so many lines further down.'),
    removed: z.array(CellId),
    cells: z.array(CellView).describe('New cells and those whose text changed.'),
  }),
  z.object({
    ...at,
    type: z.literal('cells'),
    cells: z.array(
      z.object({
        id: CellId,
        status: Status,
        reason: z.string().optional(),
        parents: z.array(CellId).optional().describe('Absent when they are as before, as is children.'),
        children: z.array(CellId).optional(),
      }),
    ),
  }),
  z.object({ ...at, type: z.literal('problems'), problems: z.array(Problem) }),
  z.object({ ...at, type: z.literal('kernel'), kernel: KernelView }),
  z.object({ ...at, type: z.literal('options'), options: RunningOptions }),
  z.object({ ...at, type: z.literal('notice'), message: z.string().optional().describe('Absent when the trouble is over.') }),
  z.object({ ...at, type: z.literal('path'), path: z.string() }),
  z.object({ ...at, type: z.literal('run.accepted'), run: RunView }),
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
    ...inStep,
    type: z.literal('step.interrupt'),
    level: InterruptLevel,
    state: z
      .enum(['sent', 'taken', 'nothing-to-cancel', 'expired'])
      .describe(
        'taken: the worker says so. nothing-to-cancel: the step does not await. expired: the deadline is over and the step goes on.',
      ),
  }),
  z.object({
    ...inStep,
    type: z.literal('kernel.survivors'),
    processes: z
      .array(z.object({ pid: z.int(), command: z.string() }))
      .describe(
        'After the end of an interrupted step: what its kernel started and still runs. The event is absent where that is nothing.',
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
      .describe('The text stands from this character of the stream on, instead of what was there: a line was written anew.'),
    stream: StreamName.optional().describe('Where it is not that of the output, since the step has too many of them.'),
  }),
  z.object({
    ...inStep,
    type: z.literal('output.gap'),
    index: z.int(),
    first: z.int().describe('The event stands for all from this number on, up to its own.'),
    from: z.int().nonnegative().describe('First character that is missing, or was told before and may be another.'),
    to: z.int().nonnegative().describe('Length of the stream up to here; what comes next follows.'),
  }),
  z.object({ ...inStep, type: z.literal('output.updated'), index: z.int(), output: Output }),
  z
    .object({ ...inStep, type: z.literal('output.cleared') })
    .describe('The step has no output any more; the next one has index 0.'),
  z.object({ ...inStep, type: z.literal('input.requested'), input: z.int(), prompt: z.string(), isPassword: z.boolean() }),
  z.object({ ...inStep, type: z.literal('input.ended'), input: z.int(), outcome: z.enum(['answered', 'withdrawn']) }),
  z.object({
    ...at,
    type: z.literal('output.unattributed'),
    stream: StreamName,
    text: z.string(),
    elided: z.int().nonnegative().optional().describe('So many characters were left out instead; they are not kept.'),
    first: z.int().optional().describe('The event stands for all from this number on, up to its own.'),
  }),
]);
export type SessionEvent = Described<typeof SessionEvent>;
