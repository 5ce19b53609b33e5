import { kind, type Section } from './kind.ts';

const linked = (target: string) =>
  `if os.path.lexists("link.txt"):\n    os.remove("link.txt")\nos.symlink("${target}", "link.txt")`;

const data = { 'data.txt': 'one' };

const files: Section = {
  title: 'Files',
  about: 'A file that a cell opens is an input of the cell.',
  kinds: [
    kind('a file that changes', 'print(open("data.txt").read())', 'data.txt: two', { files: data }),
    kind('… read by pathlib', 'from pathlib import Path / print(Path("data.txt").read_text())', 'data.txt: two', { files: data }),
    kind(
      '… read by a function',
      'def load(name):\n    with open(name) as f:\n        return f.read() / print(load("data.txt"))',
      'data.txt: two',
      { files: data },
    ),
    kind('… whose content is kept in a name', 'text = open("data.txt").read() / print(text)', 'data.txt: two', { files: data }),
    kind('… read by pandas', 'import pandas as pd / df = pd.read_csv("data.csv") / print(list(df["a"]))', 'data.csv: a\n2\n', {
      files: { 'data.csv': 'a\n1\n' },
      isScience: true,
    }),
    kind(
      '… read by polars',
      'import polars as pl / df = pl.read_csv("data.csv") / print(df["a"].to_list())',
      'data.csv: a\n2\n',
      { files: { 'data.csv': 'a\n1\n' }, isScience: true },
    ),
    kind('a file that is not there yet', 'import os / print(os.path.exists("late.txt"))', 'late.txt: now', {
      both: 'beyond',
      why: 'Only files that the Python code of a cell opens are followed.',
    }),
    kind(
      'a file that cannot be opened yet',
      'try:\n    print(open("late.txt").read())\nexcept OSError:\n    print("none")',
      'late.txt: now',
    ),
    kind(
      'a file that a cell writes',
      'with open("out.txt", "w") as f:\n    f.write("1") / print(open("out.txt").read())',
      '1: with open("out.txt", "w") as f:\n    f.write("2")',
    ),
    kind(
      '… by pathlib',
      'from pathlib import Path / Path("out.txt").write_text("1") / print(Path("out.txt").read_text())',
      '2: Path("out.txt").write_text("2")',
    ),
    kind(
      '… by json',
      'import json / with open("out.json", "w") as f:\n    json.dump([1], f) / with open("out.json") as f:\n    print(json.load(f))',
      '2: with open("out.json", "w") as f:\n    json.dump([2], f)',
      { marimo: 'refused' },
    ),
    kind(
      'a file that one cell writes and the next writes again',
      'open("out.txt", "w").write("1") / open("out.txt", "w").write("2") / print(open("out.txt").read())',
      '1: open("out.txt", "w").write("3")',
    ),
    kind(
      'a file that is read by a child process',
      'import subprocess / print(subprocess.check_output(["cat", "data.txt"]))',
      'data.txt: two',
      { files: data, both: 'beyond', why: 'Only files that the Python code of a cell opens are followed.' },
    ),
    kind(
      'a file by another name of it',
      'import os\nopen("a1.txt", "w").write("1")\nif os.path.lexists("link.txt"):\n    os.remove("link.txt")\nos.symlink("a1.txt", "link.txt") / open("a1.txt", "w").write("2") / print(open("link.txt").read())',
      '2: open("a1.txt", "w").write("3")',
    ),
    kind(
      'a symbolic link that leads elsewhere',
      `import os\nopen("a1.txt", "w").write("1"); open("a2.txt", "w").write("2") / ${linked('a1.txt')} / print(open("link.txt").read())`,
      `2: ${linked('a2.txt')}`,
    ),
    kind(
      'a file that is written through a link',
      `import os\n${linked('a1.txt')} / open("link.txt", "w").write("1") / print(open("a1.txt").read())`,
      '2: open("link.txt", "w").write("2")',
    ),
    kind(
      'a file by a second entry for it',
      'import os\nopen("a1.txt", "w").write("1")\nif os.path.lexists("hard.txt"):\n    os.remove("hard.txt")\nos.link("a1.txt", "hard.txt") / open("a1.txt", "w").write("2") / print(open("hard.txt").read())',
      '2: open("a1.txt", "w").write("3")',
      { both: 'beyond', why: 'A file is known by its path alone, and through calls that open it.' },
    ),
    kind('a file that is read without open()', 'import io / print(io.FileIO("data.txt").read())', 'data.txt: two', {
      files: { 'data.txt': 'one' },
    }),
    kind('… by a path that is made', 'import io\nname = "data" / print(io.FileIO(name + ".txt").read())', 'data.txt: two', {
      files: { 'data.txt': 'one' },
      both: 'beyond',
      why: 'Only files that the Python code of a cell opens are followed.',
    }),
    kind(
      'a file that is written without open()',
      'import io / io.FileIO("out.txt", "w").write(b"1") / print(open("out.txt").read())',
      '2: io.FileIO("out.txt", "w").write(b"2")',
    ),
    kind(
      'a log that is begun anew',
      'import os\nif os.path.exists("log.txt"):\n    os.remove("log.txt") / open("log.txt", "a").write("1") / print(open("log.txt").read())',
      '2: open("log.txt", "a").write("2")',
    ),
    kind(
      '… by a function that asks whether there is one',
      'import os\ndef clean(name):\n    if os.path.exists(name):\n        os.remove(name) / clean("log.txt") / open("log.txt", "a").write("1") / print(open("log.txt").read())',
      '3: open("log.txt", "a").write("2")',
      { both: 'beyond', why: 'Only files that the Python code of a cell opens are followed.' },
    ),
    kind(
      'a file that is removed in the end',
      'import os\nopen("out.txt", "w").write("1") / print(open("out.txt").read()) / os.remove("out.txt")',
      '1: import os\nopen("out.txt", "w").write("2")',
    ),
    kind(
      'a path from another working directory',
      'import os\nfor name in ["p", "q"]:\n    os.makedirs(name, exist_ok=True)\n    open(name + "/x.txt", "w").write(name) / os.chdir("p") / open("x.txt", "a").write("1") / print(open("x.txt").read())',
      '2: os.chdir("q")',
    ),
    kind(
      'a file that is renamed',
      'import os / open("s.txt", "w").write("1") / os.rename("s.txt", "t.txt") / print(open("t.txt").read())',
      '2: open("s.txt", "w").write("2")',
      { both: 'beyond', why: 'A file is known by its path alone, and through calls that open it.' },
    ),
    kind(
      'an open file that is read line by line',
      'import pathlib\n_ = pathlib.Path("l.txt").write_text("a\\nb\\nc\\nd\\n")\nf = open("l.txt") / print(next(f)) / print(f.readline())',
      '2: print(next(f), next(f))',
    ),
    kind(
      '… by csv',
      'import csv\nimport pathlib\n_ = pathlib.Path("l.txt").write_text("a\\nb\\nc\\nd\\n")\nrows = csv.reader(open("l.txt")) / print(next(rows)) / print(next(rows))',
      '2: print(next(rows), next(rows))',
    ),
    kind(
      '… by a map',
      'import pathlib\n_ = pathlib.Path("l.txt").write_text("a\\nb\\nc\\nd\\n")\nrows = map(str.strip, open("l.txt")) / print(next(rows)) / print(next(rows))',
      '2: print(next(rows), next(rows))',
    ),
    kind(
      '… and has come to its end',
      'import pathlib\n_ = pathlib.Path("l.txt").write_text("a\\nb\\nc\\nd\\n")\nf = open("l.txt") / print(next(f)) / print(len(list(f))) / print(f.readline())',
      '2: pass',
    ),
    kind(
      'an open file that is written through a name',
      'f = open("h.txt", "w+") / f.write("one") / f.seek(0)\nprint(f.read())',
      '-2',
      { both: 'beyond', why: 'A file is known by its path alone, and through calls that open it.' },
    ),
    kind('… by print()', 'f = open("h.txt", "w+") / print("one", file=f) / f.seek(0)\nprint(f.read())', '-2', {
      both: 'beyond',
      why: 'A file is known by its path alone, and through calls that open it.',
    }),
    kind(
      '… by csv',
      'import csv\nf = open("h.csv", "w", newline="")\nw = csv.writer(f) / w.writerow([1])\nf.flush() / print(open("h.csv").read())',
      '2: w.writerow([2])\nf.flush()',
      { both: 'beyond', why: 'A file is known by its path alone, and through calls that open it.' },
    ),
    kind(
      'a file that another cell holds open',
      'f = open("held.txt", "w") / f.write("1") / f.flush()\nprint(open("held.txt").read())',
      '2: f.write("2")',
      { both: 'beyond', why: 'A file is known by its path alone, and through calls that open it.' },
    ),
    kind(
      'a file that another process writes',
      'import subprocess / subprocess.run("echo 1 > by.txt", shell=True) / print(open("by.txt").read())',
      '2: subprocess.run("echo 2 > by.txt", shell=True)',
      { both: 'beyond', why: 'Only files that the Python code of a cell opens are followed.' },
    ),
    kind('the list of a folder', 'import os / print(sorted(f for f in os.listdir(".") if f.endswith(".txt")))', 'more.txt: two', {
      files: data,
      both: 'beyond',
      why: 'Only files that the Python code of a cell opens are followed.',
    }),
    kind('an open file that is read on', 'f = open("data.txt") / print(f.read(1)) / print(f.read(1))', '2: print(f.read(2))', {
      files: data,
    }),
    kind(
      'a database whose second writer is taken out',
      'import sqlite3\ndb = sqlite3.connect("t.db")\ndb.execute("drop table if exists t")\ndb.execute("create table t (a)")\ndb.commit() / db.execute("insert into t values (1)")\ndb.commit() / print(sqlite3.connect("t.db").execute("select * from t").fetchall())',
      '2: None',
      { both: 'beyond', why: 'The first writer of a database does not run again for what others wrote.' },
    ),
    kind(
      'a database in a file',
      'import sqlite3\ndb = sqlite3.connect("t.db")\ndb.execute("drop table if exists t")\ndb.execute("create table t (a)") / db.execute("insert into t values (1)")\ndb.commit() / print(db.execute("select * from t").fetchall())',
      '2: db.execute("insert into t values (2)")\ndb.commit()',
    ),
  ],
};

