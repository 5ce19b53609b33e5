/** Each rule of `headwater check` that needs the text alone: what it finds, and what it leaves alone. */
import { describe, expect, it } from 'vitest';
import { rulesByCode } from '../../../daemon/core/check/rules.ts';
import { fixed, marimo, problemsOf, script, shown } from './support.ts';

const found = (code: string, text: string) => shown(text, { isThorough: true }).filter((line) => line.includes(` ${code}: `));

describe('undefined-name', () => {
  it.each([
    ['a read that surely fails', script('print(amuont)', 'y = 1'), ['error undefined-name: amuont']],
    ['a read in a branch', script('if True:\n    print(lost)'), ['warning undefined-name: lost']],
    ['a read that waits for a call', script('def f():\n    return lost'), ['hint undefined-name: lost']],
    ['a read in marimo', marimo('lost + 1'), ['error undefined-name: lost']],
    ['a name that only cells below define', script('print(x)', 'x = 1', 'x = 2'), ['error undefined-name: x']],
  ])('finds %s', (_, text, expected) => {
    expect(found('undefined-name', text)).toEqual(expected);
  });

  it.each([
    ['builtins and names of the module', script('print(len([]), __name__, __file__, ExceptionGroup, aiter)')],
    ['what IPython and Headwater provide', script('display(1)')],
    ['a star import', script('from math import *', 'print(pi)')],
    ['exec', script('exec(code_of_mine)', 'print(a)')],
    ['globals()', script('globals()["a"] = 1', 'print(a)')],
    ['a second round of a loop', script('for i in range(2):\n    if i:\n        print(last)\n    last = i')],
    ['a cell that cannot be read and may define it', script('value = (1', 'print(value)')],
    ['another cell of marimo, wherever it stands', marimo('x + 1', 'x = 1')],
  ])('is silent about %s', (_, text) => {
    expect(found('undefined-name', text)).toEqual([]);
  });

  it('names the nearest names, and offers to read them', () => {
    const [problem] = problemsOf(script('amount = 1', 'print(amuont)'));
    expect(problem?.fixes).toMatchObject([{ title: 'Read amount instead of amuont', isManual: true }]);
    expect(problem?.message).toBe('No cell defines amuont. Did you mean amount?');
  });
});

describe('read-above-definition', () => {
  it('is a hint in a script', () => {
    expect(found('read-above-definition', script('print(x)', 'x = 1'))).toEqual(['hint read-above-definition: x']);
  });

  it.each([
    ['a read below', script('x = 1', 'print(x)')],
    ['a read inside a function', script('def f():\n    return x', 'x = 1')],
    ['marimo, where page order means nothing', marimo('print(x)', 'x = 1')],
    ['a name by birth', script('print(max(1, 2))', 'max = 10')],
    ['a guarded read', script('try:\n    print(x)\nexcept NameError:\n    pass', 'x = 1')],
    ['a branch', script('if len([]):\n    print(x)', 'x = 1')],
    ['a function that another calls in a branch', script('def f(p=None):\n    if p: g()\nf()', 'def g(): pass\nf(1)')],
    ['what stands below an exit', script('import sys\nif len([]): sys.exit()', 'print(x)', 'x = 1')],
  ])('is silent about %s', (_, text) => {
    expect(found('read-above-definition', text)).toEqual([]);
    expect(found('undefined-name', text)).toEqual([]);
  });

  it('is said of a reader that follows another which changes the object', () => {
    expect(found('read-above-definition', script('xs.append(1)', 'print(xs)', 'xs = []'))).toHaveLength(2);
  });
});

