import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tokensMax } from '../../../daemon/limits.ts';
import { nodeHost } from '../../../daemon/node/host.ts';
import type { Access } from '../../../daemon/server/access.ts';
import { Tokens } from '../../../daemon/server/tokens.ts';
import { refusalName } from '../../../protocol/errors.ts';
import { introduction, type Served, serve } from '../../support/served.ts';

const root = 'a'.repeat(64);
const over: Access[] = [];
let tokens: Tokens;
beforeEach(() => {
  vi.useFakeTimers({ now: 1000 });
  over.length = 0;
  tokens = new Tokens({ ...nodeHost, root, now: Date.now, onOver: (access) => over.push(access) });
});
afterEach(() => {
  tokens.close();
  vi.useRealTimers();
});

const viewer: Access = { role: 'viewer', session: 's1' };

function refused(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return refusalName(error);
  }
  return 'not refused';
}

describe('a token', () => {
  it('gives what it was made for; that of the discovery file makes an editor (P52)', () => {
    const { token } = tokens.create(viewer, 60);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(tokens.accessOf(token)).toBe(viewer);
    expect(tokens.accessOf(root)).toEqual({ role: 'editor' });
  });

  it.each([undefined, '', 'a', root.slice(1), `${root}a`, 'b'.repeat(64)])('is not guessed: %s', (given) => {
    tokens.create(viewer, 60);
    expect(tokens.accessOf(given)).toBeUndefined();
  });

  it('ends after its lifetime, not before (P56)', () => {
    const { token, expiresAt } = tokens.create(viewer, 60);
    expect(expiresAt).toBe(61_000);
    vi.advanceTimersByTime(59_999);
    expect([tokens.accessOf(token), over]).toEqual([viewer, []]);
    vi.advanceTimersByTime(1);
    expect([tokens.accessOf(token), over]).toEqual([undefined, [viewer]]);
  });

  it('ends when it is revoked, once (P56)', () => {
    const { token } = tokens.create(viewer, 60);
    tokens.revoke(token);
    expect([tokens.accessOf(token), over]).toEqual([undefined, [viewer]]);
    expect(refused(() => tokens.revoke(token))).toBe('no-such-token');
    expect(refused(() => tokens.revoke(root))).toBe('no-such-token');
    vi.advanceTimersByTime(60_000);
    expect(over).toEqual([viewer]);
  });

  it(`is refused when there are ${tokensMax}, until one has ended`, () => {
    for (let n = 0; n < tokensMax; n++) tokens.create(viewer, n + 1);
    expect(refused(() => tokens.create(viewer, 1))).toBe('limit-reached');
    vi.advanceTimersByTime(1000);
    expect(tokens.create(viewer, 1).token).toHaveLength(64);
  });

  it('need not be given within one process', () => {
    const own = new Tokens({ ...nodeHost, root: undefined, now: Date.now, onOver: () => {} });
    expect([own.accessOf(undefined), own.accessOf('')]).toEqual([{ role: 'editor' }, undefined]);
  });
});

describe('a connection', () => {
  let served: Served;
  beforeEach(async () => {
    vi.useRealTimers();
    served = await serve();
  });
  afterEach(() => served.stop());

  const nameOf = (request: Promise<unknown>) => request.then(() => undefined, refusalName);

  it('ends with its token; the others stay (P56)', async () => {
    const [token, other] = [await served.token('viewer'), await served.token('viewer')];
    const [client, stays] = [await served.client(token), await served.client(other)];
    const closed = new Promise((resolve) => client.onClose(resolve));
    await (await served.client()).request('token/revoke', { token });
    await closed;
    expect(await nameOf(served.connect().request('initialize', introduction(token)))).toBe('not-allowed');
    expect(await stays.request('session/list', {})).toEqual({ sessions: [] });
  });

  it('keeps its role: it is introduced once (P52)', async () => {
    const client = await served.client(await served.token('viewer'));
    expect(await nameOf(client.request('initialize', introduction()))).toBe('not-allowed');
    expect(await nameOf(client.request('server/status', {}))).toBe('not-allowed');
  });

  it('that has not been let in has no role, whatever it tries next', async () => {
    const client = served.connect();
    expect(await nameOf(client.request('initialize', introduction('wrong')))).toBe('not-allowed');
    expect(await nameOf(client.request('session/list', {}))).toBe('not-initialized');
  });

  it('gets no token that lives longer than a week, or for a session that is not open', async () => {
    const client = await served.client();
    const create = (lifetimeSeconds: number, session?: string) =>
      client.request('token/create', { role: 'viewer', lifetimeSeconds, ...(session && { session }) }).then(
        () => 'made',
        (error) => refusalName(error) ?? error.code,
      );
    expect(await Promise.all([create(604_800), create(604_801), create(0), create(60, 's9')])).toEqual([
      'made',
      -32602,
      -32602,
      'no-such-session',
    ]);
  });
});
