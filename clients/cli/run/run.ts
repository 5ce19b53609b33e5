/** `headwater run`: one notebook, one fresh session, one server in this process. */
import { inspect } from 'node:util';
import type { ResultOf } from '../../../protocol/methods.ts';
import type { NotebookView, Problem, RunningOptions } from '../../../protocol/types.ts';
import type { Client } from '../../node/client.ts';
import type { Caller } from '../caller.ts';
import { startEmbeddedClient } from '../embedded.ts';
import { exitCodes } from '../exit.ts';
import type { NotebookFile } from '../files.ts';
import { placesIn } from '../places.ts';
import { countProblems, problemLines, problemSummary } from '../render/problems.ts';
import { type Screen, screenOf } from '../screen.ts';
import { Answers } from './answers.ts';
import { labelsOf } from './cells.ts';
import { EventBuffer } from './events.ts';
import { openScript } from './open.ts';
import { Pace } from './pace.ts';
import { printer } from './printer.ts';
import { recorder } from './records.ts';
import { onSignals } from './signals.ts';
import { systemExit } from './system-exit.ts';

export interface RunRequest {
  readonly file: NotebookFile;
  readonly parameters: Readonly<Record<string, string>>;
  readonly arguments: readonly string[];
  readonly isKeepingGoing: boolean;
  readonly isJson: boolean;
  /** What the caller says; the rest as the project says. */
  readonly options: Partial<RunningOptions>;
  readonly python?: string;
  readonly directory?: string;
}

/** Runs the notebook and gives the exit code. */
export async function runNotebook(caller: Caller, request: RunRequest): Promise<number> {
  const { file, python, directory } = request;
  const screen = screenOf(caller);
  const { environment, stdout, stderr } = caller;
  const { client, gate, stop } = await startEmbeddedClient(
    { file: file.path, environment, python, directory },
    // Who reads events is told of questions.
    request.isJson ? undefined : caller.inputDescriptor,
    (error) => void stderr.write(`${inspect(error)}\n`),
  );
  const pace = new Pace(gate, [stdout, stderr]);
  const end = onSignals(caller, {
    interrupt: () => {
      pace.hurry();
      return client.request('run/interrupt', { session: file.path });
    },
    stop: () => {
      pace.end();
      return stop();
    },
  });
  const answers = new Answers(client, screen, () => caller.stdin);
  try {
    return await runIn(caller, { client, screen, answers, pace }, request);
  } finally {
    answers.close();
    screen.clearProgress();
    await stop();
    await pace.caughtUp();
    end();
  }
}

interface Parts {
  readonly client: Client;
  readonly screen: Screen;
  readonly answers: Answers;
  readonly pace: Pace;
}

async function runIn(caller: Caller, { client, screen, answers, pace }: Parts, request: RunRequest): Promise<number> {
  const { file, options, python, directory } = request;
  const events = new EventBuffer(client);
  const view = await openScript(caller, client, file, {
    arguments: request.arguments,
    options,
    ...(python !== undefined && { python }),
    ...(directory !== undefined && { directory }),
  });
  const errors = view.problems.filter((problem) => problem.severity === 'error' && !isMetByRunning(view, problem));
  if (errors.length > 0) reportErrors(file, errors, request, screen);
  if (errors.length > 0 && !request.isKeepingGoing) return exitCodes.failed;

  const label = labelsOf(view);
  const listener = request.isJson ? recorder((line) => caller.stdout.write(line), label) : printer(screen, label);
  let problems = view.problems;
  events.replayTo((event) => {
    if (event.type === 'problems') problems = event.problems;
    listener.event(event);
    answers.event(event);
    if (event.type === 'step.finished') pace.calm();
    else pace.look();
  });
  const { run } = await client.request('run/start', {
    session: view.session,
    mode: 'all',
    parameters: request.parameters,
    stopAtFailure: !request.isKeepingGoing,
  });
  const result = await client.request('run/wait', { session: view.session, run });
  // What the notebook does at its exit still prints, and has little time for it.
  await pace.caughtUp();
  await client.request('session/close', { session: view.session });
  listener.end(result.outcome);
  if (!request.isJson) reportSeen(file, problems, screen);
  return Math.max(exitCode(result), errors.length > 0 ? exitCodes.failed : exitCodes.ok);
}

/** The code that the process ends with: that of sys.exit(), or what became of the run. */
function exitCode({ outcome, steps }: ResultOf<'run/wait'>): number {
  switch (outcome) {
    case 'ok':
      return exitCodes.ok;
    case 'interrupted':
      return exitCodes.interrupted;
    case 'failed': {
      const failed = steps.filter((step) => step.outcome === 'raised');
      const codes = failed.map((step) => systemExit(step.error)?.code ?? exitCodes.failed);
      return codes.find((code) => code !== exitCodes.ok) ?? (failed.length > 0 ? exitCodes.ok : exitCodes.failed);
    }
  }
}

function reportErrors(
  file: NotebookFile,
  errors: NotebookView['problems'],
  { isKeepingGoing, isJson }: RunRequest,
  screen: Screen,
): void {
  for (const line of problemLines(file.shown, errors, placesIn(file.text))) screen.note(line);
  if (isJson || isKeepingGoing) return;
  screen.note(
    `${problemSummary(countProblems(errors))}; nothing ran. Fix the errors, or run the cells that do not depend on them with --keep-going.`,
  );
}

/** What only the run could show. */
function reportSeen(file: NotebookFile, problems: NotebookView['problems'], screen: Screen): void {
  const seen = problems.filter(({ code }) => code === 'hidden-mutation');
  for (const line of problemLines(file.shown, seen, placesIn(file.text))) screen.note(line);
}

/** Errors that Python meets at their own place, after what stands before them has run; all others keep a script from running at all. */
const metByRunning: ReadonlySet<string> = new Set(['undefined-name', 'private-name']);

/** Cells of a script that need each other run as they stand. marimo asks of its setup cell, before it runs anything, that it needs no other name. */
function isMetByRunning(view: NotebookView, { code, cells: [cell] }: Problem): boolean {
  const isOfSetup = cell !== undefined && view.cells[cell]?.kind === 'setup';
  return (metByRunning.has(code) && !isOfSetup) || (view.format === 'percent' && code === 'cycle');
}