describe('multiple-definition', () => {
  it('is an error in marimo, information in a script, and an error there where one asks for it', () => {
    const text = script('x = 1', 'x = 2', 'print(x)');
    expect(found('multiple-definition', marimo('x = 1', 'x = 2'))).toEqual(Array(2).fill('error multiple-definition: x'));
    expect(found('multiple-definition', text)).toEqual(['information multiple-definition: x']);
    const strictly = shown(text, { isStrict: true }).filter((line) => line.includes('multiple-definition'));
    expect(strictly).toEqual(Array(2).fill('error multiple-definition: x'));
  });

  it('is given once for a name, at its second definition, with all definitions and the first cell that reads one', () => {
    const [problem, ...others] = problemsOf(script('x = 1', 'print(x)', 'x = 2', 'x = 3', 'print(x)'));
    expect(others).toEqual([]);
    expect(problem?.message).toBe(
      'x is defined in cell 1, cell 3 and cell 4. Cells read the last definition above them: cell 2 reads that of cell 1.',
    );
    expect(problem?.range.start).toEqual({ line: 5, character: 0 });
    expect(problem?.related.map(({ range, message }) => `${range.start.line}: ${message}`)).toEqual([
      '1: x is defined here too',
      '7: x is defined here too',
      '3: x is read here',
    ]);
  });

  it.each([
    ['a reader in another cell', script('x = 1', 'print(x)', 'x = 2'), 'cell 2 reads that of cell 1'],
    ['a definition that reads the one before', script('x = 1', 'x = x + 1', 'print(1)'), 'cell 2 reads that of cell 1'],
    ['a cell that changes it in place', script('x = []\nx', 'x = [1]', 'x.append(2)'), 'cell 3 reads that of cell 2'],
    [
      'a reader of what was changed in place',
      script('x = []\nx', 'x = [1]\nx', 'x += [2]', 'print(x)'),
      'cell 3 reads that of cell 2',
    ],
    ['who calls a function that reads it', script('k = 1\ndef f(): return k', 'k = 2', 'f()'), 'cell 3 reads that of cell 2'],
    [
      '… through another function',
      script('k = 1', 'def f(): return k', 'k = 2', 'def g(): return f()', 'g()'),
      'cell 2 reads that of cell 1',
    ],
    ['a deletion', script('x = 1', 'x = 2', 'del x'), 'cell 3 reads that of cell 2'],
    ['a definition in a branch', script('x = 1', 'if 1 > 0:\n    x = 2', 'print(x)'), 'cell 3 reads that of cell 2'],
  ])('is information in a script about %s', (_, text, told) => {
    const problems = problemsOf(text).filter(({ code }) => code === 'multiple-definition');
    expect(problems.map(({ severity, message }) => [severity, message.slice(message.indexOf(': ') + 2, -1)])).toEqual([
      ['information', told],
    ]);
  });

  it.each([
    ['each value is read by its own cell alone', script('fig, ax = 1, 2\nprint(fig, ax)', 'fig, ax = 3, 4\nprint(fig, ax)')],
    ['nobody reads any', script('x = 1', 'x = 2')],
    ['loops in several cells have one variable', script('for i in range(3): print(i)', 'for i in range(2): pass\nprint(i)')],
    ['functions of a name are called in their own cells', script('def f(): return 1\nf()', 'def f(): return 2\nf()')],
    ['a function of its own cell reads it', script('k = 1\ndef f(): return k\nf()', 'k = 2\nprint(k)')],
    ["the name is nobody's", script('_ = 1', '_ = 2', 'print(_)')],
    ['imports bind one package', script('import xml', 'import xml.dom', 'print(xml)')],
    ['imports load parts of one package', script('import xml.dom, xml.sax', 'import xml.etree', 'print(xml)')],
  ])('is silent in a script where %s', (_, text) => {
    expect(found('multiple-definition', text)).toEqual([]);
  });

  it.each([
    ['what a package holds under its own name', script('import time', 'from time import time', 'print(time)')],
    ['another module as the package', script('import xml', 'import json as xml', 'print(xml)')],
    ['a value', script('import xml', 'xml = 1', 'print(xml)')],
  ])('is information about a package and %s', (_, text) => {
    expect(found('multiple-definition', text)).toHaveLength(1);
  });

  it('is an error in marimo for a package that is imported twice, as for marimo', () => {
    expect(found('multiple-definition', marimo('import xml', 'import xml.dom'))).toHaveLength(2);
  });

  it('leaves a repeated identical import alone', () => {
    expect(found('multiple-definition', script('import os', 'import os'))).toEqual([]);
  });

  it('is mended by a local name where nobody else reads it', () => {
    const text = marimo('x = 1\ny = x', 'for x in range(3):\n    print(x, f"{x}")', 'print(x)');
    expect(problemsOf(text).flatMap(({ fixes }) => fixes.map(({ title }) => title))).toContain('Make x local to this cell: _x');
    expect(fixed(text, 'multiple-definition', /local/)).toBe(
      marimo('_x = 1\ny = _x', 'for x in range(3):\n    print(x, f"{x}")', 'print(x)'),
    );
  });

  it('is mended by a new name in the cells that meant this definition', () => {
    const text = script('x = 1', 'print(x)', 'x = 2', 'print(x, "x", dict(x=x))');
    expect(fixed(text, 'multiple-definition', /Rename x to x_2 here and in cell 4/)).toBe(
      script('x = 1', 'print(x)', 'x_2 = 2', 'print(x_2, "x", dict(x=x_2))'),
    );
    expect(fixed(text, 'multiple-definition', /Rename x to x_2 in cell 1 and in cell 2/)).toBe(
      script('x_2 = 1', 'print(x_2)', 'x = 2', 'print(x, "x", dict(x=x))'),
    );
  });

  it('is left to a person in marimo where a function may be called later', () => {
    const text = marimo('x = 1\ndef f():\n    return x', 'x = 2');
    const fixes = problemsOf(text).flatMap((problem) => problem.fixes);
    expect(fixes.length).toBeGreaterThan(1);
    expect(fixes.every(({ isManual }) => isManual)).toBe(true);
  });

  it('renames an import by `as`', () => {
    const text = marimo('from a import x, y', 'x = 2\nprint(x)', 'y');
    expect(fixed(text, 'multiple-definition', /local/)).toBe(marimo('from a import x as _x, y', 'x = 2\nprint(x)', 'y'));
  });

  it.each([
    ['the next definition uses this one', script('x = 1', 'x = x + 1')],
    ['a function reads it when called', script('x = 1', 'def f():\n    return x', 'x = 2', 'f()')],
    ['a function of its own cell reads it when called', script('x = 1\ndef f():\n    return x', 'x = 2', 'f()')],
    ['the object is changed in place', script('x = []', 'x.append(1)', 'x = []')],
    ['a function declares it global', script('x = 1\ndef f():\n    global x\n    x = 3', 'x = 2')],
  ])('offers no new name for the first where %s', (_, text) => {
    const problems = problemsOf(text, { isStrict: true });
    expect(problems.find(({ code }) => code === 'multiple-definition')?.fixes).toEqual([]);
  });
});

