import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestNotebook } from '../support/daemon.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

const percent = (...cells: string[]): string => cells.map((code) => `# %%\n${code}\n`).join('');

/** The same cells as marimo writes them. */
const marimo = (...cells: string[]): string =>
  `import marimo\n\napp = marimo.App()\n\n${cells.map((code) => `\n@app.cell\ndef _():\n${code.replaceAll(/^/gm, '    ')}\n    return\n`).join('\n')}`;

const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(daemon.folder, name)), { recursive: true });
  writeFileSync(join(daemon.folder, name), text);
};

/** Runs all. What was read has been looked at when this ends: of what changes before that, nobody knows what it was. */
async function runAll(notebook: TestNotebook): Promise<void> {
  await notebook.run('all');
  await notebook.client.request('graph/plan', { session: notebook.session, mode: 'stale', roots: [] });
}

async function becomes(notebook: TestNotebook, ...statuses: string[]): Promise<void> {
  await notebook.followed.waitFor(() => notebook.statuses.join() === statuses.join());
}

const cells = ['rows = open("a.csv").read().split()', 'len(rows)', 'z = 1'];

describe.each([
  ['percent', percent],
  ['marimo', marimo],
])('a data file of a %s notebook that changes (P67)', (_format, textOf) => {
  it('makes the cells stale that have read it, with what follows, and nothing runs by itself', async () => {
    write('a.csv', '1 2');
    const notebook = await daemon.notebook(textOf(...cells));
    await runAll(notebook);
    expect([notebook.shown(1), ...notebook.statuses]).toEqual(['2', 'fresh', 'fresh', 'fresh']);
    write('a.csv', '1 2 3');
    await becomes(notebook, 'stale', 'stale', 'fresh');
    expect([notebook.cell(0).reason, notebook.shown(1)]).toEqual(['the file a.csv has changed', '2']);
    await notebook.run('reactive', 1);
    expect([notebook.shown(1), ...notebook.statuses]).toEqual(['3', 'fresh', 'fresh', 'fresh']);
  });

  it('leaves them fresh again when it holds what it held: edited back, removed and restored, replaced, written again', async () => {
    write('a.csv', '1 2');
    const notebook = await daemon.notebook(textOf(...cells));
    await runAll(notebook);
    write('a.csv', '3 4');
    await becomes(notebook, 'stale', 'stale', 'fresh');
    write('a.csv', '1 2');
    await becomes(notebook, 'fresh', 'fresh', 'fresh');
    rmSync(join(daemon.folder, 'a.csv'));
    await becomes(notebook, 'stale', 'stale', 'fresh');
    write('b.csv', '1 2');
    renameSync(join(daemon.folder, 'b.csv'), join(daemon.folder, 'a.csv'));
    await becomes(notebook, 'fresh', 'fresh', 'fresh');
    utimesSync(join(daemon.folder, 'a.csv'), 1, 1);
    const { seq } = await notebook.run('only', 2);
    await notebook.settled(seq);
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
  });

  it('is one file under all the names that lead to it, and a link is an input, too', async () => {
    write('a.csv', '1 2');
    symlinkSync('a.csv', join(daemon.folder, 'link.csv'));
    const notebook = await daemon.notebook(
      textOf('open("a.csv", "w").write("1")', 'open("link.csv").read()', 'open("a.csv").read()'),
    );
    for (let times = 0; times < 3; times++) {
      await runAll(notebook);
      expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
    }
    write('a.csv', '3 4');
    await becomes(notebook, 'fresh', 'stale', 'stale');
    write('a.csv', '1');
    await becomes(notebook, 'fresh', 'fresh', 'fresh');
    write('b.csv', '5');
    symlinkSync('b.csv', join(daemon.folder, 'other.csv'));
    renameSync(join(daemon.folder, 'other.csv'), join(daemon.folder, 'link.csv'));
    await becomes(notebook, 'fresh', 'stale', 'fresh');
    expect(notebook.cell(1).reason).toBe('the file link.csv has changed');
    await notebook.run('stale');
    expect([notebook.shown(1), ...notebook.statuses]).toEqual(["'5'", 'fresh', 'fresh', 'fresh']);
  });

  it('is seen at the latest when a run starts, and makes a cell stale that failed over it', async () => {
    const notebook = await daemon.notebook(textOf('x = open("no.csv").read()'));
    await runAll(notebook);
    expect(notebook.statuses).toEqual(['failed']);
    write('no.csv', '1');
    await notebook.run('stale');
    expect(notebook.statuses).toEqual(['fresh']);
    write('no.csv', '2');
    await notebook.run('stale');
    expect(notebook.followed.view.cells[notebook.cell(0).id]?.lastStep?.step).toBe(3);
  });
});

