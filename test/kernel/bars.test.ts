import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endKernels, type StepResult, startKernel, type TestKernel } from '../support/kernel.ts';
import { scienceInterpreter } from '../support/science.ts';

const science = await scienceInterpreter();
let kernel: TestKernel;

interface Progress {
  readonly title: string;
  readonly done: number | null;
  readonly total: number | null;
  readonly isOver: boolean;
}

/** The last state of each output, in the order in which they came. */
function bars({ displays }: StepResult): readonly (Progress & { readonly text: string })[] {
  const last = new Map<string, Progress & { readonly text: string }>();
  for (const { displayId, bundle } of displays) {
    const state = bundle['application/vnd.headwater.progress+json'];
    if (state === undefined) continue;
    last.set(String(displayId), { ...(JSON.parse(String(state)) as Progress), text: String(bundle['text/plain']) });
  }
  return [...last.values()];
}

describe.skipIf('skipped' in science)('tqdm (W16)', () => {
  beforeAll(async () => {
    if ('python' in science) kernel = await startKernel({ python: science.python });
    await kernel.run('import time, sys, io\nimport tqdm, tqdm.auto, tqdm.notebook\nfrom tqdm import trange', {
      writes: ['time', 'sys', 'io', 'tqdm', 'trange'],
    });
  }, 600_000);
  afterAll(endKernels);

  const run = (code: string, wantsResult = false): Promise<StepResult> =>
    kernel.run(code, { wantsResult, writes: ['i', 'j', 'x', 'bar', 'pd', 'f', 'threading', 'show'] });

  it.each([
    ['tqdm', 'for i in tqdm.tqdm(range(5), desc="work"): pass'],
    ['trange', 'for i in trange(5, desc="work"): pass'],
    ['tqdm.auto', 'for i in tqdm.auto.tqdm(range(5), desc="work"): pass'],
    ['tqdm.notebook', 'for i in tqdm.notebook.tqdm(range(5), desc="work", display=True): pass'],
    ['tnrange', 'for i in tqdm.notebook.trange(5, desc="work"): pass'],
    ['a bar that is moved on', 'with tqdm.tqdm(total=5, desc="work") as bar:\n  for i in range(5): bar.update()'],
    ['standard output', 'for i in tqdm.tqdm(range(5), desc="work", file=sys.stdout): pass'],
    ['progress_apply', 'import pandas as pd\ntqdm.tqdm.pandas(desc="work")\nx = pd.Series(range(5)).progress_apply(abs)'],
    [
      'asyncio',
      'import tqdm.asyncio, asyncio\nasync def f(): pass\nx = await tqdm.asyncio.tqdm.gather(*[f() for i in range(5)], desc="work")',
    ],
  ])('shows %s as one output, and writes nothing', async (_name, code) => {
    const step = await run(code);
    expect(step.finished.outcome).toEqual({ type: 'ok' });
    expect([step.stdout, step.stderr]).toEqual(['', '']);
    expect(bars(step)).toMatchObject([{ title: 'work', done: 5, total: 5, isOver: true }]);
    expect(bars(step)[0]?.text).toContain('work: 100%|██████████| 5/5 [');
  });

  it('is updated at most ten times a second, whatever the bar is told', async () => {
    const code = [
      // The worker has a clock of its own.
      'own = display.__globals__["__builtins__"]["__import__"]("time")',
      'now, clock = [0.0], own.monotonic',
      'own.monotonic = lambda: now[0]',
      'for i in tqdm.tqdm(range(100), mininterval=0, miniters=1): now[0] += 0.03',
      'own.monotonic = clock',
    ].join('\n');
    const { displays } = await kernel.run(code, { writes: ['own', 'now', 'clock', 'i'] });
    // The first, each fourth of a hundred steps of 0.03 s, and the last.
    expect(displays.length).toBe(1 + 25 + 1);
    expect(displays.map(({ isUpdate }) => isUpdate)).toEqual(displays.map((_, at) => at > 0));
  });

  it.each(['False', 'None'])('nested with leave=%s: the inner bars take one place, and leave nothing there', async (leave) => {
    const step = await run(`for i in trange(3, desc="outer"):\n  for j in trange(4, desc="inner", leave=${leave}): pass`);
    expect(bars(step)).toMatchObject([
      { title: 'outer', done: 3, isOver: true },
      { title: 'inner', done: 4, isOver: true, text: '' },
    ]);
    expect(step.stderr).toBe('');
  });

  it('nested as it is written: each inner bar stays, as on a terminal', async () => {
    const titles = bars(await run('for i in trange(2, desc="outer"):\n  for j in trange(4, desc="inner"): pass')).map(
      ({ title }) => title,
    );
    expect(titles).toEqual(['outer', 'inner', 'inner']);
  });

  it('with leave=False leaves nothing, and a bar after it takes the place', async () => {
    const step = await run('for i in trange(2, leave=False): pass\nfor i in trange(3, desc="next"): pass');
    expect(bars(step)).toMatchObject([{ title: 'next', done: 3, isOver: true }]);
  });

  it.each([
    ['an exception in the loop', 'for i in trange(10, desc="work"):\n  if i == 3: raise ValueError(i)'],
    ['an exception with an open bar', 'bar = tqdm.tqdm(total=10, desc="work")\nbar.update(3)\n1 / 0'],
    ['the end of a step with an open bar', 'bar = tqdm.tqdm(total=10, desc="work")\nbar.update(3)'],
    ['a break', 'for i in trange(10, desc="work"):\n  if i == 3: break'],
  ])('says where it stopped after %s', async (_name, code) => {
    expect(bars(await run(code))).toMatchObject([{ title: 'work', done: 3, total: 10, isOver: true }]);
  });

  it('belongs to the step that made it, whoever moves it on', async () => {
    const made = await run('bar = tqdm.tqdm(total=2, desc="work", mininterval=0)');
    await kernel.run('bar.update(); bar.update(); bar.close()');
    const last = kernel.events.findLast((event) => event.type === 'display');
    expect(last).toMatchObject({ step: made.finished.step, displayId: made.displays[0]?.displayId, isUpdate: true });
  });

  it('prints among the text what is written by way of it', async () => {
    const step = await run('for i in trange(2): tqdm.tqdm.write(f"line {i}")');
    expect(step.stdout).toBe('line 0\nline 1\n');
    expect(bars(step)).toMatchObject([{ done: 2, isOver: true }]);
  });

  it.each([
    ['another file', 'f = io.StringIO()\nfor i in trange(2, file=f): pass\nprint("2/2" in f.getvalue())', 'True\n'],
    [
      'redirect_stderr',
      'import contextlib\nwith contextlib.redirect_stderr(io.StringIO()) as f:\n  for i in trange(2): pass\nprint("2/2" in f.getvalue())',
      'True\n',
    ],
    ['disable', 'for i in trange(2, disable=True): pass', ''],
  ])('is left alone with %s', async (_name, code, text) => {
    const step = await run(code);
    expect([bars(step), step.stdout]).toEqual([[], text]);
  });

  it('counts what cannot be told to JSON, and what has no total', async () => {
    expect(bars(await run('for i in tqdm.tqdm(iter("abc")): pass'))).toMatchObject([{ done: 3, total: null }]);
    expect(
      bars(await run('import numpy\nbar = tqdm.tqdm(total=numpy.int64(4)); bar.update(numpy.float64(1.5)); bar.close()')),
    ).toMatchObject([{ done: 1.5, total: 4 }]);
    expect(bars(await run('bar = tqdm.tqdm(total=float("inf")); bar.update(2); bar.close()'))).toMatchObject([
      { done: 2, total: null },
    ]);
  });
});
