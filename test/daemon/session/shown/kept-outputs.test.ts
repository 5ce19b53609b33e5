import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keptOutputsBytesMax, keptOutputsFreeMax } from '../../../../daemon/limits.ts';
import { nodeHost } from '../../../../daemon/node/host.ts';
import { StateFiles } from '../../../../daemon/node/state-files.ts';
import { KeptOutputs } from '../../../../daemon/session/shown/kept-outputs.ts';
import { Blobs } from '../../../../daemon/store/blobs.ts';
import type { CellView, Output } from '../../../../protocol/types.ts';

let folder: string;
let files: StateFiles;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headwater-kept-'));
  files = new StateFiles(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const damages: string[] = [];
const open = (blobs = new Blobs(nodeHost.hashes)) =>
  KeptOutputs.open({ ...nodeHost, path: '/n.py', files, blobs, onDamage: (error) => void damages.push(error.message) });
const printed = (text: string): Output => ({ type: 'stream', stream: 'stdout', text, elided: 0 });
const cell = (id: string, ...outputs: Output[]) => ({ id, outputs }) as Partial<CellView> as CellView;

it('keeps the newest cells where there is no room for all', async () => {
  const kept = await open();
  const size = keptOutputsBytesMax / 10;
  for (let at = 0; at < 15; at += 1) kept.note(cell(`c${at}`, printed(String(at % 10).repeat(size))), `code ${at}`, at);
  await kept.flush();
  expect((await files.read('/n.py', keptOutputsBytesMax + 1_000))?.length).toBeGreaterThan(8 * size);
  const again = await open();
  const found = Array.from({ length: 15 }, (_, at) => again.recall(`d${at}`, `code ${at}`)?.asOf);
  expect(found).toEqual([...Array(6).fill(undefined), 6, 7, 8, 9, 10, 11, 12, 13, 14]);
});

it('keeps the text of an image that is too large, and one image once', async () => {
  const blobs = new Blobs(nodeHost.hashes);
  const image = (bytes: number): Output => {
    const content = Buffer.alloc(bytes, 1);
    return { type: 'result', bundle: { 'image/png': { blob: blobs.put(content), size: bytes }, 'text/plain': `${bytes} bytes` } };
  };
  const kept = await open(blobs);
  const [small, large] = [image(1_000_000), image(keptOutputsBytesMax / 4 + 1)];
  for (let at = 0; at < 20; at += 1) kept.note(cell(`c${at}`, small), `code ${at}`, at);
  kept.note(cell('large', large), 'large', 20);
  await kept.flush();
  const anew = new Blobs(nodeHost.hashes);
  const again = await open(anew);
  for (let at = 0; at < 20; at += 1) expect(again.recall(`d${at}`, `code ${at}`)?.outputs).toEqual([small]);
  expect(anew.get(blobs.put(Buffer.alloc(1_000_000, 1)))).toHaveLength(1_000_000);
  expect(again.recall('large', 'large')?.outputs).toEqual([
    { type: 'result', bundle: { 'text/plain': `${keptOutputsBytesMax / 4 + 1} bytes` } },
  ]);
});

it('gives each output to one cell, gives it back when the code becomes another, and forgets it when the cell shows something else', async () => {
  const kept = await open();
  kept.note(cell('a', printed('first')), 'same', 1);
  kept.note(cell('b', printed('second')), 'same', 2);
  await kept.flush();
  const again = await open();
  const shown = (id: string, tokens: string) => again.recall(id, tokens)?.asOf;
  expect([shown('x', 'same'), shown('y', 'same'), shown('z', 'same'), shown('x', 'same')]).toEqual([1, 2, undefined, 1]);
  again.note(cell('x', printed('third')), 'other', 3);
  expect([shown('z', 'same'), shown('x', 'other')]).toEqual([undefined, 3]);
  again.note(cell('y'), 'same', 4);
  expect(shown('z', 'same')).toBeUndefined();
  await again.flush();
  const last = await open();
  expect([last.recall('q', 'same'), last.recall('r', 'other')?.asOf, damages]).toEqual([undefined, 3, []]);
});

it('keeps what cells showed that are gone for their code, up to so many; the oldest go first', async () => {
  const kept = await open();
  kept.note(cell('stays', printed('stays')), 'stays', 0);
  const code = (at: number) => `code ${at}`;
  for (let at = 0; at < keptOutputsFreeMax + 3; at += 1) kept.note(cell(`c${at}`, printed(String(at))), code(at), at);
  kept.forget((id) => id !== 'stays');
  const found = [0, 2, 3, keptOutputsFreeMax + 2].map((at) => kept.recall(`d${at}`, code(at))?.asOf);
  expect(found).toEqual([undefined, undefined, 3, keptOutputsFreeMax + 2]);
  await kept.flush();
  const again = await open();
  expect(again.recall('x', 'stays')?.asOf).toBe(0);
  expect([2, 3].map((at) => again.recall(`e${at}`, code(at))?.asOf)).toEqual([undefined, 3]);
});

it('forgets the oldest of cells with the same code that are gone, whichever went first', async () => {
  const kept = await open();
  const ids = Array.from({ length: keptOutputsFreeMax + 2 }, (_, at) => `c${at}`);
  for (const [at, id] of ids.entries()) kept.note(cell(id, printed(id)), 'same', at);
  for (const id of ids.toReversed()) kept.forget((one) => one === id);
  const found = ids.map((id) => kept.recall(`d${id}`, 'same')?.asOf);
  expect(found.filter((asOf) => asOf !== undefined).toSorted((a, b) => a - b)).toEqual(ids.slice(2).map((_, at) => at + 2));
});

it('forgets what is gone and has no room, and leaves what cells show', async () => {
  const kept = await open();
  const size = keptOutputsBytesMax / 10;
  for (let at = 0; at < 15; at += 1) kept.note(cell(`c${at}`, printed('x'.repeat(size))), `code ${at}`, at);
  kept.forget((id) => id === 'c0' || id === 'c14');
  await kept.flush();
  // The first of the others had no room either.
  const found = [0, 1, 14].map((at) => kept.recall(at === 1 ? 'c1' : `d${at}`, `code ${at}`)?.asOf);
  expect(found).toEqual([undefined, 1, 14]);
});
