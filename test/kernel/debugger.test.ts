import { afterAll, describe, expect, it } from 'vitest';
import type { KernelEvent } from '../../daemon/kernel/kernel.ts';
import { endKernels, installedPythons, startKernel, type TestKernel } from '../support/kernel.ts';

afterAll(endKernels);

const pythons = installedPythons().filter(([version]) => /^3\.1\d/.test(version));
if (pythons.length === 0) console.warn('skipped: pdb under several Pythons, because pyenv has none of 3.10 or later');

type Asked = Extract<KernelEvent, { type: 'input' }>;

/** Runs the code and types the commands at pdb's prompt, one each time that it asks; the last one as often as it asks. */
async function debug(kernel: TestKernel, code: string, commands: readonly string[]): Promise<string> {
  const step = kernel.begin(code, { fileName: `/cells/cell-${kernel.events.length}.py`, writes: ['f', 'x', 'y', 'pdb'] });
  const asks = () => kernel.events.filter((event): event is Asked => event.type === 'input' && event.step === step);
  const isNews = (count: number) => (event: KernelEvent) =>
    event.type === 'finished' ? event.step === step : event.type === 'input' && asks()[count] === event;
  for (let count = 0; ; count += 1) {
    const fits = isNews(count);
    const news = await kernel.event((event): event is KernelEvent => fits(event));
    if (news.type !== 'input') break;
    expect(news.prompt).toBe('(Pdb) ');
    kernel.kernel.answer(news.input, commands[Math.min(count, commands.length - 1)]);
  }
  const { stdout, finished, result } = await kernel.finish(step);
  return `${stdout}[${finished.outcome.type}]${result?.['text/plain'] ?? ''}`;
}

describe.each(pythons)('pdb in Python %s (W15)', (_version, python) => {
  const start = () => startKernel({ python });

  it('stops at breakpoint(), shows and changes values, and goes on', async () => {
    const kernel = await start();
    const said = await debug(kernel, 'x = 1\nbreakpoint()\ny = x + 1\ny', ['p x', 'x = 41', 'c']);
    expect(said).toContain('(Pdb) 1\n');
    expect(said).toMatch(/\[ok\]42$/);
  });

  it.each(['s', 'n'])('steps by %s to the end of the cell and through its result, and never into the worker', async (command) => {
    const kernel = await start();
    const said = await debug(kernel, 'import pdb\npdb.set_trace()\nx = 1\ny = 2\n[x, y]', [command]);
    const places = [...said.matchAll(/^(?:\(Pdb\) )?> (\S+)/gm)].map(([, place]) => place);
    expect(places.length).toBeGreaterThan(3);
    expect(places.filter((place) => !place?.startsWith('/cells/'))).toEqual([]);
    expect(said).toMatch(/\[ok\]\[1, 2\]$/);
    expect((await kernel.run('import sys\nsys.gettrace()')).result).toBeUndefined();
  });

  it('shows the frames of the notebook alone', async () => {
    const kernel = await start();
    const said = await debug(kernel, 'def f():\n  breakpoint()\n  return 1\nf()', ['w', 'u', 'u', 'c']);
    expect(said).not.toMatch(/headwater_worker|start\.py/);
    expect(said).toContain('*** Oldest frame');
    expect(said).toContain('<module>()');
    expect(said).toMatch(/\[ok\]1$/);
  });

  it('lists the source of the cell', async () => {
    const kernel = await start();
    expect(await debug(kernel, 'x = "seen"\nbreakpoint()\ny = "below"', ['l', 'c'])).toContain('y = "below"');
  });

  it('leaves interrupts alive after continue, and is left by one', async () => {
    const kernel = await start();
    await debug(kernel, 'breakpoint()\n1', ['c']);
    const sleeping = kernel.begin('import time\nprint("go", flush=True)\ntime.sleep(60)');
    await kernel.printed('go');
    kernel.kernel.interrupt(sleeping);
    expect((await kernel.finish(sleeping)).finished.outcome).toEqual({ type: 'interrupted' });
    const asking = kernel.begin('breakpoint()\n1');
    await kernel.event((event): event is Asked => event.type === 'input' && event.step === asking);
    kernel.kernel.interrupt(asking);
    expect((await kernel.finish(asking)).finished.outcome).toEqual({ type: 'interrupted' });
    const also = kernel.begin('breakpoint()\nprint("going", flush=True)\nwhile True: pass');
    const { input } = await kernel.event((event): event is Asked => event.type === 'input' && event.step === also);
    kernel.kernel.answer(input, 'c');
    await kernel.printed('going');
    kernel.kernel.interrupt(also);
    expect((await kernel.finish(also)).finished.outcome).toEqual({ type: 'interrupted' });
  });

  it('ends the cell with an error when it is quit', async () => {
    const kernel = await start();
    expect(await debug(kernel, 'breakpoint()\n1', ['q'])).toMatch(/\[raised\]$/);
    expect((await kernel.run('2')).result?.['text/plain']).toBe('2');
  });
});
