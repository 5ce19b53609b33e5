import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Evaluation } from '../../daemon/kernel/kernel.ts';
import { endKernels, startKernel, type TestKernel } from '../support/kernel.ts';

afterAll(endKernels);

const none = { reads: [], writes: [], consumes: [] };
const cell = { cell: 'c1', implicit: none };

/** What the step was seen to do with implicit names; undefined where it is what was expected. */
async function seen(kernel: TestKernel, code: string, evaluation: Partial<Evaluation> = {}) {
  return (await kernel.run(code, { ...cell, ...evaluation })).finished.observed.implicit;
}

async function shown(kernel: TestKernel, code: string, evaluation: Partial<Evaluation> = {}) {
  return (await kernel.run(code, { ...cell, ...evaluation })).result?.['text/plain'];
}

describe('states that have no variable', () => {
  it('are set back to what a step left, and to what they were before any step (W32, W34)', async () => {
    const kernel = await startKernel({});
    await kernel.run('import os', { writes: ['os'] });
    const name = '<os.environ HW_STATE>';
    const first = kernel.begin('os.environ["HW_STATE"] = "1"', cell);
    expect((await kernel.finish(first)).finished).toMatchObject({
      isPlain: false,
      observed: { implicit: { ...none, writes: [name] } },
    });
    await kernel.run('os.environ["HW_STATE"] = "2"', cell);
    const read = 'os.environ.get("HW_STATE"), os.popen("echo $HW_STATE").read()';
    expect(await shown(kernel, read, { bind: [[name, first]] })).toBe("('1', '1\\n')");
    expect(await shown(kernel, read, { unbind: [name] })).toBe("(None, '\\n')");
  });

  it('are told where they are not as expected, and an end is plain where they are (W32)', async () => {
    const kernel = await startKernel({});
    await kernel.run('import random\nrandom.seed(1)', { ...cell, writes: ['random'] });
    const drawn = { reads: ['<state of random>'], writes: ['<state of random>'], consumes: [] };
    expect(await seen(kernel, 'random.random(); None')).toEqual(drawn);
    const { finished } = await kernel.run('random.random(); None', { ...cell, implicit: drawn });
    expect([finished.isPlain, finished.observed.implicit]).toEqual([true, undefined]);
    expect(await seen(kernel, 'pass', { implicit: drawn })).toEqual(none);
  });

  it('keep their number where a step sets them to what it is compared with (W32)', async () => {
    const kernel = await startKernel({});
    const name = '<os.environ HW_SAME>';
    const first = kernel.begin('import os\nos.environ["HW_SAME"] = "1"', { ...cell, writes: ['os'] });
    await kernel.finish(first);
    const again = { unbind: [name], compare: [[name, first]], forget: [first] } as const;
    expect((await kernel.run('os.environ["HW_SAME"] = "1"', { ...cell, ...again })).finished.unchanged).toEqual([name]);
    await kernel.run('os.environ["HW_SAME"] = "2"', cell);
    expect(await shown(kernel, 'os.environ["HW_SAME"]', { bind: [[name, first]] })).toBe("'1'");
  });

  it('are as before a step that failed or was stopped (W32)', async () => {
    const kernel = await startKernel({});
    const made = { ...cell, writes: ['os', 'r'] };
    await kernel.run('import os, random\nos.environ["HW_FAIL"] = "1"\nr = random.Random(0)\nos.chdir("/")', made);
    const before = await shown(kernel, 'os.environ["HW_FAIL"], os.getcwd(), hash(r.getstate())');
    for (const end of ['1 / 0', 'raise SystemExit', 'raise KeyboardInterrupt']) {
      const { finished } = await kernel.run(`os.environ["HW_FAIL"] = "2"\nr.random()\nos.chdir("/usr")\n${end}`, cell);
      expect([finished.outcome.type === 'ok', finished.observed.implicit]).toEqual([false, undefined]);
      expect(await shown(kernel, 'os.environ["HW_FAIL"], os.getcwd(), hash(r.getstate())')).toBe(before);
    }
  });

  it.each([
    ['ends', ''],
    ['lives on', `\n  threading.Event().wait()`],
  ])('stay as they are where something else has changed them, also a thread that %s (W32)', async (_, after) => {
    const kernel = await startKernel({});
    const name = '<os.environ HW_LATE>';
    const first = kernel.begin('import os, sys, threading\nos.environ["HW_LATE"] = "1"', {
      ...cell,
      writes: ['os', 'sys', 'threading'],
    });
    await kernel.finish(first);
    const pipe = join(mkdtempSync(join(tmpdir(), 'hw-')), 'pipe');
    const late = `def late():\n  open(${JSON.stringify(pipe)}).read()\n  os.environ["HW_LATE"] = "9"\n  print("changed", flush=True)${after}`;
    const code = `os.mkfifo(${JSON.stringify(pipe)})\n${late}\nt = threading.Thread(target=late, daemon=True); t.start()`;
    await kernel.run(code, { ...cell, writes: ['late', 't'] });
    // No step runs.
    writeFileSync(pipe, 'go');
    await kernel.printed('changed');
    expect(await shown(kernel, 'os.environ["HW_LATE"]', { bind: [[name, first]] })).toBe("'9'");
  });

  it('go on for a step of no cell, which keeps no version (W32)', async () => {
    const kernel = await startKernel({});
    await kernel.run('import os', { ...cell, writes: ['os'] });
    const { finished } = await kernel.run('os.environ["HW_LAYER"] = "1"', { layer: 'ann' });
    expect(finished.observed.implicit?.writes).toEqual(['<os.environ HW_LAYER>']);
    expect(await shown(kernel, 'os.environ["HW_LAYER"]')).toBe("'1'");
    expect(await shown(kernel, 'os.environ.get("HW_LAYER")', { unbind: ['<os.environ HW_LAYER>'] })).toBeUndefined();
  });

  it.each([
    ['seeded by nobody', 'import random', 'random.random()', undefined],
    ['of the system', 'import random\nr = random.SystemRandom()', 'r.random()', undefined],
    ['that a name holds', 'import random\nr = random.Random(0)', 'r.random()', '<state of r in c1>'],
    ['of a class of its own', 'import random\nclass R(random.Random): pass\nr = R(0)', 'r.random()', '<state of r in c1>'],
    ['in a list', 'import random\nr = [random.Random(0)]', 'r[0].random()', '<state of r[0] in c1>'],
    ['in an object', 'import random\nclass A: pass\nr = A(); r.x = random.Random(0)', 'r.x.random()', '<state of r.x in c1>'],
    ['seeded by another name', 'import random\nfrom random import seed as r\nr(3)', 'random.random()', '<state of random>'],
  ])('are those of a generator %s (W33)', async (_, made, draw, name) => {
    const kernel = await startKernel({});
    await kernel.run(made, { ...cell, writes: ['random', 'r', 'R', 'A'] });
    const implicit = await seen(kernel, `${draw}; None`);
    expect(implicit).toEqual(name === undefined ? undefined : { reads: [name], writes: [name], consumes: [] });
  });

  it('are set back in the same generator (W33)', async () => {
    const kernel = await startKernel({});
    const made = kernel.begin('import random\nr = random.Random(0); s = r', { ...cell, writes: ['random', 'r', 's'] });
    await kernel.finish(made);
    const first = await shown(kernel, 's.random()');
    expect(await shown(kernel, 's.random()')).not.toBe(first);
    expect(await shown(kernel, 's.random()', { bind: [['<state of r in c1>', made]] })).toBe(first);
    expect(await shown(kernel, 's is r')).toBe('True');
  });

  it('go on in a forked process as in Python, which seeds the generator of `random` anew there (W33)', async () => {
    const kernel = await startKernel({});
    const inChild = [
      'import os, random\nrandom.seed(1); r = random.Random(1)',
      'def forked(draw):',
      '  out, into = os.pipe()',
      '  if os.fork() == 0: os.write(into, repr(draw()).encode()); os._exit(0)',
      '  os.wait(); os.close(into)',
      '  with open(out) as read: return float(read.read())',
    ];
    await kernel.run(inChild.join('\n'), { ...cell, writes: ['os', 'random', 'r', 'forked'] });
    const step = await kernel.run('forked(r.random), forked(r.random), forked(random.random)', cell);
    expect(step.finished.observed.implicit).toBeUndefined();
    const [first, again, reseeded] = String(step.result?.['text/plain']).replace(/[()]/g, '').split(', ');
    expect(again).toBe(first);
    expect(await shown(kernel, 'r.random()')).toBe(first);
    expect(await shown(kernel, 'random.random()')).not.toBe(reseeded);
  });

  it.each([
    [
      'r = random.Random(0)',
      ['r.random()', 'r.gauss(0, 1)', 'r.gauss(0, 1)', 'r.getrandbits(32)', 'r.seed(4)', 'r.shuffle([1, 2])'],
    ],
    ['class R(random.Random): pass\nr = R(0)', ['r.random()', 'r.gauss(0, 1)', 'r.setstate(R(1).getstate())']],
    ['random.seed(0)', ['random.random()', 'random.gauss(0, 1)', 'random.gauss(0, 1)', 'random.choice([1, 2])']],
  ])('are looked at in the memory of %s, and each change is seen (W33)', async (made, draws) => {
    const kernel = await startKernel({});
    await kernel.run(`import random\n${made}`, { ...cell, writes: ['random', 'r', 'R'] });
    for (const draw of draws) {
      expect((await seen(kernel, `${draw}; None`))?.writes, draw).toHaveLength(1);
      expect(await seen(kernel, 'random; None'), `after ${draw}`).toBeUndefined();
    }
  });

  it.each([
    ['random.seed(1)', 'random.getstate()', '<state of random>'],
    ['r = random.Random(1)', 'r.getstate()', '<state of r in c1>'],
    ['r = random.Random(1)', 'random.Random.getstate(r)', '<state of r in c1>'],
    ['r = random.Random(1)', 'import copy; copy.copy(r)', '<state of r in c1>'],
    ['r = 1', 'random.getstate()', undefined],
    ['r = random.Random(1)', 'random.Random(2).getstate()', undefined],
  ])('are read by who asks for them: %s, %s (W33)', async (made, ask, name) => {
    const kernel = await startKernel({});
    await kernel.run(`import random\n${made}`, { ...cell, writes: ['random', 'r'] });
    expect(await seen(kernel, `${ask}; None`)).toEqual(name === undefined ? undefined : { ...none, reads: [name] });
    await kernel.run(`${ask}; 1 / 0`, cell);
    expect(await seen(kernel, 'random; None')).toBeUndefined();
  });

  it('are those of the traps of a decimal context, too (W34)', async () => {
    const kernel = await startKernel({});
    await kernel.run('from decimal import *', { ...cell, writes: ['Inexact', 'DivisionByZero', 'getcontext'] });
    const name = '<decimal.context traps>';
    expect((await seen(kernel, 'getcontext().traps[Inexact] = True'))?.writes).toEqual([name]);
    const traps = '[bool(getcontext().traps[one]) for one in (Inexact, DivisionByZero)]';
    expect(await shown(kernel, traps)).toBe('[True, True]');
    expect(await shown(kernel, traps, { unbind: [name] })).toBe('[False, True]');
  });

  it('are read by who draws, and not by who seeds first (W33)', async () => {
    const kernel = await startKernel({});
    const written = { reads: [], writes: ['<state of random>'], consumes: [] };
    expect(await seen(kernel, 'import random\nrandom.seed(1)', { writes: ['random'] })).toEqual(written);
    expect(await seen(kernel, 'random.seed(1); random.random(); None')).toEqual(written);
    expect((await seen(kernel, 'random.random(); random.seed(1)'))?.reads).toEqual(['<state of random>']);
  });

  it('belong to the kernel where the first import of a module changes them (W35)', async () => {
    const kernel = await startKernel({});
    const module = 'import os, sys\nos.environ["HW_IMPORTED"] = "1"\nsys.path.append("/hw/imported")';
    const make = `import os, pathlib, sys, tempfile\nd = tempfile.mkdtemp(); sys.path.insert(0, d)\npathlib.Path(d, "hw_sets.py").write_text(${JSON.stringify(module)})`;
    await kernel.run(`${make};`, { ...cell, writes: ['os', 'pathlib', 'sys', 'tempfile', 'd'] });
    expect(await seen(kernel, 'import hw_sets', { writes: ['hw_sets'] })).toBeUndefined();
    const { finished } = await kernel.run('import hw_other', cell);
    expect(finished.outcome).toMatchObject({ error: { name: 'ModuleNotFoundError' } });
    expect(JSON.stringify(finished.outcome)).not.toMatch(/importing|_find_and_load/);
    expect(await shown(kernel, 'os.environ["HW_IMPORTED"], sys.path[-1]')).toBe("('1', '/hw/imported')");
  });

  it('are not followed in tables while threads run, which is said once (W34)', async () => {
    const kernel = await startKernel({});
    const start = 'import os, threading\ngo = threading.Event(); t = threading.Thread(target=go.wait); t.start()';
    await kernel.run(start, { ...cell, writes: ['os', 'threading', 'go', 't'] });
    const first = await kernel.run('os.environ["HW_THREAD"] = "1"', cell);
    expect(first.finished.observed.implicit).toBeUndefined();
    expect(first.stderr).toBe('Headwater: while threads run, it does not follow which cell changes os.environ HW_THREAD.\n');
    expect((await kernel.run('os.environ["HW_THREAD"] = "2"', cell)).stderr).toBe('');
    await kernel.run('go.set(); t.join()', cell);
    expect((await seen(kernel, 'os.environ["HW_THREAD"] = "3"'))?.writes).toEqual(['<os.environ HW_THREAD>']);
  });
});
