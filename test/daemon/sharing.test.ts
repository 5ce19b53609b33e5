/**
 * One object under several names, inside another, or behind functions: whoever changes it changes it for all of them. Each text is edited in the ways
 * in which such a change comes and goes, and shows in the end what a run of the whole text shows.
 */
import { describe, expect, it } from 'vitest';
import { notebookText } from '../support/notebook-text.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

interface Shared {
  readonly what: string;
  /** What makes the object, and what has it, too. */
  readonly before: readonly string[];
  /** Two texts of the cell that changes it. */
  readonly change: readonly [string, string];
  readonly reader: string;
  /** What the reader shows: unchanged, after the first text, and after the other. */
  readonly shows: readonly [string, string, string];
}

const shared: readonly Shared[] = [
  {
    what: 'a list under two names',
    before: ['a = b = []'],
    change: ['a.append(1)', 'a.append(2)'],
    reader: 'print(b)',
    shows: ['[]', '[1]', '[2]'],
  },
  {
    what: 'a list under a name of another cell',
    before: ['a = []', 'b = a'],
    change: ['a.append(1)', 'a.append(2)'],
    reader: 'print(b)',
    shows: ['[]', '[1]', '[2]'],
  },
  {
    what: 'a list behind a function of its cell',
    before: ['REG = []\ndef add(x): REG.append(x)'],
    change: ['add(1)', 'add(2)'],
    reader: 'print(REG)',
    shows: ['[]', '[1]', '[2]'],
  },
  {
    what: 'a list behind functions of other cells',
    before: ['REG = []', 'def add(x): REG.append(x)', 'def twice(x): add(x); add(x)'],
    change: ['twice(1)', 'twice(2)'],
    reader: 'print(REG)',
    shows: ['[]', '[1, 1]', '[2, 2]'],
  },
  {
    what: 'a list that a function gives',
    before: ['xs = []\ndef get(): return xs'],
    change: ['xs.append(1)', 'xs.append(2)'],
    reader: 'print(get())',
    shows: ['[]', '[1]', '[2]'],
  },
  {
    what: 'a list that a function both gives and changes',
    before: ['xs = []\ndef get(): return xs'],
    change: ['get().append(1)', 'get().append(2)'],
    reader: 'print(get())',
    shows: ['[]', '[1]', '[2]'],
  },
  {
    what: 'an attribute of a class, read through an instance',
    before: ['class C:\n    items = []', 'c = C()'],
    change: ['C.items.append(1)', 'C.items.append(2)'],
    reader: 'print(c.items)',
    shows: ['[]', '[1]', '[2]'],
  },
  {
    what: 'an attribute of a class, changed through an instance',
    before: ['class C:\n    items = []', 'c = C(); d = C()'],
    change: ['c.items.append(1)', 'c.items.append(2)'],
    reader: 'print(d.items)',
    shows: ['[]', '[1]', '[2]'],
  },
  {
    what: 'an attribute of a class above, changed through an instance',
    before: ['class B:\n    items = []', 'class C(B): pass\nc = C(); d = C()'],
    change: ['c.items.append(1)', 'c.items.append(2)'],
    reader: 'print(d.items)',
    shows: ['[]', '[1]', '[2]'],
  },
  {
    what: 'a list in a dictionary',
    before: ['xs = []', 'd = {"k": xs}'],
    change: ['xs.append(1)', 'xs.append(2)'],
    reader: 'print(d)',
    shows: ["{'k': []}", "{'k': [1]}", "{'k': [2]}"],
  },
  {
    what: 'a list that was taken out of a dictionary',
    before: ['d = {"k": []}', 'xs = d["k"]'],
    change: ['d["k"].append(1)', 'd["k"].append(2)'],
    reader: 'print(xs)',
    shows: ['[]', '[1]', '[2]'],
  },
  {
    what: 'an object that another keeps',
    before: ['class Box:\n    def __init__(self, held): self.held = held', 'xs = []', 'box = Box(xs)'],
    change: ['xs.append(1)', 'xs.append(2)'],
    reader: 'print(box.held)',
    shows: ['[]', '[1]', '[2]'],
  },
  {
    what: 'a method under a name',
    before: ['xs = []', 'put = xs.append'],
    change: ['put(1)', 'put(2)'],
    reader: 'print(xs)',
    shows: ['[]', '[1]', '[2]'],
  },
  {
    what: 'a method of a class of the notebook under a name',
    before: ['class Tally:\n    n = 0\n    def up(self, by): self.n += by', 't = Tally()', 'up = t.up'],
    change: ['up(1)', 'up(2)'],
    reader: 'print(t.n)',
    shows: ['0', '1', '2'],
  },
  {
    what: 'a list in a closure',
    before: ['xs = []', 'def adder(to):\n    def add(x): to.append(x)\n    return add\nadd = adder(xs)'],
    change: ['add(1)', 'add(2)'],
    reader: 'print(xs)',
    shows: ['[]', '[1]', '[2]'],
  },
  {
    what: 'a list in a partial',
    before: ['import functools', 'xs = []', 'add = functools.partial(list.append, xs)'],
    change: ['add(1)', 'add(2)'],
    reader: 'print(xs)',
    shows: ['[]', '[1]', '[2]'],
  },
  {
    what: 'a default of a function',
    before: ['xs = []', 'def add(x, to=xs): to.append(x)'],
    change: ['add(1)', 'add(2)'],
    reader: 'print(xs)',
    shows: ['[]', '[1]', '[2]'],
  },
  {
    what: 'a view of memory',
    before: ['b = bytearray(2)', 'v = memoryview(b)'],
    change: ['v[0] = 1', 'v[0] = 2'],
    reader: 'print(list(b))',
    shows: ['[0, 0]', '[1, 0]', '[2, 0]'],
  },
  {
    what: 'a patched method',
    before: ['class A:\n    def m(self): return 0', 'a = A()'],
    change: ['A.m = lambda self: 1', 'A.m = lambda self: 2'],
    reader: 'print(a.m())',
    shows: ['0', '1', '2'],
  },
  {
    what: 'a method that a function patches',
    before: ['class A:\n    def m(self): return 0\ndef patch(n): A.m = lambda self: n', 'a = A()'],
    change: ['patch(1)', 'patch(2)'],
    reader: 'print(a.m())',
    shows: ['0', '1', '2'],
  },
  {
    what: 'an attribute of a function',
    before: ['def f(): return f.n\nf.n = 0', 'g = f'],
    change: ['f.n = 1', 'f.n = 2'],
    reader: 'print(g())',
    shows: ['0', '1', '2'],
  },
  {
    what: 'what a generic function has registered',
    before: ['import functools\n@functools.singledispatch\ndef show(x): return 0', 'other = show'],
    change: ['@show.register\ndef _one(x: int): return 1', '@show.register\ndef _one(x: int): return 2'],
    reader: 'print(other(5))',
    shows: ['0', '1', '2'],
  },
  {
    what: 'a parser of arguments',
    before: ['import argparse\np = argparse.ArgumentParser()'],
    change: ['p.add_argument("--x", default=1)', 'p.add_argument("--x", default=2)'],
    reader: 'print(p.parse_args([]))',
    shows: ['Namespace()', 'Namespace(x=1)', 'Namespace(x=2)'],
  },
  {
    what: 'a parser of arguments that a function fills',
    before: ['import argparse\np = argparse.ArgumentParser()', 'def fill(to, n): to.add_argument("--x", default=n)'],
    change: ['fill(p, 1)', 'fill(p, 2)'],
    reader: 'print(p.parse_args([]))',
    shows: ['Namespace()', 'Namespace(x=1)', 'Namespace(x=2)'],
  },
  {
    what: 'a document and an element of it',
    before: ['import xml.dom.minidom as dom\ndoc = dom.Document()\ntop = doc.createElement("top")\n_ = doc.appendChild(top)'],
    change: ['top.appendChild(doc.createElement("a"))', 'top.appendChild(doc.createElement("b"))'],
    reader: 'print(doc.documentElement.toxml())',
    shows: ['<top/>', '<top><a/></top>', '<top><b/></top>'],
  },
  {
    what: 'an element that a function of a module extends',
    before: ['import xml.etree.ElementTree as ET\ntop = ET.Element("top")', 'tree = ET.ElementTree(top)'],
    change: ['ET.SubElement(top, "a")', 'ET.SubElement(top, "b")'],
    reader: 'print(ET.tostring(tree.getroot()).decode())',
    shows: ['<top />', '<top><a /></top>', '<top><b /></top>'],
  },
];

