/** `headwater check` and `headwater graph`: analysis without a daemon, and without running anything. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callHeadwater, emptyFolder, headwater, writeNotebook } from './headwater.ts';

const folder = emptyFolder();
const clean = 'a = 1\n# %%\nprint(a)\n';
const redefined = '# %%\nx = 1\n# %%\nprint(x)\n# %%\nx = 2\n# %%\nprint(x)\n';
const broken = '# %%\nx = (1\n# %%\nopen("ran", "w")\n';
writeNotebook(folder, 'clean.py', clean);
writeNotebook(folder, 'redefined.py', redefined);
writeNotebook(folder, 'sub/broken.py', broken);
writeNotebook(folder, 'sub/plain.py', 'print("no notebook")\n');
writeNotebook(folder, 'sub/.hidden/broken.py', broken);
writeNotebook(folder, 'env/pyvenv.cfg', '');
writeNotebook(folder, 'env/lib/broken.py', broken);

const check = (...args: readonly string[]) => callHeadwater(['check', ...args], { cwd: folder });
const checkAsProcess = (...args: readonly string[]) => headwater(['check', ...args], { cwd: folder });

describe('check', () => {
  it('is quiet about a clean notebook', async () => {
    expect(await checkAsProcess('clean.py')).toEqual({ stdout: '', stderr: '1 notebook: no errors, no warnings\n', code: 0 });
  });

  it('shows a name with several definitions with all its places, and fails on it only when asked', async () => {
    const { stdout, code } = await check('redefined.py');
    expect(stdout).toMatch(
      /^redefined\.py:6:1: information\[multiple-definition\] .+\n {2}redefined\.py:2:1: .+\n {2}redefined\.py:4:7: .+\n/m,
    );
    expect(code).toBe(0);
    expect((await check('redefined.py', '--strict')).code).toBe(1);
  });

  it('fails on errors', async () => {
    const { stdout, stderr, code } = await checkAsProcess('sub/broken.py');
    expect(stdout).toMatch(/^sub\/broken\.py:2:\d+: error\[syntax-error\] /);
    expect(stderr).toContain('1 notebook: 1 error');
    expect(code).toBe(1);
  });

  it('walks folders for notebooks; other files, hidden folders and virtual environments are passed over', async () => {
    const { stdout, stderr, code } = await check('.');
    expect(new Set(stdout.split('\n').flatMap((line) => /^(\S+?):\d/.exec(line)?.[1] ?? []))).toEqual(
      new Set(['redefined.py', 'sub/broken.py']),
    );
    expect(stderr).toMatch(/^3 notebooks: /);
    expect(code).toBe(1);
  });

  it('says when a file that was named is no notebook', async () => {
    const { stderr, code } = await check('sub/plain.py', 'clean.py');
    expect(stderr).toContain('sub/plain.py is not a notebook');
    expect(code).toBe(0);
  });

  it('checks the rest when a file cannot be read, and exits 2', async () => {
    const { stderr, code } = await checkAsProcess('claen.py', 'clean.py');
    expect(stderr).toContain('claen.py does not exist. Did you mean clean.py?');
    expect(stderr).toContain('1 notebook: ');
    expect(code).toBe(2);
  });

  it('prints one JSON object per notebook', async () => {
    const { stdout } = await check('--json', 'clean.py', 'redefined.py');
    const [one, two] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(one).toEqual({ path: 'clean.py', format: 'percent', problems: [] });
    expect(two.problems).toContainEqual(
      expect.objectContaining({
        code: 'multiple-definition',
        severity: 'information',
        line: 6,
        column: 1,
        endLine: 6,
        endColumn: 2,
      }),
    );
  });
});

describe('graph', () => {
  it('prints one line of JSON per notebook, with exactly these fields', async () => {
    const { stdout, code } = await headwater(['graph', '--json', 'clean.py', 'redefined.py'], { cwd: folder });
    const [one, two, ...rest] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect({ code, rest }).toEqual({ code: 0, rest: [] });
    expect(one).toEqual({
      path: 'clean.py',
      format: 'percent',
      cells: [
        {
          id: expect.any(String),
          name: null,
          kind: 'setup',
          line: 1,
          endLine: 1,
          code: 'a = 1',
          defs: ['a'],
          refs: [],
          locals: [],
        },
        {
          id: expect.any(String),
          name: null,
          kind: 'code',
          line: 2,
          endLine: 3,
          code: 'print(a)',
          defs: [],
          refs: ['print', 'a'],
          locals: [],
        },
      ],
      edges: [[0, 1, ['a']]],
      problems: [],
    });
    expect(two.edges).toEqual([
      [0, 1, ['x']],
      [2, 3, ['x']],
    ]);
    const redefinition = two.problems.find(({ code: name }: { code: string }) => name === 'multiple-definition');
    expect(Object.keys(redefinition)).toEqual(['code', 'severity', 'line', 'column', 'endLine', 'endColumn', 'message', 'cells']);
    expect(redefinition.cells).toContain(2);
  });

  it('counts columns in characters', async () => {
    writeNotebook(folder, 'wide.py', '# %%\nx = 0\n# %%\ns = "🌍"; x = 1\n# %%\nx\n');
    const { stdout } = await callHeadwater(['graph', '--json', 'wide.py'], { cwd: folder });
    expect(JSON.parse(stdout).problems).toContainEqual(
      expect.objectContaining({ code: 'multiple-definition', line: 4, column: 10 }),
    );
  });

  it.each([
    [[], /^clean\.py: percent, 2 cells, 1 edge\n/],
    [['--mermaid'], /^%% clean\.py\nflowchart TD\n/],
    [['--dot'], /^digraph "clean\.py" \{\n/],
  ])('draws with %j', async (options, pattern) => {
    expect((await callHeadwater(['graph', ...options, 'clean.py'], { cwd: folder })).stdout).toMatch(pattern);
  });

  it('draws a broken notebook as far as it can be read, and exits 0', async () => {
    expect(await headwater(['graph', join('sub', 'broken.py')], { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
  });
});
