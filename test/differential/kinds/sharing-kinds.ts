import { kind, type Section } from './kind.ts';

const functions: Section = {
  title: 'Functions over globals',
  about: 'What a function reads or changes when it is called belongs to the cell that calls it.',
  kinds: [
    kind('a function that reads a name', 'K = 1\ndef f():\n    return K / print(f())', '1: K = 2\ndef f():\n    return K'),
    kind('a function that reads a name which is bound again', 'K = 2\ndef f():\n    return K / K = 5 / print(f())', '2: K = 6', {
      marimo: 'refused',
    }),
    kind('a function that changes a list', 'REG = []\ndef add(x):\n    REG.append(x) / add(1) / print(REG)', '2: add(2)'),
    kind('… of another cell', 'REG = [] / def add(x):\n    REG.append(x) / add(1) / print(REG)', '3: add(2)'),
    kind('a function that gives a list', 'xs = []\ndef get():\n    return xs / xs.append(1) / print(get())', '-2'),
    kind(
      'a list that a function gives and another cell changes',
      'xs = []\ndef get():\n    return xs / get().append(1) / print(get())',
      '2: get().append(2)',
    ),
    kind(
      'a default that is changed',
      'def f(v, seen=[]):\n    seen.append(v)\n    return seen / print(f(1)) / print(f(2))',
      '2: print(f(3))',
    ),
    kind(
      'a list in a closure',
      'def make():\n    n = [0]\n    def step():\n        n[0] += 1\n        return n[0]\n    return step\nstep = make() / print(step()) / print(step())',
      '2: print(step(), step())',
    ),
    kind(
      'a number in a closure',
      'def make():\n    n = 0\n    def step():\n        nonlocal n\n        n += 1\n        return n\n    return step\nstep = make() / print(step()) / print(step())',
      '2: print(step(), step())',
    ),
    kind('an attribute of a function', 'def f():\n    f.calls += 1\nf.calls = 0 / f() / print(f.calls)', '2: f(); f()'),
    kind(
      'a function in a list',
      'xs = []\nfs = [xs.append, lambda: len(xs)] / fs[0](1) / print(fs[1]())',
      '2: fs[0](1); fs[0](2)',
    ),
    kind(
      'a partial',
      'from functools import partial\nxs = []\nput = partial(xs.append, 1) / put() / print(xs)',
      '2: put(); put()',
    ),
    kind(
      'a decorator that registers',
      'found = []\ndef register(f):\n    found.append(f)\n    return f / @register\ndef a():\n    return 1 / print([f() for f in found])',
      '2: @register\ndef a():\n    return 2',
    ),
    kind(
      'a singledispatch function',
      'from functools import singledispatch\n@singledispatch\ndef show(v):\n    return "any" / @show.register\ndef _whole(v: int):\n    return "int" / print(show(1))',
      '2: @show.register\ndef _whole(v: int):\n    return "whole"',
    ),
    kind(
      'a cached function',
      'from functools import cache\nK = 1\n@cache\ndef f(v):\n    return v + K / print(f(1)) / print(f(1), f(2))',
      '2: print(f(2))',
    ),
    kind(
      'a cached function over a name that is bound again',
      'import functools\n@functools.cache\ndef f(v):\n    return v + K / K = 2 / print(f(1))',
      '2: K = 3',
      { percent: 'beyond', why: 'Caches, and what Python notes for itself, are not looked at.' },
    ),
    kind(
      'a cached function that tells what it computes',
      'from functools import cache\n@cache\ndef f(v):\n    print("computed")\n    return v / f(1) / f(1)',
      '2: f(2)',
      { both: 'beyond', why: 'Caches, and what Python notes for itself, are not looked at.' },
    ),
    kind(
      'a dictionary that is a default, as caches are',
      'def tag(v, seen={}):\n    return seen.setdefault(v, len(seen)) / print(tag("a")) / print(tag("b"))',
      '2: print(tag("z"), tag("y"))',
      { both: 'beyond', why: 'Caches, and what Python notes for itself, are not looked at.' },
    ),
    kind(
      'a set in a closure, as caches are',
      'def once():\n    seen = set()\n    def f(v):\n        seen.add(v)\n        return len(seen)\n    return f\nf = once() / print(f(1)) / print(f(2))',
      '2: print(f(2))',
      { both: 'beyond', why: 'Caches, and what Python notes for itself, are not looked at.' },
    ),
    kind(
      'a private attribute of a class',
      'class C:\n    @classmethod\n    def inc(cls):\n        cls._n += 1\nC._n = 0 / C.inc() / print(C._n)',
      '2: C.inc()\nC.inc()',
    ),
    kind(
      'an attribute that is named like a lock, and is none',
      'class Clock:\n    def __init__(self):\n        self.clock = 0\n    def tick(self):\n        self.clock += 1\nc = Clock() / c.tick() / print(c.clock)',
      '2: c.tick()\nc.tick()',
    ),
    kind(
      'a global that is stored through a call',
      'state = None\ndef put(v):\n    global state\n    state = v / put(1) / print(state)',
      '2: put(2)',
      {
        marimo: 'beyond',
        why: 'In a marimo file, readers of a name get what its definition gave, whatever other cells bind or delete while they run.',
      },
    ),
    kind(
      'a recursive function over a list',
      'out = []\ndef walk(n):\n    if n:\n        out.append(n)\n        walk(n - 1) / walk(2) / print(out)',
      '2: walk(3)',
    ),
  ],
};

