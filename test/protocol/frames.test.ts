import { readdirSync, readFileSync } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Encoded } from '../../protocol/encoded.ts';
import { gatheredBytesMax } from '../../protocol/limits.ts';
import { encodeBody } from '../../protocol/node/bodies.ts';
import { encodeFrame, FrameReader, FrameWriter, frameChannel } from '../../protocol/node/frames.ts';

const folder = new URL('../../spec/vectors/frames/', import.meta.url);

interface Vector {
  readonly name: string;
  readonly text?: string;
  readonly hex?: string;
  readonly bodyBytesMax?: number;
  readonly read: readonly Read[];
}

type Read =
  | { readonly message: unknown }
  | { readonly error: { readonly code: number; readonly id: unknown }; readonly ends?: true };

const files = readdirSync(folder).map((file) => ({
  file,
  vectors: JSON.parse(readFileSync(new URL(file, folder), 'utf8')).vectors as Vector[],
}));

describe.each(files)('$file', ({ vectors }) => {
  it.each(vectors)('$name', async (vector) => {
    const bytes = vector.hex === undefined ? Buffer.from(vector.text ?? '') : Buffer.from(vector.hex, 'hex');
    expect(await read([bytes], vector.bodyBytesMax)).toEqual(vector.read);
    expect(
      await read(
        [...bytes].map((byte) => Buffer.of(byte)),
        vector.bodyBytesMax,
      ),
    ).toEqual(vector.read);
    for (let cut = 1; cut < Math.min(bytes.length, 400); cut++) {
      expect(await read([bytes.subarray(0, cut), bytes.subarray(cut)], vector.bodyBytesMax), `cut at ${cut}`).toEqual(
        vector.read,
      );
    }
  });
});

/** What a reader makes of these chunks, messages and errors in their order. */
async function read(chunks: readonly Uint8Array[], frameBytesMax?: number): Promise<Read[]> {
  const stream = new PassThrough({ highWaterMark: 1 << 20 });
  const results: Read[] = [];
  const ended = new Promise<void>((resolve) => {
    const reader = new FrameReader(stream, {
      ...(frameBytesMax !== undefined && { frameBytesMax }),
      onUnreadable: ({ id, error: { code } }, isFatal) => {
        results.push({ error: { code, id }, ...(isFatal && { ends: true as const }) });
        if (isFatal) stream.destroy();
      },
    });
    reader.onClose(() => resolve());
    reader.listen((message) => void results.push({ message: JSON.parse(JSON.stringify(message, bytesAsText)) }));
  });
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await ended;
  return results;
}

function bytesAsText(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  return original instanceof Uint8Array ? { $bytes: Buffer.from(original).toString('base64') } : value;
}

it('a body of 64 MiB is read, and one byte more is passed over (P5)', async () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'server/status', params: {} });
  const framed = (bytes: number) => Buffer.from(`Content-Length: ${bytes}\r\n\r\n${body.padEnd(bytes)}`);
  const message = JSON.parse(body);
  expect(await read([framed(64 * 1024 * 1024)])).toEqual([{ message }]);
  expect(await read([framed(64 * 1024 * 1024 + 1), framed(body.length)])).toEqual([
    { error: { code: -32913, id: null } },
    { message },
  ]);
});

describe('a frame that is written', () => {
  it.each(['json', 'msgpack'] as const)('reads as it was in %s, without the fields that are undefined (P4)', async (encoding) => {
    const message = {
      jsonrpc: '2.0',
      id: 1,
      result: { kept: [1, null], dropped: undefined, nested: [{ a: undefined, b: 'ü' }] },
    };
    expect(await read([encodeFrame(message, encoding)])).toEqual([
      { message: { jsonrpc: '2.0', id: 1, result: { kept: [1, null], nested: [{ b: 'ü' }] } } },
    ]);
  });

  it('carries bytes as bin in MessagePack and as base64 in JSON (P4)', async () => {
    const message = { jsonrpc: '2.0', id: 1, result: { content: Uint8Array.of(0, 255, 16), other: Buffer.of(0, 255, 16) } };
    const [packed] = await read([encodeFrame(message, 'msgpack')]);
    expect(packed).toEqual({
      message: { jsonrpc: '2.0', id: 1, result: { content: { $bytes: 'AP8Q' }, other: { $bytes: 'AP8Q' } } },
    });
    const [text] = await read([encodeFrame(message, 'json')]);
    expect(text).toEqual({ message: { jsonrpc: '2.0', id: 1, result: { content: 'AP8Q', other: 'AP8Q' } } });
  });

  it('does not change the message that it was made of', () => {
    const message = { jsonrpc: '2.0', id: 1, result: { content: Uint8Array.of(1), gone: undefined } };
    encodeFrame(message, 'json');
    encodeFrame(message, 'msgpack');
    expect(message.result.content).toEqual(Uint8Array.of(1));
    expect('gone' in message.result).toBe(true);
  });
});

