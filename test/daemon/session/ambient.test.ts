/** States that cells share without a variable are in order: after an edit and a run, what is fresh shows what a fresh run of the text shows. */
import { describe, expect, it } from 'vitest';
import { testPython } from '../../support/kernel.ts';
import { notebookText } from '../../support/notebook-text.ts';
import { sharedDaemon } from '../../support/shared-daemon.ts';
import { checkExamples } from '../../support/shared-states.ts';

const daemon = sharedDaemon();
const seeded = 'import random; r = random.Random(0)';

checkExamples(daemon, await testPython(), [
  [
    'draws from a generator that a name holds',
    [seeded, 'k = 1', 'print([r.random() for _ in range(k)])', 'print(r.random())'],
    [1, 'k = 2'],
    [1, 'k = 0'],
  ],
  [
    'draws from it under another name',
    [seeded, 's = r', 'print(s.random())', 'print(r.random())'],
    [2, 'print(s.random(), s.random())'],
    [2, undefined],
  ],
  [
    'draws through a function',
    [seeded, 'def roll(n): return [r.randint(1, 6) for _ in range(n)]', 'print(roll(2))', 'print(roll(3))'],
    [2, 'print(roll(1))'],
    [0, 'import random; r = random.Random(1)'],
  ],
  [
    'draws from one that an object holds',
    [
      'import random\nclass Die:\n    def __init__(self): self.r = random.Random(3)',
      'die = Die()',
      'print(die.r.random())',
      'print(die.r.random())',
    ],
    [2, 'print(die.r.random(), die.r.random())'],
  ],
  [
    'draws from the generator of the module',
    ['import random; random.seed(1)', 'k = 2', 'print([random.random() for _ in range(k)])', 'print(random.random())'],
    [1, 'k = 3'],
    [0, 'import random; random.seed(2)'],
  ],
  [
    'seeds again further down',
    ['import random; random.seed(1)', 'print(random.random())', 'random.seed(5)', 'print(random.random())'],
    [1, 'print(random.random(), random.random())'],
    [2, 'random.seed(6)'],
    [2, undefined],
  ],
  [
    'sets a variable of the environment',
    ['import os', 'os.environ["HW_A"] = "1"', 'print(os.environ.get("HW_A"))', 'print(os.environ.get("HW_B"))'],
    [1, 'os.environ["HW_A"] = "2"'],
    [1, 'os.environ["HW_B"] = "2"'],
    [1, undefined],
  ],
  [
    'sets one twice',
    [
      'import os',
      'os.environ["HW_C"] = "1"',
      'print(os.environ["HW_C"])',
      'os.environ["HW_C"] = "2"',
      'print(os.environ["HW_C"])',
    ],
    [2, 'print(os.environ["HW_C"] * 2)'],
    [3, 'os.environ["HW_C"] = "3"'],
    [3, undefined],
  ],
  [
    'reads one through a function and by another import',
    [
      'import os\ndef name(): return os.environ.get("HW_D")',
      'os.environ["HW_D"] = "1"',
      'print(name())',
      'from os import environ as e\nprint(e.get("HW_D"))',
    ],
    [1, 'os.environ["HW_D"] = "5"'],
    [1, 'os.environ.pop("HW_D", None)'],
  ],
  [
    'goes to another directory',
    ['import os', 'os.chdir("/")', 'print(os.getcwd())', 'print(open("etc/hostname").name, len(os.listdir(".")) > 0)'],
    [1, 'os.chdir("/usr/..")'],
    [1, 'os.chdir("/"); print(1)'],
  ],
  [
    'adds to the path of modules',
    ['import sys', 'sys.path.append("/hw/a")', 'print(sys.path[-1])'],
    [1, 'sys.path.append("/hw/b")'],
    [1, 'sys.path += ["/hw/c", "/hw/d"]'],
    [1, 'pass'],
  ],
  [
    'changes the context of decimals',
    ['from decimal import Decimal, getcontext', 'getcontext().prec = 5', 'print(Decimal(1) / 3)'],
    [1, 'getcontext().prec = 9'],
  ],
]);

describe.each(['percent', 'marimo'] as const)(
  'in a %s notebook, a cell that ran before the state was first set (P65)',
  (format) => {
    it.each([
      ['import random', 'random.seed(3)', 'print(random.random())', '0.23796462709189137'],
      ['import os', 'os.environ.update(HW_F="1")', 'print(os.environ.get("HW_F"))', '1'],
      ['import os', 'os.chdir("/")', 'print(os.getcwd())', '/'],
      ['import sys', 'sys.path.append("/hw/f")', 'print(sys.path[-1])', '/hw/f'],
      ['import warnings', 'warnings.simplefilter("ignore")', 'print(warnings.filters[0][0])', 'ignore'],
      ['import decimal', 'decimal.getcontext().prec = 3', 'print(decimal.Decimal(1) / 3)', '0.333'],
    ])('is stale once it is set, and shows it then: %s / %s / %s', async (first, sets, reads, shows) => {
      const notebook = await daemon.notebook(notebookText(format, [first, sets, reads]));
      await notebook.run('upstream', 2);
      await notebook.run('only', 1);
      expect(notebook.statuses.at(2) === 'stale' || notebook.shown(2) === `${shows}\n`).toBe(true);
      await notebook.run('stale');
      expect([notebook.shown(2), notebook.statuses.at(2)]).toEqual([`${shows}\n`, 'fresh']);
    });
  },
);
