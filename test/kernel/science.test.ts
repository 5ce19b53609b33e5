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

describe.skipIf('skipped' in science)('with libraries that people show things of (W9)', () => {
  beforeAll(async () => {
    if ('python' in science) kernel = await startKernel({ python: science.python });
  }, 120_000);
  afterAll(endKernels);

  const imports: Readonly<Record<string, string>> = {
    pd: 'import pandas as pd',
    pl: 'import polars as pl',
    np: 'import numpy as np',
    alt: 'import altair as alt',
    px: 'import plotly.express as px',
    Image: 'from PIL import Image',
    plt: 'import matplotlib.pyplot as plt',
    ip: 'import IPython.display as ip',
  };
  const importsFor = (code: string): string =>
    Object.entries(imports)
      .filter(([name]) => code.includes(`${name}.`))
      .map(([, line]) => `${line}\n`)
      .join('');

  const rich: readonly (readonly [code: string, mimes: readonly string[], text: string | RegExp])[] = [
    ['pd.DataFrame({"a": [1, 2]})', ['text/html'], '   a\n0  1\n1  2'],
    ['pd.Series([1, 2])', [], '0    1\n1    2\ndtype: int64'],
    ['pl.DataFrame({"a": [1, 2]})', ['text/html'], /^shape: \(2, 1\)/],
    ['pl.Series("a", [1])', ['text/html'], /Series: 'a'/],
    ['pl.DataFrame({"a": [1]}).lazy()', ['text/html'], /LazyFrame/],
    ['np.arange(4)', [], 'array([0, 1, 2, 3])'],
    ['np.float64(1.5)', [], 'np.float64(1.5)'],
    ['alt.Chart(pd.DataFrame({"a": [1]})).mark_bar()', ['text/html', 'application/vnd.vegalite.v6+json'], 'alt.Chart(...)'],
    ['px.line(x=[1], y=[2])', ['text/html', 'application/vnd.plotly.v1+json'], /^Figure/],
    ['Image.new("RGB", (4, 4))', ['image/png'], /image mode=RGB size=4x4/],
    ['plt.figure()', ['image/png'], '<Figure size 640x480 with 0 Axes>'],
    ['ip.HTML("<b>")', ['text/html'], '<IPython.core.display.HTML object>'],
    ['ip.Markdown("# t")', ['text/markdown'], '<IPython.core.display.Markdown object>'],
  ];

  it.each(rich)(
    'shows %s richly, as a result, by display(), and by display() of IPython',
    async (value, mimes, text) => {
      const writes = ['pd', 'pl', 'np', 'alt', 'px', 'Image', 'plt', 'ip'];
      const codes = [value, `display(${value})`, `ip.display(${value})`];
      for (const code of codes) {
        const step = await kernel.run(`${importsFor(code)}${code}`, { writes });
        expect(step.finished.outcome).toEqual({ type: 'ok' });
        expect(step.displays.map(({ isResult }) => isResult)).toEqual([code === value]);
        const { 'text/plain': plain, ...others } = step.displays[0]?.bundle ?? {};
        expect(Object.keys(others)).toEqual(mimes);
        if (typeof text === 'string') expect(plain).toBe(text);
        else expect(plain).toMatch(text);
      }
    },
    120_000,
  );

  it.each([
    ['Image.new("RGB", (4, 4)).show()', 'image/png'],
    ['px.line(x=[1], y=[2]).show()', 'application/vnd.plotly.v1+json'],
    ['alt.Chart(pd.DataFrame({"a": [1]})).mark_bar().show()', 'application/vnd.vegalite.v6+json'],
    ['pl.DataFrame({"a": [1]}).plot.bar(x="a", y="a").show()', 'application/vnd.vegalite.v6+json'],
  ])('shows %s in the cell, and opens nothing', async (code, mime) => {
    const step = await kernel.run(`${importsFor(code)}${code}`, {
      writes: ['pd', 'pl', 'alt', 'px', 'Image'],
      wantsResult: false,
    });
    expect(step.finished.outcome).toEqual({ type: 'ok' });
    expect(step.displays.map(({ bundle }) => Object.keys(bundle).includes(mime))).toEqual([true]);
    expect([step.stdout, step.stderr]).toEqual(['', '']);
  });

  it('shows a figure of display() where it stands, and once', async () => {
    const step = await kernel.run('import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\ndisplay(fig)\nprint("after")', {
      writes: ['plt', 'fig', 'ax'],
      wantsResult: true,
    });
    expect(step.transcript).toBe('[display]after\n');
    expect(pictures(step.displays)).toEqual([png]);
  });

  it('replaces what was shown, by handle and by name', async () => {
    const code =
      'from IPython.display import display, update_display\nh = display("one", display_id="d")\nupdate_display("two", display_id="d")\nh.update("three")';
    const { displays } = await kernel.run(code, { writes: ['h'], wantsResult: false });
    expect(displays).toMatchObject([
      { displayId: 'd', isUpdate: false },
      { displayId: 'd', isUpdate: true, bundle: { 'text/plain': "'two'" } },
      { displayId: 'd', isUpdate: true, bundle: { 'text/plain': "'three'" } },
    ]);
  });

  it('clears what was shown with clear_output, and with display(…, clear=True)', async () => {
    const code =
      'from IPython.display import clear_output, display\nprint("a")\nclear_output()\nclear_output(wait=True)\ndisplay(1, clear=True)';
    const step = await kernel.run(code, { writes: ['clear_output', 'display'], wantsResult: false });
    expect(step.transcript).toBe('a\n[clear][clear next][clear next][display]');
  });

  it('shows figures where plt.show() is called, and what is still open at the end', async () => {
    const step = await kernel.run(
      'import matplotlib.pyplot as plt\nprint("before")\nplt.plot([1, 2])\nplt.show()\nprint("after")\nplt.plot([3])\nx = 1',
      { writes: ['plt', 'x'] },
    );
    expect(step.stderr).toBe('');
    expect(step.transcript).toBe('before\n[display]after\n[display]');
    expect(pictures(step.displays)).toEqual([png, png]);
    expect((await kernel.run('plt.get_fignums()')).result?.['text/plain']).toBe('[1]');
  });

  it('keeps figures open, tells who asks for them and who draws on them, and shows each when it has changed (W9, W36)', async () => {
    const none = { reads: [], writes: [], consumes: [] };
    const step = (code: string, ...writes: string[]) => kernel.run(code, { cell: 'c1', implicit: none, writes });
    await step('import matplotlib.pyplot as plt\nplt.close("all")', 'plt');
    const made = await step('fig, ax = plt.subplots()\nx = ax.plot([1])', 'fig', 'ax');
    expect(pictures(made.displays)).toEqual([png]);
    expect(made.finished.observed.implicit).toMatchObject({ writes: ['<figure 1>', '<pyplot>'], consumes: [] });
    const saved = await step('import io\nplt.savefig(io.BytesIO(), dpi=30)');
    expect(pictures(saved.displays)).toEqual([]);
    expect(saved.finished.observed.implicit).toEqual({ ...none, reads: ['<pyplot>', '<figure 1>'] });
    const drawn = await step('y = ax.plot([2])');
    expect(pictures(drawn.displays)).toEqual([png]);
    expect(drawn.finished.observed.implicit).toMatchObject({ writes: ['<figure 1>'], consumes: ['<figure 1>'] });
    const failed = await step('plt.figure()\nz = ax.plot([3])\n1 / 0');
    expect(failed.finished.observed.implicit).toEqual({ ...none, consumes: ['<figure 1>'] });
    expect((await step('plt.get_fignums()')).result?.['text/plain']).toBe('[1]');
    expect((await step('plt.show()')).displays).toEqual([]);
    expect((await step('plt.get_fignums()')).result?.['text/plain']).toBe('[]');
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
