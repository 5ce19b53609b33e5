/** `headwater check` as a person starts it: fixes, formats, and what needs the disk and a Python. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../clients/cli/edits.ts';
import { emptyFolder, headwater, writeNotebook } from './headwater.ts';

const check = (folder: string, ...args: readonly string[]) => headwater(['check', ...args], { cwd: folder });

const app = (...cells: readonly string[]) =>
  `import marimo\n\napp = marimo.App()\n\n\n${cells.map((code) => `@app.cell\ndef _():\n    ${code}\n    return\n`).join('\n\n')}`;

describe('check --fix', () => {
  it('mends, writes the file in one piece, and says what it did', async () => {
    const folder = emptyFolder();
    const path = writeNotebook(folder, 'n.py', app('x = 1', 'print(x)', 'x = 2'));
    const { stdout, stderr, code } = await check(folder, '--fix', 'n.py');
    expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
    expect(stderr).toBe('n.py: fixed: Make x local to this cell: _x\n1 notebook: no errors, no warnings\n');
    expect(readFileSync(path, 'utf8')).toBe(app('x = 1', 'print(x)', '_x = 2'));
    expect(readdirSync(folder)).toEqual(['n.py']);
  });

  it('keeps line ends, and leaves second definitions in scripts to their writers', async () => {
    const folder = emptyFolder();
    const path = writeNotebook(folder, 'n.py', '# %%\r\nx = 1\r\n# %%\r\n# %%\r\nx = 2\r\n');
    const { stdout } = await check(folder, '--fix', 'n.py');
    expect(readFileSync(path, 'utf8')).toBe('# %%\r\nx = 1\r\n# %%\r\nx = 2\r\n');
    expect(stdout).toContain('warning[multiple-definition]');
    await check(folder, '--fix', '--strict', 'n.py');
    expect(readFileSync(path, 'utf8')).toBe('# %%\r\nx = 1\r\n# %%\r\nx_2 = 2\r\n');
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

  it('are refused where they overlap', () => {
    expect(() => applyEdits('abc', [at(0, 0, 2, ''), at(0, 1, 3, '')])).toThrow('overlap');
  });
});
