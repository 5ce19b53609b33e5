// Steps that change an object they only read, and steps that do not, for the mutation watch.

export interface WatchedStep {
  /** What an earlier cell ran. */
  readonly before: string;
  /** The step. */
  readonly step: string;
  /** What it reads. */
  readonly reads: string;
  /** Of these, whose objects it changes. */
  readonly changes: string;
}

export const changing = (before: string, step: string, reads: string, changes = reads): WatchedStep => ({
  before,
  step,
  reads,
  changes,
});
export const leaving = (before: string, step: string, reads: string): WatchedStep => ({ before, step, reads, changes: '' });

const stack = 'class Stack:\n  def __init__(self): self._items = []\n  def push(self, x): self._items.append(x)\ns = Stack()';
const slotted = 'class P:\n  __slots__ = ("x", "y")\n  def __init__(self): self.x = 1\np = P()';
const dataclass =
  'import dataclasses\n@dataclasses.dataclass\nclass D:\n  a: int = 1\n  b: list = dataclasses.field(default_factory=list)\nd = D()';
const tree = 'class Node:\n  def __init__(self, *kids): self.kids = kids; self.n = 0\nleaf = Node()\nroot = Node(Node(leaf))';
const model =
  'class Model:\n  def __init__(self): self.weights = None\n  def fit(self, x): self.weights = [x]; return self\nm = Model()';

/** The standard library is enough. */
/** Of which one is as good as another that is equal. */
const libraryValues = [
  ['datetime', 'datetime.date(2026, 1, 1)', 'datetime.date(2026, 1, 2)'],
  ['datetime', 'datetime.timedelta(1)', 'datetime.timedelta(2)'],
  ['decimal', 'decimal.Decimal("1.5")', 'decimal.Decimal("2.5")'],
  ['fractions', 'fractions.Fraction(1, 3)', 'fractions.Fraction(2, 3)'],
  ['uuid', 'uuid.UUID(int=1)', 'uuid.UUID(int=2)'],
  ['pathlib', 'pathlib.Path("a")', 'pathlib.Path("b")'],
] as const;

