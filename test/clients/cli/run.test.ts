/** `headwater run`, as a person uses it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testPython } from '../../support/kernel.ts';
import { callHeadwater, emptyFolder, headwater, program, runProgram, writeNotebook } from './headwater.ts';

const folder = emptyFolder();
const notebook = (name: string, text: string) => writeNotebook(folder, name, text);

const marimoCells = (...bodies: readonly string[]) =>
  [
    'import marimo',
    'app = marimo.App()',
    ...bodies.map((body) => `\n@app.cell\ndef _():\n${body.replace(/^/gm, '    ')}\n    return`),
    '',
  ].join('\n');

const first = 'a = 1';
const second = 'twice = a * 2';
const third = 'print("a =", a, "and twice =", twice)';
const percent = (...cells: readonly string[]) => cells.map((cell) => `# %%\n${cell}\n`).join('');

describe('a parameter is replaced where it is defined', () => {
  it.each([
    ['the definition and what follows from it in one cell', percent(`${first}\n${second}`, third)],
    ['all in one cell', percent(`${first}\n${second}\n${third}`)],
    ['three cells', percent(first, second, third)],
    ['the use above the definition', percent(third, second, first)],
    ['the definition last but one', percent(third, first, second)],
    ['the definition in the middle of the page', percent(second, first, third)],
    ["marimo's format", marimoCells(`${first}\n${second}`, third)],
    ["marimo's format, one name a cell, upside down", marimoCells(third, second, first)],
  ])('%s', async (_, text) => {
    const path = notebook('parameter.py', text);
    expect(await callHeadwater(['run', path, '-p', 'a=9'])).toMatchObject({ stdout: 'a = 9 and twice = 18\n', code: 0 });
  });

  it('and keeps its default otherwise', async () => {
    const path = notebook('default.py', percent(`${first}\n${second}`, third));
    expect(await headwater(['run', path])).toMatchObject({ stdout: 'a = 1 and twice = 2\n', code: 0 });
  });

  it.each([
    ['an unknown name', 'twise=4', ['twice']],
    ['a value of another type', 'rate=fast', ['rate', 'float']],
    ['a value that is no number', 'a=nine', ['a', 'int']],
  ])('but %s stops before anything runs', async (_, parameter, words) => {
    const path = notebook('refused.py', percent('rate: float = 0.5', first, second, 'print("ran")', 'open("ran", "w")'));
    const { code, stdout, stderr } = await callHeadwater(['run', path, '-p', parameter]);
    for (const word of words) expect(stderr).toContain(word);
    expect({ code, stdout, ran: existsSync(join(folder, 'ran')) }).toEqual({ code: 2, stdout: '', ran: false });
  });
});

describe('standard output is that of python FILE', () => {
  it.each([
    ['whatever ends the lines', 'import sys\nprint("a", end="")\n# %%\nprint("b", end="\\r")\nprint("c\\r\\n", end="")\n'],
    [
      'functions that call each other and read what the calling cell defines',
      '# %%\ndef double(x): return 2 * x\ndef work(x): return double(x) + LATER\n# %%\nLATER = 1\nprint(work(1))\n# %%\nprint(double(LATER))\n',
    ],
    ['values of last expressions do not count', '# %%\n1 + 1\n# %%\nprint("two")\n'],
    [
      'child processes and the file descriptor itself',
      '# %%\nimport os, subprocess, sys\nos.write(1, b"fd\\n")\n# %%\nsubprocess.run([sys.executable, "-c", "print(5)"])\n',
    ],
    ['names that are bound again further down', '# %%\nx = 1\n# %%\nprint(x)\n# %%\nx = 2\n# %%\nprint(x)\n'],
    ['objects that are changed in place', '# %%\nxs = [1]\n# %%\nprint(xs)\n# %%\nxs.append(2)\n# %%\nprint(xs)\n'],
    ['__name__, __file__ and the arguments', '# %%\nimport sys, os\nprint(__name__, os.path.basename(__file__), sys.argv[1:])\n'],
    ['text outside of Latin', '# %%\nprint("Ó 🎉 ⇒")\n'],
    ['what is printed at exit', '# %%\nimport atexit\natexit.register(print, "bye")\nprint("hello")\n'],
    [
      'a thread that prints after the last cell',
      '# %%\nimport threading, time\ndef late():\n    time.sleep(0.2)\n    print("late")\nthreading.Thread(target=late).start()\nprint("early")\n',
    ],
    ['a great deal of it', '# %%\nfor i in range(20000):\n    print(i, "x" * 50)\n'],
  ])('%s', async (_, text) => {
    const path = notebook('same.py', text);
    const plain = await runProgram(await testPython(), [path, 'one', '--two'], { cwd: folder });
    const ours = await callHeadwater(['run', path, '--', 'one', '--two']);
    expect(ours.stdout, ours.stderr).toBe(plain.stdout);
    expect(ours.code).toBe(plain.code);
  });

  it('and standard error gets what cells write there, and values', async () => {
    const path = notebook('errors.py', '# %%\nimport sys\nprint("warned", file=sys.stderr)\n# %%\n6 * 7\n');
    expect(await headwater(['run', path])).toEqual({ stdout: '', stderr: 'warned\n42\n', code: 0 });
  });

  it('a warning of one place is given once, as Python gives it', async () => {
    const path = notebook('warns.py', percent('import warnings\ndef warn(): warnings.warn("old")', 'warn()', 'warn()\nwarn()'));
    const plain = await runProgram(await testPython(), [path], { cwd: folder });
    expect((await callHeadwater(['run', path])).stderr).toBe(plain.stderr);
    expect(plain.stderr.match(/UserWarning: old/g)).toHaveLength(1);
  });

  it('carriage returns stay what they are (P42)', async () => {
    const path = notebook('returns.py', percent('for i in range(3): print(f"\\r{i} of 3", end="", flush=True)\nprint()'));
    expect((await callHeadwater(['run', path])).stdout).toBe('\r0 of 3\r1 of 3\r2 of 3\n');
  });

  it('an image is named with its size', async () => {
    const path = notebook(
      'image.py',
      '# %%\nclass Dot:\n    def _repr_png_(self):\n        return b"\\x89PNG" + bytes(2044)\nDot()\n',
    );
    expect((await callHeadwater(['run', path])).stderr).toBe('[image/png 2.0 KB]\n');
  });
});

it('what a cell printed stays where it clears its outputs (P43)', async () => {
  const path = notebook('clears.py', '# %%\nimport headwater\nprint(1)\nheadwater.clear()\nprint(2)\ndisplay(3, clear=True)\n');
  expect(await callHeadwater(['run', path])).toMatchObject({ stdout: '1\n2\n', stderr: '3\n', code: 0 });
});

describe('a cell that fails', () => {
  const text = '# %%\nprint("above")\n# %%\nx = 1 / 0\n# %%\nprint("other")\n# %%\nprint(x)\n';

  it('ends the run, as in Python, with the lines of the notebook', async () => {
    const path = notebook('fails.py', text);
    const { stdout, stderr, code } = await headwater(['run', path]);
    expect({ stdout, code }).toEqual({ stdout: 'above\n', code: 1 });
    expect(stderr).toContain(`File "${path}", line 4`);
    expect(stderr).toContain('ZeroDivisionError: division by zero');
  });

  it('leaves the others alone with --keep-going', async () => {
    const { stdout, stderr, code } = await callHeadwater(['run', notebook('fails.py', text), '--keep-going']);
    expect({ stdout, code }).toEqual({ stdout: 'above\nother\n', code: 1 });
    expect(stderr).toMatch(/skipped line 7: .*x/);
    expect(stderr).toContain('2 of 4 cells ran, 1 failed, 1 skipped');
  });

  it.each([
    'sys.exit(3)',
    'sys.exit()',
    'sys.exit("no data")',
    'sys.exit("None")',
    'sys.exit("3")',
    'sys.exit("-3\\n4")',
    'sys.exit(None)',
    'sys.exit(True)',
    'sys.exit(3.0)',
    'sys.exit((1, 2))',
    'sys.exit(-1)',
    'sys.exit(256)',
    'sys.exit(2**40)',
    'sys.exit(2**40 + 5)',
    'sys.exit(-2**70)',
  ])('%s ends as python FILE does', async (exit) => {
    const path = notebook('exit.py', `# %%\nimport sys\nprint("above")\n# %%\n${exit}\n# %%\nprint("below")\n`);
    const { status, stdout: out, stderr: told } = spawnSync(await testPython(), [path], { encoding: 'utf8' });
    const { stdout, stderr, code } = await callHeadwater(['run', path]);
    expect({ stdout, code }).toEqual({ stdout: out, code: status });
    expect(told === '' || stderr.startsWith(told)).toBe(true);
    expect(stderr).not.toContain('Traceback');
  });

  it.each(['sys.exit(0)', 'sys.exit()'])('%s with --keep-going ends the cell alone', async (exit) => {
    const path = notebook('quiet.py', `# %%\nimport sys\nx = 1\n${exit}\n# %%\nprint(x)\n# %%\nprint("other")\n`);
    const { stdout, stderr, code } = await callHeadwater(['run', path, '--keep-going']);
    expect({ stdout, code }).toEqual({ stdout: 'other\n', code: 0 });
    expect(stderr).toContain('skipped line 5: x comes from cell 1, which stopped');
  });

  it('by killing its Python is told, and ends the run', async () => {
    const path = notebook(
      'killed.py',
      '# %%\nimport os, signal\nprint("above")\n# %%\nos.kill(os.getpid(), signal.SIGKILL)\n# %%\nprint("below")\n',
    );
    const { stdout, stderr, code } = await headwater(['run', path]);
    expect({ stdout, code }).toEqual({ stdout: 'above\n', code: 1 });
    expect(stderr).toMatch(/^The cell at line 4 did not finish\. .*SIGKILL/);
  });
});

it('a Python that cannot start is told, with what it said', async () => {
  const path = notebook('no-start.py', '# %%\nprint("never")\n');
  const { stdout, stderr, code } = await headwater(['run', path, '--python', '/bin/false']);
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
  expect(stderr).toMatch(/exit|start|ended/);
});

describe('a graph with errors', () => {
  const text = marimoCells('x = 1', 'x = 2', 'print("other")');

  it('does not run, and says where they are', async () => {
    const path = notebook('conflict.py', text);
    const { stdout, stderr, code } = await callHeadwater(['run', path]);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toContain(`${path}:6:5: error[multiple-definition]`);
    expect(stderr).toContain(`${path}:11:5: `);
    expect(stderr).toContain('nothing ran');
  });

  it('runs what does not depend on them with --keep-going, and still exits 1', async () => {
    expect(await callHeadwater(['run', notebook('conflict.py', text), '--keep-going'])).toMatchObject({
      stdout: 'other\n',
      code: 1,
    });
  });

  it('runs nothing where the syntax is wrong, as in Python', async () => {
    const { stdout, stderr, code } = await callHeadwater(['run', notebook('syntax.py', '# %%\nprint("above")\n# %%\nx = (1\n')]);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toContain('error[syntax-error]');
  });
});

it('a script without cells runs as one cell, and takes parameters', async () => {
  const path = notebook('plain.py', `${first}\n${second}\n${third}\n`);
  expect(await callHeadwater(['run', path, '-p', 'a=9'])).toMatchObject({ stdout: 'a = 9 and twice = 18\n', code: 0 });
});

it('a name that nobody defines is met where it stands, after what is above it has run', async () => {
  const { code, stdout, stderr } = await callHeadwater(['run', notebook('nobody.py', percent('print("above")', 'nobody'))]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'above\n' });
  expect(stderr).toContain("NameError: name 'nobody' is not defined");
});

describe('signals', () => {
  const waiting = '# %%\nprint("started", flush=True)\nimport time\ntime.sleep(60)\n# %%\nprint("below")\n';
  const whenStarted = (act: (pid: number) => void) => {
    let isDone = false;
    return ({ stdout }: { readonly stdout: string }, child: { readonly pid?: number | undefined }) => {
      if (isDone || !stdout.includes('started') || child.pid === undefined) return;
      isDone = true;
      act(child.pid);
    };
  };

  it('an interrupt stops the running cell, and nothing below runs', async () => {
    const path = notebook('interrupt.py', waiting);
    const { stdout, stderr, code } = await headwater(['run', path], {
      onOutput: whenStarted((pid) => process.kill(pid, 'SIGINT')),
    });
    expect({ stdout, code }).toEqual({ stdout: 'started\n', code: 130 });
    expect(stderr).toContain('Interrupted in the cell at line 1.');
  });

  it('a second one ends a cell that does not want to end', async () => {
    const deaf =
      '# %%\nimport time\nprint("started", flush=True)\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        print("no", flush=True)\n';
    let sent = 0;
    const { code } = await headwater(['run', notebook('deaf.py', deaf)], {
      onOutput: ({ stdout }, child) => {
        const due = (stdout.includes('started') ? 1 : 0) + (stdout.includes('no\n') ? 1 : 0);
        for (; sent < due; sent++) child.kill('SIGINT');
      },
    });
    expect({ code, sent }).toEqual({ code: 130, sent: 2 });
  });

  it('being terminated leaves no Python behind', async () => {
    const path = notebook('terminated.py', `# %%\nimport os\nprint(os.getpid())\n${waiting.slice(5)}`);
    const { stdout, code } = await headwater(['run', path], { onOutput: whenStarted((pid) => process.kill(pid, 'SIGTERM')) });
    expect(code).toBe(143);
    expect(() => process.kill(Number.parseInt(stdout, 10), 0)).toThrow('ESRCH');
  });

  it('a reader that leaves ends the run', async () => {
    const path = notebook('endless.py', '# %%\nwhile True:\n    print("line")\n');
    const text = execFileSync('sh', ['-c', `"${process.execPath}" "${program}" run "${path}" | head -n 2`], { encoding: 'utf8' });
    expect(text).toBe('line\nline\n');
  });
});

describe('options', () => {
  it("the working directory is the notebook's folder, or --cwd", async () => {
    const path = notebook('deep/where.py', '# %%\nimport os\nprint(os.getcwd())\n');
    expect((await callHeadwater(['run', path])).stdout).toBe(`${join(folder, 'deep')}\n`);
    expect((await callHeadwater(['run', path, '--cwd', folder])).stdout).toBe(`${folder}\n`);
  });

  it('--python chooses the interpreter', async () => {
    const environment = join(folder, 'my-venv');
    execFileSync(await testPython(), ['-m', 'venv', '--without-pip', environment]);
    const path = notebook('mine.py', '# %%\nimport sys\nprint(sys.prefix)\n');
    expect((await headwater(['run', path, '--python', join(environment, 'bin', 'python')])).stdout).toBe(`${environment}\n`);
  });

  it('--json prints an object per event', async () => {
    const path = notebook('events.py', '# %%\na = 2\n# %%\nprint(a)\na * 3\n');
    const { stdout, code } = await callHeadwater(['run', path, '--json']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(events.map(({ type }) => type)).toEqual([
      'run.accepted',
      'step.started',
      'step.finished',
      'step.started',
      'output',
      'output',
      'step.finished',
      'run.sealed',
    ]);
    expect(events).toContainEqual({ type: 'output', cell: 1, line: 3, stream: 'stdout', text: '2\n' });
    expect(events).toContainEqual({ type: 'output', cell: 1, line: 3, result: { 'text/plain': '6' } });
  });

  it('leaves the file as it is, whatever its line ends', async () => {
    const text = '\uFEFF# %%\r\nprint("kept")\r\n';
    const path = notebook('kept.py', text);
    expect((await callHeadwater(['run', path])).stdout).toBe('kept\n');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

describe('the module headwater', () => {
  it('lets a cell stop itself: the rest runs, and the exit code is 0', async () => {
    const path = notebook(
      'stop.py',
      '# %%\nfrom headwater import stop\nstop(True, "enough")\nx = 1\n# %%\nprint(x)\n# %%\nprint("rest")\n',
    );
    const { stdout, stderr, code } = await callHeadwater(['run', path]);
    expect({ stdout, code }).toEqual({ stdout: 'rest\n', code: 0 });
    expect(stderr).toContain("'enough'");
    expect(stderr).toContain('which stopped');
    expect(await callHeadwater(['check', path])).toMatchObject({ code: 0, stdout: expect.not.stringContaining('headwater') });
  });

  it('shows progress once where there is no terminal', async () => {
    const path = notebook(
      'progress.py',
      '# %%\nimport headwater, time\nfor i in headwater.progress(range(3)): time.sleep(0.11)\n',
    );
    const { stderr } = await callHeadwater(['run', path]);
    expect(stderr.match(/of 3/g)).toHaveLength(1);
  });
});

describe('a cell that changes an object which its text only reads', () => {
  const text = percent('xs = [1]', 'ys = xs\nys.append(2)', 'print(xs)');

  it('is told after the run, on standard error, and the run is as good as any', async () => {
    const path = notebook('hidden.py', text);
    const { code, stdout, stderr } = await callHeadwater(['run', path]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '[1, 2]\n' });
    expect(stderr).toMatch(/hidden\.py:[45]:.*xs is made in cell 1 and was changed when this cell ran/);
    const { stdout: records } = await callHeadwater(['run', '--json', path]);
    expect(records).toContain('"type":"problems","problems":[{"code":"hidden-mutation","cell":1,');
  });

  it('is not looked for with --no-detect-mutations', async () => {
    const { stdout, stderr } = await callHeadwater(['run', '--no-detect-mutations', notebook('hidden.py', text)]);
    expect({ stdout, stderr }).toEqual({ stdout: '[1, 2]\n', stderr: '' });
  });

  it.each(['--watch', '--no-watch'])('has no option %s', async (option) => {
    const { code, stderr } = await callHeadwater(['run', option, notebook('hidden.py', text)]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`unknown option '${option}'`) });
  });
});
