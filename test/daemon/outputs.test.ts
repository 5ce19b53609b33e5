import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stepOutputsMax, streamFlushMilliseconds, updateMilliseconds } from '../../daemon/limits.ts';
import { streamCharactersMax } from '../../protocol/limits.ts';
import type { CellView, SessionEvent } from '../../protocol/types.ts';
import type { TestNotebook } from '../support/daemon.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';
import { until } from '../support/until.ts';

const daemon = sharedDaemon();

function open(code: string): Promise<TestNotebook> {
  return daemon.notebook(`# %%\n${code}\n`);
}

const read = (notebook: TestNotebook, index: number, offset: number, max = 1_000, step?: number) => {
  const { client, session } = notebook;
  return client.request('output/read', { session, cell: notebook.cell(0).id, index, offset, max, ...(step && { step }) });
};

it('shows a progress that writes its line anew as one line, however often it does (P42)', async () => {
  const notebook = await open(
    'import sys, time\nprint("before")\nfor i in range(3000):\n    print(f"\\r{i:5d}/3000 ███", end="", flush=True)\n    if i % 100 == 0: time.sleep(0.005)\nprint("\\nafter")',
  );
  const events: SessionEvent[] = [];
  notebook.client.onEvent(notebook.session, (event) => events.push(event));
  await notebook.run('all');
  const text = 'before\n 2999/3000 ███\nafter\n';
  expect(notebook.shown(0)).toBe(text);
  expect(events.some((event) => event.type === 'output.appended' && event.from === 'before\n'.length)).toBe(true);
  expect(await read(notebook, 0, 0)).toEqual({ from: 0, text, length: text.length });
});

it('tells an output that is updated a thousand times a few times, and at last how it is (P43)', async () => {
  const notebook = await open('h = display(0, display_id=True)\nfor i in range(1000): h.update(i)');
  const events: SessionEvent[] = [];
  notebook.client.onEvent(notebook.session, (event) => events.push(event));
  await notebook.run('all');
  expect(notebook.shown(0)).toBe('999');
  const updates = events.filter(({ type }) => type === 'output.updated').length;
  const periods = (notebook.cell(0).lastStep?.durationMs ?? 0) / updateMilliseconds;
  expect(updates).toBeLessThanOrEqual(Math.ceil(periods) + 1);
});

it('keeps the text of more outputs than a cell can have, each line in its order', async () => {
  const rounds = stepOutputsMax / 2 + 300;
  const notebook = await open(`for i in range(${rounds}):\n    print("printed", i)\n    display(i)`);
  await notebook.run('all');
  expect(notebook.cell(0).outputs).toHaveLength(stepOutputsMax + 1);
  const { text } = await notebook.client.request('output/get', { session: notebook.session, cell: notebook.cell(0).id });
  const note = `… more than ${stepOutputsMax} outputs; what follows is text alone.\n`;
  const lines = Array.from({ length: rounds }, (_, i) => `printed ${i}\n${i}\n`);
  expect(text).toBe([...lines.slice(0, stepOutputsMax / 2), note, ...lines.slice(stepOutputsMax / 2)].join(''));
});

it('gives any part of a long text that a view shows the beginning of, and refuses what is not there (P41)', async () => {
  const notebook = await open('for i in range(100_000): print(f"{i:9d}")\ndisplay(1)');
  await notebook.run('all');
  const [output] = notebook.cell(0).outputs;
  expect(output).toMatchObject({ elided: 1_000_000 - streamCharactersMax });
  expect(await read(notebook, 0, 500_000, 20)).toEqual({ from: 500_000, text: '    50000\n    50001\n', length: 1_000_000 });
  expect(await read(notebook, 0, 999_990)).toMatchObject({ text: '    99999\n' });
  expect(await read(notebook, 0, 2_000_000)).toEqual({ from: 1_000_000, text: '', length: 1_000_000 });
  await expect(read(notebook, 1, 0)).rejects.toThrow('Output 1 of the cell does not exist or is not a stream.');
  const step = notebook.cell(0).lastStep?.step as number;
  expect((await read(notebook, 0, 0, 10, step)).text).toBe('        0\n');
  await notebook.run('all');
  await expect(read(notebook, 0, 0, 10, step)).rejects.toThrow('The cell has run again since');
});

