import { kind, type Section } from './kind.ts';

const generators: Section = {
  title: 'Random numbers',
  about: 'Generators that are kept in a name, and global ones from their first seed on.',
  kinds: [
    kind(
      'a generator in a name',
      'import random\nr = random.Random(0) / k = 1\nprint([r.random() for _ in range(k)]) / print(r.random())',
      '2: k = 2\nprint([r.random() for _ in range(k)])',
    ),
    kind(
      'the generator of random',
      'import random\nrandom.seed(1) / print(random.random()) / print(random.random())',
      '2: print(random.random(), random.random())',
    ),
    kind('… another seed', 'import random\nrandom.seed(1) / print(random.random())', '1: import random\nrandom.seed(2)'),
    kind(
      '… a second seed',
      'import random / random.seed(1) / print(random.random()) / random.seed(2) / print(random.random())',
      '4: random.seed(3)',
    ),
    kind(
      '… in a function',
      'import random\nrandom.seed(1)\ndef draw():\n    return random.random() / print(draw()) / print(draw())',
      '2: print(draw(), draw())',
    ),
    kind(
      'a generator that an object keeps',
      'import random\nclass Die:\n    def __init__(self):\n        self.r = random.Random(1)\n    def roll(self):\n        return self.r.randrange(6)\ndie = Die() / print(die.roll()) / print(die.roll(), die.roll())',
      '2: print(die.roll(), die.roll())',
    ),
    kind(
      'a shuffle',
      'import random\nrandom.seed(1)\nxs = [1, 2, 3, 4] / random.shuffle(xs) / print(xs)',
      '2: random.shuffle(xs); random.shuffle(xs)',
    ),
    kind(
      'a state that is put back',
      'import random\nrandom.seed(1)\nkept = random.getstate() / print(random.random()) / random.setstate(kept) / print(random.random())',
      '2: print(random.random(), random.random())',
    ),
    kind(
      'the generator of numpy',
      'import numpy as np\nnp.random.seed(1) / print(np.random.rand()) / print(np.random.rand())',
      '2: print(np.random.rand(), np.random.rand())',
      { isScience: true },
    ),
    kind(
      'a Generator',
      'import numpy as np\nrng = np.random.default_rng(1) / print(rng.random()) / print(rng.random())',
      '2: print(rng.random(), rng.random())',
      { isScience: true },
    ),
    kind(
      'a RandomState',
      'import numpy as np\nrng = np.random.RandomState(1) / print(rng.rand()) / print(rng.rand())',
      '2: print(rng.rand(), rng.rand())',
      { isScience: true },
    ),
    kind(
      'a method of a generator under a name',
      'import random\nroll = random.Random(1).randrange / print(roll(1000)) / print(roll(1000))',
      '2: print(roll(1000), roll(1000))',
    ),
    kind(
      '… of NumPy',
      'import numpy as np\nroll = np.random.default_rng(1).integers / print(roll(1000)) / print(roll(1000))',
      '2: print(roll(1000), roll(1000))',
      { isScience: true },
    ),
    kind(
      'a function of random under a name of its own',
      'import random\nfrom random import randrange as roll\nrandom.seed(1) / print(roll(1000)) / print(roll(1000))',
      '2: print(roll(1000), roll(1000))',
    ),
    kind(
      'a generator in a closure',
      'import random\ndef make(seed):\n    r = random.Random(seed)\n    return lambda: r.randrange(1000)\nroll = make(1) / print(roll()) / print(roll())',
      '2: print(roll(), roll())',
    ),
    kind(
      'a generator that is a default',
      'import random\ndef roll(r=random.Random(1)):\n    return r.randrange(1000) / print(roll()) / print(roll())',
      '2: print(roll(), roll())',
    ),
    kind(
      '… by name',
      'import random\ndef roll(*, r=random.Random(1)):\n    return r.randrange(1000) / print(roll()) / print(roll())',
      '2: print(roll(), roll())',
    ),
    kind(
      'a generator that a function keeps',
      'import random\ndef roll():\n    return roll.r.randrange(1000)\nroll.r = random.Random(1) / print(roll()) / print(roll())',
      '2: print(roll(), roll())',
    ),
    kind(
      '… that another cell sets',
      'import random\ndef roll():\n    return roll.r.randrange(1000) / roll.r = random.Random(1) / print(roll()) / print(roll())',
      '3: print(roll(), roll())',
      { marimo: 'beyond', why: 'Of the attributes of a function, only numbers, texts and the like are looked at.' },
    ),
    kind(
      'a generator that a class keeps',
      'import random\nclass Die:\n    r = random.Random(1)\n    @classmethod\n    def roll(cls):\n        return cls.r.randrange(1000) / print(Die.roll()) / print(Die.roll())',
      '2: print(Die.roll(), Die.roll())',
    ),
    kind(
      'a generator in a partial',
      'import functools, random\nroll = functools.partial(random.Random(1).randrange, 1000) / print(roll()) / print(roll())',
      '2: print(roll(), roll())',
    ),
    kind(
      'a generator in an object in a tuple in a dictionary',
      'import random\nclass Die:\n    def __init__(self):\n        self.r = random.Random(1)\nd = {"a": (Die(),)} / print(d["a"][0].r.random()) / print(d["a"][0].r.random())',
      '2: print(d["a"][0].r.random(), d["a"][0].r.random())',
    ),
    kind(
      'a generator in a list that another cell fills',
      'import random\nrs = [] / rs.append(random.Random(1)) / print(rs[0].random()) / print(rs[0].random())',
      '3: print(rs[0].random(), rs[0].random())',
      { marimo: 'told: mutation-across-cells' },
    ),
    kind('random numbers that nobody seeded', 'import random / print(random.random())', '1: import random  # again', {
      both: 'beyond',
      why: 'No two runs are the same.',
    }),
    kind('random numbers of the system', 'import os / print(os.urandom(4))', '1: import os, sys', {
      both: 'beyond',
      why: 'No two runs are the same.',
    }),
    kind(
      'the order of a set of texts',
      'words = {"a", "b", "c", "d", "e", "f", "g", "h"} / print(list(words))',
      '1: words = {"a", "b", "c", "d", "e", "f", "g", "i"}',
      { both: 'beyond', why: 'No two runs are the same.' },
    ),
    kind(
      'a source of bits',
      'import numpy as np\nb = np.random.PCG64(0) / print(b.random_raw()) / print(b.random_raw())',
      '2: print(b.random_raw(), b.random_raw())',
      { isScience: true },
    ),
    kind(
      'children of a Generator',
      'import numpy as np\nrng = np.random.default_rng(1) / print(rng.spawn(1)[0].integers(1000)) / print(rng.spawn(1)[0].integers(1000))',
      '2: rng.spawn(2)',
      { isScience: true },
    ),
    kind(
      'children of a seed',
      'import numpy as np\nseed = np.random.SeedSequence(1) / print(seed.spawn(1)[0].generate_state(1)) / print(seed.spawn(1)[0].generate_state(1))',
      '2: seed.spawn(2)',
      { isScience: true },
    ),
    kind(
      '… that a generator has, too',
      'import numpy as np\nseed = np.random.SeedSequence(1)\nrng = np.random.default_rng(seed) / print(rng.random()) / print(seed.spawn(1)[0].generate_state(1)) / print(rng.spawn(1)[0].random(), rng.random())',
      '3: seed.spawn(2)',
      { isScience: true },
    ),
    kind(
      'children of a source of bits',
      'import numpy as np\nbits = np.random.MT19937(1) / print(bits.spawn(1)[0].random_raw()) / print(bits.spawn(1)[0].random_raw(), bits.random_raw())',
      '2: bits.spawn(2)',
      { isScience: true },
    ),
    kind(
      'a state that is read',
      'import random\nrandom.seed(1) / random.random() / print(random.getstate()[1][-1])',
      '2: random.random(); random.random()',
    ),
    kind(
      '… of a generator under a name',
      'import random\nr = random.Random(1) / r.random() / print(r.getstate()[1][-1])',
      '2: r.random(); r.random()',
    ),
    kind(
      '… of NumPy',
      'import numpy as np\nnp.random.seed(1) / np.random.random() / print(np.random.get_state()[2])',
      '2: np.random.random(); np.random.random()',
      { isScience: true },
    ),
  ],
};

