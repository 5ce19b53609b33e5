/** The verbs of the protocol: one description, from which types, checks and reference follow. */
import * as z from 'zod';
import type { RefusalName } from './errors.ts';
import {
  interruptDeadlineMsMax,
  outputReadCharactersMax,
  tokenLifetimeSecondsMax,
  variableNamesMax,
  variablesListedMax,
  variantNameCharactersMax,
} from './limits.ts';
import type { Described, ReadOnly } from './read-only.ts';
import {
  Bytes,
  CellId,
  ErrorView,
  InterruptLevel,
  KernelView,
  NotebookView,
  Outcome,
  Output,
  PlacelessNames,
  PlacelessOutcome,
  PlannedStep,
  Position,
  Problem,
  Range,
  Role,
  RunMode,
  RunningOptions,
  SessionEvent,
} from './types.ts';

export interface RequestDescription {
  readonly kind: 'request';
  readonly params: z.ZodType;
  readonly result: z.ZodType;
  /** The least role that may send it. What lesser roles than editor see of the answer is in `roles.ts`. */
  readonly role: Role;
  /** Whether it can change a notebook, a kernel or the daemon. */
  readonly changes: boolean;
  readonly errors: readonly RefusalName[];
  readonly since: number;
  readonly doc: string;
}

export interface NotificationDescription {
  readonly kind: 'notification';
  readonly direction: 'to-server' | 'to-client';
  readonly params: z.ZodType;
  readonly role: Role;
  readonly since: number;
  readonly doc: string;
}

const session = z
  .string()
  .describe(
    'A session id. An editor may also give the absolute path of an open notebook, which means the session of the file; a variant has only its id.',
  );
const variant = z
  .string()
  .max(variantNameCharactersMax)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u, 'expected a name without control characters');
const nothing = z.object({});
const askedOptions = RunningOptions.partial().describe('As in RunningOptions. An option that is absent stays as it is.');
const readAs = z
  .enum(['marimo', 'percent'])
  .describe(
    'Read the text in this format, whatever it looks like. As percent, a script without "# %%" lines has the cells that lines of 20 or more "#", "# In[1]:" or "# <codecell>" begin; without these, it is one cell.',
  );

export const ContentChange = z.object({
  range: Range.optional().describe('Absent: `text` is the whole new text.'),
  text: z.string(),
});
export type ContentChange = Described<typeof ContentChange>;

export const SessionInfo = z.object({
  session: z.string(),
  path: z.string(),
  variant: z.string().optional().describe('As in the view.'),
  format: z.enum(['marimo', 'percent']).optional(),
  clients: z.int(),
  kernel: KernelView,
  memoryBytes: z.number().optional(),
  running: z.string().optional().describe('Name or place of the running cell.'),
  stale: z.int().describe('How many cells are stale or new.'),
});
export type SessionInfo = Described<typeof SessionInfo>;

export const ParameterInfo = z.object({
  name: z.string(),
  cell: CellId,
  range: Range,
  type: z.string().describe('From the annotation or the literal: int, float, bool, str, Path …; `any` when neither gives one.'),
  default: z.string().describe('Source text of the right-hand side.'),
  value: z.string().optional().describe('The Python expression that stands in for it. Absent if no client has set one.'),
});
export type ParameterInfo = Described<typeof ParameterInfo>;

export const RunningStep = z.object({
  cell: CellId,
  step: z.int(),
  runningMs: z.number().describe('How long the step has been running.'),
});
export type RunningStep = Described<typeof RunningStep>;

