/** Two ends of a real socket, and a bare end that sees messages without a connection around them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrameReader } from '../../protocol/node/frames.ts';

export async function socketPair(): Promise<[Socket, Socket]> {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-pair-'));
  const path = join(folder, 's');
  const server = createServer();
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const near = connect(path);
  const far = await accepted;
  server.close();
  rmSync(folder, { recursive: true });
  return [near, far];
}

export async function streamPair(): Promise<{
  near: Socket;
  write: (bytes: Uint8Array) => void;
  answer: () => Promise<unknown>;
}> {
  const [near, far] = await socketPair();
  const answers: unknown[] = [];
  let told = () => {};
  new FrameReader(far).listen((message) => {
    answers.push(message);
    told();
  });
  const answer = async () => {
    while (answers.length === 0) {
      await new Promise<void>((resolve) => {
        told = resolve;
      });
    }
    return answers.shift();
  };
  return { near, write: (bytes) => void far.write(bytes), answer };
}
