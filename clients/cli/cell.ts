/** `headwater cell`: one cell of a session of the daemon. */
import { refusalName } from '../../protocol/errors.ts';
import type { RunMode, SessionEvent } from '../../protocol/types.ts';
import type { Client } from '../node/client.ts';
import { noDaemon, withDaemon, withRunningDaemon } from './daemon.ts';
import { exitCodes, failure } from './exit.ts';
import { absolutePath, readNotebook } from './files.ts';
import type { Target } from './places.ts';
import { labelsOf, labelText } from './run/cells.ts';
import { EventBuffer } from './run/events.ts';
import { openNotebook } from './run/open.ts';
import { printer } from './run/printer.ts';
import { onSignals } from './run/signals.ts';
import { processScreen } from './screen.ts';

/** Runs the cell and what depends on it, shows it, and gives the exit code. */
export async function runCell(target: Target, mode: RunMode): Promise<number> {
  const file = readNotebook(target.shown);
  const screen = processScreen();
  return withDaemon(async (client) => {
    const events = new EventBuffer(client);
    const view = await openNotebook(client, file);
    const { session } = view;
    const cell = await cellAt(client, session, target);
    const { run } = await client.request('run/start', { session, mode, roots: [cell] });
    const release = onSignals({ interrupt: () => client.request('run/interrupt', { session }), stop: async () => {} });
    const listener = printer(screen, labelsOf(view));
    events.replayTo((event) => {
      if (event.session === session && isOfRun(event, run)) listener.event(event);
    });
    const { outcome } = await client.request('run/wait', { session, run });
    listener.end(outcome);
    release();
    return outcome === 'ok' ? exitCodes.ok : outcome === 'failed' ? exitCodes.failed : exitCodes.interrupted;
  });
}

export async function interruptCell(target: Target): Promise<void> {
  const session = absolutePath(target.shown);
  const text = await onOpenNotebook(target, async (client) => {
    const { view } = await client.request('session/attach', { session });
    const running = Object.values(view?.cells ?? {}).find(({ status }) => status === 'running');
    if (!view || !running) throw failure(`Nothing is running in ${target.shown}.`);
    await client.request('run/interrupt', { session });
    return `Interrupted the cell at ${labelText(labelsOf(view)(running.id))}.`;
  });
  process.stderr.write(`${text}\n`);
}

export async function printOutput(target: Target, asFile: boolean): Promise<void> {
  const session = absolutePath(target.shown);
  const text = await onOpenNotebook(target, async (client) => {
    const cell = await cellAt(client, session, target);
    if (asFile) return (await client.request('output/file', { session, cell })).path;
    const output = await client.request('output/get', { session, cell });
    return output.text;
  });
  process.stdout.write(text === '' || text.endsWith('\n') ? text : `${text}\n`);
}

/** Another client's run on the same session is not ours to show; outputs carry no run, as only one step runs at a time. */
function isOfRun(event: SessionEvent, run: number): boolean {
  if (!('run' in event)) return true;
  return (typeof event.run === 'number' ? event.run : event.run.id) === run;
}

async function cellAt(client: Client, session: string, { position }: Target): Promise<string> {
  return (await client.request('cell/find', { session, position })).cell;
}

async function onOpenNotebook<T>({ shown }: Target, use: (client: Client) => Promise<T>): Promise<T> {
  try {
    const result = await withRunningDaemon(use);
    if (result === undefined) throw noDaemon();
    return result;
  } catch (error) {
    if (refusalName(error) !== 'no-such-session') throw error;
    throw failure(`${shown} is not open. Open it in your editor, or run a cell of it with: headwater cell run ${shown}:1`);
  }
}
