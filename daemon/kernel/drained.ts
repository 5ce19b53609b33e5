/** Waits for what a process has said before its end: it is still in the pipes. */

import type { Readable } from 'node:stream';
import { kernelDrainMillisecondsMax } from '../limits.ts';
import type { OutputGate } from './output-gate.ts';

/** Until the streams end, or for a while in which they could be read: children may hold them open. */
export async function drained(streams: readonly Readable[], gate: OutputGate): Promise<void> {
  const ends = Promise.all(streams.map(ended));
  do await gate.passable();
  while (!(await within(kernelDrainMillisecondsMax, ends)) && gate.isShut);
}

function ended(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.readableEnded || stream.destroyed) resolve();
    stream.once('end', resolve).once('close', resolve);
  });
}

/** Whether the work was done in this time. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const isDone = await Promise.race([work.then(() => true), deadline]);
  clearTimeout(timer);
  return isDone;
}