it.each([
  ['another branch is checked out', 'rows = open("data/a.csv").read()', 'print(rows)'],
  ['a function of another cell reads it', 'def load(name): return open(f"data/{name}").read()', 'print(load("a.csv"))'],
  ['a helper module reads it', 'import helpers', 'print(helpers.load())'],
  ['it is JSON', 'import json; from pathlib import Path', 'print(json.loads(Path("data/a.csv").read_text()))'],
  ['it is read line by line', 'import csv', 'print(list(csv.reader(open("data/a.csv"))))'],
])('is seen where %s', async (_how, first, second) => {
  write('helpers.py', 'def load(): return open("data/a.csv").read()');
  write('data/a.csv', '1');
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: daemon.folder, stdio: 'ignore' });
  git('init');
  git('add', 'data');
  git('commit', '-m', 'one');
  git('checkout', '-b', 'other');
  write('data/a.csv', '22');
  git('commit', '-am', 'two');
  const notebook = await daemon.notebook(percent(first, second));
  await runAll(notebook);
  const before = notebook.shown(1);
  expect([before.includes('22'), ...notebook.statuses]).toEqual([true, 'fresh', 'fresh']);
  git('checkout', '-');
  await notebook.followed.waitFor(() => notebook.statuses[1] === 'stale');
  git('checkout', 'other');
  await becomes(notebook, 'fresh', 'fresh');
  git('checkout', '-');
  await notebook.run('stale');
  expect(notebook.statuses).toEqual(['fresh', 'fresh']);
  expect([before === notebook.shown(1), notebook.shown(1).includes('1')]).toEqual([false, true]);
});

it('is a database, too: what another program writes to it, not what the cells do (W38)', async () => {
  const connect = 'import sqlite3; con = sqlite3.connect("d.db"); con.execute("create table if not exists t (x)")';
  const notebook = await daemon.notebook(percent(connect, 'con.execute("insert into t values (1)"); con.commit()'));
  await runAll(notebook);
  await notebook.run('reactive', 1);
  expect(notebook.statuses).toEqual(['fresh', 'fresh']);
});

it('that cells write and read is no reason to run them for ever', async () => {
  const log = 'with open("log.txt", "a+") as file: file.write("x"); file.seek(0); print(file.read())';
  const notebook = await daemon.notebook(percent(log, 'open("log.txt", "a").write("y")', 'print(open("log.txt").read())'));
  await runAll(notebook);
  await becomes(notebook, 'fresh', 'fresh', 'fresh');
  await runAll(notebook);
  await becomes(notebook, 'fresh', 'fresh', 'fresh');
  // From outside it is a change all the same.
  appendFileSync(join(daemon.folder, 'log.txt'), 'z');
  await notebook.followed.waitFor(() => notebook.statuses[2] === 'stale');
});

it('that a cell writes from what it reads makes what is below follow the first of them', async () => {
  write('n.txt', '1');
  const copy = 'open("out.txt", "w").write(open("n.txt").read().strip())';
  const notebook = await daemon.notebook(percent(copy, 'name = "out"', 'print(open(f"{name}.txt").read())'));
  await runAll(notebook);
  write('n.txt', '2');
  await becomes(notebook, 'stale', 'fresh', 'stale');
  await notebook.run('reactive', 0);
  await becomes(notebook, 'fresh', 'fresh', 'fresh');
  expect(notebook.shown(2)).toBe('2\n');
});

/** The cells by their order on the page, and what each prints when all has run. */
const chain = ['open("out.txt", "w").write(str(2))', 'n = 1', 'print(open("out.txt").read())'];