describe('a step that clears what it showed', () => {
  it.each([
    ['text and displays, in both streams', 'print(1)\nprint(2, file=sys.stderr)\ndisplay(3)\nclear()\nprint(4)', '4\n'],
    ['what nobody was told of yet', 'print(1)\nclear()', ''],
    ['what the view does not show', 'print("x" * 200_000)\ntime.sleep(0.2)\nclear()\nprint("y")', 'y\n'],
    ['nothing, while nothing follows', 'print(1)\nclear(wait=True)', '1\n'],
    ['with the next text', 'print(1)\ndisplay(2)\nclear(wait=True)\nprint(3)\nprint(4)', '3\n4\n'],
    ['with the next display', 'print(1)\nclear(wait=True)\ndisplay(2)\ndisplay(3)', '23'],
    ['with the result', 'print(1)\nclear(wait=True)\n5', '5'],
    ['at once, whatever was to wait', 'print(1)\nclear(wait=True)\nclear()\nprint(2)', '2\n'],
    [
      'a display that its handle shows again',
      'h = display(1, display_id=True)\nclear()\nprint(2)\nh.update(3)\nh.update(4)',
      '2\n4',
    ],
    ['a display that its handle replaces', 'h = display(1, display_id=True)\nprint(2)\nclear(wait=True)\nh.update(3)', '3'],
    ['an update that waits', 'h = display(1, display_id=True)\nh.update(2)\nclear()\ndisplay(3)', '3'],
  ])('clears %s', async (_, code, expected) => {
    const notebook = await open(`import sys, time\nfrom headwater import clear\n${code}`);
    await notebook.run('all');
    expect(notebook.shown(0)).toBe(expected);
    // Who comes later sees the same, and what is read is the same.
    const other = await daemon.open(notebook.path, undefined, await daemon.client());
    expect(other.shown(0)).toBe(expected);
    const { text } = await notebook.client.request('output/get', { session: notebook.session, cell: notebook.cell(0).id });
    expect(text.replaceAll('\n', '')).toBe(expected.replaceAll('\n', ''));
    expect(text).not.toContain('not kept');
  });

  it('is read from its last clearing on (P43)', async () => {
    const notebook = await open('import headwater, time\nprint("x" * 300_000)\ntime.sleep(0.2)\nheadwater.clear()\nprint("abc")');
    await notebook.run('all');
    expect(await read(notebook, 0, 0)).toEqual({ from: 0, text: 'abc\n', length: 4 });
  });

  it('is not read for what stood there before a clearing, where the reader says which it means (P43)', async () => {
    const waiting = 'while not os.path.exists("go"): time.sleep(0.01)';
    const code = ['import headwater, os, time', 'print("x" * 300_000)', waiting, 'headwater.clear()', 'print("y" * 300_000)'];
    const notebook = await open(code.join('\n'));
    const { client, session } = notebook;
    const restOf = ({ id, lastStep, outputs: [output] }: CellView) => {
      if (output?.type !== 'stream') throw new Error('There is no text.');
      const place = { step: lastStep?.step, clearings: lastStep?.clearings ?? 0, index: 0, offset: output.text.length, max: 3 };
      return client.request('output/read', { session, cell: id, ...place });
    };
    const run = await notebook.start('all');
    await notebook.followed.waitFor(({ cells }) => Object.values(cells).some(({ outputs }) => outputs.length > 0));
    const before = notebook.cell(0);
    await until(async () => (await restOf(before)).text === 'xxx', 'more has come than the view had');
    writeFileSync(join(daemon.folder, 'go'), '');
    await notebook.wait(run);
    await expect(restOf(before)).rejects.toMatchObject({ data: { name: 'no-such-output' } });
    expect(await restOf(notebook.cell(0))).toMatchObject({ text: 'yyy' });
  });

  it('tells of a clearing with what takes its place, and only where something was told (P43)', async () => {
    const notebook = await open('import headwater\nfor i in range(3000):\n    headwater.clear(wait=True)\n    print(i)');
    const events: SessionEvent[] = [];
    notebook.client.onEvent(notebook.session, (event) => events.push(event));
    await notebook.run('all');
    expect(notebook.shown(0)).toBe('2999\n');
    const told = events.filter(({ type }) => type.startsWith('output.')).map(({ type }) => type);
    const frames = (told.length + 1) / 2;
    expect(told).toEqual(
      ['output.added', ...Array.from({ length: frames - 1 }, () => ['output.cleared', 'output.added'])].flat(),
    );
    const periods = (notebook.cell(0).lastStep?.durationMs ?? 0) / streamFlushMilliseconds;
    expect(frames).toBeLessThanOrEqual(Math.ceil(periods) + 2);
  });
});

it.each([
  ['in memory', 1],
  ['on the disk', 400_000],
])('keeps the bytes of what is no text, %s: shown as U+FFFD, and in the file as they were (W43)', async (_, times) => {
  const notebook = await open(
    `import os\nos.write(1, b"a\\xff\\xe2\\x82\\xac\\x80\\n" * ${times})\n_ = os.write(1, b"\\xe2\\x82")`,
  );
  await notebook.run('all');
  const [session, cell] = [notebook.session, notebook.cell(0).id];
  const line = 'a\ufffd€\ufffd\n';
  expect(notebook.shown(0).startsWith(line)).toBe(true);
  expect((await notebook.client.request('output/get', { session, cell })).text.startsWith(line)).toBe(true);
  expect((await read(notebook, 0, 0, line.length)).text).toBe(line);
  const { length } = await read(notebook, 0, 0, 1);
  expect((await read(notebook, 0, length - 2 - line.length)).text).toBe(`${line}\ufffd\ufffd`);
  const { path } = await notebook.client.request('output/file', { session, cell });
  const bytes = readFileSync(path);
  const whole = Buffer.from('61ffe282ac800a', 'hex');
  expect(bytes.subarray(0, whole.length).equals(whole)).toBe(true);
  expect(bytes.subarray(-whole.length - 2).equals(Buffer.concat([whole, Buffer.from('e282', 'hex')]))).toBe(true);
  if (times === 1) expect(bytes.length).toBe(whole.length + 2);
});