export const plainChanges: readonly WatchedStep[] = [
  changing('xs = [1]', 'ys = xs; ys.append(2)', 'xs'),
  changing('def add(v): v.append(1)\nxs = []', 'add(xs)', 'xs add', 'xs'),
  changing('xs = []\ndef add(): xs.append(1)', 'add()', 'add xs', 'xs'),
  changing('xs = [3, 1]', 'list.sort(xs)', 'xs'),
  changing('import random\nxs = list(range(50))', 'random.Random(1).shuffle(xs)', 'random xs', 'xs'),
  changing('xs = [1, 2]', '[xs.append(i) for i in range(3)]', 'xs'),
  changing('xs = [1, 2]', 'last = xs.pop()', 'xs'),
  changing('xs = [1, 2]', 'first, *rest = xs\nxs.__delitem__(0)', 'xs'),
  changing('xs = [[1], [2]]', 'for x in xs: x.append(0)', 'xs'),
  changing('xs = [[1], [2]]', 'inner = xs[1]\ninner[0] = 9', 'xs'),
  changing('xs = ([1], 2)', 'xs[0].append(1)', 'xs'),
  changing('xs = [1, 2, 3]', 'import bisect; bisect.insort(xs, 2)', 'xs'),
  changing('xs = [3, 1]', 'import heapq; heapq.heapify(xs)', 'xs'),
  changing('xs = [1]', 'f = xs.append\nf(2)', 'xs'),
  changing('xs = [1]', 'list(map(xs.append, [1, 2]))', 'xs'),
  changing('xs = list(range(100_000))', 'ys = xs; ys.reverse()', 'xs'),
  changing('xs = list(range(100_000))', 'ys = xs; ys.append(1)', 'xs'),
  changing('xs = [True]', 'ys = xs; ys[0] = 1', 'xs'),
  changing('d = {}', 'e = d; e["a"] = 1', 'd'),
  changing('d = {"a": 1}', 'e = d; e["a"] += 1', 'd'),
  changing('d = {"a": 1}', 'value = d.pop("a")', 'd'),
  changing('d = {"a": {"b": [1]}}', 'd["a"]["b"].append(1)', 'd'),
  changing('d = {"a": 1, "b": 2}', 'old = d.setdefault("c", 1)', 'd'),
  changing('d = {"a": 1}', 'd |= {"b": 2}', 'd'),
  changing('d = dict.fromkeys(range(50_000))', 'e = d; e["new"] = 1', 'd'),
  changing('import collections\nd = collections.defaultdict(list)', 'for k in "ab": d[k]', 'd'),
  changing('import collections\nc = collections.Counter("ab")', 'c.update("b")', 'c'),
  changing('import collections\no = collections.OrderedDict(a=1, b=2)', 'o.move_to_end("a")', 'o'),
  changing('import collections\nq = collections.deque([1])', 'r = q; r.appendleft(0)', 'q'),
  changing('import collections\nq = collections.deque([1, 2, 3])', 'q.rotate(1)', 'q'),
  changing('import collections\nc = collections.ChainMap({})', 'c["a"] = 1', 'c'),
  changing('import collections\nu = collections.UserList([1])', 'v = u; v.append(1)', 'u'),
  changing('s = {1}', 't = s; t.add(2)', 's'),
  changing('s = {1, 2}', 't = s; t.discard(1)', 's'),
  changing('s = {1}', 't = s; t.remove(1); t.add(2)', 's'),
  changing('s = {1, 2}', 's &= {2}', 's'),
  changing('b = bytearray(b"ab")', 'c = b; c[0] = 1', 'b'),
  changing('b = bytearray(100_000)', 'c = b; c.extend(b"x")', 'b'),
  changing('b = bytearray(8)', 'memoryview(b)[3] = 1', 'b'),
  changing('import array\na = array.array("d", [1.0])', 'b = a; b[0] = 2.0', 'a'),
  changing('import types\nn = types.SimpleNamespace(a=1)', 'setattr(n, "a", 2)', 'n'),
  changing('import argparse\nn = argparse.Namespace(a=1)', 'vars(n)["a"] = 2', 'n'),
  ...libraryValues.map(([module, one, other]) => changing(`import ${module}\nv = [${one}]`, `w = v; w[0] = ${other}`, 'v')),
  changing(stack, 's.push(1)', 's'),
  changing('class C: pass\nc = C()', 'd = c; d.x = 1', 'c'),
  changing('class C: pass\nc = C(); c.x = 1', 'd = c; del d.x', 'c'),
  changing('class C:\n  x = 0\nc = C()', 'd = c; d.x = 1', 'c'),
  changing('class C: pass\nc = C(); c.x = 1', 'object.__setattr__(c, "x", 2)', 'c'),
  changing(slotted, 'q = p; q.x = 2', 'p'),
  changing(slotted, 'q = p; q.y = 2', 'p'),
  changing(dataclass, 'e = d; e.a = 2', 'd'),
  changing(dataclass, 'd.b.append(1)', 'd'),
  changing(tree, 'leaf.n += 1', 'root leaf', 'root leaf'),
  changing(tree, 'root.kids[0].kids[0].n = 5', 'root', 'root leaf'),
  changing(model, 'm.fit(1)', 'm'),
  changing('class Bag(list): pass\nb = Bag()', 'c = b; c.append(1)', 'b'),
  changing('class Bag(list): pass\nb = Bag()', 'c = b; c.note = 1', 'b'),
  changing('class Box(dict):\n  def __getitem__(self, k): return 0\nb = Box(a=1)', 'dict.__setitem__(b, "a", 2)', 'b'),
  changing('class Config:\n  debug = False\ndef on(): Config.debug = True', 'on()', 'on Config', 'Config'),
  changing('def tally(x, seen=[]):\n  seen.append(x)\n  return len(seen)', 'n = tally(1)', 'tally'),
  changing(
    'def counter():\n  n = 0\n  def step():\n    nonlocal n\n    n += 1\n    return n\n  return step\nstep = counter()',
    'v = step()',
    'step',
  ),
  changing('def f(): f.calls += 1\nf.calls = 0', 'f()', 'f'),
  changing('import functools\nxs = []\nadd = functools.partial(list.append, xs)', 'add(1)', 'add xs'),
  changing('class A:\n  def __init__(self): self.n = 0\n  def up(self): self.n += 1\nup = A().up', 'up()', 'up'),
  changing('a = [1]\nb = a\nc = {"x": a}', 'a.append(1)', 'a b c'),
  changing('xs = [1]\nys = [2]', 'z = xs; z.append(ys)', 'xs ys', 'xs'),
  changing('xs = []', 'z = xs; z.append(1); 1 / 0', 'xs'),
  changing('it = iter([1, 2, 3])', 'next(it)', 'it'),
  changing('g = (i for i in range(3))', 'next(g)', 'g'),
  changing('import itertools\nc = itertools.count()', 'next(c)', 'c'),
  changing('z = zip([1], [2]); m = map(str, [1])', 'list(z); list(m)', 'z m'),
  changing('f = open("/proc/self/status"); l = next(f)', 'f.readline()', 'f'),
  changing('class S:\n  def to(self, v): self._v = v\ns = S()', 's.to(1)', 's'),
  changing('class S:\n  _v = None\n  def to(self): self._v = 1\ns = S()', 's.to()', 's'),
  changing(
    'class S:\n  def __init__(self): self._v = None\n  def __enter__(self): self._v = 1\n  def __exit__(self, *_): pass\ns = S()',
    'with s: pass',
    's',
  ),
  changing(
    'class S:\n  _v = None\n  def v(self):\n    if self._v is None: self._v = 1\n    return self._v\n  def to(self, v): self._v = v\ns = S()',
    's.to(2)',
    's',
  ),
  changing('class S:\n  _on = None\n  def turn(self): self._on = not self._on\ns = S()', 's.turn()', 's'),
  changing('class B:\n  def m(self): pass\nb = B()', 'c = b; c.m = print', 'b'),
  changing('class B:\n  @classmethod\n  def m(self): pass\nb = B()', 'c = b; c.m = print', 'b'),
  changing('class B: pass\nb = B()\ndef patch(v): b.m = lambda: v\npatch(1)', 'patch(2)', 'b patch', 'b'),
  changing(
    'class It:\n  def __init__(self): self.n = 0\n  def __iter__(self): return self\n  def __next__(self):\n    self.n += 1\n    return self.n\ni = It()',
    'next(i)',
    'i',
  ),
  changing('import io\nb = io.StringIO("text")', 'b.read()', 'b'),
  changing('import contextvars\nv = contextvars.ContextVar("v")', 'v.set(1)', 'v'),
  changing('it = iter(range(10**30))', 'next(it)', 'it'),
  changing('it = enumerate(iter("ab"))', 'next(it)', 'it'),
  changing('it = reversed([1, 2])', 'list(it)', 'it'),
  changing('import itertools\nit = itertools.islice(itertools.count(), 3)', 'next(it)', 'it'),
  changing('def g():\n  yield 1\n  yield 2\nit = g()', 'next(it)', 'it'),
  changing('def g(xs):\n  while True: yield xs\nxs = []; it = g(xs); next(it)', 'next(it).append(1)', 'it', 'it xs'),
  changing('f = open("/proc/version")', 'f.read(1)', 'f'),
  changing('f = open("/proc/version", "rb")', 'f.seek(1)', 'f'),
  changing('f = open("/proc/version")', 'next(f)', 'f'),
  changing('f = open("/proc/version")', 'f.close()', 'f'),
  changing('import io\nb = io.StringIO()', 'print("text", file=b)', 'b'),
  changing('import io\nb = io.BytesIO(b"abc")', 'b.getbuffer()[1] = 0', 'b'),
  changing('import csv, io\nw = csv.writer(io.StringIO())', 'w.writerow([1])', 'w'),
  changing('import csv, io\nw = csv.DictWriter(io.StringIO(), ["a"])', 'w.writeheader()', 'w'),
  changing('import types\nd = {}; p = types.MappingProxyType(d)', 'd["a"] = 1', 'd p', 'd p'),
  changing('import weakref\nclass C: pass\nk = C(); r = weakref.ref(k)', 'r().x = 1', 'r', 'r k'),
  changing('import weakref\nclass C: pass\nk = C(); w = weakref.WeakValueDictionary(); w[1] = k', 'w[1].x = 1', 'w', 'w k'),
  changing('import weakref\nclass C: pass\nk = C(); w = weakref.WeakSet()', 'w.add(k)', 'w k', 'w'),
  changing('import configparser\nc = configparser.ConfigParser()', 'x = c.read_string("[a]\\nb = 1")', 'c'),
  changing('import unittest.mock\nm = unittest.mock.Mock()', 'x = m(1)', 'm'),
  changing('import unittest.mock\nm = unittest.mock.MagicMock()', 'm.inner.put(1)', 'm'),
  changing('import graphlib\nt = graphlib.TopologicalSorter({"a": "b"})', 'list(t.static_order())', 't'),
  changing('import sched\ns = sched.scheduler(); s.enter(0, 1, print)', 's.run()', 's'),
  changing('import queue\nq = queue.SimpleQueue(); q = queue.Queue(); q.put(1)', 'x = q.get()', 'q'),
  changing('import contextlib\ns = contextlib.ExitStack()', 'x = s.callback(print)', 's'),
  changing('import threading\nlock = threading.Lock()', 'lock.acquire()', 'lock'),
  changing('import threading\ne = threading.Event()', 'x = e.set()', 'e'),
  changing(
    'import sqlite3\ncon = sqlite3.connect(":memory:"); con.execute("create table t (a)")',
    'con.execute("insert into t values (1)")',
    'con',
  ),
  changing('import ctypes\nb = ctypes.create_string_buffer(4)', 'ctypes.memset(b, 65, 2)', 'b ctypes', 'b'),
  changing('import ctypes\nn = ctypes.c_int(1)', 'm = n; m.value = 2', 'n'),
  changing(
    'class It:\n  def __init__(self): self.items = []\n  def __iter__(self): return iter(self.items)\ni = It()',
    'i.items.append(1)',
    'i',
  ),
];

