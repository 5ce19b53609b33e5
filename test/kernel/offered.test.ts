import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KernelEvent } from '../../daemon/kernel/kernel.ts';
import { emptyFolder, endKernels, startKernel, type TestKernel } from '../support/kernel.ts';

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(endKernels);

function write(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

const outcome = async (code: string) => (await kernel.run(code)).finished.outcome;

describe('the module headwater (W16)', () => {
  it('is there without being installed, and says what it has', async () => {
    const step = await kernel.run('import headwater\nsorted(headwater.__all__)', { writes: ['headwater'] });
    expect(step.result?.['text/plain']).toBe("['clear', 'display', 'md', 'progress', 'stop']");
  });

  it('is the one of the folder where there is one', async () => {
    const directory = emptyFolder();
    writeFileSync(join(directory, 'headwater.py'), 'mine = True\n');
    const other = await startKernel({ directory });
    expect((await other.run('import headwater\nheadwater.mine')).result?.['text/plain']).toBe('True');
  });

  it.each<[string, (folder: string) => void]>([
    ['a package of that name', (folder) => write(folder, { '__init__.py': 'mine = True\n' })],
    ['one with a file that the copy has, too', (folder) => write(folder, { '__init__.py': 'mine = True\n', '_progress.py': '' })],
  ])('is %s on the path', async (_, make) => {
    const directory = emptyFolder();
    make(join(directory, 'headwater'));
    const other = await startKernel({ directory });
    expect((await other.run('import headwater\nheadwater.mine')).result?.['text/plain']).toBe('True');
  });

  it.each<[string, (folder: string) => void]>([
    ['a folder of that name, without a module', (folder) => write(folder, { 'notes.txt': '' })],
    [
      'headwater-client of this version',
      (folder) => write(folder, { '__init__.py': 'mine = True\n', 'client-version': '0.0.0\n' }),
    ],
  ])('is not %s on the path', async (_, make) => {
    const directory = emptyFolder();
    make(join(directory, 'headwater'));
    const other = await startKernel({ directory });
    const step = await other.run('import headwater, headwater._progress\nheadwater.stop()');
    expect(step.finished.outcome).toEqual({ type: 'stopped' });
    expect(step.stderr).toBe('');
  });

  it('says that a newer headwater-client is installed, once', async () => {
    const directory = emptyFolder();
    write(join(directory, 'headwater'), { '__init__.py': 'newest = True\n', 'client-version': '999.1.0\n' });
    const other = await startKernel({ directory });
    const step = await other.run('import headwater\nheadwater.newest', {});
    expect(step.stderr).toMatch(/UserWarning: headwater-client 999\.1\.0 is installed, and Headwater .* Update Headwater/);
    expect(step.finished.outcome).toMatchObject({ type: 'raised', error: { name: 'AttributeError' } });
    const next = await other.run('from headwater import stop\nstop()', {});
    expect([next.stderr, next.finished.outcome.type]).toEqual(['', 'stopped']);
  });

  it('is a package, whose functions and classes are its own', async () => {
    const code =
      '[one.__module__ for one in (headwater.stop, headwater.clear, headwater.display, headwater.md, headwater.progress)]';
    const step = await kernel.run(code);
    expect(step.result?.['text/plain']).toBe(`[${Array(5).fill("'headwater'").join(', ')}]`);
  });
});

describe('clear()', () => {
  it.each([
    ['headwater.clear()', '[clear]'],
    ['headwater.clear(wait=True)', '[clear next]'],
    ['display(1, clear=True)', '[clear next][display]'],
    ['import os\nif os.fork() == 0:\n  headwater.clear(); os._exit(0)\nos.wait()\nNone', ''],
  ])('keeps the place of %s among what is printed', async (code, expected) => {
    const step = await kernel.run(`import headwater\nprint("a")\n${code}\nprint("b")`, { writes: ['headwater'] });
    expect(step.transcript).toBe(`a\n${expected}b\n`);
  });

  it('comes after what both streams had, and before what they have then', async () => {
    const code =
      'import headwater, sys\nfor i in range(300):\n  print(i)\n  print(i, file=sys.stderr)\n  headwater.clear()\nprint("end", file=sys.stderr)';
    const { finished } = await kernel.run(code, { writes: ['headwater', 'sys'] });
    const own = kernel.events.filter((event) => 'step' in event && event.step === finished.step);
    const parts = own.map((event) => (event.type === 'stream' ? event.text : event.type === 'clear' ? '|' : '')).join('');
    const expected = Array.from({ length: 300 }, (_, i) => `${i}\n${i}\n|`);
    expect(parts).toBe(`${expected.join('')}end\n`);
  });

  it('is that of the step whose thread asks for it', async () => {
    const code =
      'import headwater, threading\ngo = threading.Event()\ndef late():\n  go.wait(); headwater.clear()\nthread = threading.Thread(target=late)\nthread.start()';
    const { finished } = await kernel.run(code, { writes: ['headwater', 'threading', 'go', 'late', 'thread'] });
    await kernel.run('go.set(); thread.join()', {});
    const clear = await kernel.event(
      (event): event is KernelEvent & { type: 'clear' } => event.type === 'clear' && event.step === finished.step,
    );
    expect(clear.waits).toBe(false);
  });
});

describe('stop()', () => {
  it('ends the step quietly, without its bindings, and shows the output', async () => {
    const step = await kernel.run('x = 1\nheadwater.stop(True, "enough")\nprint("never")', { writes: ['x'] });
    expect(step.finished).toMatchObject({ outcome: { type: 'stopped' }, written: [] });
    expect([step.stdout, step.displays[0]?.bundle['text/plain']]).toEqual(['', "'enough'"]);
    expect((await kernel.run('"x" in globals()')).result?.['text/plain']).toBe('False');
  });

  it.each([
    ['a condition that does not hold', 'headwater.stop(False, "shown?")', 'ok'],
    ['a function', 'def f():\n  headwater.stop()\nf()', 'stopped'],
    ['code that catches exceptions', 'try:\n  headwater.stop()\nexcept Exception: pass', 'stopped'],
    ['await', 'async def f():\n  headwater.stop()\nawait f()', 'stopped'],
  ])('from %s', async (_, code, type) => {
    expect(await outcome(code)).toEqual({ type });
  });
});

describe('what is shown', () => {
  it('by display() and md()', async () => {
    const step = await kernel.run('headwater.display([1])\nheadwater.md("# title")');
    expect(step.displays.map(({ bundle }) => bundle)).toEqual([
      { 'text/plain': '[1]' },
      { 'text/plain': '# title', 'text/markdown': '# title' },
    ]);
  });

  it('by progress() is one display, updated in place and no more than ten times a second', async () => {
    const code = [
      'import time',
      'now, clock = [0.0], time.monotonic',
      'time.monotonic = lambda: now[0]',
      'for _ in headwater.progress(range(100), title="work"): now[0] += 0.03',
      'time.monotonic = clock',
    ].join('\n');
    const { displays } = await kernel.run(code, { writes: ['time', 'now', 'clock', '_'] });
    expect(new Set(displays.map(({ displayId }) => displayId)).size).toBe(1);
    expect(displays.map(({ isUpdate }) => isUpdate)).toEqual(displays.map((_, at) => at > 0));
    // 100 items of 0.03 s: each fourth is more than a tenth of a second after the one that was shown; and the first and the last.
    expect(displays).toHaveLength(1 + 25 + 1);
    expect(displays.at(0)?.bundle['text/plain']).toBe(`work: ${'░'.repeat(24)} 0 of 100`);
    expect(displays.at(-1)?.bundle['text/plain']).toBe(`work: ${'█'.repeat(24)} 100 of 100`);
  });

  it.each([
    ['of unknown length', 'list(headwater.progress(iter("abc")))', '3', 3],
    ['with a total', 'list(headwater.progress(iter("abc"), total=4))', `${'█'.repeat(18)}${'░'.repeat(6)} 3 of 4`, 3],
    [
      'that is left',
      'for i in headwater.progress("abcd"):\n  if i == "c": break',
      `${'█'.repeat(12)}${'░'.repeat(12)} 2 of 4`,
      2,
    ],
    ['of nothing', 'list(headwater.progress([]))', '0', 0],
  ])('progress() %s', async (_, code, text, done) => {
    const { displays } = await kernel.run(code, { wantsResult: false, writes: ['i'] });
    const last = displays.at(-1)?.bundle;
    expect(last?.['text/plain']).toBe(text);
    expect(JSON.parse(String(last?.['application/vnd.headwater.progress+json']))).toMatchObject({ done, isOver: true });
  });
});
