import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { nodeHost } from '../../../daemon/node/host.ts';
import { ConnectedClient } from '../../../daemon/server/client.ts';
import type { Session } from '../../../daemon/session/session.ts';
import { EventLog } from '../../../daemon/session/told/event-log.ts';
import type { Connection } from '../../../protocol/connection.ts';
import { defaultOptions } from '../../../protocol/running-options.ts';
import type { SessionEvent } from '../../../protocol/types.ts';

function attached() {
  const events = new EventLog();
  const session = {
    id: 's1',
    events,
    isBusy: true,
    get seq() {
      return events.seq;
    },
  };
  const sent: number[] = [];
  const connection = {
    backlog: 0,
    notify: async (_method: string, event: SessionEvent) => void sent.push(event.seq),
  };
  const client = new ConnectedClient('c1', connection as unknown as Connection, nodeHost.timers);
  client.attach(session as unknown as Session, 0);
  const happen = () => events.push({ type: 'options', options: defaultOptions, session: 's1', seq: events.seq + 1 });
  return { session, sent, happen };
}

it('tells of the first step at once, of those right after it together, and of the end without a wait', async () => {
  const { session, sent, happen } = attached();
  happen();
  happen();
  expect(sent).toEqual([1, 2]);
  await turn();
  happen();
  happen();
  expect(sent).toEqual([1, 2]);
  session.isBusy = false;
  happen();
  expect(sent).toEqual([1, 2, 3, 4, 5]);
});

it('tells of a step that goes on what was held back', async () => {
  const { sent, happen } = attached();
  happen();
  await turn();
  happen();
  expect(sent).toEqual([1]);
  await vi.waitFor(() => expect(sent).toEqual([1, 2]));
});

it('does not let text wait until it would be left out', async () => {
  const { session, sent, happen } = attached();
  happen();
  await turn();
  const text = 'x'.repeat(100_000);
  const gap = (seq: number) => ({ type: 'output.unattributed', session: 's1', seq, stream: 'stdout', text: '' }) as const;
  for (let at = 0; at < 40; at += 1) {
    const seq = session.seq + 1;
    session.events.push({ ...gap(seq), text }, gap(seq));
  }
  const gaps = session.events.since(0)?.filter((event) => event.type === 'output.unattributed' && event.text === '');
  expect(gaps).toHaveLength(1);
  expect(sent.length).toBeGreaterThan(30);
  expect(sent).toEqual(sent.map((_, at) => at + 1));
});

it('lets nothing wait while no cell runs', async () => {
  const { session, sent, happen } = attached();
  session.isBusy = false;
  happen();
  await turn();
  happen();
  expect(sent).toEqual([1, 2]);
});