/** Nobody would say that these change what they read. */
export const plainReads: readonly WatchedStep[] = [
  leaving('xs = [1, 2]', 'ys = sorted(xs); zs = xs + [3]; n = len(xs); xs == [1]', 'xs'),
  leaving('xs = [1]', 'ys = xs\nys = [2]\nys.append(3)', 'xs'),
  leaving('xs = [1, 2]', 'z = xs; z.append(3); z.pop()', 'xs'),
  leaving('xs = [1, 2]', 'z = xs\nz.append(3)\ny = 1\nz.pop()\ny = 2', 'xs'),
  leaving('d = {"a": 1}', 'd.get("b"); list(d.items()); {**d, "b": 1}', 'd'),
  leaving('d = {"a": 10_000}', 'e = d; e["a"] = int("10000")', 'd'),
  leaving('d = {"a": [1, 2]}', 'e = d; e["a"] = list(e["a"])', 'd'),
  leaving(
    'import copy\nd = {"a": [[float(i) for i in range(900)] for _ in range(900)]}',
    'e = d; e["a"] = copy.deepcopy(e["a"])',
    'd copy',
  ),
  leaving('ring = []; ring.append(ring); d = {"a": ring}', 'other = []; other.append(other); e = d; e["a"] = other', 'd'),
  leaving('x = 5; y = "text"; z = None; w = 1.5', 'x + 1; y.upper()', 'x y z w'),
  leaving('import functools\n@functools.lru_cache\ndef f(x): return x', 'f(1); f(2)', 'f'),
  leaving('import functools\nclass C:\n  @functools.cached_property\n  def big(self): return [1]\nc = C()', 'c.big; c.big', 'c'),
  leaving(
    'class C:\n  def __init__(self): self._cache = {}\n  def get(self, k): return self._cache.setdefault(k, k)\nc = C()',
    'c.get(1)',
    'c',
  ),
  leaving(
    'class C:\n  _x = None\n  def x(self):\n    if self._x is None: self._x = 1\n    return self._x\nc = C()',
    'c.x()',
    'c',
  ),
  leaving(
    'class C:\n  @property\n  def x(self):\n    if not hasattr(self, "_x"): self._x = 1\n    return self._x\nc = C()',
    'c.x; c.x',
    'c',
  ),
  leaving(
    'class C:\n  def __init__(self): self._x = None\n  def x(self):\n    if not self._x: self._x = [1]\n    return self._x\nc = C()',
    'c.x()',
    'c',
  ),
  leaving(
    'def memo(f):\n  done = {}\n  def g(x):\n    if x not in done: done[x] = f(x)\n    return done[x]\n  return g\nsquare = memo(lambda x: x * x)',
    'square(3)',
    'square',
  ),
  leaving(
    'def fib(n, known={}):\n  if n not in known: known[n] = n if n < 2 else fib(n - 1) + fib(n - 2)\n  return known[n]',
    'fib(20)',
    'fib',
  ),
  leaving('it = iter([1, 2]); g = (n for n in it); z = zip(it, [1])', 'it; g; z; iter(it)', 'it g z'),
  leaving('f = open("/proc/version")', 'f.tell(); f.name; f.readable()', 'f'),
  leaving('import io\nb = io.StringIO("text")', 'b.getvalue(); b.tell()', 'b'),
  leaving('import types\np = types.MappingProxyType({"a": 1})', 'p["a"]; list(p)', 'p'),
  leaving('import weakref\nclass C: pass\nk = C(); r = weakref.ref(k)', 'r() is k; hash(r)', 'r k'),
  leaving('import configparser\nc = configparser.ConfigParser()', 'c.sections(); c.get("a", "b", fallback=1)', 'c'),
  leaving('import unittest.mock\nm = unittest.mock.Mock()', 'm.call_count; m.called; m.mock_calls', 'm'),
  leaving('import queue\nq = queue.Queue()', 'q.qsize(); q.empty()', 'q'),
  leaving('import tempfile\nf = tempfile.TemporaryFile()', 'f.write(b"a"); f.tell()', 'f'),
  leaving('import random', 'random.random(); random.seed(1)', 'random'),
  leaving('import random\nr = random.Random(1)', 'r.random(); r.gauss(0, 1)', 'r'),
  leaving('import logging\nlog = logging.getLogger("a")', 'log.debug("x"); log.isEnabledFor(10)', 'log'),
  leaving('import threading\nlock = threading.Lock()', 'with lock: pass', 'lock'),
  leaving('import threading\nt = threading.Thread(target=print)', 't.start(); t.join()', 't'),
  leaving('import threading\nclass T(threading.Thread):\n  def run(self): pass\nt = T()', 't.start(); t.join()', 't'),
  leaving('import subprocess\np = subprocess.Popen(["true"])', 'p.wait()', 'p'),
  leaving('import sqlite3\ncon = sqlite3.connect(":memory:")', 'con.execute("create table t (a)")', 'con'),
  leaving('import re\np = re.compile("a")', 'p.match("a")', 'p'),
  leaving('import pathlib\np = pathlib.Path("a")', 'hash(p); p.parts; p.suffix; str(p)', 'p'),
  ...libraryValues.map(([module, one]) => leaving(`import ${module}\nv = [${one}]`, `w = v; w[0] = ${one}`, 'v')),
  leaving('import datetime\nd = datetime.date(2026, 1, 1)', 'd + datetime.timedelta(1)', 'd'),
  leaving('import enum\nclass E(enum.Enum):\n  A = 1', 'E.A; E(1); list(E)', 'E'),
  leaving(
    'import dataclasses\n@dataclasses.dataclass(frozen=True)\nclass F:\n  a: int = 1\nf = F()',
    'hash(f); dataclasses.replace(f, a=2); repr(f)',
    'f',
  ),
  leaving('import weakref, types\nclass C: pass\nk = C(); w = weakref.WeakValueDictionary(); w[1] = k', 'w.get(1)', 'w k'),
  leaving('def f(x): return [x]', 'f(1).append(2)', 'f'),
  leaving('class C:\n  def __init__(self, n): self.n = n\nxs = [C(1)]', 'C(2).n = 3; [x.n for x in xs]', 'C xs'),
  leaving('s = {1, 2}; f = frozenset("ab")', '1 in s; s | {3}; s - f', 's f'),
  leaving('import abc\nclass B(abc.ABC): pass\nclass D(B): pass', 'isinstance(1, B); issubclass(D, B)', 'B D'),
  leaving('nan = [float("nan")]', 'm = nan; m[0] = float("nan")', 'nan'),
];