describe('cycle', () => {
  it('is named from a cell back to it, with the names on each edge', () => {
    const [problem] = problemsOf(marimo('a = b', 'b = c', 'c = a')).filter(({ code }) => code === 'cycle');
    expect(problem?.message).toBe(
      'These cells need each other: cell 1 → cell 3 → cell 2 → cell 1 (cell 1 gives a to cell 3; cell 3 gives c to cell 2; cell 2 gives b to cell 1).',
    );
  });

  it('is none where every need waits for a call', () => {
    expect(found('cycle', marimo('def f():\n    return g()', 'def g():\n    return f()'))).toEqual([]);
  });

  it('is an error in a script, too, where each read is certain, and the read that is cut is told by it alone', () => {
    const [problem, ...others] = problemsOf(script('a = b', 'b = a'));
    expect(problem?.message).toBe(
      'These cells need each other: cell 1 → cell 2 → cell 1 (cell 1 gives a to cell 2; cell 2 gives b to cell 1). Plain Python fails here, and so does Headwater.',
    );
    expect([problem, ...others].map((one) => [one?.code, one?.severity])).toEqual([
      ['cycle', 'error'],
      ['cycle', 'error'],
    ]);
  });

  it('is none in a script where a read may not happen: then the other one is told', () => {
    expect(shown(script('a = b', 'if len([]):\n    b = a'))).toEqual(['error undefined-name: b']);
    expect(found('cycle', script('def f():\n    return g()\nf()', 'def g():\n    return f()'))).toEqual([]);
  });
});