describe.each([
  ['percent', percent],
  ['marimo', marimo],
])('a file that a cell of a %s notebook writes and another reads by the same path (P69)', (_format, textOf) => {
  it('orders them: what the writer gives anew runs with what reads it, and no edit of the writer leaves the reader fresh', async () => {
    const notebook = await daemon.notebook(textOf(...chain));
    await notebook.run('reactive', 2);
    expect([notebook.shown(2), ...notebook.statuses]).toEqual(['2\n', 'fresh', 'new', 'fresh']);
    await notebook.edit(textOf(chain[0]?.replace('2', '3') ?? '', ...chain.slice(1)));
    expect(notebook.statuses).toEqual(['stale', 'new', 'stale']);
    await notebook.run('reactive', 0);
    expect([notebook.shown(2), ...notebook.statuses]).toEqual(['3\n', 'fresh', 'new', 'fresh']);
  });

  it('is written again before it is read again, where somebody else has changed it', async () => {
    const notebook = await daemon.notebook(textOf(...chain));
    await runAll(notebook);
    write('out.txt', 'something else');
    await notebook.followed.waitFor(() => notebook.statuses[2] === 'stale');
    expect(notebook.cell(2).reason).toBe('the file out.txt has changed');
    await notebook.run('reactive', 2);
    expect([notebook.shown(2), ...notebook.statuses]).toEqual(['2\n', 'fresh', 'fresh', 'fresh']);
    rmSync(join(daemon.folder, 'out.txt'));
    await notebook.run('stale');
    expect([notebook.shown(2), ...notebook.statuses]).toEqual(['2\n', 'fresh', 'fresh', 'fresh']);
  });

  it('is that of the writer above, though one below has written it since', async () => {
    const both = [...chain, 'open("out.txt", "w").write("4")', 'print(open("./out.txt").read())'];
    const notebook = await daemon.notebook(textOf(...both));
    await runAll(notebook);
    expect([notebook.shown(2), notebook.shown(4), ...notebook.statuses]).toEqual([
      '2\n',
      '4\n',
      ...['fresh', 'fresh', 'fresh', 'fresh', 'fresh'],
    ]);
    await notebook.run('reactive', 2);
    await becomes(notebook, 'fresh', 'fresh', 'fresh', 'fresh', 'fresh');
    expect(notebook.shown(2)).toBe('2\n');
    await notebook.run('reactive', 4);
    await becomes(notebook, 'fresh', 'fresh', 'fresh', 'fresh', 'fresh');
    expect(notebook.shown(4)).toBe('4\n');
  });

  it('is added to as from top to bottom', async () => {
    const log = ['open("log.txt", "w").write("a")', 'open("log.txt", "a").write("b")', 'print(open("log.txt").read())'];
    const notebook = await daemon.notebook(textOf(...log));
    await runAll(notebook);
    await notebook.run('reactive', 1);
    expect([notebook.shown(2), ...notebook.statuses]).toEqual(['ab\n', 'fresh', 'fresh', 'fresh']);
  });

  it('is no reason to run where its writer fails, and the cell says whose file it is', async () => {
    const notebook = await daemon.notebook(textOf('open("out.txt", "w").write(1 / 0)', 'n = 1', chain[2] ?? ''));
    await runAll(notebook);
    expect([notebook.statuses, notebook.cell(2).reason]).toEqual([
      ['failed', 'fresh', 'skipped'],
      'out.txt comes from cell 1, which failed',
    ]);
  });
});