const modules: Section = {
  title: 'Modules of the project',
  about: 'Python files beside the notebook.',
  kinds: [
    kind('a module that changes', 'import helper / print(helper.value)', 'helper.py: value = 22', {
      files: { 'helper.py': 'value = 1' },
    }),
    kind('a name of a module that changes', 'from helper import value / print(value)', 'helper.py: value = 22', {
      files: { 'helper.py': 'value = 1' },
    }),
    kind('a module that imports one that changes', 'import outer / print(outer.value)', 'helper.py: value = 22', {
      files: { 'outer.py': 'from helper import value', 'helper.py': 'value = 1' },
    }),
    kind(
      'a module that is found elsewhere',
      'import sys\nsys.path.insert(0, "one") / import helper_there / print(helper_there.value)',
      '1: import sys\nsys.path.insert(0, "two")',
      { files: { 'one/helper_there.py': 'value = 1', 'two/helper_there.py': 'value = 2' } },
    ),
    kind(
      'a module that is loaded again',
      'import helper, importlib / helper.value = 5 / importlib.reload(helper) / print(helper.value)',
      '3: None',
      { files: { 'helper.py': 'value = 1' }, both: 'beyond', why: 'What a module keeps is not followed.' },
    ),
    kind('a list in a module', 'import helper / helper.items.append(1) / print(helper.items)', '2: helper.items.append(2)', {
      files: { 'helper.py': 'items = []' },
      both: 'beyond',
      why: 'What a module keeps is not followed.',
    }),
    kind('an attribute of a module', 'import helper / helper.flag = 1 / print(helper.flag)', '2: helper.flag = 2', {
      files: { 'helper.py': 'flag = 0' },
      marimo: 'beyond',
      why: 'What a module keeps is not followed.',
    }),
    kind('what a function of a module keeps', 'import helper / helper.add(1) / print(helper.seen())', '2: helper.add(2)', {
      files: { 'helper.py': '_seen = []\ndef add(v):\n    _seen.append(v)\ndef seen():\n    return _seen' },
      both: 'beyond',
      why: 'What a module keeps is not followed.',
    }),
    kind('one more import', 'import os / print(os.sep)', '1: import os; import sys'),
    kind(
      'a module and one inside it',
      'import xml / import xml.dom / print(xml.dom.Node.ELEMENT_NODE)',
      '2: import xml.dom  # again',
      { marimo: 'refused' },
    ),
  ],
};

