/** `headwater check` as a person starts it: fixes, formats, and what needs the disk and a Python. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../clients/cli/edits.ts';
import { callHeadwater, emptyFolder, headwater, writeNotebook } from './headwater.ts';

const check = (folder: string, ...args: readonly string[]) => callHeadwater(['check', ...args], { cwd: folder });
const checkAsProcess = (folder: string, ...args: readonly string[]) => headwater(['check', ...args], { cwd: folder });

const app = (...cells: readonly string[]) =>
  `import marimo\n\napp = marimo.App()\n\n\n${cells.map((code) => `@app.cell\ndef _():\n    ${code}\n    return\n`).join('\n\n')}`;

describe('check --fix', () => {
  it('mends, writes the file in one piece, and says what it did', async () => {
    const folder = emptyFolder();
    const path = writeNotebook(folder, 'n.py', app('x = 1', 'print(x)', 'x = 2'));
    const { stdout, stderr, code } = await checkAsProcess(folder, '--fix', 'n.py');
    expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
    expect(stderr.split('\n')).toEqual([
      'n.py: fixed: Make x local to this cell: _x',
      'n.py: fixed: Rewrite the signature as marimo does: takes x and gives nothing',
      'n.py: fixed: Rewrite the signature as marimo does: takes nothing and gives x',
      '1 notebook: no errors, no warnings',
      '',
    ]);
    expect(readFileSync(path, 'utf8')).toBe(
      app('x = 1', 'print(x)', '_x = 2')
        .replace('    return\n', '    return (x,)\n')
        .replace('def _():\n    print', 'def _(x):\n    print'),
    );
    expect(readdirSync(folder)).toEqual(['n.py']);
  });

  it('keeps line ends, and leaves second definitions in scripts to their writers', async () => {
    const folder = emptyFolder();
    const path = writeNotebook(folder, 'n.py', '# %%\r\nx = 1\r\n# %%\r\n# %%\r\nx = 2\r\n# %%\r\nx\r\n');
    const { stdout } = await check(folder, '--fix', 'n.py');
    expect(readFileSync(path, 'utf8')).toBe('# %%\r\nx = 1\r\n# %%\r\nx = 2\r\n# %%\r\nx\r\n');
    expect(stdout).toContain('information[multiple-definition]');
    await check(folder, '--fix', '--strict', 'n.py');
    expect(readFileSync(path, 'utf8')).toBe('# %%\r\nx = 1\r\n# %%\r\nx_2 = 2\r\n# %%\r\nx_2\r\n');
  });
});

describe('check --format github', () => {
  it('writes a command for each problem', async () => {
    const folder = emptyFolder();
    writeNotebook(folder, 'n.py', '# %%\nprint(amuont)\n');
    expect((await check(folder, '--format', 'github', 'n.py')).stdout).toBe(
      '::error file=n.py,line=2,col=7,endColumn=13,title=undefined-name::No cell defines amuont.\n',
    );
  });
});

describe('check --strict', () => {
  it('tells what nothing reads, which is left out otherwise', async () => {
    const folder = emptyFolder();
    writeNotebook(folder, 'n.py', '# %%\nunused = 1\n');
    expect((await check(folder, 'n.py')).stdout).toBe('');
    expect((await check(folder, '--strict', 'n.py')).stdout).toContain('hint[unused-definition]');
  });
});

describe('edits', () => {
  const at = (line: number, from: number, to: number, newText: string) => ({
    range: { start: { line, character: from }, end: { line, character: to } },
    newText,
  });

  it('are all on the text as it was, whatever its line ends', () => {
    expect(applyEdits('a\r\nbc\rd\n', [at(1, 0, 1, 'xyz'), at(0, 0, 1, ''), at(2, 1, 1, '!')])).toBe('\r\nxyzc\rd!\n');
  });

  it('end their own lines as the text does', () => {
    expect(applyEdits('a\r\nb\r\n', [at(1, 0, 0, 'x\ny\n')])).toBe('a\r\nx\r\ny\r\nb\r\n');
  });

  it('are refused where they overlap', () => {
    expect(() => applyEdits('abc', [at(0, 0, 2, ''), at(0, 1, 3, '')])).toThrow('overlap');
  });
});

describe('settings that are not understood', () => {
  it('are told once, whichever notebooks they count for', async () => {
    const folder = emptyFolder();
    for (const name of ['a.py', 'b.py']) writeNotebook(folder, name, '# %%\nx = 1\n');
    const path = writeNotebook(folder, 'pyproject.toml', '[tool.headwater]\ndisable = ["cylce"]\n');
    const { stderr, code } = await check(folder, '.');
    expect(stderr.split('\n')).toEqual([
      `headwater: warning: ${path}: disable names cylce, which is not the code of a problem. Did you mean cycle?`,
      '2 notebooks: no errors, no warnings',
      '',
    ]);
    expect(code).toBe(0);
  });
});

describe('what needs the disk and a Python', () => {
  const checked = async (files: Readonly<Record<string, string>>, ...args: readonly string[]) => {
    const folder = emptyFolder();
    for (const [name, text] of Object.entries(files)) writeNotebook(folder, name, text);
    const { stdout } = await check(folder, ...args, 'n.py');
    return stdout.trimEnd().split('\n');
  };

  it('tells syntax that the compiler alone refuses, and runs nothing', async () => {
    const cells = ['return 1', 'x = 08', 'def f(a, a): pass', 'y = "ä😀"; return', 'open("ran", "w")', 'await later()'];
    const lines = await checked({ 'n.py': `import asyncio as later\n${cells.map((code) => `# %%\n${code}\n`).join('')}` });
    const errors = lines.filter((line) => line.includes('syntax-error')).map((line) => line.split(' ')[0]);
    expect(errors).toEqual(['n.py:3:1:', 'n.py:5:5:', expect.stringMatching(/^n\.py:7:/), 'n.py:9:11:']);
  });

  it('tells modules that cannot be found; those in the folder, in the library, or guarded are silent', async () => {
    const text = [
      '# %%',
      'import nowhere_to_be_found, os, beside',
      'from beside import x',
      'try:',
      '    import cudf_of_nobody',
      'except ImportError:',
      '    pass',
      'def f():',
      '    import lazy_of_nobody',
      '',
    ].join('\n');
    expect(await checked({ 'n.py': text, 'beside.py': 'x = 1' })).toEqual([
      'n.py:2:8: warning[missing-import] The Python of this notebook has no module nowhere_to_be_found. Install it there, or choose another Python.',
    ]);
  });

  it('tells a notebook that stands before a module that it imports', async () => {
    const folder = emptyFolder();
    writeNotebook(folder, 'random.py', '# %%\nimport random\nimport os\n');
    expect((await check(folder, 'random.py')).stdout).toMatch(/^random\.py:2:8: warning\[shadowed-module\] .*\n$/);
  });

  it('tells files that are read and do not exist; those that are written, or may be, are silent', async () => {
    const text = [
      '# %%',
      'import csv, io as pd',
      'open("here.txt"); open("gone.txt"); open("made.txt", "w"); open("made.txt")',
      'pd.read_csv("gone.csv"); pd.read_csv("https://example.org/a.csv"); pd.read_csv(f"{pd}.csv")',
      'def f():',
      '    open("later.txt")',
      '',
    ].join('\n');
    const lines = await checked({ 'n.py': text, 'here.txt': '' });
    expect(lines.map((line) => line.split(' ').slice(0, 6).join(' '))).toEqual([
      'n.py:3:24: warning[missing-file] There is no file',
      'n.py:4:13: warning[missing-file] There is no file',
    ]);
  });

  it('keeps the settings of pyproject.toml above the notebook', async () => {
    const toml =
      '[tool.other]\ndisable = ["cycle"]\n\n[tool.headwater] # ours\ndisable = [\n  "missing-import", # not here\n]\nstrict = true\n[tool.last]\n';
    const lines = await checked({ 'n.py': '# %%\nimport nowhere_at_all\nx = 1\n# %%\nx = 2\n', 'pyproject.toml': toml });
    expect(lines.filter((line) => line.startsWith('n.py')).map((line) => line.split(' ')[1])).toEqual(
      Array(2).fill('error[multiple-definition]'),
    );
  });
});
