/** `headwater cell`: one cell of a session of the daemon. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { refusalName } from '../../protocol/errors.ts';
import type { InterruptLevel, RunMode } from '../../protocol/types.ts';
import type { Client } from '../node/client.ts';
import { timeOf } from '../node/time.ts';
import type { Caller } from './caller.ts';
import { noDaemon, withDaemon, withRunningDaemon } from './daemon.ts';
import { exitCodes, failure } from './exit.ts';
import { absolutePath, readNotebookFile } from './files.ts';
import { interruptUntilStopped } from './interrupt.ts';
import { unprintedBytesMax } from './limits.ts';
import { LineReader } from './lines.ts';
import type { Target } from './places.ts';
import { Answers } from './run/answers.ts';
import { labelsOf, labelText } from './run/cells.ts';
import { EventBuffer } from './run/events.ts';
import { openNotebook } from './run/open.ts';
import { OwnSteps } from './run/own-steps.ts';
import { printer } from './run/printer.ts';
import { onSignals } from './run/signals.ts';
import { WholeStreams } from './run/whole.ts';
import { note, visible } from './say.ts';
import { screenOf } from './screen.ts';

/** Runs the cell and what depends on it, shows it, and gives the exit code. */
export async function runCell(caller: Caller, target: Target, mode: RunMode): Promise<number> {
  const file = readNotebookFile(caller, target.shown);
  const screen = screenOf(caller);
  return withDaemon(caller, async (client) => {
    const events = new EventBuffer(client);
    const view = await openNotebook(caller, client, file);
    const { session } = view;
    const cell = await cellAt(client, session, target);
    const { run } = await client.request('run/start', { session, mode, roots: [cell] });
    const own = new OwnSteps(run);
    const release = onSignals(caller, { interrupt: () => interruptRun(client, session, run, own), stop: async () => {} });
    const listener = printer(screen, labelsOf(view));
    // Where no person sits, another client is to answer.
    const answers = caller.stdin.isTTY ? new Answers(client, screen, () => caller.stdin) : undefined;
    const whole = new WholeStreams({
      client,
      isWanted: (event) => own.concerns(event),
      listener: (event) => {
        listener.event(event);
        answers?.event(event);
      },
      isBehind: () => caller.stdout.writableLength > unprintedBytesMax,
      printed: () => taken(caller.stdout),
    });
    events.replayTo((event) => {
      if (event.session === session) whole.event(event);
    });
    const { outcome, seq } = await client.request('run/wait', { session, run });
    await whole.passed(seq);
    // It ran once for several who asked for it.
    if (own.hasCached(cell)) screen.shown((await client.request('output/get', { session, cell })).text.trimEnd());
    listener.end(outcome);
    answers?.close();
    release();
    return outcome === 'ok' ? exitCodes.ok : outcome === 'failed' ? exitCodes.failed : exitCodes.interrupted;
  });
}

/** Resolves when who reads what we print has taken most of it. */
async function taken(stream: Writable): Promise<void> {
  if (stream.writableNeedDrain) await once(stream, 'drain');
}

export async function interruptCell(caller: Caller, target: Target, level: InterruptLevel | undefined): Promise<void> {
  const session = absolutePath(caller, target.shown);
  const text = await onOpenNotebook(caller, target, async (client) => {
    const { view } = await client.request('session/attach', { session });
    const running = Object.values(view?.cells ?? {}).find(({ status }) => status === 'running');
    if (!view || !running) throw failure(`Nothing is running in ${target.shown}.`);
    const place = labelText(labelsOf(view)(running.id));
    const screen = screenOf(caller);
    const tell = (line: string) => screen.note(line);
    if (await interruptUntilStopped(client, view, { cell: running.id, level, tell })) return `Interrupted the cell at ${place}.`;
    throw failure(
      `The cell at ${place} goes on. To kill the kernel and lose its values, run: headwater cell interrupt --level kill ${target.shown}:1`,
    );
  });
  note(caller, text);
}

export async function cancelCell(caller: Caller, target: Target): Promise<void> {
  const session = absolutePath(caller, target.shown);
  const text = await onOpenNotebook(caller, target, async (client) => {
    const { view } = await client.request('session/attach', { session });
    const cell = await cellAt(client, session, target);
    if (view?.cells[cell]?.status !== 'queued')
      throw failure(`The cell at ${target.shown}:${target.position.line + 1} is not queued.`);
    await client.request('run/cancel', { session, cells: [cell] });
    return `Cancelled the cell at ${labelText(labelsOf(view)(cell))}.`;
  });
  note(caller, text);
}

/** Answers what the notebook asks; without a text, with a line of standard input, or with its end. */
export async function answerInput(caller: Caller, target: Target, given: string | undefined, isEnd: boolean): Promise<void> {
  const session = absolutePath(caller, target.shown);
  const answered = await onOpenNotebook(caller, target, async (client) => {
    const { view } = await client.request('session/attach', { session });
    const asked = view?.input;
    if (!view || !asked) throw failure(`No cell of ${target.shown} is waiting for input.`);
    const text = isEnd ? undefined : (given ?? (await readLine(caller, asked.prompt, asked.isPassword)));
    await client.request('input/reply', { session, input: asked.input, echo: true, ...(text !== undefined && { text }) });
    const { cell, step } = asked;
    return cell === undefined ? `Answered <repl ${step}>.` : `Answered the cell at ${labelText(labelsOf(view)(cell))}.`;
  });
  note(caller, answered);
}

async function readLine({ stdin, stderr }: Caller, prompt: string, isHidden: boolean): Promise<string | undefined> {
  const lines = new LineReader(stdin);
  const typed = new Promise<string | undefined>((resolve) => lines.next({ isHidden }, resolve));
  if (stdin.isTTY) stderr.write(visible(prompt));
  const line = await typed;
  if (stdin.isTTY && isHidden) stderr.write('\n');
  lines.close();
  return line;
}

export async function printOutput(caller: Caller, target: Target, asFile: boolean): Promise<void> {
  const session = absolutePath(caller, target.shown);
  const text = await onOpenNotebook(caller, target, async (client) => {
    const cell = await cellAt(client, session, target);
    if (asFile) return (await client.request('output/file', { session, cell })).path;
    const output = await client.request('output/get', { session, cell });
    if (output.asOf !== undefined) screenOf(caller).note(`As of ${timeOf(output.asOf)}, before Headwater began anew:`);
    const { view } = await client.request('session/attach', { session });
    const error = view?.cells[cell]?.error?.text;
    return output.text + (error ? `${error.trimEnd()}\n` : '');
  });
  caller.stdout.write(text === '' || text.endsWith('\n') ? text : `${text}\n`);
}

/** What runs for others goes on. */
async function interruptRun(client: Client, session: string, run: number, own: OwnSteps): Promise<unknown> {
  return own.isRunning ? client.request('run/interrupt', { session }) : client.request('run/cancel', { session, run });
}

async function cellAt(client: Client, session: string, { position }: Target): Promise<string> {
  return (await client.request('cell/find', { session, position })).cell;
}

async function onOpenNotebook<T>(caller: Caller, { shown }: Target, use: (client: Client) => Promise<T>): Promise<T> {
  try {
    const result = await withRunningDaemon(caller, use);
    if (result === undefined) throw noDaemon();
    return result;
  } catch (error) {
    if (refusalName(error) !== 'no-such-session') throw error;
    throw failure(`${shown} is not open. Open it in your editor, or run a cell of it with: headwater cell run ${shown}:1`);
  }
}