describe.each([
  ['percent', percent],
  ['marimo', marimo],
])('a file that a cell of a %s notebook is seen to write, and another to read (P69)', (_format, textOf) => {
  const save = 'def save(path, text):\n    with open(path, "w") as file: file.write(text)';
  const load = 'def load(path): return open(path).read()';

  it.each([
    ['a function of the notebook writes it', save, 'save("a.txt", "1")', 'print(open("a.txt").read())'],
    ['a function reads it', load, 'open("a.txt", "w").write("1")', 'print(load("a.txt"))'],
    ['functions do both', `${save}\n${load}`, 'save("a.txt", "1")', 'print(load("a.txt"))'],
    ['the path is computed', 'name = "a"', 'open(f"{name}.txt", "w").write("1")', 'print(open(name + ".txt").read())'],
    ['a module writes it', 'import writing', 'writing.save("a.txt", "1")', 'print(open("a.txt").read())'],
    ['it lies in a folder', save, 'save("out/a.txt", "1")', 'print(open("./out/../out/a.txt").read())'],
    [
      'it has another name first',
      'import os',
      'open("b", "w").write("1"); os.replace("b", "a.txt")',
      'print(open("a.txt").read())',
    ],
    ['a path is an object', 'from pathlib import Path; p = Path("a.txt")', 'p.write_text("1")', 'print(p.read_text())'],
    [
      'it is compressed',
      'import gzip',
      'with gzip.open("a.gz", "w") as f: f.write(b"1")',
      'print(gzip.open("a.gz").read().decode())',
    ],
    [
      'it is an archive',
      'import zipfile',
      'with zipfile.ZipFile("a.zip", "w") as f: f.writestr("a", "1")',
      'print(zipfile.ZipFile("a.zip").read("a").decode())',
    ],
    ['it is pickled', 'import pickle', 'pickle.dump("1", open("a.pkl", "wb"))', 'print(pickle.load(open("a.pkl", "rb")))'],
  ])('links them: %s', async (_how, first, writes, reads) => {
    write('writing.py', save);
    mkdirSync(join(daemon.folder, 'out'), { recursive: true });
    const notebook = await daemon.notebook(textOf(first, writes, reads));
    await runAll(notebook);
    expect([notebook.shown(2), ...notebook.statuses]).toEqual(['1\n', 'fresh', 'fresh', 'fresh']);
    await notebook.edit(textOf(first, writes.replace('"1"', '"2"').replace('b"1"', 'b"2"'), reads));
    expect(notebook.statuses).toEqual(['fresh', 'stale', 'stale']);
    await notebook.run('reactive', 2);
    expect([notebook.shown(2), ...notebook.statuses]).toEqual(['2\n', 'fresh', 'fresh', 'fresh']);
  });

  it('goes on from what an earlier cell has left in it', async () => {
    const add = 'def add(text):\n    with open("a.txt", "a") as file: file.write(text)';
    const texts = [`${save}\n${add}`, 'save("a.txt", "0")', 'add("1")', 'add("2")', 'print(open("a.txt").read())'];
    const notebook = await daemon.notebook(textOf(...texts));
    await runAll(notebook);
    expect(notebook.shown(4)).toBe('012\n');
    await notebook.edit(textOf(...texts.map((text) => text.replace('add("1")', 'add("3")'))));
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'stale', 'stale', 'stale']);
    await notebook.run('stale');
    expect([notebook.shown(4), ...notebook.statuses]).toEqual(['032\n', 'fresh', 'fresh', 'fresh', 'fresh', 'fresh']);
  });

  it.each([
    ['by a function', 'def log(text):\n    with open("a.txt", "a") as file: file.write(text)', (n: string) => `log("${n}")`],
    ['by their text', 'n = 1', (n: string) => `open("a.txt", "a").write("${n}")`],
  ])('is no reason to run the others that add to it %s, as long as nobody reads it', async (_how, first, log) => {
    const texts = [first, log('1'), log('2'), log('3')];
    const notebook = await daemon.notebook(textOf(...texts));
    write('a.txt', '');
    await runAll(notebook);
    await notebook.edit(textOf(first, log('1'), log('5'), log('3')));
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'stale', 'fresh']);
    await notebook.edit(textOf(...texts));
    await notebook.edit(textOf(...texts, 'print(open("a.txt").read())'));
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh', 'fresh', 'new']);
    await notebook.run('reactive', 4);
    expect([notebook.shown(4), ...notebook.statuses]).toEqual(['123\n', 'fresh', 'fresh', 'fresh', 'fresh', 'fresh']);
    await notebook.edit(textOf(first, log('1'), log('5'), log('3'), 'print(open("a.txt").read())'));
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'stale', 'stale', 'stale']);
    await notebook.edit(textOf(...texts));
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh', 'fresh']);
  });

  it('stays as it is where it is a database: who made it runs no second time', async () => {
    const open = 'import sqlite3\ndef db(): return sqlite3.connect("d.db")';
    const put = (n: number) => `with db() as _c: _c.execute("insert into t values (${n})")`;
    const sum = 'print(db().execute("select sum(x) from t").fetchone()[0])';
    const notebook = await daemon.notebook(textOf(open, 'db().execute("create table t (x)")', put(1), put(2), sum));
    await runAll(notebook);
    expect(notebook.shown(4)).toBe('3\n');
    await notebook.edit(textOf(open, 'db().execute("create table t (x)")', put(5), put(2), sum));
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'stale', 'stale', 'stale']);
    await notebook.run('stale');
    expect([notebook.shown(4), ...notebook.statuses]).toEqual(['10\n', 'fresh', 'fresh', 'fresh', 'fresh', 'fresh']);
    await notebook.run('reactive', 3);
    expect([notebook.shown(4), ...notebook.statuses]).toEqual(['12\n', 'fresh', 'fresh', 'fresh', 'fresh', 'fresh']);
  });

  it('is of no cell any more when the cell has stopped writing it', async () => {
    const notebook = await daemon.notebook(textOf(save, 'save("a.txt", "1")', 'print(open("a.txt").read())'));
    await runAll(notebook);
    await notebook.edit(textOf(save, 'save("b.txt", "1")', 'print(open("a.txt").read())'));
    await notebook.run('stale');
    await becomes(notebook, 'fresh', 'fresh', 'fresh');
    await notebook.edit(textOf(save, 'save("b.txt", "2")', 'print(open("a.txt").read())'));
    expect(notebook.statuses).toEqual(['fresh', 'stale', 'fresh']);
  });
});

