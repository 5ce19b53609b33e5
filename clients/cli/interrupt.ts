/** `headwater cell interrupt`: asks for it, and tells what comes of it until the cell has stopped or goes on in spite of all. */
import type { InterruptLevel, NotebookView, SessionEvent } from '../../protocol/types.ts';
import type { Client } from '../node/client.ts';

export const interruptLevels = ['soft', 'sigint', 'group', 'kill'] as const satisfies readonly InterruptLevel[];

type Stage = Extract<SessionEvent, { type: 'step.interrupt' }>;

const states: Readonly<Record<Stage['state'], string>> = {
  sent: 'sent',
  taken: 'taken, it is stopping',
  'nothing-to-cancel': 'it does not await',
  expired: 'it goes on',
};

/** Resolves with whether the cell has stopped. Without a level, one comes after the other up to the process group. */
export async function interruptUntilStopped(
  client: Client,
  view: NotebookView,
  {
    cell,
    level,
    tell,
  }: { readonly cell: string; readonly level: InterruptLevel | undefined; readonly tell: (line: string) => void },
): Promise<boolean> {
  const { session } = view;
  let stopListening = (): void => {};
  const ended = new Promise<boolean>((resolve) => {
    const taken = new Set<InterruptLevel>();
    const listening = client.onEvent(session, (event) => {
      if (event.type === 'step.finished' && event.cell === cell) resolve(true);
      if (event.type !== 'step.interrupt' || event.cell !== cell) return;
      tell(`${event.level}: ${states[event.state]}`);
      if (event.state === 'taken') taken.add(event.level);
      if (event.state === 'expired' && isLast(event.level, level, taken)) resolve(false);
    });
    stopListening = () => listening.dispose();
  });
  const { interrupted } = await client.request('run/interrupt', { session, ...(level && { level }) });
  const hasStopped = interrupted === undefined || (await ended);
  stopListening();
  return hasStopped;
}

/** No other level follows by itself: it was asked for alone, or is the last, or its exception was raised and the program may be saving its work. */
function isLast(level: InterruptLevel, asked: InterruptLevel | undefined, taken: ReadonlySet<InterruptLevel>): boolean {
  return level === asked || level === 'group' || (level === 'sigint' && taken.has(level));
}
