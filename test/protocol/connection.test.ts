import { describe, expect, it } from 'vitest';
import { CancellationTokenSource, ResponseError } from 'vscode-jsonrpc';
import { nodeHost } from '../../daemon/node/host.ts';
import { memoryPair } from '../../daemon/transport/memory.ts';
import { type ConnectionOptions, createConnection } from '../../protocol/connection.ts';
import { refusal, refusalName } from '../../protocol/errors.ts';
import { encodeFrame, frameChannel } from '../../protocol/node/frames.ts';
import { socketPair, streamPair } from './pairs.ts';

const session = 's1';
const closed = { session, reason: 'because' };

function pair(options: { server?: ConnectionOptions; client?: ConnectionOptions } = {}) {
  const [a, b] = memoryPair(nodeHost.timers);
  return { server: createConnection(a, options.server), client: createConnection(b, options.client) };
}

async function failure(promise: Promise<unknown>): Promise<{ code?: number; message: string }> {
  return promise.then(
    () => ({ message: 'no failure' }),
    (error) => error,
  );
}

describe.each([
  ['in memory', async () => memoryPair(nodeHost.timers)],
  [
    'over a socket in JSON',
    async () => (await socketPair()).map((socket) => frameChannel(socket)) as ReturnType<typeof memoryPair>,
  ],
  [
    'over a socket in MessagePack',
    async () =>
      (await socketPair()).map((socket) => frameChannel(socket, { encoding: 'msgpack' })) as ReturnType<typeof memoryPair>,
  ],
] as const)('a connection %s', (_, channels) => {
  it('carries requests, answers, refusals and notifications (P14)', async () => {
    const [a, b] = await channels();
    const server = createConnection(a);
    const client = createConnection(b);
    server.handleAll({
      'cell/find': ({ position }) => {
        if (position.line > 0) throw refusal('no-such-cell', 'There is no cell in line 1.', { line: 1 });
        return { cell: 'a' };
      },
      'blob/read': () => ({ content: Uint8Array.of(1, 2), size: 2 }),
    });
    const heard = new Promise((resolve) => client.onNotification('session/closed', resolve));
    expect(await client.request('cell/find', { session, position: { line: 0, character: 0 } })).toEqual({ cell: 'a' });
    const refused = await failure(client.request('cell/find', { session, position: { line: 1, character: 0 } }));
    expect(refusalName(refused)).toBe('no-such-cell');
    expect(refused).toMatchObject({ message: 'There is no cell in line 1.', data: { retry: false, line: 1 } });
    const { content } = await client.request('blob/read', { blob: 'x' });
    expect(typeof content === 'string' ? content : Buffer.from(content).toString('base64')).toBe('AQI=');
    await server.notify('session/closed', closed);
    expect(await heard).toEqual(closed);
    client.dispose();
    await new Promise<void>((resolve) => server.onClose(() => resolve()));
  });
});