describe('a message with a part that is encoded already', () => {
  const value = { content: Uint8Array.of(0, 255, 16), text: 'ü', list: [1, null] };
  const heads = [
    ['result', { jsonrpc: '2.0', id: 1 }],
    ['result', { jsonrpc: '2.0', id: 'a "quoted" id' }],
    ['params', { jsonrpc: '2.0', method: 'session/event' }],
  ] as const;

  it.each(heads.flatMap(([field, head]) => (['json', 'msgpack'] as const).map((encoding) => [field, head, encoding] as const)))(
    'reads as if it were not: %s of %j in %s',
    async (field, head, encoding) => {
      const part = new Encoded(encoding, encodeBody(value, encoding));
      const stream = new PassThrough();
      await new FrameWriter(stream, { encoding }).write({ ...head, [field]: part });
      expect(await read([stream.read()])).toEqual(await read([encodeFrame({ ...head, [field]: value }, encoding)]));
    },
  );

  it('is encoded anew for a peer that speaks otherwise by now', async () => {
    const part = new Encoded('msgpack', encodeBody(value, 'msgpack'));
    const stream = new PassThrough();
    await new FrameWriter(stream, { encoding: 'json' }).write({ jsonrpc: '2.0', id: 1, result: part } as never);
    expect(await read([stream.read()])).toEqual(await read([encodeFrame({ jsonrpc: '2.0', id: 1, result: value }, 'json')]));
  });
});

describe('a writer', () => {
  const request = { jsonrpc: '2.0', id: 1, method: 'server/status', params: { text: 'x'.repeat(100) } };

  it('gives the stream at once what was written in one turn, in its order', async () => {
    const calls: number[] = [];
    const chunks: Buffer[] = [];
    const stream = new Writable({
      writev(written, done) {
        calls.push(written.length);
        for (const { chunk } of written) chunks.push(chunk);
        done();
      },
    });
    const writer = new FrameWriter(stream);
    const messages = [1, 2, 3].map((id) => ({ jsonrpc: '2.0', id, result: null }));
    await Promise.all(messages.map((message) => writer.write(message)));
    await writer.write({ ...messages[0], id: 4 } as never);
    expect(calls).toEqual([1, 1]);
    expect(await read(chunks)).toMatchObject([1, 2, 3, 4].map((id) => ({ message: { id } })));
  });

  it('gives the stream what was written in the turn in which it ends', async () => {
    const output = new PassThrough();
    const { writer, close } = frameChannel({ input: new PassThrough(), output });
    const taken = [1, 2].map((id) => writer.write({ jsonrpc: '2.0', id, result: null } as never));
    close();
    await Promise.all(taken);
    expect(await read([output.read()])).toMatchObject([{ message: { id: 1 } }, { message: { id: 2 } }]);
  });

  it('counts what waits for the end of the turn among what the peer has not taken, and gathers no more than its bound', async () => {
    const sizes: number[] = [];
    const stream = new Writable({ write: (chunk, _encoding, done) => done(void sizes.push(chunk.length)) });
    const { writer, backlog } = frameChannel({ input: new PassThrough(), output: stream });
    const answer = { jsonrpc: '2.0', id: 1, result: 'x'.repeat(gatheredBytesMax / 3) } as never;
    const taken = [writer.write(answer), writer.write(answer)];
    expect(backlog()).toBeGreaterThan((2 * gatheredBytesMax) / 3);
    await Promise.all([...taken, writer.write(answer), writer.write(answer)]);
    expect(sizes).toHaveLength(2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(gatheredBytesMax);
  });

  it('encodes once what several peers are told, each as it speaks', async () => {
    let looks = 0;
    const params = {
      get text() {
        looks += 1;
        return 'news';
      },
    };
    const told = async (encoding: 'json' | 'msgpack', method: string, options = {}) => {
      const stream = new PassThrough();
      await new FrameWriter(stream, { encoding, ...options }).write({ jsonrpc: '2.0', method, params } as never);
      return read([stream.read()]);
    };
    for (const encoding of ['json', 'msgpack'] as const) {
      const messages = [{ message: { jsonrpc: '2.0', method: 'a', params: { text: 'news' } } }];
      expect(await told(encoding, 'a')).toEqual(messages);
      const looksOnce = looks;
      for (let peer = 0; peer < 3; peer += 1) expect(await told(encoding, 'a')).toEqual(messages);
      expect(looks).toBe(looksOnce);
    }
    expect(await told('msgpack', 'b')).toMatchObject([{ message: { method: 'b' } }]);
    await expect(told('msgpack', 'b', { frameBytesMax: 10 })).rejects.toThrow('more than the limit of 10 for one frame');
  });

  it('refuses a request that no peer would read', async () => {
    const writer = new FrameWriter(new PassThrough(), { frameBytesMax: 64 });
    await expect(writer.write(request)).rejects.toThrow(
      /^The message has 1\d\d bytes, more than the limit of 64 for one frame\.$/,
    );
  });

  it('answers with a refusal instead of an answer that is too large (P8)', async () => {
    const stream = new PassThrough();
    await new FrameWriter(stream, { frameBytesMax: 64 }).write({ jsonrpc: '2.0', id: 9, result: 'x'.repeat(100) } as never);
    stream.end();
    const [answer] = await read([stream.read()]);
    expect(answer).toMatchObject({ message: { id: 9, error: { code: -32913, data: { name: 'limit-reached' } } } });
  });

  it('waits for a slow peer, and gives up one that does not read at all', async () => {
    let fail = (_: Error | null) => {};
    const stuck = new Writable({
      write: (_chunk, _encoding, done) => {
        fail = done;
      },
      destroy: (error, done) => {
        fail(error);
        done(error);
      },
    });
    const writer = new FrameWriter(stuck, { writeQueueBytesMax: 1000 });
    const told = new Promise((resolve) => writer.onError(([error]) => resolve(error.message)));
    const writes = Array.from({ length: 10 }, () => writer.write(request).catch((error: Error) => error.message));
    expect(await writes.at(-1)).toBe('The connection is closed.');
    expect(await Promise.all(writes)).toContain('The peer does not read: more than 1000 bytes are waiting to be sent.');
    expect(await told).toBe('The peer does not read: more than 1000 bytes are waiting to be sent.');
  });

  it('speaks as the peer does (P3)', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const { reader, writer } = frameChannel({ input, output });
    const arrived = new Promise((resolve) => reader.listen(resolve));
    input.write(encodeFrame(request, 'msgpack'));
    await arrived;
    await writer.write({ jsonrpc: '2.0', id: 1, result: {} } as never);
    expect(output.read().toString('latin1')).toContain('Content-Type: application/msgpack\r\n');
  });
});