describe('private-name', () => {
  it('is told when another cell of marimo reads it', () => {
    expect(found('private-name', marimo('_x = 1', 'print(_x)'))).toEqual(['error private-name: _x']);
  });

  it('is a name like any other in a script', () => {
    expect(found('private-name', script('_x = 1', 'print(_x)'))).toEqual([]);
  });
});

describe('private-name, mended', () => {
  it('is renamed in the cell that has it and in all that read it', () => {
    const text = marimo('_x = 1', 'print(_x)', '_x = 3\nprint(_x)', 'f"{_x}"');
    expect(fixed(text, 'private-name', /^Rename _x to x in cell 1, cell 2 and cell 4$/)).toBe(
      marimo('x = 1', 'print(x)', '_x = 3\nprint(_x)', 'f"{x}"'),
    );
  });

  it('gets another name where its own without the underscore is taken', () => {
    expect(fixed(marimo('_x = 1', 'print(_x)', 'x = 3'), 'private-name', /x_2/)).toBe(marimo('x_2 = 1', 'print(x_2)', 'x = 3'));
  });
});

describe('setup-dependency', () => {
  it('is told where the setup cell reads another cell', () => {
    expect(found('setup-dependency', marimo('setup:y = x', 'x = 1'))).toEqual(['error setup-dependency: x']);
  });

  it('is none where others read the setup cell', () => {
    expect(found('setup-dependency', marimo('setup:import os', 'print(os.sep)'))).toEqual([]);
  });
});

describe('mutation-across-cells', () => {
  it('names the readers that are not ordered after it', () => {
    const [problem] = problemsOf(marimo('xs = []', 'xs.append(1)\ndone = True', 'print(xs)', 'print(xs, done)'));
    expect(problem).toMatchObject({ code: 'mutation-across-cells', severity: 'warning' });
    expect(problem?.message).toContain('It is not defined whether cell 3 reads it before or after.');
  });

  it.each([
    ['the cell that made the object', marimo('xs = []\nxs.append(1)', 'print(xs)')],
    ['a setting of a module', marimo('import sys', 'sys.path.append("x")')],
    ['a script, where page order says who sees what', script('xs = []', 'xs.append(1)', 'print(xs)')],
  ])('is silent about %s', (_, text) => {
    expect(found('mutation-across-cells', text)).toEqual([]);
  });
});

