/** Standard input and output as a connection: `ssh host headwater connect --stdio` needs no port and no token. */
import { type Readable, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Encoding } from '../../protocol/encoding.ts';
import { FrameParser } from '../../protocol/frame-parser.ts';
import { decodeBody } from '../../protocol/node/bodies.ts';
import { encodeFrame, frameOf } from '../../protocol/node/frames.ts';
import { type ReachOptions, reachDaemon } from './daemon.ts';

/**
 * Carries bytes both ways until one side ends; starts the daemon, unless `start` is false. What the client sends is passed on
 * frame by frame, since its `initialize` gets the token of this machine; whoever may run this program may read that.
 */
export async function bridge(input: Readable, output: Writable, options: ReachOptions = {}): Promise<void> {
  const { socket, discovery } = await reachDaemon(options);
  const over = new Promise((resolve) => socket.once('close', resolve));
  const there = pipeline(input, introducing(discovery.token), socket).catch(() => socket.destroy());
  const back = pipeline(socket, output, { end: false }).catch(() => socket.destroy());
  await Promise.all([over, back]);
  input.destroy();
  await there;
}

function introducing(token: string): Transform {
  const parser = new FrameParser();
  let isIntroduced = false;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      for (const frame of parser.push(chunk)) {
        if (frame.type !== 'body') return done(new Error(frame.message));
        this.push(isIntroduced ? frameOf(frame.body, frame.encoding) : withToken(frame.body, frame.encoding, token));
        isIntroduced = true;
      }
      done();
    },
  });
}

/** `initialize` comes first. What cannot be read goes on as it is: the daemon says what is wrong with it. */
function withToken(body: Uint8Array, encoding: Encoding, token: string): Buffer {
  try {
    const message = decodeBody(body, encoding) as { method?: unknown; params?: object };
    if (message.method === 'initialize') return encodeFrame({ ...message, params: { token, ...message.params } }, encoding);
  } catch {
    return frameOf(body, encoding);
  }
  return frameOf(body, encoding);
}
