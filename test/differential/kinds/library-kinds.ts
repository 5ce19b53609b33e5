import { kind, type Section } from './kind.ts';

export const libraries: Section = {
  title: 'Objects of libraries',
  about: 'Objects whose classes come with Python or with a package.',
  kinds: [
    kind(
      'a parser of arguments',
      'import argparse\np = argparse.ArgumentParser() / p.add_argument("--x", default=1) / print(p.parse_args([]))',
      '2: p.add_argument("--x", default=2)',
    ),
    kind(
      'a document',
      'from xml.dom.minidom import Document\ndoc = Document()\nroot = doc.createElement("a")\ndoc.appendChild(root) / root.appendChild(doc.createElement("b")) / print(doc.toxml())',
      '2: root.appendChild(doc.createElement("c"))',
    ),
    kind(
      'a tree',
      'import xml.etree.ElementTree as ET\nroot = ET.Element("a") / ET.SubElement(root, "b") / print(ET.tostring(root))',
      '2: ET.SubElement(root, "c")',
    ),
    kind(
      'a configuration',
      'from configparser import ConfigParser\nc = ConfigParser() / c.read_string("[a]\\nk = 1") / print(dict(c["a"]) if "a" in c else None)',
      '2: c.read_string("[a]\\nk = 2")',
    ),
    kind('a queue', 'import queue\nq = queue.Queue() / q.put(1) / print(q.qsize())', '2: q.put(1); q.put(2)'),
    kind(
      'a double-ended queue',
      'from collections import deque\nd = deque([1]) / d.appendleft(0) / print(list(d))',
      '2: d.appendleft(5)',
    ),
    kind('a counter', 'from collections import Counter\nc = Counter() / c.update("aab") / print(c["a"])', '2: c.update("aaab")'),
    kind(
      'an ordered dictionary',
      'from collections import OrderedDict\nd = OrderedDict(a=1, b=2) / d.move_to_end("a") / print(list(d))',
      '2: d.move_to_end("b")',
    ),
    kind(
      'a text that is written to',
      'import io\nout = io.StringIO() / out.write("a") / print(out.getvalue())',
      '2: out.write("b")',
    ),
    kind(
      'a writer of a table',
      'import csv, io\nout = io.StringIO()\nw = csv.writer(out) / w.writerow([1, 2]) / print(repr(out.getvalue()))',
      '2: w.writerow([3])',
    ),
    kind(
      'an array of numbers',
      'from array import array\na = array("i", [1]) / a.append(2) / print(a.tolist())',
      '2: a.append(3)',
    ),
    kind(
      'a message',
      'from email.message import EmailMessage\nm = EmailMessage() / m["Subject"] = "a" / print(m["Subject"])',
      '2: m["Subject"] = "b"',
    ),
    kind('a mock', 'from unittest.mock import Mock\nm = Mock() / m(1) / print(m.call_count)', '2: m(1); m(2)'),
    kind(
      'a graph to sort',
      'from graphlib import TopologicalSorter\nt = TopologicalSorter() / t.add("a", "b") / print(list(t.static_order()))',
      '2: t.add("a", "c")',
    ),
    kind('a namespace', 'from types import SimpleNamespace\nn = m = SimpleNamespace(a=1) / m.a = 2 / print(n)', '2: m.a = 3'),
    kind('an event of threads', 'import threading\ne = threading.Event() / e.set() / print(e.is_set())', '2: e.clear()'),
    kind(
      'a calendar of tasks',
      'import sched\ns = sched.scheduler() / s.enter(0, 1, print, ("hello",)) / s.run()',
      '2: s.enter(0, 1, print, ("bye",))',
    ),
    kind(
      'one item of a long list, by a function',
      'xs = [0] * 5000\ndef put(v):\n    xs[1234] = v / put(1) / print(xs[1234])',
      '2: put(2)',
      { both: 'beyond', why: 'Of more than 1,000 items, some are looked at.' },
    ),
    kind(
      'an iterator over calls',
      'xs = [1, 2, 3, 4]\nit = iter(xs.pop, 0) / next(it) / print(next(it))',
      '2: next(it); next(it)',
      { both: 'beyond', why: 'How iterators over calls, and objects that hide what they hold, go on is not seen.' },
    ),
    kind(
      'a special method that a function replaces',
      'class A:\n    pass\ndef patch(n):\n    A.__len__ = lambda self: n / patch(1) / print(len(A()))',
      '2: patch(2)',
      { both: 'beyond', why: 'That a function replaces the code or a special method of another is not seen.' },
    ),
    kind(
      'a generator of random numbers in a slot',
      'import random\nclass Dice:\n    __slots__ = ("r",)\nd = Dice()\nd.r = random.Random(1)\ndef roll(n):\n    return [d.r.random() for _ in range(n)] / print(roll(1)) / print(roll(1))',
      '2: print(roll(2))',
    ),
    kind(
      'the cursor of a database',
      'import sqlite3\ndb = sqlite3.connect(":memory:")\ncursor = db.cursor()\ncursor.execute("create table t (a)") / cursor.execute("insert into t values (1)") / print(db.execute("select * from t").fetchall())',
      '2: cursor.execute("insert into t values (2)")',
    ),
    kind(
      'a database in memory',
      'import sqlite3\ndb = sqlite3.connect(":memory:")\ndb.execute("create table t (a)") / db.execute("insert into t values (1)") / print(db.execute("select * from t").fetchall())',
      '2: db.execute("insert into t values (2)")',
    ),
    kind(
      'memory of C code',
      'import ctypes\nbuf = ctypes.create_string_buffer(4) / ctypes.memset(buf, 65, 2) / print(buf.value)',
      '2: ctypes.memset(buf, 66, 2)',
    ),
    kind(
      'a pair of sockets',
      'import socket\na, b = socket.socketpair()\nb.setblocking(False) / a.send(b"one") / print(b.recv(9))',
      '2: a.send(b"two")',
      { both: 'beyond', why: 'State in the memory of C code or of the operating system is not seen.' },
    ),
    kind(
      'a hash that is fed',
      'import hashlib\nh = hashlib.md5() / h.update(b"a") / print(h.hexdigest()[:6])',
      '2: h.update(b"b")',
    ),
    kind(
      'a compressor',
      'import zlib\nz = zlib.compressobj() / z.compress(b"a" * 9) / print(len(z.flush()))',
      '2: z.compress(b"abcdefghi")',
      { both: 'beyond', why: 'State in the memory of C code or of the operating system is not seen.' },
    ),
    kind(
      'an axes that is drawn on',
      'import matplotlib.pyplot as plt\nfig, ax = plt.subplots() / ax.plot([1, 2]) / print(len(ax.lines))',
      '2: ax.plot([1]); ax.plot([2])',
      { isScience: true },
    ),
    kind(
      'a figure that is given a title',
      'import matplotlib.pyplot as plt\nfig, ax = plt.subplots() / ax.set_title("a") / print(ax.get_title())',
      '2: ax.set_title("b")',
      { isScience: true },
    ),
    kind(
      'a model that is fitted',
      'from sklearn.linear_model import LinearRegression\nm = LinearRegression() / m.fit([[0], [1]], [0, 1]) / print(m.coef_.round(2))',
      '2: m.fit([[0], [1]], [0, 2])',
      { isScience: true },
    ),
    kind(
      'an image',
      'from PIL import Image\nim = Image.new("L", (2, 2)) / im.putpixel((0, 0), 9) / print(im.getpixel((0, 0)))',
      '2: im.putpixel((0, 0), 8)',
      { isScience: true, both: 'beyond', why: 'State in the memory of C code or of the operating system is not seen.' },
    ),
    kind(
      'an iterator over the matches of a pattern',
      'import re\nit = re.finditer(r"\\d", "1 2 3 4 5") / print(next(it).group()) / print(next(it).group())',
      '2: print(next(it).group(), next(it).group())',
      { both: 'beyond', why: 'How iterators over calls, and objects that hide what they hold, go on is not seen.' },
    ),
    kind(
      'an iterator over packed bytes',
      'import struct\nit = struct.iter_unpack("B", b"abcdef") / print(next(it)) / print(next(it))',
      '2: print(next(it), next(it))',
    ),
    kind(
      'a cursor that is half used',
      'import sqlite3\ncur = sqlite3.connect(":memory:").execute("values (1), (2), (3), (4)") / print(cur.fetchone()) / print(cur.fetchone())',
      '2: print(cur.fetchone(), cur.fetchone())',
      { both: 'beyond', why: 'How iterators over calls, and objects that hide what they hold, go on is not seen.' },
    ),
    kind(
      'a table that a function makes in a database',
      'import sqlite3\ndb = sqlite3.connect(":memory:")\ndef make():\n    db.execute("create table t (a)") / make() / try:\n    print(db.execute("select * from t").fetchall())\nexcept sqlite3.OperationalError:\n    print("none")',
      '2: None',
      { both: 'beyond', why: 'Of a database, only changes of rows are seen.' },
    ),
    kind(
      'how a database gives its rows',
      'import sqlite3\ndb = sqlite3.connect(":memory:")\ndef named():\n    db.row_factory = sqlite3.Row / named() / print(type(db.execute("select 1 as a").fetchone()).__name__)',
      '2: None',
    ),
    kind(
      'how a cursor gives its rows',
      'import sqlite3\ndb = sqlite3.connect(":memory:")\ncur = db.cursor()\ndef named():\n    cur.row_factory = sqlite3.Row / named() / print(type(cur.execute("select 1 as a").fetchone()).__name__)',
      '2: None',
    ),
    kind(
      'the mask of an array',
      'import numpy as np\nm = np.ma.array([1, 2, 3], mask=[0, 0, 0])\ndef hide(at):\n    m[at] = np.ma.masked / hide(0) / print(m.sum())',
      '2: hide(1)',
      { isScience: true },
    ),
    kind(
      'the mask of an array that had none',
      'import numpy as np\nm = np.ma.array([1, 2, 3])\ndef hide(at):\n    m[at] = np.ma.masked / hide(0) / print(m.sum())',
      '2: hide(1)',
      { isScience: true },
    ),
    kind(
      'notes on a table',
      'import pandas as pd\ndf = pd.DataFrame({"a": [1]})\ndef note(v):\n    df.attrs["n"] = v / note(1) / print(df.attrs)',
      '2: note(2)',
      { isScience: true },
    ),
    kind(
      'notes on a column',
      'import pandas as pd\ns = pd.Series([1])\ndef note(v):\n    s.attrs["n"] = v / note(1) / print(s.attrs)',
      '2: note(2)',
      { isScience: true },
    ),
  ],
};