describe('mutation-across-cells, mended', () => {
  const titles = (text: string) =>
    problemsOf(text)
      .filter(({ code }) => code === 'mutation-across-cells')
      .flatMap(({ fixes }) => fixes.map(({ title, isManual }) => `${isManual ? 'by hand: ' : ''}${title}`));

  it('is moved to where the object is made, all changes of it together', () => {
    const text = marimo('xs = []', 'y = 1\nxs.append(1)  # one\nz = 2', 'print(xs)');
    expect(fixed(text, 'mutation-across-cells', /^Move the change of xs to the end of cell 1/)).toBe(
      marimo('xs = []\nxs.append(1)  # one', 'y = 1\nz = 2', 'print(xs)'),
    );
    const both = marimo('xs = []', 'xs.append(1)\nxs[0] = 2', 'print(xs)');
    expect(fixed(both, 'mutation-across-cells', /^Move the 2 changes of xs/)).toBe(
      marimo('xs = []\nxs.append(1)\nxs[0] = 2', 'print(xs)'),
    );
  });

  it('leaves a cell that has a comment or a name with a statement', () => {
    expect(fixed(marimo('xs = []', '# why\nxs.append(1)'), 'mutation-across-cells', /^Move/)).toBe(
      marimo('xs = []\nxs.append(1)', '# why\npass'),
    );
  });

  it('is a copy under a new name, here and in the cells that run after', () => {
    const text = marimo('xs = []', 'n = len(xs)\nxs.append(1)', 'print(xs)', 'print(n, xs)');
    expect(fixed(text, 'mutation-across-cells', /^Change a copy here, xs_2, and read it in cell 4$/)).toBe(
      marimo(
        'xs = []',
        'import copy as _copy\nxs_2 = _copy.copy(xs)\nn = len(xs_2)\nxs_2.append(1)',
        'print(xs)',
        'print(n, xs_2)',
      ),
    );
  });

  it.each([
    ['the object alone', 'd[1] = 2', 'copy'],
    ['the object alone', 'd.update(a=[1])', 'copy'],
    ['an attribute', 'd.a = 2', 'copy'],
    ['what it holds', 'd[1].append(2)', 'deepcopy'],
    ['what it holds', 'd.a.b = 2', 'deepcopy'],
    ['what it holds', 'd[1][2] = 2', 'deepcopy'],
  ])('copies as deep as the change of %s goes: %s', (_, change, how) => {
    expect(fixed(marimo('d = {}', change), 'mutation-across-cells', /copy/)).toContain(`_copy.${how}(d)`);
  });

  it.each([
    ['the change reads a name of its own cell', 'xs = []', 'n = 1\nxs.append(n)'],
    ['the change reads a name that is private to its cell', 'xs = []', '_n = 1\nxs.append(_n)'],
    ['the change binds a name', 'xs = []', 'for n in range(3):\n    xs.append(n)'],
    ['the change shares its line', 'xs = []', 'xs.append(1); n = 1'],
    ['what it reads is made from the object', 'xs = []', 'xs.append(n)', 'n = len(xs)'],
    ['what it reads is changed, too', 'xs = []\nys = []', 'ys.append(1)\nxs.extend(ys)'],
  ])('is not moved where %s', (_, ...cells) => {
    expect(titles(marimo(...cells)).filter((title) => title.includes('Move the change of xs'))).toEqual([]);
  });

  it.each([
    ['the cell looks at the object before', 'xs = []', 'print(xs)\nxs.append(1)'],
    ['a cell between them looks at it', 'xs = []', 'print(xs)', 'xs.append(1)'],
    ['the making cell shows something', 'xs = []\nxs', 'xs.append(1)'],
    ['another cell changes it, too', 'xs = []', 'xs.append(1)', 'xs.append(2)'],
    ['the change stands above', 'xs.append(1)', 'xs = []'],
    ['the cell looks at the object between two changes', 'xs = []', 'xs.append(1)\nprint(xs)\nxs.append(2)'],
    ['what it reads is made further down', 'xs = []', 'n = 1', 'xs.append(n)'],
  ])('is moved by hand only where %s', (_, ...cells) => {
    expect(titles(marimo(...cells)).filter((title) => title.startsWith('Move'))).toEqual([]);
    expect(titles(marimo(...cells)).join()).toMatch(/by hand: Move the .*changes? of xs/);
  });

  it('is left to a person where a copy is made', () => {
    expect(titles(marimo('xs = []', 'n = 1\nxs.append(n)'))).toEqual(['by hand: Change a copy here, xs_2']);
  });
});

describe('opaque-definition', () => {
  it.each([
    ['exec("a = 1, 2")', 'exec'],
    ['globals()["a"] = 1', 'globals'],
    ['globals().update(a=1)', 'globals'],
    ['import math\nsetattr(math, "a", 1)', 'setattr'],
  ])('finds %j', (code, name) => {
    expect(found('opaque-definition', script(code))).toEqual([`hint opaque-definition: ${name}`]);
  });

  it.each(['exec("a = 1", {})', 'print(globals()["a"])', 'globals()["a"] == 1', 'o = 1\nsetattr(o, "a", 1)', 'x.exec("a")'])(
    'is silent about %j',
    (code) => {
      expect(found('opaque-definition', script(code))).toEqual([]);
    },
  );
});