export const VariableView = z.object({
  name: z.string(),
  cell: CellId.describe('The cell that gave the name its value.'),
  step: z.int().describe('The step of that cell.'),
  type: z
    .string()
    .optional()
    .describe('Class of the value, with its module unless that is the notebook or `builtins`. Absent while it is not known.'),
  preview: z.string().optional().describe('One line, at most 200 characters. No code of the notebook runs to make it.'),
  shape: z.array(z.int()).optional().describe('Of an array or a table, where it is known.'),
  length: z.int().optional().describe('Characters of a text, bytes of a `bytes` object, or items of a built-in container.'),
  bytes: z.int().optional().describe('Memory of the data of an array.'),
  asOf: z
    .int()
    .optional()
    .describe('The value was looked at when this step ended, and may have changed since. Absent: it was looked at now.'),
});
export type VariableView = Described<typeof VariableView>;

export const FileFormat = z.enum(['marimo', 'percent', 'ipynb', 'markdown']);
export type FileFormat = Described<typeof FileFormat>;

export const Loss = z.object({
  code: z.string(),
  severity: z.enum(['warning', 'hint']).describe('hint: nothing is lost, but it is written differently.'),
  message: z.string(),
  cell: z.int().optional().describe('Index of the cell, from 0.'),
  line: z.int().optional().describe('Line in the input text, from 0. Absent for formats that have no lines.'),
});
export type Loss = Described<typeof Loss>;

const ChangedParameters = z
  .record(z.string(), z.string().nullable())
  .describe('By name. Values are text, parsed by the type of the parameter; null takes the value away that was set.');
const Parameters = z.record(z.string(), z.string()).describe('By name. Values are text, parsed by the type of the parameter.');

