/** Peers that send what they may not, or leave when they like. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { firstFrameBytesMax } from '../../protocol/limits.ts';
import { decodeBody } from '../../protocol/node/bodies.ts';
import { encodeFrame, frameOf } from '../../protocol/node/frames.ts';
import { TestDaemon } from '../support/daemon.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';

let daemon: TestDaemon;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await daemon.stop();
});

function discovery(): { readonly socket: string; readonly token: string; readonly pid: number; readonly log: string } {
  return JSON.parse(readFileSync(join(daemon.folder, 'run', 'v1-0.1.0.json'), 'utf8'));
}

/** A connection as anyone can make it, with what it has heard. */
async function peer(): Promise<{ readonly socket: Socket; heard(): string }> {
  const socket = connect(discovery().socket);
  sockets.push(socket);
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes;
  });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, heard: () => heard };
}

function initialize(padding = '') {
  const client = { name: `test${padding}` };
  return { jsonrpc: '2.0', id: 1, method: 'initialize', params: { versions: [1], token: discovery().token, client } };
}

describe('text that is not UTF-8 (P2, P6)', () => {
  const bytes: readonly (readonly [string, readonly number[]])[] = [
    ['a byte that begins nothing', [0xff]],
    ['a character that is cut', [0xe2, 0x82]],
    ['a longer form than needed', [0xc0, 0xaf]],
    ['half of a pair', [0xed, 0xa0, 0x80]],
    ['a character beyond the last', [0xf4, 0x90, 0x80, 0x80]],
    ['a byte that continues nothing', [0x61, 0x80]],
  ];

  it.each(bytes)('is refused in JSON and MessagePack, and the next frame is read: %s', async (_, broken) => {
    daemon = await TestDaemon.create();
    await daemon.client();
    const { socket, heard } = await peer();
    const json = Buffer.concat([Buffer.from('{"jsonrpc":"2.0","id":7,"method":"'), Buffer.from(broken), Buffer.from('"}')]);
    socket.write(frameOf(json, 'json'));
    await until(() => heard().includes('-32700'), 'the JSON is refused');
    const packed = Buffer.from([0x82, 0xa2, 0x69, 0x64, 0x07, 0xa1, 0x6d, 0xa0 + broken.length, ...broken]);
    expect(() => decodeBody(packed, 'msgpack')).toThrow('not UTF-8');
    socket.write(frameOf(packed, 'msgpack'));
    await until(() => heard().includes('A text in the MessagePack value is not UTF-8'), 'the MessagePack is refused');
    socket.write(encodeFrame(initialize(), 'json'));
    await until(() => heard().includes('"incarnation"'), 'the next frame is read');
  });

  it('is every text that is: what is valid is read', () => {
    const text = '\u{0}a\u{7f}\u{80}é\u{7ff}\u{800}中\u{d7ff}\u{e000}\u{ffff}\u{10000}😀\u{10ffff}';
    for (const encoding of ['json', 'msgpack'] as const) {
      const body = encodeFrame({ text: text.repeat(50), [text]: 1 }, encoding);
      const [, after] = [0, body.indexOf('\r\n\r\n') + 4];
      expect(decodeBody(body.subarray(after), encoding)).toEqual({ text: text.repeat(50), [text]: 1 });
    }
  });

  it('is never sent: half of a pair becomes a sign of replacement in MessagePack', () => {
    const body = encodeFrame({ name: 'a\ud800', ['b\udc00']: [`${'x'.repeat(100)}\udfff`] }, 'msgpack');
    const value = decodeBody(body.subarray(body.indexOf('\r\n\r\n') + 4), 'msgpack');
    expect(value).toEqual({ name: 'a\ufffd', 'b\ufffd': [`${'x'.repeat(100)}\ufffd`] });
  });
});

