/** The commands that speak to the daemon, against one of their own. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { type CallOptions, callHeadwater, emptyFolder, headwater, type RunOptions, writeNotebook } from './headwater.ts';

const folder = emptyFolder();
const runtime = emptyFolder();
const env = { HEADWATER_RUNTIME_DIR: runtime };
const daemon = (args: readonly string[], options: RunOptions = {}) => headwater(args, { cwd: folder, ...options, env });
const call = (args: readonly string[], options: CallOptions = {}) => callHeadwater(args, { cwd: folder, ...options, env });
const path = writeNotebook(folder, 'tour.py', '# %%\na = 2\n# %%\nprint("a is", a)\na * 21\n# %%\nb = 0\n# %%\n1 / b\n');

afterAll(() => daemon(['daemon', 'stop']));

describe('without a daemon', () => {
  it.each([
    [['ps'], 'No notebook is open: no daemon is running.', 0],
    [['ps', '--json'], '', 0],
    [['ps', 'tour.py'], 'No daemon is running.', 1],
    [['stop', 'tour.py'], 'No daemon is running.', 1],
    [['variables', 'tour.py'], 'No daemon is running.', 1],
    [['daemon', 'status'], 'No daemon is running.', 1],
    [['daemon', 'log'], 'There is no log yet', 1],
    [['daemon', 'stop'], 'No daemon is running.', 0],
    [['cell', 'output', 'tour.py:1'], 'No daemon is running.', 1],
    [['cell', 'interrupt', 'tour.py:1'], 'No daemon is running.', 1],
  ])('%j starts none', async (args, words, code) => {
    const idle = emptyFolder();
    const result = await callHeadwater(args, { cwd: folder, env: { HEADWATER_RUNTIME_DIR: idle } });
    expect(result.stdout + result.stderr).toContain(words);
    expect({ code: result.code, left: readdirSync(idle) }).toEqual({ code, left: [] });
  });
});

describe('with one', () => {
  it('cell run opens the notebook, runs the cell, what it needs and what depends on it, and keeps the values', async () => {
    const { stdout, stderr, code } = await daemon(['cell', 'run', 'tour.py:4']);
    expect(stdout).toBe('a is 2\n');
    expect(stderr).toContain('42\n');
    expect(code).toBe(0);
  });

  it('exits 1 when the cell or one of its dependents fails', async () => {
    const { stderr, code } = await call(['cell', 'run', 'tour.py:7']);
    expect(stderr).toContain('ZeroDivisionError');
    expect(code).toBe(1);
  });

  it('--only runs the cell alone', async () => {
    expect(await call(['cell', 'run', '--only', 'tour.py:2'])).toMatchObject({ stdout: '', code: 0 });
  });

  it('cell output prints what the cell showed', async () => {
    const { stdout } = await daemon(['cell', 'output', 'tour.py:4']);
    expect(stdout).toContain('a is 2\n');
    expect(stdout).toContain('42');
  });

  it('cell output --file names a file that holds it', async () => {
    const { stdout } = await call(['cell', 'output', '--file', 'tour.py:4']);
    expect(readFileSync(stdout.trimEnd(), 'utf8')).toContain('a is 2');
  });

  it.each([
    ['print("before")\n1 / 0', /^before\nTraceback[\s\S]*ZeroDivisionError: division by zero\n$/],
    ['raise KeyError("no")', /^Traceback[\s\S]*KeyError: 'no'\n$/],
    ['y = 1(', /SyntaxError: '\(' was never closed\n$/],
    ['import sys\nsys.exit("gone")', /^gone\n$/],
  ])('cell output prints also how the cell failed: %j', async (code, expected) => {
    writeNotebook(folder, 'fails.py', `# %%\n${code}\n`);
    await daemon(['cell', 'run', 'fails.py:2']);
    expect((await daemon(['cell', 'output', 'fails.py:2'])).stdout).toMatch(expected);
    await daemon(['stop', 'fails.py']);
  });

  it('a line below the end is in the last cell; a notebook that is not open is told', async () => {
    writeNotebook(folder, 'closed.py', '# %%\n1\n');
    const { stderr, code } = await call(['cell', 'output', 'closed.py:1']);
    expect(stderr).toContain('closed.py is not open');
    expect(code).toBe(1);
  });

  it('ps lists the notebook with its interpreter, state and memory', async () => {
    const { stdout } = await daemon(['ps']);
    expect(stdout).toMatch(/^NOTEBOOK +PYTHON +STATE +MEMORY\n/);
    expect(stdout).toMatch(new RegExp(`^${path} +3\\.\\d+\\.\\d+ \\S+python\\S* +idle.* +\\d+ MB$`, 'm'));
    const [session] = (await daemon(['ps', '--json'])).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(session).toMatchObject({ path, format: 'percent', state: 'idle', pid: expect.any(Number) });
  });

  it('ps with a notebook lists its cells: how they stand, and why', async () => {
    const { stdout, code } = await daemon(['ps', 'tour.py']);
    expect(stdout).toBe(
      [
        'LINE  STATUS  CELL              WHY',
        '1     fresh   a = 2',
        '3     stale   print("a is", a)  cell 1 has given a anew',
        '6     fresh   b = 0',
        '8     failed  1 / b\n',
      ].join('\n'),
    );
    expect(code).toBe(0);
    writeNotebook(folder, 'why.py', '# %%\na = 1\n# %% Twice\nprint(a * 2)\n');
    await call(['cell', 'run', 'why.py:1']);
    writeNotebook(folder, 'why.py', '# %%\na = 2\n# %% Twice\nprint(a * 2)\n');
    const told = (await call(['ps', 'why.py'])).stdout;
    expect(told).toContain('3     stale   Twice  a comes from cell 1, which is not up to date\n');
    const [first] = (await call(['ps', 'why.py', '--json'])).stdout.split('\n');
    const stale = { status: 'stale', reason: 'edited since it ran' };
    expect(JSON.parse(first ?? '')).toEqual({ cell: 0, line: 1, name: null, kind: 'code', ...stale });
    expect((await call(['ps', 'closed.py'])).stderr).toContain('closed.py is not open');
    await call(['stop', 'why.py']);
  });

  it('variables lists what the cells have defined', async () => {
    const { stdout, code } = await call(['variables', 'tour.py']);
    expect(stdout).toMatch(/^NAME +TYPE +SHAPE +VALUE\na +int +- +\d+$/m);
    expect(code).toBe(0);
    const [first] = (await call(['variables', 'tour.py', '--json'])).stdout.split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({ name: 'a', type: 'int' });
    expect((await call(['variables', 'closed.py'])).stderr).toContain('closed.py is not open');
  });

  it('cell interrupt stops what runs', async () => {
    writeNotebook(folder, 'long.py', '# %%\nprint("started")\nimport time\ntime.sleep(60)\n');
    let interrupting: Promise<{ readonly stderr: string }> | undefined;
    const { code } = await call(['cell', 'run', 'long.py:1'], {
      onOutput: ({ stdout }) => {
        if (stdout.includes('started')) interrupting ??= call(['cell', 'interrupt', 'long.py:1']);
      },
    });
    expect((await interrupting)?.stderr).toContain('Interrupted the cell at line 1.');
    expect(code).toBe(130);
    expect((await call(['cell', 'interrupt', 'long.py:1'])).stderr).toContain('Nothing is running in long.py.');
  });

  it('cell interrupt tells what comes of it, and ends the kernel of a cell that goes on only when asked to', async () => {
    writeNotebook(
      folder,
      'deaf.py',
      '# %%\nimport signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint("started")\nwhile True: pass\n',
    );
    let interrupting: Promise<readonly { readonly code: number | null; readonly stderr: string }[]> | undefined;
    const first = async () => [
      await call(['cell', 'interrupt', '--level', 'sigint', 'deaf.py:1']),
      await call(['cell', 'interrupt', '--level', 'kill', 'deaf.py:1']),
    ];
    await call(['cell', 'run', 'deaf.py:1'], {
      onOutput: ({ stdout }) => {
        if (stdout.includes('started')) interrupting ??= first();
      },
    });
    const [gentle, hard] = (await interrupting) ?? [];
    expect(gentle).toMatchObject({ code: 1, stderr: expect.stringContaining('sigint: sent\nsigint: it goes on\n') });
    expect(gentle?.stderr).toContain('headwater cell interrupt --level kill deaf.py:1');
    expect(hard).toMatchObject({ code: 0, stderr: 'kill: sent\nInterrupted the cell at line 1.\n' });
  });

  it('cell cancel takes a cell back that waits', async () => {
    writeNotebook(folder, 'waiting.py', '# %%\nprint("started")\ninput()\n# %%\n1\n');
    let behind: ReturnType<typeof cancelled> | undefined;
    const cancelled = async () => {
      const other = call(['cell', 'run', 'waiting.py:5']);
      let told = '';
      await until(async () => {
        told = (await call(['cell', 'cancel', 'waiting.py:5'])).stderr;
        return told.includes('Cancelled');
      }, 'the cell waits and is cancelled');
      await call(['cell', 'input', 'waiting.py:1', 'go']);
      return { told, code: (await other).code };
    };
    const { code } = await call(['cell', 'run', 'waiting.py:1'], {
      onOutput: ({ stdout }) => {
        if (stdout.includes('started')) behind ??= cancelled();
      },
    });
    expect(await behind).toEqual({ told: 'Cancelled the cell at line 4.\n', code: 130 });
    expect(code).toBe(0);
    expect((await call(['cell', 'cancel', 'waiting.py:5'])).stderr).toContain('is not queued');
    await call(['stop', 'waiting.py']);
  });

  it('an interrupt at the keyboard stops the cell that this command runs', async () => {
    let isSent = false;
    const { code } = await daemon(['cell', 'run', 'long.py:1'], {
      onOutput: ({ stdout }, child) => {
        if (!isSent && stdout.includes('started')) isSent = child.kill('SIGINT');
      },
    });
    expect(code).toBe(130);
  });

  it('status and log tell how the daemon stands', async () => {
    expect((await daemon(['daemon', 'status'])).stdout).toMatch(/^running, process \d+, version \d/);
    expect(JSON.parse((await daemon(['daemon', 'status', '--json'])).stdout)).toMatchObject({ running: true, sessions: 3 });
    expect((await daemon(['daemon', 'log'])).code).toBe(0);
  });

  it('stop ends one notebook; a wrong name is told with the nearest', async () => {
    const wrong = await daemon(['stop', 'tuor.py']);
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('tuor.py is not open. Did you mean tour.py?') });
    const elsewhere = await daemon(['stop', 'other/tuor.py']);
    expect(elsewhere.stderr).toContain(`other/tuor.py is not open. Did you mean ${path}?`);
    expect((await daemon(['ps', 'other/tour.py'])).stderr).toContain(`other/tour.py is not open. Did you mean ${path}?`);
    expect(await daemon(['stop', 'tour.py'])).toMatchObject({ code: 0 });
    expect((await daemon(['ps'])).stdout).not.toContain(path);
  });

  it('daemon stop ends it', async () => {
    const { pid } = JSON.parse((await daemon(['daemon', 'status', '--json'])).stdout);
    expect(await daemon(['daemon', 'stop'])).toMatchObject({ code: 0, stderr: expect.stringContaining('Stopped the daemon') });
    await until(() => !isAlive(pid), 'the daemon is gone');
    expect((await daemon(['daemon', 'status'])).code).toBe(1);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