export const requests = {
  initialize: {
    kind: 'request',
    params: z.object({
      versions: z.array(z.int()).describe('Protocol versions that the client speaks.'),
      client: z.object({ name: z.string(), version: z.string().optional() }),
      token: z.string().optional().describe('From the discovery file, or from token/create. Required over a socket.'),
    }),
    result: z.object({
      version: z.int(),
      server: z.object({ name: z.string(), version: z.string() }),
      incarnation: z.string(),
      pid: z.int(),
      role: Role.describe('What this connection may do and see, until it ends.'),
      capabilities: z.record(z.string(), z.unknown()).describe('Absent means unsupported.'),
    }),
    role: 'viewer',
    changes: false,
    errors: ['incompatible-version', 'not-allowed'],
    since: 1,
    doc: 'Must come first. Agrees on a protocol version and introduces both sides.',
  },
  'server/status': {
    kind: 'request',
    params: nothing,
    result: z.object({
      pid: z.int(),
      incarnation: z.string(),
      version: z.string(),
      startedAt: z.number(),
      clients: z.int(),
      sessions: z.int(),
      memoryBytes: z.number(),
      socket: z.string().optional(),
      log: z.string().optional(),
    }),
    role: 'editor',
    changes: false,
    errors: [],
    since: 1,
    doc: 'The state of the daemon.',
  },
  'server/stop': {
    kind: 'request',
    params: nothing,
    result: nothing,
    role: 'editor',
    changes: true,
    errors: [],
    since: 1,
    doc: 'Stops every kernel and the daemon.',
  },
  'token/create': {
    kind: 'request',
    params: z.object({
      role: Role,
      session: session.optional().describe('The only session that the token is for. Default: every session.'),
      lifetimeSeconds: z.int().positive().max(tokenLifetimeSecondsMax),
    }),
    result: z.object({ token: z.string(), expiresAt: z.number().describe('Milliseconds since 1970.') }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session', 'limit-reached'],
    since: 1,
    doc: 'Makes a token for initialize. It is kept in memory until it expires, is revoked, or the daemon ends.',
  },
  'token/revoke': {
    kind: 'request',
    params: z.object({ token: z.string() }),
    result: nothing,
    role: 'editor',
    changes: true,
    errors: ['no-such-token'],
    since: 1,
    doc: 'Forgets a token that token/create made, and ends the connections that use it.',
  },
  'session/list': {
    kind: 'request',
    params: nothing,
    result: z.object({ sessions: z.array(SessionInfo) }),
    role: 'viewer',
    changes: false,
    errors: [],
    since: 1,
    doc: 'The open notebooks.',
  },
  'session/open': {
    kind: 'request',
    params: z
      .object({
        path: z.string().describe('Absolute path of the file.'),
        text: z.string().optional().describe('The buffer, if the client has the file open. By default the file is read.'),
        version: z.int().optional().describe('Version of that buffer.'),
        environment: z
          .record(z.string(), z.string())
          .optional()
          .describe(
            'Environment of the client. It selects the interpreter and is passed to the kernel. Default: that of the session of the file for a variant, else that of the daemon.',
          ),
        options: askedOptions.optional(),
        format: readAs.optional(),
        python: z.string().optional().describe('The interpreter to use. Takes precedence over any other choice.'),
        arguments: z.array(z.string()).optional().describe('sys.argv[1:] of the notebook.'),
        directory: z.string().optional().describe('Working directory. Default: the folder of the notebook.'),
        variant: variant
          .optional()
          .describe(
            'Opens the variant with this name beside the session of the file. `text` is then its text for good. By default it gets the text that the session of the file has, or the file.',
          ),
        parameters: Parameters.optional().describe(
          'For a new variant: the values that it begins with. A variant that is open keeps its own.',
        ),
      })
      .refine(({ variant, parameters }) => parameters === undefined || variant !== undefined, {
        path: ['parameters'],
        message: 'only a variant begins with parameters; for the session of the file, send parameters/set',
      }),
    result: z.object({ view: NotebookView }),
    role: 'editor',
    changes: true,
    errors: ['unreadable-file', 'not-a-notebook', 'limit-reached', 'variant-exists', 'bad-parameter'],
    since: 1,
    doc: 'Opens a notebook or a variant of it, or joins the session that has it open, and attaches to it. Runs nothing.',
  },
  'session/fork': {
    kind: 'request',
    params: z.object({
      session,
      variant: variant.describe('Name of the new variant.'),
      parameters: Parameters.optional().describe('Values to begin with. What follows from them is stale.'),
    }),
    result: z.object({ view: NotebookView }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session', 'cannot-fork', 'not-at-rest', 'variant-exists', 'bad-parameter', 'limit-reached'],
    since: 1,
    doc: 'Opens a variant that goes on from where the session is, with a copy of its kernel and of all values, and attaches to it. Runs nothing.',
  },
  'session/attach': {
    kind: 'request',
    params: z.object({
      session,
      since: z
        .object({ incarnation: z.string(), seq: z.int() })
        .optional()
        .describe('The last event that the client has. Later events are sent again if they are still kept.'),
    }),
    result: z.object({ view: NotebookView.optional(), events: z.array(SessionEvent).optional() }),
    role: 'viewer',
    changes: false,
    errors: ['no-such-session'],
    since: 1,
    doc: 'Returns a snapshot, or the events that the client missed. Then sends every event as a notification.',
  },
  'session/detach': {
    kind: 'request',
    params: z.object({ session }),
    result: nothing,
    role: 'viewer',
    changes: false,
    errors: ['no-such-session'],
    since: 1,
    doc: 'Stops the events. The session and its values stay.',
  },
  'session/close': {
    kind: 'request',
    params: z.object({ session }),
    result: nothing,
    role: 'editor',
    changes: true,
    errors: ['no-such-session'],
    since: 1,
    doc: 'Stops the kernel and forgets the session.',
  },
  'session/configure': {
    kind: 'request',
    params: z.object({
      session,
      options: askedOptions,
    }),
    result: nothing,
    role: 'editor',
    changes: true,
    errors: ['no-such-session'],
    since: 1,
    doc: 'Changes how the notebook runs.',
  },
  'text/open': {
    kind: 'request',
    params: z.object({ session, version: z.int(), text: z.string() }),
    result: z.object({ seq: z.int() }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session', 'not-owner', 'frozen-text'],
    since: 1,
    doc: 'The client has this buffer open and owns the text from now on.',
  },
  'text/change': {
    kind: 'request',
    params: z.object({ session, version: z.int(), changes: z.array(ContentChange) }),
    result: z.object({ seq: z.int() }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session', 'not-owner', 'stale-revision', 'frozen-text'],
    since: 1,
    doc: "Applies the owner's edits, in order, as in LSP. Marks cells stale; runs nothing.",
  },
  'text/save': {
    kind: 'request',
    params: z.object({ session }),
    result: z.object({ seq: z.int() }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session', 'frozen-text'],
    since: 1,
    doc: 'The owner saved its buffer to the file.',
  },
  'text/close': {
    kind: 'request',
    params: z.object({ session }),
    result: z.object({ seq: z.int() }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session', 'frozen-text'],
    since: 1,
    doc: 'The owner closed its buffer. The text is that of the file again.',
  },
  'notebook/convert': {
    kind: 'request',
    params: z.object({
      path: z.string().describe('Absolute path of the file. Its extension gives the format, unless `from` is set.'),
      text: z.string().optional().describe('Text to use instead of the file.'),
      from: FileFormat.optional(),
      to: FileFormat.optional().describe('Default: marimo for a script, and a script (percent) for anything else.'),
      environment: z
        .record(z.string(), z.string())
        .optional()
        .describe(
          'Environment of the client. It is used to find a Python that knows which cells marimo would keep as text. No code of the notebook runs.',
        ),
    }),
    result: z.object({
      text: z.string(),
      from: FileFormat,
      to: FileFormat,
      cells: z.int().describe('Number of cells in the text.'),
      losses: z.array(Loss).describe('What the text leaves out or writes differently. Losses of the whole notebook come first.'),
    }),
    role: 'editor',
    changes: false,
    errors: ['unreadable-file', 'not-a-notebook', 'limit-reached'],
    since: 1,
    doc: 'Converts the notebook to another format. Writes no file.',
  },
  'graph/check': {
    kind: 'request',
    params: z.object({
      path: z.string(),
      text: z.string().optional().describe('Text to use instead of the file.'),
      format: readAs.optional(),
      problemsOnly: z.boolean().optional().describe('Return only the problems; cells and edges are empty.'),
      tidy: z.boolean().optional().describe('Also report what is not a mistake: definitions that nothing reads.'),
      world: z
        .boolean()
        .optional()
        .describe(
          'Also report what needs the disk and a Python: code that its compiler rejects, missing modules and missing files. No code of the notebook runs.',
        ),
      strict: z.boolean().optional().describe('Treat a second definition as an error in a script, too.'),
      python: z
        .string()
        .optional()
        .describe('The interpreter whose modules count. Default: the one that would run the notebook.'),
      environment: z
        .record(z.string(), z.string())
        .optional()
        .describe('Environment of the client, used to find that interpreter.'),
    }),
    result: z.object({
      format: z.enum(['marimo', 'percent']),
      cells: z.array(
        z.object({
          id: z.string(),
          name: z.string().optional(),
          kind: z.string(),
          line: z.int().describe('From 0, like all lines in the protocol.'),
          endLine: z.int(),
          code: z.string(),
          defs: z.array(z.string()),
          refs: z.array(z.string()),
          locals: z.array(z.string()),
        }),
      ),
      edges: z.array(z.tuple([z.int(), z.int(), z.array(z.string())])).describe('From, to, names. Cells are given by index.'),
      problems: z.array(Problem),
      complaints: z.array(z.string()).describe('Settings for this file that are not understood.'),
      unchecked: z
        .array(z.string())
        .optional()
        .describe('Sentences about what was asked for and could not be checked, because no Python answered.'),
    }),
    role: 'editor',
    changes: false,
    errors: ['unreadable-file', 'not-a-notebook'],
    since: 1,
    doc: 'Analyses a notebook without opening a session.',
  },
  'graph/plan': {
    kind: 'request',
    params: z.object({ session, roots: z.array(CellId).optional(), mode: RunMode }),
    result: z.object({
      plan: z.array(PlannedStep),
      above: z.int().describe('Steps that others of the plan need: stale ancestors, used up, unit.'),
      below: z.int().describe('Steps that follow from the roots: descendants.'),
    }),
    role: 'editor',
    changes: false,
    errors: ['no-such-session', 'no-such-cell'],
    since: 1,
    doc: 'Returns what a run would run: each step with its reason, and how many besides the roots are above and below (P63).',
  },
  'cell/find': {
    kind: 'request',
    params: z.object({ session, position: Position }),
    result: z.object({ cell: CellId }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session', 'no-such-cell'],
    since: 1,
    doc: 'Returns the cell at a position in the text. If nobody owns the text, it is read from the file again.',
  },
  'run/start': {
    kind: 'request',
    params: z.object({
      session,
      mode: RunMode.describe(
        'reactive: the roots, their stale ancestors and, if eager, the descendants of the roots. upstream: the same without descendants. only: just the roots. stale: every stale cell. all: every cell.',
      ),
      roots: z.array(CellId).optional(),
      parameters: Parameters.optional(),
      stopAtFailure: z.boolean().optional().describe('End the run at the first failure, as a script does.'),
    }),
    result: z.object({ run: z.int(), plan: z.array(PlannedStep), seq: z.int() }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session', 'no-such-cell', 'bad-parameter', 'no-interpreter', 'limit-reached'],
    since: 1,
    doc: 'Starts a run. Its steps follow as events; run/wait answers when it ends. A cell that is still queued in an older run runs once for both. Queued cells of older runs that would compute from other parameters are skipped.',
  },
  'run/wait': {
    kind: 'request',
    params: z.object({ session, run: z.int() }),
    result: z.object({
      outcome: z.enum(['ok', 'failed', 'interrupted']),
      steps: z.array(z.object({ cell: CellId, outcome: Outcome, error: ErrorView.optional(), reason: z.string().optional() })),
      seq: z.int(),
    }),
    role: 'viewer',
    changes: false,
    errors: ['no-such-session', 'no-such-run'],
    since: 1,
    doc: 'Answers when the run is sealed.',
  },
  'run/interrupt': {
    kind: 'request',
    params: z.object({
      session,
      level: InterruptLevel.optional().describe(
        'Try this level only. By default: soft, then sigint, then group, each after the deadline of the one before. Another request tries the next level at once.',
      ),
      deadlineMs: z.int().positive().max(interruptDeadlineMsMax).optional().describe('Deadline of each level.'),
    }),
    result: z.object({ interrupted: z.int().optional().describe('The step that is being stopped.') }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session'],
    since: 1,
    doc: 'Stops the running step and cancels all queued ones. step.interrupt events show each attempt and the answer of the worker.',
  },
  'run/cancel': {
    kind: 'request',
    params: z.object({
      session,
      run: z.int().optional().describe('Cancel in this run only. Default: in every run in which the cells are queued.'),
      cells: z.array(CellId).optional().describe('Default: all queued cells.'),
    }),
    result: z.object({ seq: z.int() }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session', 'no-such-cell', 'no-such-run'],
    since: 1,
    doc: 'Removes queued cells from their runs, each with a step.skipped event. Cells that need them are skipped when their turn comes. The running step goes on.',
  },
  'code/evaluate': {
    kind: 'request',
    params: z.object({
      session,
      code: z.string(),
      at: CellId.optional().describe(
        'Give the code what a run of this cell would get now. By default it gets the newest value of each name.',
      ),
    }),
    result: z.object({
      step: z.int().optional().describe('Absent if the step never started.'),
      outcome: PlacelessOutcome,
      outputs: z.array(Output).describe('As in the view.'),
      error: ErrorView.optional(),
      names: PlacelessNames,
      seq: z.int(),
    }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session', 'no-such-cell', 'no-interpreter', 'limit-reached'],
    since: 1,
    doc: 'Runs code that is no cell, a placeless step, and answers when it has ended. It starts after everything that was requested before. What it defines is visible to later placeless steps of this client only. Cancelling the request removes the step from the queue, or interrupts it.',
  },
  'input/reply': {
    kind: 'request',
    params: z.object({
      session,
      input: z.int().describe('Number of the question, from the view or from input.requested.'),
      text: z.string().optional().describe('The line, without its line ending. Absent: end of input, which raises EOFError.'),
      echo: z.boolean().optional().describe('Show the text after the prompt, as a terminal does. A password is never shown.'),
    }),
    result: z.object({ seq: z.int() }),
    role: 'interactor',
    changes: true,
    errors: ['no-such-session', 'no-such-input', 'limit-reached'],
    since: 1,
    doc: 'Answers input() or getpass() of the running step. The first answer counts.',
  },
  'kernel/restart': {
    kind: 'request',
    params: z.object({ session }),
    result: nothing,
    role: 'editor',
    changes: true,
    errors: ['no-such-session', 'no-interpreter'],
    since: 1,
    doc: 'Starts a new, empty kernel. Values are lost; text and outputs stay. Nothing runs.',
  },
  'kernel/stop': {
    kind: 'request',
    params: z.object({ session }),
    result: nothing,
    role: 'editor',
    changes: true,
    errors: ['no-such-session'],
    since: 1,
    doc: 'Stops the kernel. The next run starts a new one.',
  },
  'kernel/info': {
    kind: 'request',
    params: z.object({ session }),
    result: z.object({
      kernel: KernelView,
      memoryBytes: z.number().optional(),
      step: RunningStep.optional().describe('Absent while no cell runs.'),
    }),
    role: 'editor',
    changes: false,
    errors: ['no-such-session', 'no-interpreter'],
    since: 1,
    doc: 'Returns the interpreter that the notebook has or would get, its memory, and the running step.',
  },
  'variables/list': {
    kind: 'request',
    params: z.object({
      session,
      names: z.array(z.string()).max(variableNamesMax).optional().describe('Only these names. Default: all.'),
      offset: z.int().nonnegative().optional().describe('How many to leave out at the beginning. Default: 0.'),
      limit: z.int().positive().max(variablesListedMax).optional().describe(`Default: ${variablesListedMax}.`),
    }),
    result: z.object({
      variables: z.array(VariableView).describe('In page order of their cells.'),
      more: z.boolean().describe('Whether more follow.'),
      note: z.string().optional().describe('Why there are none, for a person.'),
    }),
    role: 'editor',
    changes: false,
    errors: ['no-such-session', 'not-answering', 'limit-reached'],
    since: 1,
    doc: 'Lists the variables that the cells have defined, also while a cell runs. No code of the notebook runs for it.',
  },
  'output/get': {
    kind: 'request',
    params: z.object({ session, cell: CellId }),
    result: z.object({
      text: z
        .string()
        .describe(
          'The outputs as plain text, with the part of each stream that is kept. Beyond 8 Mi characters only the beginning and the end are returned, and a line says what is missing.',
        ),
      files: z
        .array(z.object({ mime: z.string(), blob: z.string(), size: z.int() }))
        .describe('Images and other binary parts, in order.'),
      asOf: z.number().optional().describe('As in the view of the cell: the outputs are from an earlier life of the daemon.'),
    }),
    role: 'viewer',
    changes: false,
    errors: ['no-such-session', 'no-such-cell'],
    since: 1,
    doc: 'Returns the outputs of a cell, for a file or the clipboard.',
  },
  'output/read': {
    kind: 'request',
    params: z.object({
      session,
      cell: CellId.optional().describe('Absent for a placeless step, which `step` names.'),
      step: z.int().optional().describe('Default: the last step. Refused if another step of the cell has started since.'),
      clearings: z
        .int()
        .nonnegative()
        .optional()
        .describe(
          'Number of clearings of that step in the view that the position comes from. Refused if the outputs were cleared since. Default: the current number.',
        ),
      index: z.int().nonnegative().describe('Index of the output in its step. It must be a stream.'),
      offset: z.int().nonnegative().describe('Position in the stream, in UTF-16 code units.'),
      max: z.int().positive().max(outputReadCharactersMax),
    }),
    result: z.object({
      from: z.int().describe('Start of the text: the offset, or the end of the part that is cut there.'),
      text: z.string().describe('At most `max` characters, and nothing beyond a cut. Empty at the end.'),
      length: z.int().describe('Length of the whole stream so far.'),
      cut: z
        .object({ from: z.int(), to: z.int().describe('Exclusive.') })
        .optional()
        .describe('The part that is not kept. Of a long stream, only the beginning and the end are.'),
    }),
    role: 'viewer',
    changes: false,
    errors: ['no-such-session', 'no-such-cell', 'no-such-output'],
    since: 1,
    doc: 'Returns part of a stream, such as the text that a gap left out.',
  },
  'output/file': {
    kind: 'request',
    params: z.object({ session, cell: CellId }),
    result: z.object({ path: z.string(), mime: z.string() }),
    role: 'editor',
    changes: false,
    errors: ['no-such-session', 'no-such-cell', 'unwritable-file'],
    since: 1,
    doc: 'Returns a file, on the machine of the daemon, that holds the outputs and is kept up to date. If the last output is an image, it is that image. Bytes that are no text stand in it as they were printed.',
  },
  'blob/read': {
    kind: 'request',
    params: z.object({ blob: z.string() }),
    result: z.object({ content: Bytes, size: z.int() }),
    role: 'viewer',
    changes: false,
    errors: ['no-such-blob'],
    since: 1,
    doc: 'Returns the content of a blob.',
  },
  'parameters/list': {
    kind: 'request',
    params: z.object({ session }),
    result: z.object({ parameters: z.array(ParameterInfo) }),
    role: 'interactor',
    changes: false,
    errors: ['no-such-session'],
    since: 1,
    doc: 'Lists the names that a run may override.',
  },
  'parameters/set': {
    kind: 'request',
    params: z.object({ session, parameters: ChangedParameters }),
    result: z.object({ run: z.int(), plan: z.array(PlannedStep), seq: z.int() }),
    role: 'interactor',
    changes: true,
    errors: ['no-such-session', 'bad-parameter', 'no-interpreter', 'limit-reached'],
    since: 1,
    doc: 'Sets new values for the given names, or with null gives back what the text says, keeps those of other names, and runs the cells that hold them and the cells that follow. The latest value wins: queued cells of older runs that would compute from older values are skipped.',
  },
} as const satisfies Record<string, RequestDescription>;

export const notifications = {
  'session/event': {
    kind: 'notification',
    direction: 'to-client',
    params: SessionEvent,
    role: 'viewer',
    since: 1,
    doc: 'One change of an attached session. Events come in order.',
  },
  'session/closed': {
    kind: 'notification',
    direction: 'to-client',
    params: z.object({ session: z.string(), reason: z.string() }),
    role: 'viewer',
    since: 1,
    doc: 'An attached session has been closed.',
  },
} as const satisfies Record<string, NotificationDescription>;

export type RequestName = keyof typeof requests;
export type NotificationName = keyof typeof notifications;
export type ParamsOf<M extends RequestName> = ReadOnly<z.input<(typeof requests)[M]['params']>>;
export type ResultOf<M extends RequestName> = Described<(typeof requests)[M]['result']>;
export type NotificationParams<N extends NotificationName> = Described<(typeof notifications)[N]['params']>;

/** Whether the method is about one session, which it has to name. */
export function isAboutSession(method: RequestName): boolean {
  const shape: Readonly<Record<string, z.ZodType>> = requests[method].params.shape;
  return shape['session'] !== undefined && !shape['session'].safeParse(undefined).success;
}
