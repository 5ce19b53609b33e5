/** Frames that are almost right: of every method, with one thing or several that are not as they should be. */
import type * as z from 'zod';
import { type RequestName, requests } from '../../protocol/methods.ts';
import { encodeFrame, frameOf } from '../../protocol/node/frames.ts';
import { pick, type Roll } from '../support/random.ts';

/** They would end the daemon, or make processes by the hundred, which is no fault. */
const leftOut: ReadonlySet<string> = new Set<RequestName>(['server/stop', 'session/fork', 'initialize']);
const methods = Object.keys(requests).filter((name): name is RequestName => !leftOut.has(name));

const oddities: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  '',
  'x',
  '\0',
  '\ud800',
  '🎈'.repeat(50),
  'x'.repeat(5_000),
  '/',
  '..',
  '/dev/zero',
  '/nowhere/n.py',
  's1',
  '__proto__',
  'constructor',
  [],
  {},
  [[[[[]]]]],
  { length: 1e9 },
  { __proto__: null },
  JSON.parse('{"then": 1, "__proto__": {}}'),
  { toJSON: 1 },
  { toString: null },
  Array(200).fill(0),
];

export class Mangler {
  readonly #roll: Roll;
  #id = 1_000;

  constructor(roll: Roll) {
    this.#roll = roll;
  }

  /** The length is right, so the next frame is read. */
  next(): Buffer {
    return pick(this.#roll, [this.#oddParams, this.#oddMessage, this.#oddBody, this.#packed]).call(this);
  }

  /** After this nobody knows where the next frame begins. */
  last(): Buffer {
    return pick(this.#roll, [this.#oddHeader, this.#cut, this.#noise]).call(this);
  }

  #message(): { readonly jsonrpc: string; readonly id: number; readonly method: string; readonly params: unknown } {
    const method = pick(this.#roll, methods);
    return { jsonrpc: '2.0', id: this.#id++, method, params: this.#paramsOf(method) };
  }

  #paramsOf(method: RequestName): Record<string, unknown> {
    const { shape } = requests[method].params as unknown as { readonly shape?: Readonly<Record<string, z.ZodType>> };
    const params: Record<string, unknown> = {};
    for (const name of Object.keys(shape ?? {})) if (this.#roll(3) > 0) params[name] = this.#valueOf(name);
    return params;
  }

  #valueOf(name: string): unknown {
    if (name === 'session') return pick(this.#roll, ['s1', 's2', 'nope', '/n.py']);
    if (name === 'text') return pick(this.#roll, ['# %%\nx = 1\n', 'import marimo\napp = marimo.App()\n', '', '{"cells": []}']);
    if (name === 'mode') return pick(this.#roll, ['only', 'stale', 'reactive']);
    return this.#odd();
  }

  #odd(): unknown {
    return pick(this.#roll, oddities);
  }

  #oddParams(): Buffer {
    const message = this.#message();
    return encodeFrame(message, this.#roll(4) === 0 ? 'msgpack' : 'json');
  }

  #oddMessage(): Buffer {
    const message: Record<string, unknown> = { ...this.#message() };
    const field = pick(this.#roll, ['jsonrpc', 'id', 'method', 'params', 'result', 'error', '__proto__']);
    if (this.#roll(3) === 0) delete message[field];
    else message[field] = this.#odd();
    const whole = pick<unknown>(this.#roll, [
      message,
      message,
      message,
      [message],
      this.#odd(),
      { jsonrpc: '2.0', id: 1, result: this.#odd() },
    ]);
    return frameOf(Buffer.from(JSON.stringify(whole) ?? 'null'), 'json');
  }

  #oddBody(): Buffer {
    const body = Buffer.from(JSON.stringify(this.#message()));
    return frameOf(this.#bitten(body), 'json');
  }

  #packed(): Buffer {
    const frame = encodeFrame(this.#message(), 'msgpack');
    const at = frame.indexOf('\r\n\r\n') + 4;
    return frameOf(this.#bitten(Buffer.from(frame.subarray(at))), 'msgpack');
  }

  #oddHeader(): Buffer {
    const frame = encodeFrame(this.#message(), 'json');
    const end = frame.indexOf('\r\n\r\n') + 4;
    return Buffer.concat([this.#bitten(Buffer.from(frame.subarray(0, end))), frame.subarray(end)]);
  }

  #cut(): Buffer {
    const frame = encodeFrame(this.#message(), 'json');
    return frame.subarray(0, this.#roll(frame.length));
  }

  #noise(): Buffer {
    return Buffer.from(Array.from({ length: this.#roll(300) }, () => this.#roll(256)));
  }

  #bitten(bytes: Buffer): Buffer {
    for (let bites = 1 + this.#roll(4); bites > 0 && bytes.length > 0; bites--) bytes[this.#roll(bytes.length)] = this.#roll(256);
    return this.#roll(6) === 0 ? bytes.subarray(0, this.#roll(bytes.length + 1)) : bytes;
  }
}
