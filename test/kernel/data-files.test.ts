import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { NamedFiles } from '../../daemon/kernel/kernel.ts';
import { nodeHost } from '../../daemon/node/host.ts';
import { emptyFolder, endKernels, installedPythons, type StepResult, startKernel, type TestKernel } from '../support/kernel.ts';

afterAll(endKernels);

const supported = installedPythons().filter(([version]) => /^3\.1[0-4]\./.test(version));
if (supported.length === 0) console.warn('skipped: data files, because pyenv has no Python of 3.10 to 3.14');

const nothingNamed: NamedFiles = { reads: [], writes: [], named: [] };

let kernel: TestKernel;
let folder: string;

const write = (name: string, text = ''): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};

const run = (code: string, named: Partial<NamedFiles> = {}, writes: readonly string[] = []): Promise<StepResult> =>
  kernel.run(code, { writes: [...writes], files: { ...nothingNamed, ...named } });

/** What a step read and wrote, by names from the notebook's folder. */
async function used(code: string, named: Partial<NamedFiles> = {}): Promise<string> {
  const { files } = (await run(code, named)).finished;
  const names = (states: readonly (readonly [string, unknown])[] = []) =>
    states.map(([path, state]) => relative(folder, path) + (state === undefined ? ' (missing)' : '')).sort();
  return `${names(files?.read).join(' ')} | ${names(files?.written).join(' ')}${files?.hasMore ? ' and more' : ''}`;
}