describe.each(['percent', 'marimo'] as const)('in a %s notebook', (format) => {
  describe.each(shared)('$what', ({ before, change: [one, other], reader, shows }) => {
    const without = notebookText(format, [...before, reader]);
    const withOne = notebookText(format, [...before, one, reader]);
    const withOther = notebookText(format, [...before, other, reader]);
    const last = (hasChange: boolean) => before.length + (hasChange ? 1 : 0);
    const [unchanged, first, second] = shows.map((text) => `${text}\n`);

    it('is what the text makes it, once a cell that changes it is edited, removed and inserted', async () => {
      const notebook = await daemon.notebook(withOne);
      await notebook.run('all');
      expect(notebook.shown(last(true))).toBe(first);
      await notebook.edit(withOther);
      expect(notebook.statuses[last(true)]).not.toBe('fresh');
      await notebook.run('reactive', last(true) - 1);
      await notebook.run('stale');
      expect([notebook.shown(last(true)), new Set(notebook.statuses)]).toEqual([second, new Set(['fresh'])]);
      await notebook.edit(without);
      expect(notebook.statuses[last(false)]).not.toBe('fresh');
      await notebook.run('stale');
      expect([notebook.shown(last(false)), new Set(notebook.statuses)]).toEqual([unchanged, new Set(['fresh'])]);
      await notebook.edit(withOne);
      await notebook.run('reactive', last(true) - 1);
      if (notebook.statuses[last(true)] === 'fresh') expect(notebook.shown(last(true))).toBe(first);
      await notebook.run('stale');
      expect([notebook.shown(last(true)), new Set(notebook.statuses)]).toEqual([first, new Set(['fresh'])]);
    });

    it('is so, too, when after an edit its reader alone is asked for (A42)', async () => {
      const notebook = await daemon.notebook(withOne);
      await notebook.run('all');
      await notebook.edit(withOther);
      await notebook.run('upstream', last(true));
      expect([notebook.shown(last(true)), notebook.statuses[last(true)]]).toEqual([second, 'fresh']);
      await notebook.edit(withOne);
      expect(notebook.statuses[last(true)]).toBe('stale');
      await notebook.run('upstream', last(true));
      expect([notebook.shown(last(true)), notebook.statuses[last(true)]]).toEqual([first, 'fresh']);
    });
  });
});