/** Looking runs none of the program's code: each of these objects raises, prints or counts when it is touched. */
export const touchy = `
touched = []
class Touchy:
    def __init__(self): object.__setattr__(self, "inner", [1])
    def __getattribute__(self, name): touched.append(name); return object.__getattribute__(self, name)
    def __getattr__(self, name): touched.append(name); raise AttributeError(name)
    def __eq__(self, other): touched.append("eq"); return True
    def __hash__(self): touched.append("hash"); return 1
    def __repr__(self): touched.append("repr"); return ""
    def __len__(self): touched.append("len"); return 1
    def __iter__(self): touched.append("iter"); return iter(())
    def __bool__(self): touched.append("bool"); return False
    def __del__(self): pass
    @property
    def prop(self): touched.append("prop")
    @property
    def __class__(self): touched.append("class"); return int
class TouchyList(list):
    def __iter__(self): touched.append("list iter"); return super().__iter__()
    def __len__(self): touched.append("list len"); return super().__len__()
    def __getitem__(self, at): touched.append("list item"); return super().__getitem__(at)
    def __eq__(self, other): touched.append("list eq"); return True
class TouchyDict(dict):
    def __iter__(self): touched.append("dict iter"); return super().__iter__()
    def keys(self): touched.append("dict keys"); return super().keys()
    def items(self): touched.append("dict items"); return super().items()
    def values(self): touched.append("dict values"); return super().values()
class Meta(type):
    def __getattribute__(cls, name): touched.append("meta " + name); return super().__getattribute__(name)
    def __eq__(cls, other): touched.append("meta eq"); return False
    __hash__ = type.__hash__
class Metaed(metaclass=Meta): pass
o = [Touchy(), TouchyList([Touchy()]), TouchyDict(a=Touchy()), {1: Touchy()}, (Touchy(),), Metaed(), Metaed]
s = {1, "a"}
`;