const tables: Section = {
  title: 'Settings of the process',
  about: 'Each key is set back to what the text gives before a cell runs.',
  kinds: [
    kind(
      'an environment variable',
      'import os / os.environ["HW_A"] = "1" / print(os.environ.get("HW_A"))',
      '2: os.environ["HW_A"] = "2"',
    ),
    kind('… that is no longer set', 'import os / os.environ["HW_A"] = "1" / print(os.environ.get("HW_A"))', '-2'),
    kind(
      '… that is set twice',
      'import os / os.environ["HW_A"] = "1" / print(os.environ["HW_A"]) / os.environ["HW_A"] = "2" / print(os.environ["HW_A"])',
      '2: os.environ["HW_A"] = "3"',
    ),
    kind(
      '… that a function reads',
      'import os\ndef get():\n    return os.environ.get("HW_A") / os.environ["HW_A"] = "1" / print(get())',
      '2: os.environ["HW_A"] = "2"',
    ),
    kind(
      '… that is removed',
      'import os / os.environ["HW_A"] = "1" / os.environ.pop("HW_A", None) / print(os.getenv("HW_A"))',
      '-3',
    ),
    kind(
      '… that a child process reads',
      'import os, subprocess / os.environ["HW_A"] = "1" / print(subprocess.check_output("echo $HW_A", shell=True))',
      '2: os.environ["HW_A"] = "2"',
    ),
    kind(
      'the working directory',
      'import os\nos.makedirs("sub", exist_ok=True) / os.chdir("sub") / print(os.path.basename(os.getcwd()) == "sub")',
      '-2',
    ),
    kind(
      '… that is changed by a step that runs again',
      'import os\nos.makedirs("sub/sub", exist_ok=True) / os.chdir("sub") / print(len(os.listdir(".")))',
      '2: os.chdir("sub")  # down',
    ),
    kind('the path of modules', 'import sys / sys.path.append("lib") / print("lib" in sys.path)', '-2'),
    kind(
      '… at its front',
      'import sys / sys.path.insert(0, "one") / print(sys.path[0] == "one")',
      '2: sys.path.insert(0, "two")',
    ),
    kind(
      'the decimal context',
      'import decimal / decimal.getcontext().prec = 5 / print(decimal.Decimal(1)/3)',
      '2: decimal.getcontext().prec = 6',
    ),
    kind('… through a star', 'from decimal import * / getcontext().prec = 5 / print(Decimal(1)/3)', '2: getcontext().prec = 6'),
    kind(
      '… of a variable of the environment',
      'from os import *\nimport os / environ["HW_A"] = "1" / print(getenv("HW_A"))',
      '2: environ["HW_A"] = "2"',
    ),
    kind(
      'the filters of warnings',
      'import warnings / warnings.simplefilter("error") / try:\n    warnings.warn("w")\n    print("warned")\nexcept UserWarning:\n    print("raised")',
      '2: warnings.simplefilter("ignore")',
    ),
    kind(
      'the locale',
      'import locale / locale.setlocale(locale.LC_ALL, "C") / print(locale.setlocale(locale.LC_ALL))',
      '2: locale.setlocale(locale.LC_ALL, "C.UTF-8")',
    ),
    kind(
      'settings of matplotlib',
      'import matplotlib.pyplot as plt / plt.rcParams["lines.linewidth"] = 3 / print(plt.rcParams["lines.linewidth"])',
      '2: plt.rcParams["lines.linewidth"] = 4',
      { isScience: true },
    ),
    kind(
      'options of pandas',
      'import pandas as pd / pd.options.display.max_rows = 5 / print(pd.options.display.max_rows)',
      '2: pd.options.display.max_rows = 6',
      { isScience: true },
    ),
    kind(
      '… by set_option',
      'import pandas as pd / pd.set_option("display.max_rows", 5) / print(pd.get_option("display.max_rows"))',
      '2: pd.set_option("display.max_rows", 6)',
      { isScience: true },
    ),
    kind(
      'how numpy prints',
      'import numpy as np / np.set_printoptions(precision=2) / print(np.array([0.123456]))',
      '2: np.set_printoptions(precision=3)',
      { isScience: true },
    ),
    kind('an attribute of a module of Python', 'import math / math.answer = 41 / print(math.answer)', '2: math.answer = 42', {
      marimo: 'beyond',
      why: 'What a module keeps is not followed.',
    }),
    kind(
      'the level of a logger',
      'import logging\nlog = logging.getLogger("hw") / log.setLevel(logging.ERROR) / print(log.isEnabledFor(logging.INFO))',
      '2: log.setLevel(logging.DEBUG)',
    ),
    kind(
      'a handler of a logger',
      'import logging\nlog = logging.getLogger("hw") / log.addHandler(logging.NullHandler()) / print(len(log.handlers))',
      '1: import logging\nlog = logging.getLogger("hw")  # again',
      { both: 'beyond', why: 'What a module keeps is not followed.' },
    ),
    kind(
      'a builtin that is replaced for all',
      'import builtins / builtins.answer = 41 / print(answer)',
      '2: builtins.answer = 42',
      { both: 'beyond', why: 'What a module keeps is not followed.' },
    ),
    kind(
      'an entry among the modules',
      'import sys, types / sys.modules["hw_fake"] = types.SimpleNamespace(v=1) / import hw_fake\nprint(hw_fake.v)',
      '2: sys.modules["hw_fake"] = types.SimpleNamespace(v=2)',
      { both: 'beyond', why: 'What a module keeps is not followed.' },
    ),
    kind(
      'the limit of recursion',
      'import sys / sys.setrecursionlimit(900) / print(sys.getrecursionlimit())',
      '2: sys.setrecursionlimit(901)',
      { both: 'beyond', why: 'Some settings of the process are not followed.' },
    ),
    kind(
      'how NumPy handles errors',
      'import numpy as np / np.seterr(divide="raise") / try:\n    print(np.divide(1.0, 0.0))\nexcept FloatingPointError:\n    print("raised")',
      '2: np.seterr(divide="ignore")',
      { isScience: true },
    ),
    kind(
      'traps of the decimal context',
      'from decimal import Decimal, Inexact, getcontext / getcontext().traps[Inexact] = True / try:\n    print(Decimal(2).sqrt())\nexcept Inexact:\n    print("inexact")',
      '2: None',
    ),
    kind(
      'flags of the decimal context',
      'from decimal import Decimal, Inexact, getcontext / Decimal(2).sqrt() / print(getcontext().flags[Inexact])',
      '2: None',
      { both: 'beyond', why: 'Some settings of the process are not followed.' },
    ),
    kind(
      'a handler of signals',
      'import signal / signal.signal(signal.SIGUSR1, signal.SIG_IGN) / print(signal.getsignal(signal.SIGUSR1) == signal.SIG_IGN)',
      '2: signal.signal(signal.SIGUSR1, signal.SIG_DFL)',
      { both: 'beyond', why: 'Some settings of the process are not followed.' },
    ),
    kind(
      'standard output that is replaced',
      'import io, sys\nkept = sys.stdout / sys.stdout = io.StringIO() / print("hidden") / sys.stdout = kept / print("shown")',
      '2: pass',
      { both: 'beyond', why: 'Some settings of the process are not followed.' },
    ),
    kind(
      'an option that is read through a value alone',
      'import pandas as pd\ndf = pd.DataFrame({"a": [1.23456789]}) / pd.options.display.precision = 3 / print(df)',
      '2: pd.options.display.precision = 5',
      { both: 'beyond', isScience: true, why: 'Only cells that mention a library count as readers of its options.' },
    ),
  ],
};

