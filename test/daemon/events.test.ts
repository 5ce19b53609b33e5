/** The order in which a client hears what happens. */
import { afterEach, expect, it } from 'vitest';
import type { SessionEvent } from '../../protocol/types.ts';
import { TestDaemon, type TestNotebook } from '../support/daemon.ts';

let daemon: TestDaemon;
afterEach(() => daemon.stop());

/** A notebook, and every event of it from now on. */
async function heard(text: string): Promise<{ notebook: TestNotebook; events: SessionEvent[] }> {
  daemon = await TestDaemon.create();
  const notebook = await daemon.notebook(text);
  const events: SessionEvent[] = [];
  notebook.client.onEvent(notebook.session, (event) => events.push(event));
  return { notebook, events };
}

const [whole, skipped] = ['step.started step.finished', 'step.skipped'];

const typesAbout = (events: readonly SessionEvent[], run: number, cell?: string) =>
  events
    .filter((event) => 'run' in event && (typeof event.run === 'object' ? event.run.id : event.run) === run)
    .filter((event) => cell === undefined || ('cell' in event && event.cell === cell))
    .map(({ type }) => type);

it('tells a run from its acceptance to its seal, and each step of it from its start to its end (P20, P22, P23)', async () => {
  const { notebook, events } = await heard('# %%\nprint("one")\n# %%\nx = 1 / 0\n# %%\nx\n# %%\nprint("two")\n4\n');
  const first = await notebook.start('all');
  const second = await notebook.start('all');
  for (const run of [first, second]) {
    await notebook.wait(run);
    const types = typesAbout(events, run);
    expect([types[0], types.at(-1)]).toEqual(['run.accepted', 'run.sealed']);
    expect(types.filter((type) => type.startsWith('run.'))).toEqual(['run.accepted', 'run.sealed']);
    const cells = [0, 1, 2, 3].map((at) => typesAbout(events, run, notebook.cell(at).id).join(' '));
    // The second run runs again what the first had begun.
    if (run === first) expect(cells).toEqual([whole, whole, skipped, whole]);
    else expect(cells.every((types) => types === whole || types === skipped)).toBe(true);
  }
  const [{ seq }] = events as [SessionEvent];
  expect(events.map((event) => event.seq)).toEqual(events.map((_, at) => seq + at));
  const printed = events.map((event) => ('step' in event ? `${event.type} ${event.step}` : event.type));
  for (const [at, event] of events.entries()) {
    if (event.type !== 'output.added') continue;
    expect(printed.indexOf(`step.started ${event.step}`)).toBeLessThan(at);
    expect(printed.indexOf(`step.finished ${event.step}`)).toBeGreaterThan(at);
  }
  expect(printed.filter((type) => type.startsWith('output.added')).length).toBeGreaterThanOrEqual(3);
});

it('answers a change with the number of its last immediate effect (P24)', async () => {
  const { notebook } = await heard('# %%\nx = 1\n# %%\nx + 1\n');
  const { client, session, followed } = notebook;
  await notebook.run('all');
  const statuses = new Map<number, string[]>();
  followed.onChange(({ seq }) => statuses.set(seq, notebook.statuses));
  const changes = [{ text: '# %%\nx = 2\n# %%\nx + 1\n' }];
  const edited = await client.request('text/change', { session, version: 2, changes });
  await followed.waitFor(({ seq }) => seq >= edited.seq);
  expect([statuses.get(edited.seq), followed.view.version]).toEqual([['stale', 'stale'], 2]);
  const { run, seq } = await client.request('run/start', { session, mode: 'all' });
  await notebook.wait(run);
  expect(statuses.get(seq)).toEqual(['running', 'queued']);
});