/** These want numpy and pandas. */
const frame = 'import numpy as np, pandas as pd\ndf = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})';
const wide = 'import numpy as np, pandas as pd\nbig = pd.DataFrame(np.zeros((100_000, 5)), columns=list("abcde"))';

const masked = 'import numpy as np\nm = np.ma.array([1.0, 2.0, 3.0], mask=[0, 0, 1]); n = np.ma.array([1, 2])';

export const scienceChanges: readonly WatchedStep[] = [
  changing(masked, 'a = m; a[0] = np.ma.masked', 'm np', 'm'),
  changing(masked, 'a = m; a.mask[0] = True', 'm'),
  changing(masked, 'a = n; a[0] = np.ma.masked', 'n np', 'n'),
  changing(frame, 'd = df; d.attrs["n"] = 1', 'df'),
  changing('import numpy as np\na = np.zeros(3)', 'b = a; b[1] = 1', 'a'),
  changing('import numpy as np\na = np.zeros(3)', 'v = a[1:]; v += 1', 'a'),
  changing('import numpy as np\na = np.arange(1_000_000)', 'np.multiply(a, 2, out=a)', 'a np', 'a'),
  changing('import numpy as np\na = np.arange(1_000_000)[::-1].copy()', 'b = a; b.sort()', 'a'),
  changing('import numpy as np\na = np.zeros((100_000, 4))', 'b = a; b[:, 2] = 1', 'a'),
  changing('import numpy as np\na = np.zeros((1_000, 1_000))', 'b = a; b[-1] = 1', 'a'),
  changing('import numpy as np\na = np.array([[1], None], dtype=object)', 'a[0].append(2)', 'a'),
  changing('import numpy as np\na = [np.zeros(2), np.ones(2)]', 'for x in a: x += 1', 'a'),
  changing('import numpy as np\na = np.zeros(4)\nb = a.reshape(2, 2)', 'np.random.default_rng(0).shuffle(b)\nb.fill(3)', 'a b'),
  changing(frame, 'x = df; x["c"] = 1', 'df'),
  changing(frame, 'x = df; x["a"] = x["a"] * 2', 'df'),
  changing(frame, 'x = df; x.loc[0, "a"] = 9', 'df'),
  changing(frame, 'x = df; x.iloc[-1, 1] = "w"', 'df'),
  changing(frame, 'x = df; x.drop(columns="a", inplace=True)', 'df'),
  changing(frame, 'x = df; x.sort_values("b", ascending=False, inplace=True)', 'df'),
  changing(frame, 'x = df; x.columns = ["p", "q"]', 'df'),
  changing(frame, 'x = df; x.index = [7, 8, 9]', 'df'),
  changing(frame, 'x = df; x.insert(0, "z", 0)', 'df'),
  changing(frame, 'c = df.pop("a")', 'df'),
  changing(`${frame}\ndef clean(d): d["b"] = d["b"].str.upper(); return d`, 'out = clean(df)', 'df clean', 'df'),
  changing(wide, 'x = big; x["c"] = 1.0', 'big'),
  changing(wide, 'x = big; x.loc[x.index > 50_000, "e"] = 1', 'big'),
  changing('import pandas as pd\ns = pd.Series([1, 2])', 't = s; t.iloc[0] = 5', 's'),
  changing('import pandas as pd\ns = pd.Series(["a", "b"])', 't = s; t.iloc[1] = "c"', 's'),
  changing('import pandas as pd\ns = pd.Series(pd.Categorical(["a", "b"]))', 't = s; t.iloc[1] = "a"', 's'),
  changing('import pandas as pd\ns = pd.Series([1, 2], dtype="Int64")', 't = s; t.iloc[1] = None', 's'),
  changing('import pandas as pd\ns = pd.Series([1, 2])', 's.name = "n"', 's'),
  changing(`${frame}\nd = {"x": df}`, 'd["x"].loc[0, "a"] = 5', 'd df'),
];

