/**
 * Galleries of "# %%" scripts. Most print little: so a cell at the end prints every name with its value, and `headwater run FILE` prints
 * what `python FILE` prints. And `headwater check` says next to nothing of them, since they are right.
 *
 * `GALLERIES=100 npx vitest run test/differential/galleries.test.ts` tries all of them.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callHeadwater, headwater, runProgram } from '../clients/cli/headwater.ts';
import { galleries, galleryPackages, galleryScripts } from '../support/galleries.ts';
import { howMany } from '../support/histories.ts';
import { interpreterWith } from '../support/science.ts';
import { fetchScripts, scriptsFolder } from '../support/scripts.ts';

const count = howMany(12, 'GALLERIES');
const secondsPerScriptMax = 300;

/** Intended differences. */
const atRandom = 'draws random numbers without a seed, so two runs of python differ';
const atFigure = 'goes on with a figure after plt.show(), which closes it here, and not under the backend of plain python';
const apart = new Map([
  ['plot_affinity.py', atRandom],
  ['making_inset_images.py', atRandom],
  ['from_tabular_data.py', atRandom],
  ['plot_fit_iam_models.py', atRandom],
  ['plot_rtranpose_year.py', atRandom],
  ['plot_model_agnostic_importance.py', atRandom],
  ['01.hexagonal_limits.py', atFigure],
  ['plot_convert_iam_models.py', atFigure],
]);

const ending = `
# %%
def told(value):
    import re

    return re.sub(r" at 0x[0-9A-Fa-f]+", "", repr(value))[:500]


for name, value in sorted(globals().items()):
    if not name.startswith("_") and name not in ("told", "name", "value"):
        print(name, type(value).__qualname__, told(value))
`;

const gallery = await interpreterWith('gallery-venv', galleryPackages);
const skipped = 'skipped' in gallery ? gallery.skipped : await fetchScripts(gallery.python, galleries);
if (skipped !== undefined) console.warn(`skipped: ${skipped}`);

describe.skipIf(skipped !== undefined)('"# %%" scripts of galleries', () => {
  const python = 'python' in gallery ? gallery.python : '';
  const ends = { whole: 0 };
  const compared = galleryScripts.filter((script) => !apart.has(basename(script)));
  const chosen = compared.filter((_, at) => at % Math.max(1, Math.floor(compared.length / count)) === 0);

  it.each(chosen)('end as under python: %s', { timeout: secondsPerScriptMax * 1000 }, async (script) => {
    const path = withEnding(script);
    const plain = await runProgram(python, [basename(path)], { cwd: dirname(path), env: { MPLBACKEND: 'Agg' } });
    if (plain.code === 0) ends.whole += 1;
    const ours = await headwater(['run', '--python', python, path]);
    expect(ours.stdout, ours.stderr).toBe(plain.stdout);
    expect(ours.code).toBe(plain.code);
  });

  it('come to their end, most of them', () => {
    expect(ends.whole, 'some need the network').toBeGreaterThan(chosen.length / 2);
  });

  it('have a problem each at most, but for few', async () => {
    const paths = galleryScripts.map((script) => join(scriptsFolder, script));
    const { stdout } = await callHeadwater(['check', '--json', ...paths], { env: { VIRTUAL_ENV: dirname(dirname(python)) } });
    const problems = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).problems.filter(({ code }: { code: string }) => code !== 'unused-definition') as unknown[]);
    expect(problems).toHaveLength(galleryScripts.length);
    const sorted = problems.map(({ length }) => length).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(1);
  });
});

/** In a folder of its own: the others are as they were published. */
function withEnding(script: string): string {
  const path = join(`${scriptsFolder}-ended`, script);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, readFileSync(join(scriptsFolder, script), 'utf8') + ending);
  return path;
}
