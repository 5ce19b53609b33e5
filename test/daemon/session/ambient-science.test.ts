/** The same of what numpy, pandas and matplotlib share. */
import { dirname } from 'node:path';
import { describe } from 'vitest';
import { scienceInterpreter } from '../../support/science.ts';
import { sharedDaemon } from '../../support/shared-daemon.ts';
import { checkExamples, type Example } from '../../support/shared-states.ts';

const science = await scienceInterpreter();
const python = 'python' in science ? science.python : '';
const daemon = sharedDaemon({ VIRTUAL_ENV: dirname(dirname(python)) });

const numpy = 'import numpy as np';
const pyplot = 'import matplotlib.pyplot as plt';
const lines = 'print([len(a.lines) for a in plt.gcf().axes])';

const generators: readonly Example[] = [
  [
    'seeds numpy itself',
    [numpy, 'np.random.seed(0)', 'k = 1', 'print(np.random.rand(k))', 'print(np.random.normal())'],
    [2, 'k = 2'],
    [1, 'np.random.seed(1)'],
    [3, 'print(np.random.randn(k))'],
  ],
  [
    'draws from a Generator',
    [`${numpy}\nrng = np.random.default_rng(3)`, 'print(rng.random(2))', 'print(rng.integers(10, size=3))'],
    [1, 'print(rng.random(3))'],
    [0, `${numpy}\nrng = np.random.default_rng(4)`],
    [1, 'pass'],
  ],
  [
    'draws from a RandomState that a dictionary holds',
    [`${numpy}\nstate = {"a": np.random.RandomState(3)}`, 'print(state["a"].rand())', 'print(state["a"].rand())'],
    [1, 'print(state["a"].rand(2))'],
  ],
];

const tables: readonly Example[] = [
  [
    'sets how numpy prints',
    [numpy, 'np.set_printoptions(precision=3)', 'print(np.array([1 / 3]))'],
    [1, 'np.set_printoptions(precision=5)'],
    [1, 'pass'],
  ],
  [
    'sets options of pandas',
    [
      'import pandas as pd',
      'pd.options.display.max_rows = 4',
      'df = pd.DataFrame({"a": range(9)})\nprint(df)',
      'print(pd.get_option("display.max_rows"))',
    ],
    [1, 'pd.set_option("display.max_rows", 6)'],
    [1, 'pd.set_option("display.width", 60)'],
  ],
  [
    'sets defaults of matplotlib',
    [
      pyplot,
      'plt.rcParams["lines.linewidth"] = 3',
      'print(plt.plot([1])[0].get_linewidth())',
      'print(plt.rcParams["font.size"])',
    ],
    [1, 'plt.rcParams["lines.linewidth"] = 4'],
    [1, 'plt.rc("font", size=9)'],
  ],
];

const figures: readonly Example[] = [
  [
    'draws on the open figure',
    [pyplot, 'plt.plot([1]);', 'plt.plot([2]);', lines],
    [2, 'plt.plot([2]); plt.plot([3]);'],
    [1, 'plt.plot([1]); plt.plot([0]); plt.plot([7]);'],
    [2, undefined],
  ],
  [
    'draws by pyplot on a figure with a name',
    [pyplot, 'fig, ax = plt.subplots()', 'plt.plot([1, 2]); print(len(ax.lines))', 'print(len(ax.lines), ax.get_title())'],
    [2, 'plt.plot([1, 2]); plt.plot([3]); print(len(ax.lines))'],
    [2, 'plt.title("a"); print(len(ax.lines))'],
    [1, 'fig, ax = plt.subplots(); ax.plot([1])'],
  ],
  [
    'has several figures',
    [
      pyplot,
      'plt.figure(1); plt.plot([1]);',
      'plt.figure(2); plt.plot([1]); plt.plot([2]);',
      'plt.figure(1); plt.plot([5]);',
      `${lines}; print(plt.get_fignums())`,
    ],
    [3, 'plt.figure(2); plt.plot([5]);'],
    [1, 'plt.figure(1); plt.plot([1]); plt.plot([9]);'],
    [2, 'pass'],
  ],
  [
    'closes a figure',
    [pyplot, 'plt.plot([1]);', 'plt.close()', `plt.plot([4]); ${lines}; print(plt.get_fignums())`],
    [2, 'pass'],
    [2, 'plt.close("all")'],
    [1, 'plt.figure(); plt.figure();'],
  ],
];

describe.skipIf('skipped' in science)('shared states of libraries', () => {
  checkExamples(daemon, python, [...generators, ...tables, ...figures]);
});