export const scienceReads: readonly WatchedStep[] = [
  leaving(masked, 'm.sum(); m + 1; m.filled(); m.mask; n.mask; n.mean(); repr(m); m.copy(); m.compressed()', 'm n'),
  leaving(
    frame,
    'df["a"]; df.a.sum(); df.describe(); df.groupby("b")["a"].mean(); df.values; df.T; df.copy(); df.loc[0]; repr(df); df._repr_html_()',
    'df',
  ),
  leaving(
    frame,
    'df.assign(c=1); df[df.a > 1]; df.merge(df, on="a"); df.sort_values("a"); df.index.is_unique; df.to_csv()',
    'df',
  ),
  leaving(
    `${frame}\nfor n in range(5): df[f"c{n}"] = float(n)`,
    'df.sum(numeric_only=True); df.values; df._consolidate_inplace()',
    'df',
  ),
  leaving(frame, 'x = df["a"].copy(); x.iloc[0] = 9; y = df.copy(); y["z"] = 1', 'df'),
  leaving(frame, 'df.index = pd.RangeIndex(3)\ndf.columns = ["a", "b"]', 'df'),
  leaving(
    'import pandas as pd\ns = pd.Series(pd.date_range("2026", periods=3))',
    's.dt.year; s.max(); s.is_unique; s.index.get_loc(1)',
    's',
  ),
  leaving('import numpy as np\na = np.arange(5.0)', 'a.sum(); a * 2; a.T; np.sort(a); a.copy().fill(0); repr(a)', 'a np'),
  leaving('import numpy as np\nrng = np.random.default_rng(1)', 'rng.normal()', 'rng'),
  leaving('import numpy as np\na = np.array([float("nan")])', 'a.sum(); np.random.rand()', 'a np'),
  leaving('import matplotlib.pyplot as plt', 'plt.rcParams.update({"font.size": 9})', 'plt'),
];