describe('a request that is not as the protocol says', () => {
  it.each([
    [
      { session, position: { line: 'one', character: 0 } },
      'cell/find: position.line: Invalid input: expected number, received string.',
    ],
    [{ position: { line: 0, character: 0 } }, 'cell/find: session: Invalid input: expected string, received undefined.'],
    [[session], 'cell/find: Invalid input: expected object, received array.'],
  ])('is refused with the name of the field: %j (P10)', async (params, message) => {
    const { server, client } = pair();
    server.handle('cell/find', () => ({ cell: 'a' }));
    expect(await failure(client.request('cell/find', params as never))).toMatchObject({ code: -32602, message });
  });

  it('may have fields that nobody knows (P10)', async () => {
    const { server, client } = pair();
    server.handle('session/detach', (params) => {
      expect(params).toEqual({ session });
      return {};
    });
    expect(await client.request('session/detach', { session, hue: 7 } as never)).toEqual({});
  });

  it('may be without params, which are empty then (P10)', async () => {
    const { near, write, answer } = await streamPair();
    createConnection(frameChannel(near)).handle('session/list', (params) => {
      expect(params).toEqual({});
      return { sessions: [] };
    });
    write(encodeFrame({ jsonrpc: '2.0', id: 1, method: 'session/list' }, 'json'));
    expect(await answer()).toMatchObject({ id: 1, result: { sessions: [] } });
    near.destroy();
  });

  it.each(['no/such', 'toString', 'session/list'])('is told that %s is not answered (P11)', async (method) => {
    const { client } = pair({ client: { checkAnswers: false } });
    expect(await failure(client.request(method as 'session/list', {}))).toMatchObject({ code: -32601 });
  });

  it('is kept out by the server before it is looked at', async () => {
    const admit = (method: string) => {
      if (method !== 'initialize') throw refusal('not-initialized', 'Send initialize first.');
    };
    const { server, client } = pair({ server: { admit } });
    server.handle('session/list', () => ({ sessions: [] }));
    expect(refusalName(await failure(client.request('session/list', {})))).toBe('not-initialized');
  });
});

describe('a handler', () => {
  it('that breaks is reported here and says nothing of itself there (P14)', async () => {
    const errors: Error[] = [];
    const { server, client } = pair({ server: { onError: (error) => errors.push(error) } });
    server.handle('session/list', () => {
      throw new Error('secret of line 7');
    });
    const error = await failure(client.request('session/list', {}));
    expect(error).toMatchObject({
      code: -32603,
      message: 'session/list failed because of an internal error; see the log.',
    });
    expect(JSON.stringify(error instanceof ResponseError ? error.toJson() : error)).not.toContain('secret');
    expect(errors.map(({ message, cause }) => [message, (cause as Error).message])).toEqual([
      ['session/list failed', 'secret of line 7'],
    ]);
  });

  it('that only looks is given up when the request is cancelled (P12)', async () => {
    const { server, client } = pair();
    const cancellation = new CancellationTokenSource();
    server.handle('run/wait', (_, token) => {
      setImmediate(() => cancellation.cancel());
      return new Promise(() => token.onCancellationRequested(() => {}));
    });
    expect(await failure(client.request('run/wait', { session, run: 1 }, cancellation.token))).toMatchObject({ code: -32800 });
  });

  it('is given up as well when the request was cancelled before it was made (P12)', async () => {
    const { server, client } = pair();
    const cancellation = new CancellationTokenSource();
    const { token } = cancellation;
    cancellation.cancel();
    server.handle('run/wait', () => new Promise(() => {}));
    expect(await failure(client.request('run/wait', { session, run: 1 }, token))).toMatchObject({ code: -32800 });
  });

  it('that changes something answers with what it did, also when it is cancelled (P12)', async () => {
    const { server, client } = pair();
    const cancellation = new CancellationTokenSource();
    server.handle('kernel/stop', async (_, token) => {
      const cancelled = new Promise<void>((resolve) => token.onCancellationRequested(() => resolve()));
      setImmediate(() => cancellation.cancel());
      await cancelled;
      return {};
    });
    expect(await client.request('kernel/stop', { session }, cancellation.token)).toEqual({});
  });

  it('is not asked when a peer has too many requests open (P13)', async () => {
    const { server, client } = pair();
    server.handle('run/wait', () => new Promise(() => {}));
    const waits = Array.from({ length: 1025 }, (_, run) => client.request('run/wait', { session, run }));
    for (const wait of waits.slice(0, -1)) wait.catch(() => {});
    expect(refusalName(await failure(waits.at(-1) as Promise<unknown>))).toBe('limit-reached');
    client.dispose();
  });
});

