/** The verbs of the protocol: one description, from which types, checks and reference follow. */
import * as z from 'zod';
import type { RefusalName } from './errors.ts';
import { interruptDeadlineMsMax, outputReadCharactersMax } from './limits.ts';
import type { Described, ReadOnly } from './read-only.ts';
import {
  Bytes,
  CellId,
  ErrorView,
  InterruptLevel,
  KernelView,
  NotebookView,
  Outcome,
  PlannedStep,
  Position,
  Problem,
  Range,
  RunMode,
  RunningOptions,
  SessionEvent,
} from './types.ts';

/** Least to most: a viewer reads, an interactor moves controls, an editor does everything. */
export type Role = 'viewer' | 'interactor' | 'editor';

export interface RequestDescription {
  readonly kind: 'request';
  readonly params: z.ZodType;
  readonly result: z.ZodType;
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

const session = z.string().describe('A session id, or the absolute path of an open notebook.');
const nothing = z.object({});
const askedOptions = RunningOptions.partial().describe('As in RunningOptions. An option that is absent stays as it is.');

export const ContentChange = z.object({
  range: Range.optional().describe('Absent: `text` is the whole new text.'),
  text: z.string(),
});
export type ContentChange = Described<typeof ContentChange>;

export const SessionInfo = z.object({
  session: z.string(),
  path: z.string(),
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
  type: z.string().describe('From the annotation or the literal: int, float, bool, str, Path …; any when neither says.'),
  default: z.string().describe('Source text of the right-hand side.'),
});
export type ParameterInfo = Described<typeof ParameterInfo>;

export const FileFormat = z.enum(['marimo', 'percent', 'ipynb', 'markdown']);
export type FileFormat = Described<typeof FileFormat>;

export const Loss = z.object({
  code: z.string(),
  severity: z.enum(['warning', 'hint']).describe('hint: nothing is lost, but it is said otherwise.'),
  message: z.string(),
  cell: z.int().optional().describe('Index of the cell, from 0.'),
  line: z.int().optional().describe('In the text that was read, from 0, where that is a text of lines.'),
});
export type Loss = Described<typeof Loss>;

const Parameters = z.record(z.string(), z.string()).describe('By name; values as text, read by the type of the parameter.');

export const requests = {
  initialize: {
    kind: 'request',
    params: z.object({
      versions: z.array(z.int()).describe('Protocol versions that the client speaks.'),
      client: z.object({ name: z.string(), version: z.string().optional() }),
      token: z.string().optional().describe('From the discovery file; a socket refuses without it.'),
    }),
    result: z.object({
      version: z.int(),
      server: z.object({ name: z.string(), version: z.string() }),
      incarnation: z.string(),
      pid: z.int(),
      role: z.enum(['viewer', 'interactor', 'editor']),
      capabilities: z.record(z.string(), z.unknown()).describe('Absent means unsupported.'),
    }),
    role: 'viewer',
    changes: false,
    errors: ['incompatible-version', 'not-allowed'],
    since: 1,
    doc: 'Must come first: agrees on a version and says who is who.',
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
    role: 'viewer',
    changes: false,
    errors: [],
    since: 1,
    doc: 'How the daemon stands.',
  },
  'server/stop': {
    kind: 'request',
    params: nothing,
    result: nothing,
    role: 'editor',
    changes: true,
    errors: [],
    since: 1,
    doc: 'Ends every kernel and the daemon.',
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
    params: z.object({
      path: z.string().describe('Absolute path of the file.'),
      text: z.string().optional().describe('The buffer, where the client has the file open; else the file is read.'),
      version: z.int().optional().describe('Version of that buffer.'),
      environment: z
        .record(z.string(), z.string())
        .optional()
        .describe('Environment of the opener: chooses the interpreter and goes to the kernel.'),
      options: askedOptions.optional(),
      format: z
        .enum(['marimo', 'percent'])
        .optional()
        .describe('Read it so whatever the text looks like: as percent, a script without cells is one cell.'),
      python: z.string().optional().describe('An interpreter, before any other choice.'),
      arguments: z.array(z.string()).optional().describe('sys.argv[1:] of the notebook.'),
      directory: z.string().optional().describe('Working directory; the folder of the notebook unless told.'),
    }),
    result: z.object({ view: NotebookView }),
    role: 'editor',
    changes: true,
    errors: ['unreadable-file', 'not-a-notebook', 'limit-reached'],
    since: 1,
    doc: 'Opens a notebook, or joins the session that has it open, and attaches to it. Runs nothing.',
  },
  'session/attach': {
    kind: 'request',
    params: z.object({
      session,
      since: z
        .object({ incarnation: z.string(), seq: z.int() })
        .optional()
        .describe('Where the client was; the events since are sent again when they are still there.'),
    }),
    result: z.object({ view: NotebookView.optional(), events: z.array(SessionEvent).optional() }),
    role: 'viewer',
    changes: false,
    errors: ['no-such-session'],
    since: 1,
    doc: 'A snapshot, or the events since; then every event as a notification.',
  },
  'session/detach': {
    kind: 'request',
    params: z.object({ session }),
    result: nothing,
    role: 'viewer',
    changes: false,
    errors: ['no-such-session'],
    since: 1,
    doc: 'No more events. The session and its values stay.',
  },
  'session/close': {
    kind: 'request',
    params: z.object({ session }),
    result: nothing,
    role: 'editor',
    changes: true,
    errors: ['no-such-session'],
    since: 1,
    doc: 'Ends the kernel and forgets the session.',
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
    errors: ['no-such-session', 'not-owner'],
    since: 1,
    doc: 'The client shows this buffer and owns the text from now on.',
  },
  'text/change': {
    kind: 'request',
    params: z.object({ session, version: z.int(), changes: z.array(ContentChange) }),
    result: z.object({ seq: z.int() }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session', 'not-owner', 'stale-revision'],
    since: 1,
    doc: "The owner's edits, in order, as in LSP. Marks cells stale; runs nothing.",
  },
  'text/save': {
    kind: 'request',
    params: z.object({ session }),
    result: z.object({ seq: z.int() }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session'],
    since: 1,
    doc: 'The owner wrote its buffer to the file.',
  },
  'text/close': {
    kind: 'request',
    params: z.object({ session }),
    result: z.object({ seq: z.int() }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session'],
    since: 1,
    doc: 'The owner let the buffer go: the text falls back to the file.',
  },
  'notebook/convert': {
    kind: 'request',
    params: z.object({
      path: z.string().describe('Absolute path of the file; its ending says what it is, unless `from` does.'),
      text: z.string().optional().describe('Instead of the file.'),
      from: FileFormat.optional(),
      to: FileFormat.optional().describe('Absent: marimo for a script, a script (percent) for anything else.'),
      environment: z
        .record(z.string(), z.string())
        .optional()
        .describe(
          'Of the client, to find a Python that says which cells marimo would keep as text. Runs no code of the notebook.',
        ),
    }),
    result: z.object({
      text: z.string(),
      from: FileFormat,
      to: FileFormat,
      cells: z.int().describe('How many cells the text has.'),
      losses: z.array(Loss).describe('What the text does not say, or says otherwise; what is about the whole notebook first.'),
    }),
    role: 'viewer',
    changes: false,
    errors: ['unreadable-file', 'not-a-notebook', 'limit-reached'],
    since: 1,
    doc: 'The notebook in another format. Writes no file.',
  },
  'graph/check': {
    kind: 'request',
    params: z.object({
      path: z.string(),
      text: z.string().optional().describe('Instead of the file.'),
      problemsOnly: z.boolean().optional().describe('Cells and edges are left empty: only the problems are wanted.'),
      tidy: z.boolean().optional().describe('Also what is no mistake: definitions that nothing reads.'),
      world: z
        .boolean()
        .optional()
        .describe(
          'Also what needs the disk and a Python: what its compiler refuses, modules and files that are missing. Runs no code of the notebook.',
        ),
      strict: z.boolean().optional().describe('A second definition is an error in a script, too.'),
      python: z.string().optional().describe('The interpreter whose modules count; else the one that would run the notebook.'),
      environment: z.record(z.string(), z.string()).optional().describe('Of the client, to find that interpreter.'),
    }),
    result: z.object({
      format: z.enum(['marimo', 'percent']),
      cells: z.array(
        z.object({
          id: z.string(),
          name: z.string().optional(),
          kind: z.string(),
          line: z.int().describe('From 0, as all lines in the protocol.'),
          endLine: z.int(),
          code: z.string(),
          defs: z.array(z.string()),
          refs: z.array(z.string()),
          locals: z.array(z.string()),
        }),
      ),
      edges: z.array(z.tuple([z.int(), z.int(), z.array(z.string())])).describe('From, to, names; by index.'),
      problems: z.array(Problem),
      complaints: z.array(z.string()).describe('What is not understood of the settings that count for this file.'),
    }),
    role: 'viewer',
    changes: false,
    errors: ['unreadable-file', 'not-a-notebook'],
    since: 1,
    doc: 'Analyses a notebook without opening a session.',
  },
  'graph/plan': {
    kind: 'request',
    params: z.object({ session, roots: z.array(CellId).optional(), mode: RunMode }),
    result: z.object({ plan: z.array(PlannedStep), above: z.int(), below: z.int() }),
    role: 'viewer',
    changes: false,
    errors: ['no-such-session', 'no-such-cell'],
    since: 1,
    doc: 'What a run would run, each step with its reason; how many steps the roots need, and how many follow.',
  },
  'cell/find': {
    kind: 'request',
    params: z.object({ session, position: Position }),
    result: z.object({ cell: CellId }),
    role: 'viewer',
    changes: true,
    errors: ['no-such-session', 'no-such-cell'],
    since: 1,
    doc: 'The cell at a place in the text, which is read again from the file where nobody owns it.',
  },
  'run/start': {
    kind: 'request',
    params: z.object({
      session,
      mode: RunMode.describe(
        'reactive: the roots, their stale ancestors and (eager) descendants; upstream: without descendants; only: the roots alone; stale: every stale cell; all.',
      ),
      roots: z.array(CellId).optional(),
      parameters: Parameters.optional(),
      stopAtFailure: z.boolean().optional().describe('The first failure ends the run, as a script would.'),
    }),
    result: z.object({ run: z.int(), plan: z.array(PlannedStep), seq: z.int() }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session', 'no-such-cell', 'bad-parameter', 'no-interpreter', 'in-conflict', 'limit-reached'],
    since: 1,
    doc: 'Accepts a run. Its steps follow as events; run/wait answers at its end. A cell that an older run has yet to begin runs once for both; what older runs have yet to compute from other parameters is skipped.',
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
        'This one alone. Without it: soft, then sigint, then group, each after the deadline of the one before; asked again, the next one at once.',
      ),
      deadlineMs: z.int().positive().max(interruptDeadlineMsMax).optional().describe('For each level.'),
    }),
    result: z.object({ interrupted: z.int().optional().describe('The step that was told to stop.') }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session'],
    since: 1,
    doc: 'Stops the running step and cancels all queued ones. What is tried and what the worker says to it is told by step.interrupt.',
  },
  'run/cancel': {
    kind: 'request',
    params: z.object({
      session,
      run: z.int().optional().describe('This run alone; else every run in which the cells wait.'),
      cells: z.array(CellId).optional().describe('Absent: all that wait.'),
    }),
    result: z.object({ seq: z.int() }),
    role: 'editor',
    changes: true,
    errors: ['no-such-session', 'no-such-cell', 'no-such-run'],
    since: 1,
    doc: 'Takes queued cells out of their runs, each with a step.skipped. What needs them is skipped at its turn; the running step goes on.',
  },
  'input/reply': {
    kind: 'request',
    params: z.object({
      session,
      input: z.int().describe('Which question, by its number in the view or in input.requested.'),
      text: z.string().optional().describe('The line, without its end. Absent: the end of the input, which raises EOFError.'),
      echo: z.boolean().optional().describe('The cell shows the text after its prompt, as a terminal does; never a password.'),
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
    doc: 'A new, empty kernel. Values are forgotten, text and outputs are not; nothing runs.',
  },
  'kernel/stop': {
    kind: 'request',
    params: z.object({ session }),
    result: nothing,
    role: 'editor',
    changes: true,
    errors: ['no-such-session'],
    since: 1,
    doc: 'Ends the kernel; the next run starts a new one.',
  },
  'kernel/info': {
    kind: 'request',
    params: z.object({ session }),
    result: z.object({ kernel: KernelView, memoryBytes: z.number().optional() }),
    role: 'viewer',
    changes: false,
    errors: ['no-such-session', 'no-interpreter'],
    since: 1,
    doc: 'Which interpreter the notebook has or would get, and its memory.',
  },
  'output/get': {
    kind: 'request',
    params: z.object({ session, cell: CellId }),
    result: z.object({
      text: z
        .string()
        .describe(
          'The outputs as plain text, streams as far as they are kept. Of more than 8 Mi characters the first and the last; a line says what is missing.',
        ),
      files: z
        .array(z.object({ mime: z.string(), blob: z.string(), size: z.int() }))
        .describe('Images and other binary parts, in order.'),
      asOf: z.number().optional().describe('As in the view of the cell: they are of an earlier life of the daemon.'),
    }),
    role: 'viewer',
    changes: false,
    errors: ['no-such-session', 'no-such-cell'],
    since: 1,
    doc: 'The outputs of a cell for a file or the clipboard.',
  },
  'output/read': {
    kind: 'request',
    params: z.object({
      session,
      cell: CellId,
      step: z.int().optional().describe('Refused where another has begun meanwhile; the last one unless told.'),
      clearings: z
        .int()
        .nonnegative()
        .optional()
        .describe(
          'Of that step, in the view that the place is from. Refused where its outputs were cleared since; those of now unless told.',
        ),
      index: z.int().nonnegative().describe('Of the output in its step; a stream.'),
      offset: z.int().nonnegative().describe('In characters (UTF-16 units) of the stream.'),
      max: z.int().positive().max(outputReadCharactersMax),
    }),
    result: z.object({
      from: z.int().describe('Where the text begins: the offset, or the end of what is cut there.'),
      text: z.string().describe('At most `max` characters, and none of what comes after a cut; empty at the end.'),
      length: z.int().describe('Of the whole stream, so far.'),
      cut: z
        .object({ from: z.int(), to: z.int().describe('Exclusive.') })
        .optional()
        .describe('What is not kept: of a long stream, the first and the last are.'),
    }),
    role: 'viewer',
    changes: false,
    errors: ['no-such-session', 'no-such-cell', 'no-such-output'],
    since: 1,
    doc: 'A part of a stream, such as what a gap has left out.',
  },
  'output/file': {
    kind: 'request',
    params: z.object({ session, cell: CellId }),
    result: z.object({ path: z.string(), mime: z.string() }),
    role: 'viewer',
    changes: false,
    errors: ['no-such-session', 'no-such-cell'],
    since: 1,
    doc: 'A file on the machine of the daemon that holds the outputs and follows them; the image itself where the last output is one.',
  },
  'blob/read': {
    kind: 'request',
    params: z.object({ blob: z.string() }),
    result: z.object({ content: Bytes, size: z.int() }),
    role: 'viewer',
    changes: false,
    errors: ['no-such-blob'],
    since: 1,
    doc: 'The content of a blob.',
  },
  'parameters/list': {
    kind: 'request',
    params: z.object({ session }),
    result: z.object({ parameters: z.array(ParameterInfo) }),
    role: 'viewer',
    changes: false,
    errors: ['no-such-session'],
    since: 1,
    doc: 'The names that a run may override.',
  },
  'parameters/set': {
    kind: 'request',
    params: z.object({ session, parameters: Parameters }),
    result: z.object({ run: z.int(), plan: z.array(PlannedStep), seq: z.int() }),
    role: 'interactor',
    changes: true,
    errors: ['no-such-session', 'bad-parameter', 'no-interpreter', 'limit-reached'],
    since: 1,
    doc: 'Gives names other values, those of other names stay, and runs the cells that hold them with what follows. The latest value wins: what older runs have yet to compute from older values is skipped.',
  },
} as const satisfies Record<string, RequestDescription>;

export const notifications = {
  'session/event': {
    kind: 'notification',
    direction: 'to-client',
    params: SessionEvent,
    role: 'viewer',
    since: 1,
    doc: 'One change of an attached session, in order.',
  },
  'session/closed': {
    kind: 'notification',
    direction: 'to-client',
    params: z.object({ session: z.string(), reason: z.string() }),
    role: 'viewer',
    since: 1,
    doc: 'An attached session is gone.',
  },
} as const satisfies Record<string, NotificationDescription>;

export type RequestName = keyof typeof requests;
export type NotificationName = keyof typeof notifications;
export type ParamsOf<M extends RequestName> = ReadOnly<z.input<(typeof requests)[M]['params']>>;
export type ResultOf<M extends RequestName> = Described<(typeof requests)[M]['result']>;
export type NotificationParams<N extends NotificationName> = Described<(typeof notifications)[N]['params']>;