const dates = `import numpy as np, pandas as pd
df = pd.DataFrame({"d": pd.date_range("2026", periods=4), "c": pd.Categorical(list("abab")), "s": list("wxyz"), "n": [1.0, None, 3.0, 4.0]}).set_index("d")
df["tz"] = pd.date_range("2026", periods=4, tz="UTC")
mi = pd.DataFrame({"v": [1, 2]}, index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)]))`;

export const typedChanges: readonly WatchedStep[] = [
  changing(dates, 'x = df; x.loc["2026-01-02", "s"] = "q"', 'df'),
  changing(dates, 'x = df; x.index = x.index + pd.Timedelta(1, "D")', 'df'),
  changing(dates, 'x = df; x["c"] = x["c"].cat.rename_categories({"a": "A"})', 'df'),
  changing(dates, 'x = df; x["tz"] = x["tz"].dt.tz_convert("Asia/Tokyo")', 'df'),
  changing(dates, 'mi.index.names = ["p", "q"]', 'mi df', 'mi'),
];

export const typedReads: readonly WatchedStep[] = [
  leaving(
    dates,
    'df.resample("2D").n.sum(); df.c.cat.codes; df.loc["2026-01-02"]; df.query("n > 1"); df.n.fillna(0); df.to_numpy(); df.memory_usage(deep=True)',
    'df',
  ),
  leaving(dates, 'mi.loc["a"]; mi.unstack(); mi.index.get_level_values(0); repr(mi)', 'mi'),
];