it('a file is linked as docs/data-files.md shows', async () => {
  const page = readFileSync(new URL('../../docs/data-files.md', import.meta.url), 'utf8');
  const example = page.match(/(?:^ {4}.*\n)+/m)?.[0].replaceAll(/^ {4}/gm, '') ?? '';
  const notebook = await daemon.notebook(example);
  await runAll(notebook);
  expect([notebook.shown(2), ...notebook.statuses]).toEqual(['one\n', 'fresh', 'fresh', 'fresh']);
  await notebook.edit(example.replace('"one"', '"two"'));
  expect(notebook.statuses).toEqual(['fresh', 'stale', 'stale']);
  await notebook.run('stale');
  expect(notebook.shown(2)).toBe('two\n');
});

describe('a cell of a marimo notebook that reads a file which one below writes', () => {
  const [written = '', , read = ''] = chain;

  it('runs after it (P69)', async () => {
    const notebook = await daemon.notebook(marimo(read, 'n = 1', written));
    await runAll(notebook);
    expect([notebook.shown(0), ...notebook.statuses]).toEqual(['2\n', 'fresh', 'fresh', 'fresh']);
    await notebook.edit(marimo(read, 'n = 1', written.replace('2', '3')));
    expect(notebook.statuses).toEqual(['stale', 'fresh', 'stale']);
    await notebook.run('stale');
    expect([notebook.shown(0), ...notebook.statuses]).toEqual(['3\n', 'fresh', 'fresh', 'fresh']);
  });

  it('comes to do so by an edit, and no more by another', async () => {
    const notebook = await daemon.notebook(marimo(read, 'n = 1', 'print(1)'));
    write('out.txt', '1');
    await runAll(notebook);
    await notebook.edit(marimo(read, 'n = 1', written));
    await runAll(notebook);
    expect([notebook.shown(0), ...notebook.statuses]).toEqual(['2\n', 'fresh', 'fresh', 'fresh']);
    await notebook.edit(marimo(read, 'n = 1', 'print(2)'));
    await notebook.run('stale');
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
  });

  it('does not where the text does not say so: the order is the same before and after a run', async () => {
    const save = 'def save(path, text):\n    with open(path, "w") as file: file.write(text)';
    const notebook = await daemon.notebook(marimo(read, save, 'save("out.txt", "2")'));
    write('out.txt', '1');
    for (const shown of ['1\n', '2\n']) {
      await runAll(notebook);
      expect([notebook.shown(0), ...notebook.statuses]).toEqual([shown, 'fresh', 'fresh', 'fresh']);
    }
  });

  it('does not where the writer needs it: nobody is refused', async () => {
    const notebook = await daemon.notebook(
      marimo('x = open("out.txt").read(); open("other.txt", "w").write(x)', 'n = 1', 'open("out.txt", "w").write(x)'),
    );
    write('out.txt', '1');
    await runAll(notebook);
    await becomes(notebook, 'fresh', 'fresh', 'fresh');
    const circle = await daemon.notebook(
      marimo('open("a.txt", "w").write(open("b.txt").read())', 'n = 1', 'open("b.txt", "w").write(open("a.txt").read())'),
      'circle.py',
    );
    write('b.txt', '1');
    await circle.run('all');
    await becomes(circle, 'fresh', 'fresh', 'fresh');
  });
});

it('that is large is compared by its size, its time and its ends (P68)', async () => {
  write('large.txt', 'a'.repeat(5_000_000));
  const notebook = await daemon.notebook(percent('n = len(open("large.txt").read())'));
  await runAll(notebook);
  write('large.txt', `${'a'.repeat(2_500_000)}b${'a'.repeat(2_499_999)}`);
  await becomes(notebook, 'stale');
  await notebook.run('stale');
  appendFileSync(join(daemon.folder, 'large.txt'), 'a');
  await becomes(notebook, 'stale');
});

it('is none of those that are read beyond the bound, and the cell says so (P68)', async () => {
  for (let n = 0; n < 501; n++) write(`many/${n}.txt`, '1');
  const notebook = await daemon.notebook(percent('total = sum(int(open(f"many/{n}.txt").read()) for n in range(501))'));
  await runAll(notebook);
  await notebook.followed.waitFor(() => notebook.cell(0).reason !== undefined);
  expect([notebook.statuses, notebook.cell(0).reason]).toEqual([
    ['fresh'],
    'it read more files than Headwater watches: a change of some of them will not be noticed',
  ]);
});