const time: Section = {
  title: 'Time, threads and other processes',
  about: 'What goes on beside the cells.',
  kinds: [
    kind('the time', 'import time / print(time.time_ns())', '1: import time, os', {
      both: 'beyond',
      why: 'No two runs are the same.',
    }),
    kind('the address of an object', 'a = object() / print(id(a))', '1: a = object()  # again', {
      both: 'beyond',
      why: 'No two runs are the same.',
    }),
    kind(
      'a thread that is waited for',
      'import threading\nxs = [] / t = threading.Thread(target=xs.append, args=(1,))\nt.start()\nt.join() / print(xs)',
      '2: t = threading.Thread(target=xs.append, args=(2,))\nt.start()\nt.join()',
    ),
    kind(
      'a pool of threads',
      'from concurrent.futures import ThreadPoolExecutor\nxs = [] / with ThreadPoolExecutor() as pool:\n    list(pool.map(xs.append, [1])) / print(xs)',
      '2: with ThreadPoolExecutor() as pool:\n    list(pool.map(xs.append, [2]))',
    ),
    kind(
      'a thread that goes on',
      'import threading\nxs = []\ngo, done = threading.Event(), threading.Event()\ndef work():\n    go.wait()\n    xs.append(1)\n    done.set()\nthreading.Thread(target=work, daemon=True).start() / print(xs) / go.set()\ndone.wait() / print(xs)',
      '2: print(len(xs))',
    ),
    kind(
      'a task',
      'import asyncio\nxs = []\nasync def work():\n    xs.append(1) / asyncio.run(work()) / print(xs)',
      '2: asyncio.run(work())\nasyncio.run(work())',
    ),
    kind(
      'a child process that prints',
      'import subprocess\nn = 1 / print(subprocess.check_output(["echo", str(n)]))',
      '1: import subprocess\nn = 2',
    ),
    kind(
      'a variable of a context',
      'from contextvars import ContextVar\nv = ContextVar("v", default=0) / v.set(1) / print(v.get())',
      '2: v.set(2)',
    ),
    kind(
      'a lock that is taken',
      'import threading\nlock = threading.Lock() / lock.acquire(blocking=False) / print(lock.locked())',
      '2: pass',
    ),
    kind(
      'what is done at the end of the process',
      'import atexit\nlog = [] / atexit.register(log.append, 1) / print(log)',
      '2: atexit.register(log.append, 2)',
    ),
    kind(
      'an object that tells its end',
      'class P:\n    def __del__(self):\n        print("gone")\np = P() / q = p / print("end")',
      '2: q = [p]',
      { both: 'beyond', why: 'Caches, and what Python notes for itself, are not looked at.' },
    ),
  ],
};

export const worldKinds: readonly Section[] = [files, modules, time];
