/** Sends mangled frames to a daemon over its socket, from several peers at once, while a good client goes on asking. */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import type { Client } from '../../clients/node/client.ts';
import { encodeFrame } from '../../protocol/node/frames.ts';
import { TestDaemon } from '../support/daemon.ts';
import { type Roll, random } from '../support/random.ts';
import { Mangler } from './mangler.ts';

/** Peers at the same time, and frames that each sends before it leaves. */
const peersMax = 4;
const framesPerPeerMax = 400;
/** A good client waits no longer for an answer. */
const answerMilliseconds = 15_000;

export interface Attack {
  readonly frames: number;
  readonly seed: number;
  readonly tell?: (line: string) => void;
}

export interface Report {
  readonly frames: number;
  readonly connections: number;
  readonly answers: number;
  /** Of the daemon, before and after, in bytes. */
  readonly before: number;
  readonly after: number;
  /** The longest time that the good client waited for `server/status`. */
  readonly longestMilliseconds: number;
}

/** Rejects where the daemon ends, does not answer, or is not as it was. */
export async function attack({ frames, seed, tell = () => {} }: Attack): Promise<Report> {
  const daemon = await TestDaemon.create();
  try {
    const notebook = await daemon.notebook('# %%\nx = 41\n');
    await notebook.run('all');
    const good = new Good(notebook.client);
    const siege = new Siege(daemon, random(seed));
    // What is compiled and loaded at the first of each kind is no growth.
    await siege.send(Math.ceil(frames / 10));
    const before = await settled(good);
    for (let sent = 0; sent < frames; ) {
      const part = Math.min(frames - sent, 20_000);
      const [longest] = await Promise.all([good.ask(), siege.send(part)]);
      sent += part;
      tell(`${sent} frames, ${siege.connections} connections, ${siege.answers} answers, ${longest} ms, ${good.memory()} bytes`);
    }
    const after = await settled(good, before);
    const again = await daemon.notebook('# %%\ny = 42\ny\n', 'after.py');
    await again.run('all');
    if (again.shown(0) !== '42') throw new Error(`The notebook shows ${again.shown(0)}.`);
    const { connections, answers } = siege;
    return { frames, connections, answers, before, after, longestMilliseconds: good.longest };
  } finally {
    await daemon.stop();
  }
}

/** Asks on and on, and must be answered. */
class Good {
  readonly client: Client;
  longest = 0;

  constructor(client: Client) {
    this.client = client;
  }

  async ask(): Promise<number> {
    const from = performance.now();
    const answer = this.client.request('server/status', {});
    const late = pass(answerMilliseconds).then(() => Promise.reject(new Error('The daemon does not answer.')));
    await Promise.race([answer, late]);
    this.longest = Math.max(this.longest, Math.round(performance.now() - from));
    return this.longest;
  }

  memory(): number {
    const status = readFileSync(`/proc/${this.client.server.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
  }
}

/** What is left when all that mangled requests have opened is closed again, and the rest was collected. */
async function settled(good: Good, goal?: number): Promise<number> {
  const { sessions } = await good.client.request('session/list', {});
  for (const { session } of sessions.filter((one) => one.session !== 's1'))
    await good.client.request('session/close', { session });
  let least = good.memory();
  for (let look = 0; look < (goal === undefined ? 4 : 60) && least > (goal ?? 0) * 1.15; look++) {
    await good.ask();
    await pass(500);
    least = Math.min(least, good.memory());
  }
  return least;
}

class Siege {
  readonly #daemon: TestDaemon;
  readonly #roll: Roll;
  readonly #mangler: Mangler;
  connections = 0;
  answers = 0;

  constructor(daemon: TestDaemon, roll: Roll) {
    this.#daemon = daemon;
    this.#roll = roll;
    this.#mangler = new Mangler(roll);
  }

  async send(frames: number): Promise<void> {
    let left = frames;
    const peer = async () => {
      while (left > 0) {
        const wanted = Math.min(left, 1 + this.#roll(framesPerPeerMax));
        left -= wanted;
        left += wanted - (await this.#visit(wanted));
      }
    };
    await Promise.all(Array.from({ length: peersMax }, peer));
  }

  /** One connection; how many frames it was sent until it ended. */
  async #visit(frames: number): Promise<number> {
    const { socket, token } = JSON.parse(readFileSync(join(this.#daemon.folder, 'run', 'v1-0.1.0.json'), 'utf8'));
    const peer = connect(socket);
    const closed = new Promise<void>((resolve) => peer.once('close', () => resolve()));
    peer
      .on('error', () => undefined)
      .on('data', (text: Buffer) => {
        this.answers += text.toString('latin1').split('Content-Length: ').length - 1;
      });
    this.connections++;
    if (this.#roll(4) > 0) peer.write(introduction(token));
    let sent = 0;
    while (sent < frames && !peer.destroyed && !peer.writableEnded && peer.readable) {
      sent++;
      if (!peer.write(this.#mangler.next())) await Promise.race([new Promise((resolve) => peer.once('drain', resolve)), closed]);
      if (sent % 50 === 0) await pass(0);
    }
    if (this.#roll(2) === 0 && !peer.writableEnded) peer.write(this.#mangler.last());
    await leave(peer, closed, this.#roll(3) === 0);
    return Math.max(1, sent);
  }
}

/** Some leave at once, some wait for what the daemon says to the end. */
async function leave(peer: Socket, closed: Promise<void>, atOnce: boolean): Promise<void> {
  if (atOnce) peer.destroy();
  else peer.end();
  await Promise.race([closed, pass(5_000)]);
  peer.destroy();
}

function introduction(token: string): Buffer {
  const params = { versions: [1], token, client: { name: 'mangler' } };
  return encodeFrame({ jsonrpc: '2.0', id: 1, method: 'initialize', params }, 'json');
}
