import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endKernels, startKernel, type TestKernel } from '../support/kernel.ts';
import { scienceInterpreter } from '../support/science.ts';

const science = await scienceInterpreter();
const png = [0x89, 0x50, 0x4e, 0x47];
let kernel: TestKernel;

/** The first bytes of each display's picture. */
function pictures(displays: readonly { readonly bundle: Readonly<Record<string, string | Uint8Array>> }[]): unknown[] {
  return displays.map(({ bundle }) => (bundle['image/png'] === undefined ? undefined : [...bundle['image/png'].slice(0, 4)]));
}

describe.skipIf('skipped' in science)('with numpy, pandas and matplotlib (W9)', () => {
  beforeAll(async () => {
    if ('python' in science) kernel = await startKernel({ python: science.python });
  }, 120_000);
  afterAll(endKernels);

  it('shows a data frame as text and as a table', async () => {
    const { result } = await kernel.run('import pandas as pd\npd.DataFrame({"a": [1, 2]})', { writes: ['pd'] });
    expect(result?.['text/plain']).toBe('   a\n0  1\n1  2');
    expect(result?.['text/html']).toContain('<table');
  });

  it('shows figures where plt.show() is called, and what is still open at the end', async () => {
    const step = await kernel.run(
      'import matplotlib.pyplot as plt\nprint("before")\nplt.plot([1, 2])\nplt.show()\nprint("after")\nplt.plot([3])\nx = 1',
      { writes: ['plt', 'x'] },
    );
    expect(step.stderr).toBe('');
    expect(step.transcript).toBe('before\n[display]after\n[display]');
    expect(pictures(step.displays)).toEqual([png, png]);
    expect((await kernel.run('plt.get_fignums()')).result?.['text/plain']).toBe('[]');
  });

  it.each([
    'fig, ax = plt.subplots(); ax.plot([1]); fig',
    'fig, ax = plt.subplots(); ax',
    'plt.plot([1, 2], [3, 4])',
    'fig, axes = plt.subplots(2, 2)\naxes',
    'plt.subplots()',
    'pd.DataFrame({"a": [1, 2]}).plot()',
  ])('shows the figure of the result once: %s', async (code) => {
    const step = await kernel.run(`import matplotlib.pyplot as plt, pandas as pd\n${code}`, {
      writes: ['plt', 'pd', 'fig', 'ax', 'axes'],
    });
    expect(step.finished.outcome).toEqual({ type: 'ok' });
    expect(step.transcript).toBe('[result]');
    expect(pictures(step.displays)).toEqual([png]);
  });

  it('shows an array as text and the figure of a histogram beside its numbers', async () => {
    const step = await kernel.run('import matplotlib.pyplot as plt\nplt.hist([1, 2, 2])', { writes: ['plt'] });
    expect(step.transcript).toBe('[result][display]');
    expect(step.result?.['text/plain']).toContain('array([1., 0., ');
  });

  it('prints nothing and shows nothing in a plain script run', async () => {
    const step = await kernel.run('import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\nplt.close("all")', {
      writes: ['plt'],
      wantsResult: false,
    });
    expect([step.stdout, step.stderr, step.displays]).toEqual(['', '', []]);
  });

  it('leaves the choice of a backend to child processes', async () => {
    const step = await kernel.run('import os, matplotlib\n"MPLBACKEND" in os.environ, matplotlib.get_backend()', {
      writes: ['os', 'matplotlib'],
    });
    expect(step.result?.['text/plain']).toBe("(False, 'module://headwater_matplotlib')");
  });
});
