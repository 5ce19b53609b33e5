/** The session of spec/README.md, played as it is written: with a real daemon, over its socket, by a client that knows nothing of ours. */
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { until } from '../support/until.ts';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly [field: string]: unknown;
}

let daemon: TestDaemon;

beforeAll(async () => {
  daemon = await TestDaemon.create();
  // Somebody has started it.
  await daemon.client();
});

afterAll(() => daemon.stop());

it('is true, message by message', async () => {
  const told = readFileSync(new URL('../../spec/README.md', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => /^[→←] /.test(line))
    .map((line) => ({ isSent: line.startsWith('→'), message: JSON.parse(line.slice(2)) as Message }));
  expect(told.length).toBeGreaterThan(20);
  writeFileSync(join(daemon.folder, 'river.py'), '# %%\nx = 6 * 7\nx\n');
  const found = JSON.parse(readFileSync(join(daemon.environment['HEADWATER_RUNTIME_DIR'] as string, 'v1-0.1.0.json'), 'utf8'));
  let line: Line | undefined;
  /** Of the events in the text, those of this daemon: where a cell was told as running, they are further on. */
  const numbers = new Map<number, number>();
  for (const { isSent, message } of told) {
    if (isSent) {
      if (message.method === 'initialize') {
        line?.end();
        line = new Line(found.socket);
      }
      line?.send(asHere(message, found, numbers));
      continue;
    }
    const answer = await (line as Line).next();
    const [seq, seqHere] = [message.params?.['seq'], answer.params?.['seq']];
    if (typeof seq === 'number' && typeof seqHere === 'number') numbers.set(seq, seqHere);
    expect(withoutChance(answer)).toEqual(withoutChance(message));
  }
  line?.end();
  expect([...numbers.values()]).toEqual([...numbers.values()].toSorted((a, b) => a - b));
});

function asHere(message: Message, { token, incarnation }: { token: string; incarnation: string }, numbers: Map<number, number>) {
  return JSON.parse(JSON.stringify(message), (key, value) => {
    if (key === 'token') return token;
    if (key === 'incarnation') return incarnation;
    if (key === 'path') return join(daemon.folder, 'river.py');
    return key === 'seq' ? numbers.get(value) : value;
  });
}

const byChance = new Set(['incarnation', 'pid', 'python', 'version', 'source', 'startedAt', 'durationMs', 'path', 'seq']);

/** Each such field is there, and of the right type. */
function withoutChance(message: Message): unknown {
  return JSON.parse(JSON.stringify(message), (key, value) => (byChance.has(key) ? typeof value : value));
}

/** Frames over the socket. */
class Line {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);

  constructor(path: string) {
    this.#socket = connect(path).on('data', (data) => {
      this.#received = Buffer.concat([this.#received, data]);
    });
  }

  send(message: Message): void {
    const body = JSON.stringify(message);
    this.#socket.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  async next(): Promise<Message> {
    await until(() => this.#isWhole(), 'the next message has come');
    const message = this.#take();
    return isOfRunning(message) ? this.next() : message;
  }

  end(): void {
    this.#socket.destroy();
  }

  #isWhole(): boolean {
    const { start, length } = this.#frame();
    return start >= 0 && this.#received.length >= start + length;
  }

  #take(): Message {
    const { start, length } = this.#frame();
    const body = this.#received.subarray(start, start + length).toString();
    this.#received = this.#received.subarray(start + length);
    return JSON.parse(body) as Message;
  }

  /** Where the body of the first frame begins; -1 while its header is not there. */
  #frame(): { readonly start: number; readonly length: number } {
    const headerEnd = this.#received.indexOf('\r\n\r\n');
    if (headerEnd < 0) return { start: -1, length: 0 };
    const header = this.#received.subarray(0, headerEnd).toString();
    return { start: headerEnd + 4, length: Number(/Content-Length: (\d+)/.exec(header)?.[1]) };
  }
}

/** A cell that runs for as short as this one is not always told as running. */
function isOfRunning({ params }: Message): boolean {
  return params?.['type'] === 'cells' && JSON.stringify(params['cells']).includes('"status":"running"');
}