const polars =
  'import polars as pl\ndf = pl.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"], "l": [[1], [2], [3]]})\ns = pl.Series("q", [1, 2, 3])';
const learning = `import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
X = np.arange(40.0).reshape(20, 2); y = (X[:, 0] > 15).astype(int)
m = LinearRegression(); f = RandomForestClassifier(3); p = make_pipeline(StandardScaler(), KNeighborsClassifier())`;
const fitted = `${learning}\nm.fit(X, y); f.fit(X, y); p.fit(X, y)`;

/** These want polars and scikit-learn. */
export const learningChanges: readonly WatchedStep[] = [
  changing(polars, 'x = df; x[0, "a"] = 9', 'df'),
  changing(polars, 'x = df; x.insert_column(0, pl.Series("n", [1, 1, 1]))', 'df'),
  changing(polars, 'x = df; x.extend(df)', 'df'),
  changing(polars, 'x = df; x.columns = list("pqr")', 'df'),
  changing(polars, 'c = df.drop_in_place("a")', 'df'),
  changing(polars, 't = s; t[1] = 5', 's'),
  changing(learning, 'm.fit(X, y)', 'm X y', 'm'),
  changing(learning, 'p.fit(X, y)', 'p X y', 'p'),
  changing(fitted, 'm.fit(X * 2, y)', 'm X y', 'm'),
];

export const learningReads: readonly WatchedStep[] = [
  leaving(polars, 'df.with_columns(z=1); df.filter(pl.col("a") > 1); df.sort("a"); df.rechunk(); df.to_dicts(); repr(df)', 'df'),
  leaving(polars, 's.sum(); s.sort(); s.to_list(); t = s.clone(); t[0] = 9', 's'),
  leaving(
    fitted,
    'm.predict(X); f.predict(X); f.feature_importances_; f.score(X, y); p.predict(X); repr(p); p._repr_html_()',
    'm f p X y',
  ),
];