describe('an answer', () => {
  it('that is not as the protocol says fails the request, unless nobody checks', async () => {
    const strict = pair();
    strict.server.handle('session/list', () => ({ sessions: 'none' }) as never);
    expect((await failure(strict.client.request('session/list', {}))).message).toMatch(
      /^The answer to session\/list does not match the protocol: sessions: /,
    );
    const trusting = pair({ client: { checkAnswers: false } });
    trusting.server.handle('session/list', () => ({ sessions: 'none' }) as never);
    expect(await trusting.client.request('session/list', {})).toEqual({ sessions: 'none' });
  });
});

describe('a notification', () => {
  it('that this build does not know, or cannot read, is skipped and counted (P11)', async () => {
    const { server, client } = pair();
    const seen: unknown[] = [];
    client.onNotification('session/event', (event) => seen.push(event));
    const heard = new Promise((resolve) => client.onNotification('session/closed', resolve));
    await server.notify('session/renamed' as never, {} as never);
    await server.notify('session/event', { session, seq: 1, type: 'weather' } as never);
    await server.notify('session/closed', closed);
    expect(await heard).toEqual(closed);
    expect(seen).toEqual([]);
    expect(client.notificationsSkipped).toBe(2);
  });

  it('reaches the other listeners when one breaks', async () => {
    const errors: string[] = [];
    const { server, client } = pair({ client: { onError: ({ message }) => errors.push(message) } });
    client.onNotification('session/closed', () => {
      throw new Error('broken');
    });
    const heard = new Promise((resolve) => client.onNotification('session/closed', resolve));
    await server.notify('session/closed', closed);
    expect(await heard).toEqual(closed);
    expect(errors).toEqual(['A listener to session/closed failed']);
  });
});

describe('the end of a connection', () => {
  it('fails what waits for an answer, and what is asked later', async () => {
    const { server, client } = pair();
    server.handle('run/wait', () => {
      server.dispose();
      return new Promise(() => {});
    });
    const sentence = 'The connection closed before run/wait was answered';
    expect(await failure(client.request('run/wait', { session, run: 1 }))).toMatchObject({
      name: 'ConnectionClosedError',
      message: sentence,
    });
    expect(await failure(client.request('run/wait', { session, run: 2 }))).toMatchObject({
      name: 'ConnectionClosedError',
      message: sentence,
    });
    await client.notify('session/closed', closed);
  });

  it('is told once, with its reason, also to those who come late', async () => {
    const [near, far] = await socketPair();
    const connection = createConnection(frameChannel(near));
    const reasons: (string | undefined)[] = [];
    const over = new Promise<void>((resolve) =>
      connection.onClose((reason) => {
        reasons.push(reason?.message);
        resolve();
      }),
    );
    far.write('GET / HTTP/1.1\r\n\r\n');
    await over;
    connection.onClose((reason) => reasons.push(reason?.message));
    expect(reasons).toEqual(Array(2).fill('A header line of a frame has no "Name: value". The connection ends here.'));
  });

  it('does not name a frame that was passed over long ago as its reason', async () => {
    const { near, write, answer } = await streamPair();
    const connection = createConnection(frameChannel(near));
    write(encodeFrame([], 'json'));
    expect(await answer()).toMatchObject({
      id: null,
      error: { code: -32600, message: 'Batches are not supported; send the messages one by one.' },
    });
    const reason = new Promise((resolve) => connection.onClose(resolve));
    near.destroy();
    expect(await reason).toBeUndefined();
  });
});

describe('a pair in memory', () => {
  it('has a bound: a side that does not read is left', async () => {
    const [near] = memoryPair(nodeHost.timers, 10);
    const connection = createConnection(near);
    const over = new Promise<void>((resolve) => connection.onClose(() => resolve()));
    for (let n = 0; n < 11; n++) void connection.notify('session/closed', closed);
    await over;
    expect(near.backlog()).toBeLessThanOrEqual(10);
  });

  it('drops undefined fields as the wire does', async () => {
    const { server, client } = pair({ client: { checkAnswers: false } });
    server.handle('session/list', () => ({ sessions: [], more: undefined }) as never);
    expect('more' in (await client.request('session/list', {}))).toBe(false);
  });
});