describe.each(supported)('data files in Python %s (W37)', (_version, python) => {
  beforeEach(async () => {
    folder = emptyFolder();
    kernel = await startKernel({ directory: folder, python });
    write('a.csv', 'x,y\n1,2\n');
  });

  it.each([
    ['open', 'open("a.csv").read()'],
    ['a path', 'from pathlib import Path; Path("a.csv").read_text()'],
    ['bytes of a path', 'from pathlib import Path; Path("a.csv").read_bytes()'],
    ['os.open', 'import os; os.close(os.open("a.csv", os.O_RDONLY))'],
    ['a bytes name', 'open(b"a.csv").close()'],
    ['a roundabout name', 'import os; open(os.path.abspath("./a.csv")).close()'],
    ['the csv module', 'import csv\nwith open("a.csv", newline="") as file: list(csv.reader(file))'],
    ['memory-mapped', 'import mmap\nwith open("a.csv", "rb") as file: mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)'],
    ['a function', 'def load(): return open("a.csv").read()\nload()'],
    [
      'a thread',
      'import threading\nthread = threading.Thread(target=lambda: open("a.csv").read())\nthread.start(); thread.join()',
    ],
    ['after a failure', 'open("a.csv").read(); 1 / 0'],
  ])('are told when they are read by %s', async (_how, code) => {
    expect(await used(code)).toBe('a.csv | ');
  });

  it.each([
    ['read', 'open("second").read()', 'a.csv first second | '],
    ['named by the text', '', 'a.csv first second | ', { reads: ['second'] }],
    ['written', 'open("first", "w").close()', 'first | a.csv'],
    ['added to', 'open("second", "a").write("3")', 'first second | a.csv'],
    ['made', 'import os; os.symlink("b.csv", "new")', ' | new'],
    ['removed', 'import os; os.unlink("first")', ' | first (missing)'],
    ['replaced', 'import os; os.symlink("b.csv", "new"); os.replace("new", "first")', ' | first new (missing)'],
    ['read, and leads nowhere', 'try: open("nowhere")\nexcept OSError: pass', 'none.csv (missing) nowhere | '],
    ['read, and leads to itself', 'try: open("round")\nexcept OSError: pass', 'round | '],
    ['read, and leads to a device', 'open("empty").read()', 'empty | '],
    ['read, and leads out of the project', 'open("out").read()', '../other/x.csv out | '],
    ['written by its target', 'open("a.csv", "w").close(); open("first").read()', 'first | a.csv'],
  ])('are told apart from symbolic links to them: one that is %s', async (_how, code, told, named: Partial<NamedFiles> = {}) => {
    const lead = (name: string, target: string) => symlinkSync(target, join(folder, name));
    lead('first', 'a.csv');
    lead('second', join(folder, 'first'));
    lead('nowhere', 'none.csv');
    lead('round', 'round');
    lead('empty', '/dev/null');
    write('../other/x.csv');
    lead('out', '../other/x.csv');
    expect(await used(code, named)).toBe(told);
  });

  it.each([
    ['open', 'open("b.txt", "w").write("x")'],
    ['appending', 'open("b.txt", "a").write("x")'],
    ['a path', 'from pathlib import Path; Path("b.txt").write_text("x")'],
    ['another name first', 'import os\nopen(".b", "w").write("x"); os.replace(".b", "b.txt")'],
    ['a copy', 'import shutil; shutil.copyfile(__file__, "b.txt")'],
  ])('are told when they are written by %s', async (_how, code) => {
    write('notebook.py');
    expect(await used(code)).toBe(' | b.txt');
  });

  it('are no inputs where the step writes them, before or after it reads them', async () => {
    expect(await used('open("b.txt", "w").write("x"); open("b.txt").read()')).toBe(' | b.txt');
    expect(await used('open("b.txt").read(); open("b.txt", "a").write("x")')).toBe(' | b.txt');
    expect(await used('open("b.txt", "r+").read()')).toBe(' | b.txt');
    expect(await used('import os; open("b.txt").read(); os.remove("b.txt")')).toBe(' | b.txt (missing)');
  });

  it.each([
    ['write it anew', 'open("a.csv", "w").close()', ''],
    ['replace it', 'import os; open("b", "x").close(); os.replace("b", "a.csv")', ''],
    ['write it before they read it', 'open("a.csv", "w").close(); open("a.csv", "a").close(); open("a.csv").read()', ''],
    ['add to it', 'open("a.csv", "a").close()', 'added a.csv'],
    ['add to it by a descriptor', 'import os; os.close(os.open("a.csv", os.O_WRONLY | os.O_APPEND))', 'added a.csv'],
    ['add to it and read it', 'open("a.csv", "a").close(); open("a.csv").read()', 'a.csv'],
    ['read it before they write it', 'open("a.csv").read(); open("a.csv", "w").close()', 'a.csv'],
    ['write into it', 'open("a.csv", "r+").close()', 'a.csv'],
    ['write into it by a descriptor', 'import os; os.close(os.open("a.csv", os.O_WRONLY))', 'a.csv'],
    ['write it anew by a descriptor', 'import os; os.close(os.open("a.csv", os.O_WRONLY | os.O_CREAT | os.O_TRUNC))', ''],
    ['write into it as a database', 'import sqlite3; c = sqlite3.connect("b.db"); c.execute("create table t (x)")', 'b.db'],
  ])('are told as changed by steps that %s, if what they hold follows from what they held', async (_how, code, changed) => {
    const { files } = (await run(code)).finished;
    const from = (paths: readonly string[] = []) => paths.map((path) => relative(folder, path));
    expect([...from(files?.changed), ...from(files?.added).map((path) => `added ${path}`)].join()).toBe(changed);
  });

  it('are told where they are missing', async () => {
    expect(await used('try: open("no.csv")\nexcept OSError: pass')).toBe('no.csv (missing) | ');
  });

  it('have the state in which the step found them', async () => {
    const before = nodeHost.watchedFiles?.signatureOf(join(folder, 'a.csv'));
    const step = kernel.begin('open("a.csv").read()\nprint("read", flush=True)\ninput()', { files: nothingNamed });
    await kernel.printed('read');
    write('a.csv', 'another');
    kernel.kernel.answer(1, '');
    expect((await kernel.finish(step)).finished.files?.read).toEqual([[join(folder, 'a.csv'), before]]);
  });

  it('belong to the step that started the thread', async () => {
    await run(
      'import threading\ngo = threading.Event(); done = threading.Event()\ndef late(): go.wait(); open("a.csv").read(); done.set()\nthreading.Thread(target=late).start()',
      {},
      ['threading', 'go', 'done', 'late'],
    );
    expect(await used('go.set(); done.wait()')).toBe(' | ');
  });

  it.each([
    ['modules', 'import json.tool, helpers'],
    ['the notebook itself', 'open(__file__).read()'],
    ['source that a traceback shows', 'import helpers\nhelpers.fail()'],
    ['files of Python', 'import os; open(os.__file__).read()'],
    ['files of packages', 'open("lib/site-packages/p/data.json").read()'],
    ['hidden folders', 'open(".cache/a.csv").read()'],
    ['special files', 'open("/proc/self/status").read(); open("/dev/null").read()'],
    ['files of the system', 'open("/etc/hostname").read()'],
    ['folders', 'import os; os.listdir(".")\ntry: open(".")\nexcept OSError: pass'],
    ['descriptors', 'import os; read, write = os.pipe(); os.close(write); open(read).read()'],
    [
      'temporary files',
      'import tempfile\nwith tempfile.NamedTemporaryFile("w+") as file: file.write("x"); open(file.name).read()',
    ],
    ['databases in memory', 'import sqlite3; sqlite3.connect(":memory:").execute("create table t (x)")'],
  ])('are not %s', async (_what, code) => {
    write('helpers.py', 'def fail(): return 1 / 0');
    write('lib/site-packages/p/data.json');
    write('.cache/a.csv');
    write('notebook.py', 'print(1)');
    expect(await used(code)).toBe(' | ');
  });

  it('are such wherever they lie, where the text names them', async () => {
    const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'headwater-elsewhere-')));
    const path = join(elsewhere, 'a.csv');
    writeFileSync(path, '');
    const code = `open(${JSON.stringify(path)}).read()`;
    expect(await used(code)).toBe(' | ');
    expect(await used(code, { named: [path] })).toBe(`${relative(folder, path)} | `);
    rmSync(elsewhere, { recursive: true });
  });

  it('are told by their names where they may be opened without a word', async () => {
    expect(await used('1', { reads: ['a.csv', 'no.csv'], writes: ['b.csv'] })).toBe('a.csv no.csv (missing) | ');
    expect(await used('import os; os.utime("a.csv")', { reads: ['a.csv'], writes: ['a.csv'] })).toBe(' | a.csv');
  });

  it('are told of a database, as read or as written, by a connection of an earlier step, too (W38)', async () => {
    const names = ['sqlite3', 'con'];
    await run('import sqlite3\nwith sqlite3.connect("d.db") as con: con.execute("create table t (x)")\ncon.close()', {}, names);
    const opened = await run('import sqlite3; con = sqlite3.connect("d.db")', {}, names);
    expect(opened.finished.files?.read).toEqual([[join(folder, 'd.db'), expect.any(String)]]);
    expect(await used('con.execute("select * from t").fetchall()')).toBe(' | ');
    expect(await used('con.execute("insert into t values (1)"); con.commit()')).toBe(' | d.db');
    expect(await used('2')).toBe(' | ');
  });

  it('leave the functions as they are that open them', async () => {
    const code = `
import builtins, copy, inspect, io, os, pickle
class Reader:
    opener = open
print(open is io.open is builtins.open, pickle.loads(pickle.dumps(open)) is open, copy.deepcopy(open) is open, open.__name__, repr(open))
print(Reader().opener("a.csv").name, list(inspect.signature(open).parameters)[:2], os.remove.__name__)
for call in (lambda: open(), lambda: open("no"), lambda: os.remove(3.5), lambda: open(["a"])):
    try: call()
    except Exception as error: print(type(error).__name__)
class Named:
    def __fspath__(self): return "a.csv"
print(open(Named()).read(1), open(file="a.csv", mode="r").read(1))
`;
    const step = await run(code, {}, ['Reader', 'Named', 'call', 'builtins', 'copy', 'inspect', 'io', 'os', 'pickle']);
    expect([step.stdout.split('\n'), step.finished.outcome.type]).toEqual([
      [
        'True True True open <built-in function open>',
        "a.csv ['file', 'mode'] remove",
        'TypeError',
        'FileNotFoundError',
        'TypeError',
        'TypeError',
        'x x',
        '',
      ],
      'ok',
    ]);
  });

  it('are bounded for each step', async () => {
    const { files } = (await run('for n in range(600): open(f"{n}.txt", "w").close()')).finished;
    expect(files?.written.length).toBe(500);
    expect(await used('for n in range(600): open(f"{n}.txt").close()')).toMatch(/ and more$/);
  });

  it('are looked for only where somebody wants to know, and an end that tells of some is not plain (W39)', async () => {
    expect((await kernel.run('open("a.csv").read()')).finished.files).toBeUndefined();
    const { isPlain, files } = (await run('open("a.csv").read()')).finished;
    expect([isPlain, files?.read.length]).toEqual([false, 1]);
    expect((await run('1')).finished.isPlain).toBe(true);
  });
});
