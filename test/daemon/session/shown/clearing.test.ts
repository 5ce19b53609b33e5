import { expect, it } from 'vitest';
import { nodeHost } from '../../../../daemon/node/host.ts';
import { InlineRoom } from '../../../../daemon/session/shown/inline-room.ts';
import { StepOutputs, type ToldChange } from '../../../../daemon/session/shown/outputs.ts';
import { Blobs } from '../../../../daemon/store/blobs.ts';
import { Spools, spoolBounds } from '../../../../daemon/store/spools.ts';

/** Without a folder, that much of the beginning and of the end. */
const bounds = { ...spoolBounds, memoryBytesMax: 2_000, chunkCharactersMax: 100, rewrittenCharactersMax: 50 };

function showing(isRaw = false) {
  const told: ToldChange[] = [];
  const spools = new Spools({ ...nodeHost, bounds });
  const outputs = new StepOutputs({
    ...nodeHost,
    blobs: new Blobs(nodeHost.hashes),
    spools,
    room: new InlineRoom(),
    isRaw,
    tell: (change) => told.push(change),
  });
  const print = (text: string) => {
    outputs.text('stdout', text);
    outputs.flush();
  };
  return { spools, outputs, print, told: () => told.splice(0).map(({ type }) => type) };
}

/** What is kept of one stream, and whether that is all. */
function kept(outputs: StepOutputs) {
  const [shown] = outputs.all;
  if (shown?.type !== 'stream') throw new Error('There is no text.');
  const { from, text, cut } = shown.read(0, 100_000);
  return { from, text, cut };
}

it('keeps as much of what comes after a clearing as if nothing had been before it', () => {
  const { spools, outputs, print } = showing();
  const long = Array.from({ length: 1_000 }, (_, i) => `${i} is one of many lines\n`);
  for (const line of long) print(line);
  expect(kept(outputs).cut).toBeDefined();
  outputs.clear(false);
  expect([outputs.all, spools.memoryBytes]).toEqual([[], 0]);
  const text = long.slice(0, 120).join('');
  print(text);
  expect(kept(outputs)).toEqual({ from: 0, text, cut: undefined });
});

it('tells nothing before the output that the clearing waits for', () => {
  const { outputs, print, told } = showing();
  print('a');
  outputs.clear(true);
  outputs.flush();
  outputs.text('stdout', '');
  outputs.text('stderr', 'b');
  expect(told()).toEqual(['output.added']);
  outputs.flush();
  expect(told()).toEqual(['output.cleared', 'output.added']);
  outputs.clear(false);
  outputs.clear(false);
  expect(told()).toEqual(['output.cleared']);
});

it.each([false, true])('clears nothing of text that passes as it is written (wait: %s)', (waits) => {
  const { outputs, print, told } = showing(true);
  print('a\r');
  outputs.clear(waits);
  print('b\n');
  expect(told()).toEqual(['output.added', 'output.appended']);
  expect(kept(outputs).text).toBe('a\rb\n');
});