const figures: Section = {
  title: 'Figures of pyplot',
  about: 'The figures that are open, and the one that is drawn on, are part of what a cell is given.',
  kinds: [
    kind(
      'a figure that two cells draw on',
      'import matplotlib.pyplot as plt / plt.plot([1]) / print(len(plt.gca().lines))',
      '2: plt.plot([1]); plt.plot([2])',
      { isScience: true },
    ),
    kind(
      'axes that plot() finds',
      'import matplotlib.pyplot as plt\nfig, ax = plt.subplots() / plt.plot([1, 2]) / print(len(ax.lines))',
      '2: plt.plot([1]); plt.plot([2])',
      { isScience: true },
    ),
    kind(
      'the axes that are drawn on next',
      'import matplotlib.pyplot as plt\nfig, axs = plt.subplots(2) / plt.sca(axs[0]) / plt.plot([5]); print(len(axs[0].lines))',
      '2: pass',
      { isScience: true, both: 'beyond', why: 'Which axes of a figure are the current ones is not followed.' },
    ),
    kind(
      'a picture that is saved',
      'import matplotlib.pyplot as plt, os / plt.plot([1, 5]) / plt.savefig("a.png")\nprint(os.path.getsize("a.png") > 9000)',
      '2: pass',
      { isScience: true },
    ),
    kind(
      'the figures that are open',
      'import matplotlib.pyplot as plt / plt.figure() / print(plt.get_fignums())',
      '2: plt.figure(); plt.figure()',
      { isScience: true },
    ),
    kind(
      'a figure that is closed',
      'import matplotlib.pyplot as plt / plt.figure() / plt.close() / print(plt.get_fignums())',
      '-3',
      { isScience: true },
    ),
  ],
};

export const ambientKinds: readonly Section[] = [generators, tables, figures];