describe('magic', () => {
  it.each(['%matplotlib inline', '%autoreload 2', '%load_ext autoreload', '%config InlineBackend.figure_format = "svg"'])(
    'is a hint alone where it computes nothing: %j',
    (line) => {
      const text = script(`${line}\nx = 1`);
      expect(shown(text)).toEqual([`hint magic: ${line}`]);
      expect(fixed(text, 'magic', /Comment out/)).toBe(script(`# ${line}\nx = 1`));
    },
  );

  it.each(['!pip install x', '%%time', '%load_ext rpy2.ipython', 'len?', '?len', '%time x = 1'])(
    'stands beside the error where Python is needed for it: %j',
    (line) => {
      const text = script(`${line}\nx = 1`);
      expect(found('magic', text)).toEqual([`hint magic: ${line}`]);
      expect(found('syntax-error', text)).not.toEqual([]);
      expect(problemsOf(text).find(({ code }) => code === 'magic')?.fixes).toMatchObject([{ isManual: true }]);
    },
  );

  it('is an error in a marimo file, which Python itself reads', () => {
    expect(shown(marimo('%matplotlib inline\nx = 1'))).toEqual([
      'error syntax-error: %matplotlib inline',
      'hint magic: %matplotlib inline',
    ]);
  });

  it('keeps names out of cells that are no Python', () => {
    expect(found('undefined-name', script('%%latex\n$\\frac{1}{2}$'))).toEqual([]);
  });

  it.each(['x = (7\n%d)', '# %matplotlib inline', 'x = """\n%matplotlib inline\n"""', 'x = d \\\n%config'])(
    'is silent about %j',
    (code) => {
      expect(found('magic', script('d = 1\nconfig = 2', code))).toEqual([]);
    },
  );
});

describe('empty-cell', () => {
  it('is a hint, and can be removed', () => {
    expect(found('empty-cell', script('x = 1', '', 'y = 2'))).toEqual(['hint empty-cell: # %%']);
    expect(fixed(script('x = 1', '', 'y = 2'), 'empty-cell', /Remove/)).toBe(script('x = 1', 'y = 2'));
    expect(fixed(marimo('x = 1', '', 'y = 2'), 'empty-cell', /Remove/)).toBe(marimo('x = 1', 'y = 2'));
  });

  it.each([
    ['a heading', '# %% Load\n# %%\nx = 1\n'],
    ['a comment', script('# later', 'x = 1')],
    ['the only cell', '# %%\n'],
  ])('is silent about %s', (_, text) => {
    expect(found('empty-cell', text)).toEqual([]);
  });
});

describe('unused-definition', () => {
  it('is told on request alone', () => {
    const text = script('used = 1\nunused = 2', 'print(used)');
    expect(found('unused-definition', text)).toEqual(['hint unused-definition: unused']);
    expect(shown(text)).toEqual([]);
  });

  it.each([['a = 1\nprint(a)'], ['__version__ = 1'], ['def f():\n    return f'], ['from __future__ import annotations']])(
    'is silent about %j',
    (code) => {
      expect(found('unused-definition', script(code, 'print(1)'))).toEqual([]);
    },
  );
});

describe('star-import and no-break-space', () => {
  it('are warnings', () => {
    expect(shown(script('from math import *\nx\u00a0= 1'))).toEqual(['warning star-import: *', 'warning no-break-space: \u00a0']);
  });

  it('are mended all at once where they are spaces', () => {
    expect(fixed(script('x\u00a0=\u00a01  # \u00a0'), 'no-break-space', /^Turn the 2 no-break spaces/)).toBe(
      script('x = 1  # \u00a0'),
    );
  });

  it('are silent about ordinary imports and spaces', () => {
    expect(shown(script('from math import pi\nx = "\u00a0"'))).toEqual([]);
  });
});