const names: Section = {
  title: 'One object under several names',
  about: 'A change through one name is a change of each name that reaches the object.',
  kinds: [
    kind('two names in one assignment', 'a = b = [] / a.append(1) / print(b)', '2: a.append(2)'),
    kind('… the change is added', 'a = b = [] / print(b)', '+2: a.append(1)'),
    kind('… the change is removed', 'a = b = [] / a.append(1) / print(b)', '-2'),
    kind('a name for another name', 'a = [] / b = a / b.append(1) / print(a)', '3: b.append(2)'),
    kind('… made below the reader', 'a = [0] / print(a) / b = a\nb.append(1) / print(a, b)', '3: b = a\nb.append(2)'),
    kind('a list in a list', 'a = []\nb = [a] / b[0].append(1) / print(a)', '2: b[0].append(2)'),
    kind('a list in a dictionary', 'a = []\nd = {"k": a} / d["k"].append(1) / print(a)', '2: d["k"].append(2)'),
    kind('a list in a tuple', 'a = []\nt = (a, 1) / t[0].append(1) / print(a)', '2: t[0].append(2)'),
    kind(
      'a list that an object keeps',
      'class Box:\n    pass\na = []\nbox = Box()\nbox.items = a / box.items.append(1) / print(a)',
      '2: box.items.append(2)',
    ),
    kind(
      'an object that keeps what it is given',
      'class Log:\n    def __init__(self, to):\n        self.to = to\n    def put(self, v):\n        self.to.append(v) / xs = [] / log = Log(xs) / log.put(1) / print(xs)',
      '4: log.put(2)',
    ),
    kind(
      'an attribute of a class, read through an instance',
      'class C:\n    xs = []\nc = C() / C.xs.append(1) / print(c.xs)',
      '2: C.xs.append(2)',
    ),
    kind(
      '… changed through an instance',
      'class C:\n    xs = []\nc, d = C(), C() / c.xs.append(1) / print(d.xs)',
      '2: c.xs.append(2)',
    ),
    kind('an attribute of a class that is set', 'class C:\n    k = 1\nc = C() / C.k = 2 / print(c.k)', '2: C.k = 3'),
    kind('an attribute of a base class', 'class A:\n    k = 1 / class B(A):\n    pass / A.k = 2 / print(B().k)', '3: A.k = 3'),
    kind(
      'a patched method',
      'class C:\n    def m(self):\n        return 1\nc = C() / C.m = lambda self: 2 / print(c.m())',
      '2: C.m = lambda self: 3',
    ),
    kind('a method under a name, and no call of it', 'xs = []\nput = xs.append / put(1) / print(xs)', '2: None'),
    kind('a method under a name', 'xs = []\nput = xs.append / put(1) / print(xs)', '2: put(2)'),
    kind(
      'a method of an own class under a name',
      'class Bag:\n    def __init__(self):\n        self.items = []\n    def put(self, v):\n        self.items.append(v)\nbag = Bag()\nput = bag.put / put(1) / print(bag.items)',
      '2: put(2)',
    ),
    kind(
      'a loop over objects',
      'class P:\n    v = 0\nps = [P(), P()]\nfirst = ps[0] / for p in ps:\n    p.v += 1 / print(first.v)',
      '2: for p in ps:\n    p.v += 2',
    ),
    kind('the dictionary of an object', 'class P:\n    v = 0\np = P() / vars(p)["v"] = 1 / print(p.v)', '2: vars(p)["v"] = 2'),
    kind('setattr', 'class P:\n    v = 0\np = P() / setattr(p, "v", 1) / print(p.v)', '2: setattr(p, "v", 2)'),
    kind(
      'a property that stores',
      'class P:\n    _v = 0\n    @property\n    def v(self):\n        return self._v\n    @v.setter\n    def v(self, v):\n        self._v = v\np = q = P() / q.v = 1 / print(p.v)',
      '2: q.v = 2',
    ),
    kind(
      'a private attribute that was not there',
      'class S:\n    def to(self, v):\n        self._v = v\n    def get(self):\n        return getattr(self, "_v", "-")\ns = S() / s.to("a") / print(s.get())',
      '2: s.to("b")',
    ),
    kind(
      '… and is no longer set',
      'class S:\n    def to(self, v):\n        self._v = v\n    def get(self):\n        return getattr(self, "_v", "-")\ns = S() / s.to("a") / print(s.get())',
      '-2',
    ),
    kind(
      'a private attribute that was None',
      'class Door:\n    def __init__(self):\n        self._state = None\n    def open(self):\n        self._state = "open"\n    def close(self):\n        self._state = "closed"\ndoor = Door() / door.open() / print(door._state)',
      '2: door.close()',
    ),
    kind(
      '… as of the class',
      'class S:\n    _v = None\n    def to(self, v):\n        self._v = v\ns = S() / s.to("a") / print(s._v)',
      '-2',
      { marimo: 'told: hidden-mutation' },
    ),
    kind(
      '… by a property',
      'class S:\n    _v = None\n    @property\n    def v(self):\n        return self._v\n    @v.setter\n    def v(self, v):\n        self._v = v\ns = S()\ndef put(v):\n    s.v = v / put(1) / print(s.v)',
      '2: put(2)',
    ),
    kind(
      '… by a function outside',
      'class S:\n    _v = None\ns = S()\ndef put(v):\n    s._v = v / put(1) / print(s._v)',
      '2: put(2)',
    ),
    kind(
      '… of a data class with slots',
      'from dataclasses import dataclass\n@dataclass(slots=True)\nclass S:\n    _v: object = None\n    def to(self, v):\n        self._v = v\ns = S() / s.to("a") / print(s._v)',
      '2: s.to("b")',
      { marimo: 'told: hidden-mutation' },
    ),
    kind(
      'a list that is made for its first item',
      'class Bag:\n    _items = None\n    def put(self, v):\n        if self._items is None:\n            self._items = []\n        self._items.append(v)\nbag = Bag() / bag.put(1) / print(bag._items)',
      '2: bag.put(2)',
      { marimo: 'told: hidden-mutation' },
    ),
    kind(
      'a private counter',
      'class C:\n    _n = None\n    def next(self):\n        if self._n is None:\n            self._n = 0\n        else:\n            self._n += 1\n        return self._n\nc = C() / print(c.next()) / print(c.next())',
      '2: print(c.next(), c.next())',
      { marimo: 'told: hidden-mutation' },
    ),
    kind(
      'a private switch',
      'class C:\n    _on = None\n    def turn(self):\n        self._on = not self._on\nc = C() / c.turn() / print(c._on)',
      '2: c.turn(); c.turn()',
      { marimo: 'told: hidden-mutation' },
    ),
    kind(
      'a value that an object makes when it is first asked for',
      'class C:\n    def __init__(self, k):\n        self.k = k\n        self._v = None\n    def v(self):\n        if self._v is None:\n            self._v = self.k * 2\n        return self._v\nc = C(2) / print(c.v()) / print(c.v(), c.v())',
      '2: print(c.v(), c.v())',
    ),
    kind(
      '… by functools',
      'import functools\nclass C:\n    k = 2\n    @functools.cached_property\n    def v(self):\n        return self.k * 2\nc = C() / print(c.v) / print(c.v, c.v)',
      '2: print(c.v, c.v)',
    ),
    kind(
      '… in an attribute that may not be there',
      'class C:\n    k = 2\n    @property\n    def v(self):\n        if not hasattr(self, "_v"):\n            self._v = self.k * 2\n        return self._v\nc = C() / print(c.v) / print(c.v, c.v)',
      '2: print(c.v, c.v)',
    ),
    kind(
      '… from what it is given',
      'class C:\n    _v = None\n    def v(self, k):\n        if self._v is None:\n            self._v = k * 2\n        return self._v\nc = C() / print(c.v(2)) / print(c.v(3))',
      '2: print(c.v(4))',
      { marimo: 'told: hidden-mutation' },
    ),
    kind(
      'a method that an object is given in place of its own',
      'class B:\n    def m(self):\n        return 1\nb = B()\ndef patch(v):\n    b.m = lambda: v / patch(2) / print(b.m())',
      '2: patch(3)',
    ),
    kind(
      '… twice',
      'class B:\n    def m(self):\n        return 1\nb = B()\ndef patch(v):\n    b.m = lambda: v / patch(2) / patch(3) / print(b.m())',
      '3: patch(4)',
    ),
    kind(
      '… of the class itself',
      'class B:\n    @staticmethod\n    def m():\n        return 1\nb = B()\ndef patch(v):\n    b.m = lambda: v / patch(2) / print(b.m())',
      '-2',
    ),
    kind('slots', 'class P:\n    __slots__ = ("v",)\np = q = P() / q.v = 1 / print(p.v)', '2: q.v = 2'),
    kind(
      'a data class in two lists',
      'from dataclasses import dataclass\n@dataclass\nclass P:\n    v: int = 0\np = P()\nps = [p]\nqs = [p] / ps[0].v = 1 / print(qs)',
      '2: ps[0].v = 2',
    ),
    kind('a view of a dictionary', 'd = {"a": 1}\nkeys = d.keys() / d["b"] = 2 / print(list(keys))', '2: d["c"] = 2'),
    kind(
      'a view of bytes',
      'data = bytearray(b"abc")\nview = memoryview(data) / view[0] = 120 / print(data)',
      '2: view[0] = 121',
    ),
    kind('a view of an array', 'import numpy as np\na = np.zeros(3)\nb = a[1:] / b[0] = 1 / print(a)', '2: b[0] = 2', {
      isScience: true,
    }),
    kind(
      'an array of another shape',
      'import numpy as np\na = np.zeros((2, 2))\nb = a.reshape(4) / b[:] = 1 / print(a)',
      '2: b[:] = 2',
      { isScience: true },
    ),
    kind(
      'a change by a function of numpy',
      'import numpy as np\na = np.zeros(3) / np.add(a, 1, out=a) / print(a)',
      '2: np.add(a, 2, out=a)',
      { isScience: true },
    ),
    kind(
      'one element of a large array',
      'import numpy as np\na = np.zeros(1_000_000)\nb = a / b[123_456] = 1 / print(a.sum())',
      '2: b[123_456] = 2',
      { isScience: true },
    ),
    kind(
      'a column of a table',
      'import pandas as pd\ndf = pd.DataFrame({"a": [1]})\nother = df / other["b"] = 2 / print(list(df))',
      '2: other["c"] = 2',
      { isScience: true },
    ),
    kind(
      'a table that a function changes',
      'import pandas as pd\ndf = pd.DataFrame({"a": [1]})\ndef add(k):\n    df[k] = 0 / add("b") / print(list(df))',
      '2: add("c")',
      { isScience: true },
    ),
    kind('a set under two names', 'a = b = set() / a |= {1} / print(b)', '2: a |= {2}', { marimo: 'refused' }),
    kind(
      'a swap of two objects',
      'a, b = [1], [2]\nboth = (a, b) / both[0][0], both[1][0] = both[1][0], both[0][0] / print(a, b)',
      '1: a, b = [3], [4]\nboth = (a, b)',
    ),
    kind(
      'a chain of maps',
      'from collections import ChainMap\nbase = {"k": 1}\nm = ChainMap({}, base) / base["k"] = 2 / print(m["k"])',
      '2: base["k"] = 3',
    ),
    kind(
      'a reader that makes keys',
      'from collections import defaultdict\nd = defaultdict(list) / d["a"] / print(dict(d))',
      '2: d["b"]',
    ),
    kind(
      'a registry of subclasses',
      'class Base:\n    known = []\n    def __init_subclass__(cls):\n        Base.known.append(cls.__name__) / class A(Base):\n    pass / print(Base.known)',
      '2: class B(Base):\n    pass',
    ),
    kind(
      'the subclasses that Python knows',
      'class Base:\n    pass / class A(Base):\n    pass / print([c.__name__ for c in Base.__subclasses__()])',
      '2: class B(Base):\n    pass',
      { both: 'beyond', why: 'Caches, and what Python notes for itself, are not looked at.' },
    ),
    kind(
      'a weak reference',
      'import weakref\nclass P:\n    v = 0\np = P()\nr = weakref.ref(p) / r().v = 1 / print(p.v)',
      '2: r().v = 2',
    ),
    kind('a copy', 'import copy\na = [[]]\nb = copy.copy(a) / b[0].append(1) / print(a)', '2: b[0].append(2)'),
    kind('a shuffle of a list', 'import heapq\nxs = [3, 1] / heapq.heappush(xs, 0) / print(xs)', '2: heapq.heappush(xs, 2)'),
    kind(
      'an iterator that is used up',
      'it = iter([1, 2, 3]) / print(next(it)) / print(next(it))',
      '2: print(next(it), next(it))',
    ),
    kind(
      'a generator that is used up',
      'g = (n for n in range(9)) / print(next(g)) / print(next(g))',
      '2: print(next(g), next(g))',
    ),
    kind(
      'an asynchronous generator that is used up',
      'import asyncio\nloop = asyncio.new_event_loop()\nasync def count():\n    for n in range(9):\n        yield n\nc = count() / print(loop.run_until_complete(c.__anext__())) / print(loop.run_until_complete(c.__anext__()))',
      '2: loop.run_until_complete(c.__anext__()); print(loop.run_until_complete(c.__anext__()))',
    ),
    kind(
      'a coroutine that is awaited',
      'async def one():\n    return 1\nc = one()\ndef go():\n    try:\n        c.send(None)\n    except StopIteration:\n        return "first"\n    except RuntimeError:\n        return "again" / go() / print(go())',
      '2: None',
    ),
    kind(
      'the class of an object',
      'class A:\n    n = 1\nclass B:\n    n = 2\na = A()\ndef turn():\n    a.__class__ = B / turn() / print(a.n)',
      '2: None',
    ),
    kind(
      'the bases of a class',
      'class A:\n    n = 1\nclass B:\n    n = 2\nclass C(A):\n    pass\ndef turn():\n    C.__bases__ = (B,) / turn() / print(C.n)',
      '2: None',
    ),
    kind('what an exception says', 'e = ValueError(1)\ndef put(v):\n    e.args = (v,) / put(2) / print(e.args)', '2: put(3)'),
    kind(
      'an attribute of an exception',
      'class E(Exception):\n    pass\ne = E()\ndef put(v):\n    e.code = v / put(2) / print(e.code)',
      '2: put(3)',
    ),
    kind(
      'the defaults of a function',
      'def f(n=1):\n    return n\ndef put(v):\n    f.__defaults__ = (v,) / put(2) / print(f())',
      '2: put(3)',
    ),
    kind(
      'the code of a function',
      'def f():\n    return 1\ndef g():\n    return 2\ndef swap():\n    f.__code__ = g.__code__ / swap() / print(f())',
      '2: None',
      { both: 'beyond', why: 'That a function replaces the code or a special method of another is not seen.' },
    ),
  ],
};

export const sharingKinds: readonly Section[] = [functions, names];
