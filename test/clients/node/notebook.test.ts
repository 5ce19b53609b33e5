import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, connect } from '../../../clients/node/client.ts';
import { type FollowingState, followSession, type Notebook } from '../../../clients/node/notebook.ts';
import { type FakeDaemon, startFakeDaemon } from './fake-daemon.ts';

const path = '/notes/river.py';
const cleanups: (() => unknown)[] = [];
let environment: NodeJS.ProcessEnv;
let daemon: FakeDaemon;
let client: Client;

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-follow-'));
  environment = { HEADWATER_RUNTIME_DIR: folder };
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  daemon = await startDaemon();
  client = await connect({ clientName: 'test', environment, start: false, reconnectTries: 3 });
  cleanups.push(() => client.close());
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startDaemon(): Promise<FakeDaemon> {
  const started = await startFakeDaemon(environment);
  cleanups.push(() => started.stop());
  return started;
}

function stateOf(notebook: Notebook, wanted: FollowingState): Promise<string | undefined> {
  return new Promise((resolve) => notebook.onState((state, reason) => state === wanted && resolve(reason)));
}

describe('following a session', () => {
  it('keeps the view that the daemon has, and tells each change', async () => {
    const notebook = await followSession(client, { path });
    const changes: unknown[] = [];
    notebook.onChange((view, event) => changes.push([view.options.mode, event?.seq]));
    daemon.emit('lazy');
    daemon.emit('eager');
    await notebook.waitFor(({ seq }) => seq === 2);
    expect(changes).toEqual([
      ['lazy', 1],
      ['eager', 2],
    ]);
    expect(notebook.view).toEqual(daemon.view);
  });

  it('can begin with the path of an open notebook', async () => {
    const first = await followSession(client, { path });
    const second = await followSession(client, path);
    daemon.emit('lazy');
    await Promise.all([first, second].map((notebook) => notebook.waitFor(({ options }) => options.mode === 'lazy')));
  });

  it('asks for what it missed when a number is left out (P27)', async () => {
    const notebook = await followSession(client, { path });
    daemon.emit('lazy', 'lost');
    daemon.emit('lazy');
    daemon.emit('eager');
    await notebook.waitFor(({ seq }) => seq === 3);
    expect(daemon.asked.get('session/attach')).toBe(1);
    expect(notebook.view).toEqual(daemon.view);
  });

  it('passes over an event of a type that it does not know; a view that is asked for later contains its effect (P25)', async () => {
    const notebook = await followSession(client, { path });
    daemon.emit('lazy', 'foreign');
    const view = await notebook.waitFor(({ seq }) => seq === 1);
    expect([view.options.mode, view.path, notebook.state]).toEqual(['eager', path, 'following']);
    expect((await followSession(client, path)).view).toEqual(daemon.view);
    expect(daemon.view?.options.mode).toBe('lazy');
  });

  it('ends when the session is closed, for those who wait, too', async () => {
    const notebook = await followSession(client, { path });
    const waiting = notebook.waitFor(() => false);
    daemon.close('headwater stop');
    await expect(waiting).rejects.toThrow('The notebook is closed: headwater stop');
    expect(notebook.state).toBe('closed');
    await expect(notebook.waitFor(() => false)).rejects.toThrow('The notebook is closed: headwater stop');
  });

  it('ends when the client detaches, and the session does not', async () => {
    const notebook = await followSession(client, { path });
    await notebook.detach();
    expect(notebook.state).toBe('closed');
    expect(daemon.view).toBeDefined();
    expect(daemon.asked.get('session/detach')).toBe(1);
  });
});

describe('when the connection drops', () => {
  it('gets the events of the time between, and goes on', async () => {
    const notebook = await followSession(client, { path });
    daemon.emit('lazy');
    await notebook.waitFor(({ seq }) => seq === 1);
    const back = stateOf(notebook, 'following');
    daemon.drop();
    daemon.emit('eager');
    daemon.emit('lazy');
    await back;
    expect(notebook.view).toEqual(daemon.view);
    daemon.emit('eager');
    await notebook.waitFor(({ seq }) => seq === 4);
    expect(daemon.asked.get('session/open')).toBe(1);
  });

  it('opens the notebook again when the daemon began anew (P28)', async () => {
    const notebook = await followSession(client, () => ({ path }));
    const before = notebook.session;
    const back = stateOf(notebook, 'following');
    await daemon.stop();
    daemon = await startDaemon();
    await back;
    expect(notebook.session).not.toBe(before);
    daemon.emit('lazy');
    await notebook.waitFor(({ options }) => options.mode === 'lazy');
    expect(notebook.view.incarnation).toBe(daemon.incarnation);
  });

  it('is closed when somebody closed the session meanwhile', async () => {
    const notebook = await followSession(client, { path });
    const over = stateOf(notebook, 'closed');
    daemon.drop();
    daemon.close('meanwhile');
    expect(await over).toBe(`${notebook.session} is not open.`);
  });

  it('is disconnected when the daemon is not found again', async () => {
    const notebook = await followSession(client, { path });
    const over = stateOf(notebook, 'disconnected');
    const waiting = notebook.waitFor(() => false).catch((error: Error) => error.message);
    await daemon.stop();
    expect(await over).toBe('Disconnected: the daemon was not found again in 3 attempts.');
    expect(await waiting).toBe('Disconnected: the daemon was not found again in 3 attempts.');
  });
});
