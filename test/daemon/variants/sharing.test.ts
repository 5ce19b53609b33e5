import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Session } from '../../../daemon/session/session.ts';
import type { Sessions } from '../../../daemon/session/sessions.ts';
import { parse } from '../../core/analysis/support.ts';
import { type MemoryServer, memoryServer } from '../../support/memory-server.ts';

let folder: string;
let server: MemoryServer;
let parsed = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hw-sharing-'));
  parsed = 0;
  server = memoryServer(folder, {
    provideKernels: () => ({ prepare: async () => ({ problem: 'no kernel here' }), close: () => undefined }),
    parse: (code) => {
      parsed += 1;
      return parse(code);
    },
  });
});

afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const text = '# %%\nx = 1\n# %%\ny = x + lost\n# %%\nprint(y)\n';

function variant(sessions: Sessions, name: string, given: string | undefined, parameters = {}): Promise<Session> {
  return sessions.openVariant(join(folder, 'notebook.py'), { name, parameters }, { text: given }, {});
}

it('reads and analyses a text once for all variants of it, and for the session of the file', async () => {
  const { sessions } = server;
  writeFileSync(join(folder, 'notebook.py'), text);
  await sessions.open(join(folder, 'notebook.py'), {}, {});
  const once = parsed;
  expect(once).toBeGreaterThan(0);
  for (let at = 0; at < 10; at++) await variant(sessions, `${at}`, at % 2 === 0 ? text : undefined, { x: `${at}` });
  expect(parsed).toBe(once);
  const graphs = new Set(sessions.all.filter((session) => session.variant !== undefined).map(({ state }) => state.graph));
  expect(graphs.size).toBe(1);
  await variant(sessions, 'other', text.replace('x = 1', 'x = 2'));
  expect(parsed).toBeGreaterThan(once);
});

it('shows in each variant what a session shows that is opened by itself', async () => {
  const { sessions } = server;
  const session = await sessions.open(join(folder, 'alone.py'), { text }, {});
  const first = await variant(sessions, 'first', text);
  const second = await variant(sessions, 'second', text, { x: '2' });
  const { session: _, seq: __, path: ___, ...expected } = session.view();
  for (const each of [first, second]) {
    const { session: ____, seq: _____, path: ______, variant: _______, ...view } = each.view();
    expect(view).toEqual(expected);
  }
  expect(expected.problems.map(({ code }) => code)).toEqual(['undefined-name']);
});

it('leaves nothing of one variant in another', async () => {
  const { sessions } = server;
  const first = await variant(sessions, 'first', text);
  const second = await variant(sessions, 'second', text);
  const before = structuredClone(second.view());
  first.startRun('all', [], { x: '5' }, false);
  first.setOptions({ mode: 'lazy' });
  expect(second.view()).toEqual(before);
  await sessions.close(first);
  expect((await variant(sessions, 'third', text)).view().cells).toEqual(before.cells);
});
