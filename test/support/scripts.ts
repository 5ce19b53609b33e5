/** Published "# %%" scripts, out of source distributions: fetched once into `.cache/scripts`, and not kept in the repository. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const distributions: readonly Distribution[] = [
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

const differential = join(import.meta.dirname, '..', 'differential');
export const scriptsFolder = join(import.meta.dirname, '..', '..', '.cache', 'scripts');
/** Below that folder. */
export const scripts: readonly string[] = scriptsIn(distributions);

export function scriptsIn(asked: readonly Distribution[]): readonly string[] {
  return asked.flatMap(({ file, members }) => members.map((member) => join(file.replace(/\.tar\.gz$/, ''), member)));
}

interface Distribution {
  readonly project: string;
  readonly file: string;
  readonly sha256: string;
  readonly members: readonly string[];
}

/** Why there are no scripts, or nothing. */
export function fetchScripts(python: string, asked: readonly Distribution[] = distributions): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(python, [join(differential, 'scripts_fetch.py'), scriptsFolder], { stdio: ['pipe', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    child.on('error', ({ message }) => resolve(message));
    child.on('close', (code) =>
      resolve(code === 0 ? undefined : `the scripts cannot be fetched: ${complaint.trim().split('\n').at(-1)}`),
    );
    child.stdin.end(JSON.stringify(asked));
  });
}