describe('a reader', () => {
  it('says when the connection ended in the middle of a frame', async () => {
    const stream = new PassThrough();
    const reader = new FrameReader(stream);
    const errors: string[] = [];
    reader.onError((error) => errors.push(error.message));
    const closed = new Promise<void>((resolve) => reader.onClose(() => resolve()));
    reader.listen(() => {});
    stream.end('Content-Length: 20\r\n\r\n{"json');
    await closed;
    expect(errors).toEqual(['The connection closed in the middle of a frame.']);
  });

  it('lets a flood wait in the stream', async () => {
    const stream = new PassThrough({ highWaterMark: 1 });
    const reader = new FrameReader(stream);
    const seen: unknown[] = [];
    const pausedAtFirst = new Promise<boolean>((resolve) =>
      reader.listen((message) => seen.push(message) === 1 && resolve(stream.isPaused())),
    );
    const frame = encodeFrame({ jsonrpc: '2.0', method: 'tick', params: {} }, 'json');
    stream.write(Buffer.concat(Array.from({ length: 50 }, () => frame)));
    expect(await pausedAtFirst).toBe(true);
    stream.end();
    await new Promise<void>((resolve) => reader.onClose(() => resolve()));
    expect(seen).toHaveLength(50);
  });

  it('lets what a frame leads to go before the next one, and others their turn', async () => {
    const stream = new PassThrough();
    const seen: string[] = [];
    const all = new Promise<void>((resolve) =>
      new FrameReader(stream).listen((message) => {
        const { id } = message as { id?: number };
        seen.push(`frame ${id}`);
        if (id === 0) setImmediate(() => seen.push('another turn'));
        void Promise.resolve()
          .then(() => undefined)
          .then(() => seen.push(`after ${id}`));
        if (id === 2) resolve();
      }),
    );
    const frames = [0, 1, 2].map((id) => encodeFrame({ jsonrpc: '2.0', id, result: 1 }, 'json'));
    stream.write(Buffer.concat(frames));
    await all;
    expect(seen.slice(0, 5)).toEqual(['frame 0', 'after 0', 'another turn', 'frame 1', 'after 1']);
  });

  it('takes a large body in small pieces in time that grows with its size alone', async () => {
    const frame = encodeFrame({ jsonrpc: '2.0', id: 1, result: 'x'.repeat(4 << 20) }, 'json');
    const pieces = Array.from({ length: Math.ceil(frame.length / 1000) }, (_, n) => frame.subarray(n * 1000, (n + 1) * 1000));
    expect(await read(pieces)).toHaveLength(1);
  });
});
