/**
 * Ordinary "# %%" scripts, as people publish them: `headwater run FILE` prints what `python FILE` prints, and ends with the same
 * code. They come out of source distributions, are fetched once into `.cache/scripts`, and are not kept in the repository.
 */
import { spawn } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { headwater, runProgram } from '../clients/cli/headwater.ts';
import { scienceInterpreter } from '../support/science.ts';

const distributions = [
  {
    project: 'matplotlib',
    file: 'matplotlib-3.9.4.tar.gz',
    sha256: '1e00e8be7393cbdc6fedfa8a6fba02cf3e83814b285db1c60b906a023ba41bc3',
    members: [
      'galleries/examples/lines_bars_and_markers/filled_step.py',
      'galleries/examples/misc/logos2.py',
      'galleries/examples/text_labels_and_annotations/font_family_rc.py',
      'galleries/examples/ticks/date_precision_and_epochs.py',
      'galleries/examples/widgets/polygon_selector_demo.py',
      'galleries/examples/widgets/polygon_selector_simple.py',
      'galleries/tutorials/lifecycle.py',
      'galleries/users_explain/artists/color_cycle.py',
      'galleries/users_explain/axes/axes_units.py',
      'galleries/users_explain/colors/colormap-manipulation.py',
      'galleries/users_explain/customizing.py',
    ],
  },
  {
    project: 'sphinx-gallery',
    file: 'sphinx_gallery-0.22.1.tar.gz',
    sha256: '15560a4c2dc0b4a4924c64e3bcb8c6dba7ddad6dcb77c50e255615e645eb18aa',
    members: [
      'examples/plot_0_sin.py',
      'examples/plot_3_capture_repr.py',
      'sphinx_gallery/tests/testconfs/src/first-subsection/plot_4.py',
      'sphinx_gallery/tests/testconfs/src/second-subsection/plot_7.py',
      'sphinx_gallery/tests/tinybuild/examples/plot_log.py',
      'tutorials/plot_parse.py',
    ],
  },
  {
    project: 'jupytext',
    file: 'jupytext-1.19.6.tar.gz',
    sha256: 'ba1d143bb3751e054d3164376b148ee8fa74e1a860fc9411e1da93ff588b8a17',
    members: [
      'tests/data/notebooks/outputs/ipynb_to_percent/convert_to_py_then_test_with_update83.py',
      'tests/data/notebooks/outputs/ipynb_to_percent/frozen_cell.py',
      'tests/data/notebooks/outputs/ipynb_to_percent/raw_cell_with_complex_yaml_like_content.py',
      'tests/data/notebooks/outputs/ipynb_to_percent/raw_cell_with_non_dict_yaml_content.py',
      'tests/data/notebooks/outputs/ipynb_to_percent/text_outputs_and_images.py',
    ],
  },
];

const folder = join(import.meta.dirname, '..', '..', '.cache', 'scripts');
const science = await scienceInterpreter();
const skipped = 'skipped' in science ? science.skipped : await fetchScripts(science.python);
if (skipped !== undefined) console.warn(`Skipped: ${skipped}`);

describe.skipIf(skipped !== undefined)('published "# %%" scripts print the same as under python', () => {
  const python = 'python' in science ? science.python : '';
  const scripts = distributions.flatMap(({ file, members }) =>
    members.map((member) => join(file.replace(/\.tar\.gz$/, ''), member)),
  );

  it.each(scripts)('%s', async (script) => {
    const path = join(folder, script);
    const [plain, ours] = await Promise.all([
      runProgram(python, [basename(path)], { cwd: dirname(path), env: { MPLBACKEND: 'Agg' } }),
      headwater(['run', '--python', python, path]),
    ]);
    expect(plain.stdout, 'a script that prints nothing shows nothing').not.toBe('');
    expect(ours.stdout, ours.stderr).toBe(plain.stdout);
    expect(ours.code).toBe(plain.code);
  });
});

/** Why there are no scripts, or nothing. */
function fetchScripts(python: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(python, [join(import.meta.dirname, 'scripts_fetch.py'), folder], { stdio: ['pipe', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    child.on('error', ({ message }) => resolve(message));
    child.on('close', (code) =>
      resolve(code === 0 ? undefined : `the scripts cannot be fetched: ${complaint.trim().split('\n').at(-1)}`),
    );
    child.stdin.end(JSON.stringify(distributions));
  });
}
