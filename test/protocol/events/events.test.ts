/** What events change of a view, as `spec/events.md` says it: the examples in `spec/vectors/events`, through our own copy of a notebook. */
import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Client } from '../../../clients/view/client.ts';
import { followSession } from '../../../clients/view/notebook.ts';
import { NotebookView, SessionEvent } from '../../../protocol/types.ts';
import type { Example } from './example.ts';
import { readVectors, vectorFiles } from './vectors.ts';

const nothing = { dispose: () => {} };
const folder = new URL('../../../spec/vectors/events/', import.meta.url);
const files = readdirSync(folder).map((file) => ({ file, vectors: readVectors(readFileSync(new URL(file, folder), 'utf8')) }));
const all = files.flatMap(({ vectors }) => vectors);

describe.each(files)('$file', ({ vectors }) => {
  it.each(vectors)('$name', async ({ view, events, after, asks = false }) => {
    const asked: unknown[] = [];
    let hear = (_: SessionEvent) => {};
    const client = {
      server: { incarnation: view.incarnation },
      onAnyEvent: (listener: (event: SessionEvent) => void) => {
        hear = listener;
        return nothing;
      },
      onDisconnect: () => nothing,
      onClosed: () => nothing,
      request: async (method: string, params: { readonly since?: unknown }) => {
        if (method === 'session/open') return { view: structuredClone(view) };
        asked.push(params.since);
        return new Promise(() => {});
      },
    } as unknown as Client;
    const notebook = await followSession(client, { path: view.path });
    for (const event of events) hear(event);
    expect(notebook.view).toEqual(after);
    expect(asked).toEqual(asks ? [{ incarnation: after.incarnation, seq: after.seq }] : []);
  });
});

describe('the examples', () => {
  it('are as the program writes them', async () => {
    const written = await vectorFiles();
    const advice = 'Files in spec/vectors/events are old; run: npm run spec';
    expect(Object.keys(written).sort(), advice).toEqual(files.map(({ file }) => file).sort());
    for (const [file, text] of Object.entries(written)) {
      expect(readFileSync(new URL(file, folder), 'utf8') === text, `${file}: ${advice}`).toBe(true);
    }
  });

  const advice = 'describe the rule in spec/events.md, add an example to test/protocol/events/rules.ts, and run: npm run spec';

  it.each(SessionEvent.options.map(({ shape }) => [shape.type.value, shape] as const))(
    'show %s with and without each field that it may lack',
    (type, shape) => {
      const shown = all.flatMap(({ events }) => events).filter((event) => event.type === type);
      expect(shown.length, `No example has an event ${type}: ${advice}`).toBeGreaterThan(0);
      for (const [name, field] of Object.entries(shape)) {
        if (!field.safeParse(undefined).success) continue;
        const having = shown.filter((event) => name in event).length;
        expect(having, `No example has an event ${type} with ${name}: ${advice}`).toBeGreaterThan(0);
        expect(shown.length, `No example has an event ${type} without ${name}: ${advice}`).toBeGreaterThan(having);
      }
    },
  );

  it('have events of the protocol, and one type that is not in it', () => {
    const unknown = all.flatMap(({ events }) => events).filter((event) => !SessionEvent.safeParse(event).success);
    expect(unknown.map(({ type }) => type)).toEqual(['weather']);
  });

  it('change every field of a view that can change', () => {
    const changed = ({ view, after }: Example) =>
      Object.keys(NotebookView.shape).filter((name) => !isDeepStrictEqual(view[name as 'seq'], after[name as 'seq']));
    const fields = new Set(all.flatMap(changed));
    expect(
      Object.keys(NotebookView.shape).filter((name) => !fields.has(name)),
      advice,
    ).toEqual(['session', 'incarnation', 'path', 'variant']);
  });
});
