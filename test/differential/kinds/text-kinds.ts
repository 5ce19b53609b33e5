import { kind, type Section } from './kind.ts';

const edits: Section = {
  title: 'Edits of the text',
  about: 'What an editor can do to a notebook.',
  kinds: [
    kind('another value', 'a = 1 / b = a + 1 / print(b)', '1: a = 2'),
    kind('a comment', 'a = 1 / print(a)', '1: a = 1  # one'),
    kind('another layout', 'a = [1, 2] / print(a)', '1: a = [\n    1,\n    2,\n]'),
    kind('a cell that is removed', 'a = 1 / b = 2 / print(b, "a" in globals())', '-1'),
    kind('a definition that is removed', 'a = 1 / print(a)', '-1'),
    kind('a second definition that is removed', 'a = 1 / a = 2 / print(a)', '-2', { marimo: 'refused' }),
    kind('a second definition that is added', 'a = 1 / print(a)', '+2: a = 2', { marimo: 'refused' }),
    kind('a cell that moves', 'a = 1 / print(a) / a = 2', '3>2', { marimo: 'refused' }),
    kind('a change in place that moves', 'xs = [1] / print(xs) / xs.append(2)', '3>2'),
    kind('another name', 'a = 1 / print(a)', '1: c = 1'),
    kind('a name that is deleted', 'a = 1 / print(a) / del a / print("a" in globals())', '3: pass', {
      marimo: 'beyond',
      why: 'In a marimo file, readers of a name get what its definition gave, whatever other cells bind or delete while they run.',
    }),
    kind('a number that counts up', 'n = 1 / n += 1 / print(n)', '2: n += 2', { marimo: 'refused' }),
    kind('two names that are swapped', 'a, b = 1, 2 / a, b = b, a / print(a, b)', '1: a, b = 3, 4', { marimo: 'refused' }),
    kind('a name that is bound in a branch', 'k = 1 / if k > 1:\n    b = 2 / print("b" in globals())', '1: k = 2'),
    kind(
      'the name of a handler',
      'k = 1 / try:\n    1 // (k - 1)\nexcept ZeroDivisionError as err:\n    err = str(err)\n    print(err) / try:\n    1 // 0\nexcept ZeroDivisionError as err:\n    err = "two"\n    print(err)',
      '1: k = 2',
    ),
    kind('a failure that is mended', 'a = 1 // 0 / print(a)', '1: a = 1'),
    kind('a failure that is made', 'a = 1 / print(a)', '1: a = 1 // 0'),
  ],
};

const order: Section = {
  title: 'Order',
  about: 'A script keeps the order of the page, except where plain Python certainly fails.',
  kinds: [
    kind('a builtin that is bound below', 'print(max(1, 2)) / max = 10', '2: max = 11'),
    kind(
      'a builtin that is bound below, in a function',
      'def top(xs):\n    return max(xs) / print(top([1, 2])) / def max(xs):\n    return 9',
      '3: def max(xs):\n    return 8',
    ),
    kind(
      'a builtin that is imported below',
      'xs = [1]\nprint(sum(xs)) / from math import fsum as sum\nsum(xs)',
      '1: xs = [2]\nprint(sum(xs))',
      { marimo: 'refused', why: 'In a marimo file the two cells need each other.' },
    ),
    kind('a read that expects a NameError', 'try:\n    print(cfg)\nexcept NameError:\n    print("no") / cfg = 1', '2: cfg = 2'),
    kind(
      'a value that is counted on, or begun',
      'try:\n    n = total + 1\nexcept NameError:\n    n = 0\nprint(n) / total = 5',
      '2: total = 6',
    ),
    kind(
      'a branch that is not taken',
      'def show(p=None):\n    if p is not None:\n        helper(p)\n    print("shown", p) / show() / def helper(b):\n    print("helper", b) / show(2)',
      '3: def helper(b):\n    print("help", b)',
    ),
    kind('a loop that never runs', 'for _ in []:\n    print(late)\nprint("end") / late = 1', '2: late = 2'),
    kind('a name that a function finds when it is called', 'def f():\n    return cfg / cfg = 1 / print(f())', '2: cfg = 2'),
    kind(
      'a function that is called before its name is there',
      'def f():\n    try:\n        return cfg\n    except NameError:\n        return "no" / print(f()) / cfg = 1 / print(f())',
      '3: cfg = 2',
    ),
    kind('a definition below its certain reader', 'print(late) / late = 1', '2: late = 2', {
      percent: 'told: read-above-definition',
      why: 'Python fails; the definition runs first.',
    }),
    kind('cells that need each other', 'a = b / b = a', '2: b = 1', {
      marimo: 'refused',
      percent: 'told: read-above-definition',
      why: 'After the edit Python fails; the definition runs first.',
    }),
    kind(
      'a reader that changes what stands below it',
      'def show(xs):\n    xs.append(len(xs)) / show(xs) / xs = []',
      '3: xs = [1]',
      { percent: 'told: read-above-definition', why: 'Python fails; the definition runs first.' },
    ),
    kind(
      'functions that call each other',
      'def even(n):\n    return n == 0 or odd(n - 1) / def odd(n):\n    return n > 0 and even(n - 1) / print(even(4))',
      '2: def odd(n):\n    return n != 0 and even(n - 1)',
    ),
    kind(
      'an exit that is seen',
      'import sys / if len(sys.argv) > 9:\n    sys.exit() / try:\n    print(late)\nexcept NameError:\n    print("none") / late = 1',
      '4: late = 2',
    ),
  ],
};