describe('displaced-marker', () => {
  // As isort 9, Ruff 0.17 and reorder-python-imports leave scripts whose cells begin with imports.
  it.each([
    ['isort', '# %%\n# %%\nimport os\nimport sys\n\nfrom a import d\n# %%\nfrom b import c\n\n# %%\nprint(1)\n', [0, 6]],
    ['isort, with a title', '# %% Load\nimport os\n# %%\nimport sys\n\nx = 1\n\n# %%\ny = 1\n', [2]],
    ['Ruff', '# %% [markdown]\n# # Title\n\n# %%\n# %% Load\nimport os\nimport sys\n\nx = 1\n', [3]],
    ['reorder-python-imports', '"""Doc."""\nimport os\nimport sys\n# %%\n# %% Load\nx = 1\n', [3]],
  ])('is told as %s leaves it', (_, text, lines) => {
    const told = problemsOf(text).filter(({ code }) => code === 'displaced-marker');
    expect(told.map(({ range }) => range.start.line)).toEqual(lines);
    expect(found('empty-cell', text)).toEqual([]);
  });

  it.each([
    ['inside a function', '# %%\ndef f():\n    x = 1\n# %%\n    return x\n', [[3, 'inside a block']]],
    ['directly below a header', '# %%\nif x:\n# %% Title\n    # why\n    y = 1\n', [[2, 'inside a block']]],
    ['with a comment above the code', '# %%\nfor x in y:\n    z\n\n# %%\n# note\n\n    print(x)\n', [[4, 'inside a block']]],
    ['of nbconvert', '# %%\nx = 1\n# In[2]:\ny = 2\n', [[2, '# In[2]: begins no cell']]],
    [
      'of IPython',
      '# %%\nx = 1\n# <codecell>\n\n# In[ ]:\n',
      [
        [2, '# <codecell> begins no cell'],
        [4, '# In[ ]: begins no cell'],
      ],
    ],
  ])('is told by its name %s', (_, text, expected) => {
    const told = problemsOf(text).filter(({ code }) => code === 'displaced-marker');
    expect(told.map(({ range, message }) => [range.start.line, message])).toEqual(
      expected.map(([line, words]) => [line, expect.stringContaining(words as string)]),
    );
  });

  it('is mended by taking the marker out, but for one with a title', () => {
    expect(fixed('# %%\n# %%\nimport os\n', 'displaced-marker', /empty marker/)).toBe('# %%\nimport os\n');
    const titled = problemsOf('# %% Load\n# %%\nimport os\n').find(({ code }) => code === 'displaced-marker');
    expect(titled?.fixes).toEqual([]);
  });

  it.each([
    ['cells written close together', '# %%\nimport os\n# %%\nimport sys\n# %%\nx = 1\n'],
    ['cells of imports alone, written close together', 'import sys\n# %%\nimport os\n# %% Load\nimport re\nx = 1\n'],
    ['an empty cell among others', '# %%\nx = 1\n# %%\n# %%\ny = 1\n'],
    ['an indented line below whole statements', '# %%\nx = 1\n# %%\n    y = 1\n'],
    ['an indented marker', '# %%\ndef f():\n    # %%\n    # In[1]:\n    return 1\n'],
    ['a name in a string', '# %%\nx = """\n# In[1]:\n"""\n'],
    ['a line of many signs', `# %%\nx = 1\n${'#'.repeat(40)}\ny = 1\n`],
    ['a blank line under the empty marker', '# %%\n\n# %%\nimport os\n'],
    ['imports in two cells', '# %%\nimport os\n\n# %%\nimport sys\n\n# %%\nx = 1\n'],
  ])('is silent about %s', (_, text) => {
    expect(found('displaced-marker', text)).toEqual([]);
  });
});

describe('every problem', () => {
  const all = script('print(lost)  # headwater: ignore', 'print(gone)  # headwater: ignore[undefined-name]', 'y = lost');

  it('can be switched off by a comment on its line, all or by code', () => {
    expect(shown(all)).toEqual(['error undefined-name: lost']);
    expect(shown(script('print(gone)  # headwater: ignore[cycle]'))).toEqual(['error undefined-name: gone']);
  });

  it('can be switched off by its code', () => {
    expect(shown(all, { disabled: new Set(['undefined-name']) })).toEqual([]);
  });

  it('has a rule in the table that weighs as much, or more', () => {
    const weight = { error: 3, warning: 2, information: 1, hint: 0 };
    const texts = [
      marimo('_x = 1', 'print(_x, lost)\nxs = []', 'xs.append(1)', 'x = 1', 'x = 2', 'a = b', 'b = a', ''),
      script('print(lost)', 'print(x)', 'x = (', '%magic', '', 'from math import *'),
      `${marimo('x = 1')}\nstray = 1\n`,
    ];
    const problems = texts.flatMap((text) => problemsOf(text).map((problem) => ({ ...problem, text })));
    expect(problems.length).toBeGreaterThan(8);
    for (const { code, severity, text } of problems) {
      const most = rulesByCode.get(code)?.severity[text.startsWith('#') ? 'percent' : 'marimo'];
      expect(most === undefined ? -1 : weight[most], code).toBeGreaterThanOrEqual(weight[severity]);
    }
  });
});