describe('before initialize is answered (P5)', () => {
  it('frames are small, and eight peers without a token hold next to nothing', { timeout: 60_000 }, async () => {
    daemon = await TestDaemon.create();
    await daemon.client();
    const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${discovery().pid}/status`, 'utf8'))?.[1]);
    const before = process.platform === 'linux' ? resident() : 0;
    const peers = await Promise.all(Array.from({ length: 8 }, peer));
    for (const { socket } of peers) {
      socket.write(`Content-Length: ${60 * 1024 * 1024}\r\n\r\n`);
      for (let sent = 0; sent < 59; sent++) socket.write(Buffer.alloc(1024 * 1024, 0x20));
    }
    await until(() => peers.every(({ socket }) => socket.writableLength === 0), 'the daemon has read it all');
    if (process.platform === 'linux') expect(resident() - before).toBeLessThan(100 * 1024);
    for (const { socket } of peers) socket.write(Buffer.alloc(1024 * 1024, 0x20));
    await until(() => peers.every(({ heard }) => heard().includes('limit-reached')), 'all are refused');
    peers[0]?.socket.write(encodeFrame(initialize(), 'json'));
    await until(() => peers[0]?.heard().includes('"incarnation"') ?? false, 'the next frame is read');
  });

  it.each([
    ['of the largest size', firstFrameBytesMax, true],
    ['of one byte more', firstFrameBytesMax + 1, false],
  ])('a frame %s', async (_, size, isRead) => {
    daemon = await TestDaemon.create();
    await daemon.client();
    const { socket, heard } = await peer();
    const short = JSON.stringify(initialize()).length;
    socket.write(frameOf(Buffer.from(JSON.stringify(initialize('x'.repeat(size - short)))), 'json'));
    await until(() => heard().includes(isRead ? '"incarnation"' : 'limit-reached'), 'it is answered');
  });

  it('is over with the answer: then frames may be large', async () => {
    daemon = await TestDaemon.create();
    await daemon.client();
    const { socket, heard } = await peer();
    socket.write(encodeFrame(initialize(), 'json'));
    await until(() => heard().includes('"incarnation"'), 'it is introduced');
    const text = `# %%\nx = "${'x'.repeat(500_000)}"\n`;
    socket.write(encodeFrame({ jsonrpc: '2.0', id: 2, method: 'session/open', params: { path: '/large.py', text } }, 'json'));
    await until(() => heard().includes('"id":2') && heard().includes('"layout"'), 'the notebook is open');
  });

  it('stays as it was where the token is wrong', async () => {
    daemon = await TestDaemon.create();
    await daemon.client();
    const { socket, heard } = await peer();
    const message = initialize();
    socket.write(encodeFrame({ ...message, params: { ...message.params, token: 'wrong' } }, 'json'));
    await until(() => heard().includes('not-allowed'), 'it is refused');
    socket.write(frameOf(Buffer.alloc(firstFrameBytesMax + 1, 0x20), 'json'));
    await until(() => heard().includes('limit-reached'), 'it gets no more than before');
  });
});

describe('a peer that leaves', () => {
  it.each(['in the midst of a flood', 'while it does not read', 'at once'])('is one line of the log: %s', async (when) => {
    daemon = await TestDaemon.create();
    const notebook = await daemon.notebook('# %%\nfor i in range(3_000): display(str(i) * 500)\nprint("over")\n');
    const lines = () =>
      readFileSync(discovery().log, 'utf8')
        .split('\n')
        .filter((line) => / \[\d+\] /.test(line)).length;
    const before = lines();
    const { socket, heard } = await peer();
    socket.write(encodeFrame(initialize(), 'json'));
    await until(() => heard().includes('"incarnation"'), 'it is introduced');
    socket.write(encodeFrame({ jsonrpc: '2.0', id: 2, method: 'session/attach', params: { session: notebook.session } }, 'json'));
    await until(() => heard().includes('"layout"'), 'it follows');
    if (when === 'while it does not read') socket.pause();
    const run = await notebook.start('all');
    if (when === 'in the midst of a flood') await until(() => heard().includes('output.added'), 'it floods');
    socket.destroy();
    await notebook.wait(run);
    expect(lines() - before).toBeLessThanOrEqual(1);
  });
});

it('a daemon that was killed leaves no outputs: the next one removes them', async () => {
  daemon = await TestDaemon.create();
  const notebook = await daemon.notebook('# %%\nprint("kept in a file")\n');
  await notebook.run('all');
  const { path } = await notebook.client.request('output/file', { session: notebook.session, cell: notebook.cell(0).id });
  expect(existsSync(path)).toBe(true);
  const { pid } = discovery();
  process.kill(pid, 'SIGKILL');
  await until(() => !isAlive(pid), 'the daemon is gone');
  await daemon.client();
  const left = () => readdirSync(join(daemon.folder, 'run')).filter((name) => name.includes('outputs-'));
  await until(() => left().length === 0, 'the folder is gone');
});