const dynamic: Section = {
  title: 'Reads and writes by text',
  about: 'Names in texts, and names that are made while a cell runs.',
  kinds: [
    kind('eval of a constant text', 'x = 1 / print(eval("x + 1"))', '1: x = 2'),
    kind('eval of a made text', 'x = 1 / name = "x" / print(eval(name + " + 1"))', '1: x = 2'),
    kind('globals() by a constant key', 'n = 1 / print(globals()["n"])', '1: n = 2'),
    kind('globals() by a made key', 'n = 1 / key = "n" / print(globals()[key])', '1: n = 2', {
      marimo: 'told: opaque-read',
      percent: 'told: opaque-read',
    }),
    kind('a text that is formatted with all names', 'n = 1 / print("{n}".format(**globals()))', '1: n = 2'),
    kind(
      'names that a query mentions',
      'import pandas as pd\ndf = pd.DataFrame({"a": [1, 2, 3]}) / lim = 1 / print(len(df.query("a > @lim")))',
      '2: lim = 2',
      { isScience: true },
    ),
    kind('a name that exec binds', 'exec("z = 1") / print(z)', '1: exec("z = 2")'),
    kind('a name that globals() binds', 'globals()["z"] = 1 / print(z)', '1: globals()["z"] = 2'),
    kind(
      'a name that is bound in a loop over texts',
      'for key in ["u", "v"]:\n    globals()[key] = key * 2 / print(u, v)',
      '1: for key in ["u", "v"]:\n    globals()[key] = key * 3',
      { marimo: 'equal' },
    ),
    kind('the module of the script', 'n = 1 / import __main__\nprint(__main__.n)', '1: n = 2'),
    kind(
      'a name that is got from the module of the script',
      'n = 1 / import sys\nprint(getattr(sys.modules["__main__"], "n"))',
      '1: n = 2',
    ),
    kind(
      'a name that a function stores',
      'n = 0\ndef bump():\n    global n\n    n += 1 / bump() / print(n)',
      '2: bump(); bump()',
      {
        marimo: 'beyond',
        why: 'In a marimo file, readers of a name get what its definition gave, whatever other cells bind or delete while they run.',
      },
    ),
    kind('a star import', 'from math import * / print(floor(2.5))', '1: from cmath import *'),
    kind('another name that exec binds', 'exec("z = 1") / print("z" in globals())', '1: exec("y = 1")'),
    kind('another name that globals() binds', 'globals()["z"] = 1 / print("z" in globals())', '1: globals()["y"] = 1'),
    kind('whether a name is there', 'n = 1 / print("n" in globals())', '1: m = 1'),
    kind('all names', 'n = 1 / print(sorted(k for k in globals() if len(k) == 1))', '1: m = 1', {
      marimo: 'told: opaque-read',
      percent: 'told: opaque-read',
    }),
  ],
};

export const textKinds: readonly Section[] = [edits, order, dynamic];
