/** `headwater convert` as a person starts it. */
import { chmodSync, linkSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../daemon/kernel/package-root.ts';
import { testPython } from '../../support/kernel.ts';
import { callHeadwater, emptyFolder, headwater, runProgram, writeNotebook } from './headwater.ts';

const convert = (folder: string, ...args: readonly string[]) => callHeadwater(['convert', ...args], { cwd: folder });
const convertAsProcess = (folder: string, ...args: readonly string[]) => headwater(['convert', ...args], { cwd: folder });
const read = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8');

const script = '# %% Load the data tags=["parameters"]\nx = 1\n\n# %% [markdown]\n# # Title\n\n# %%\nprint(x)\n';
const jupyter = (...cells: readonly object[]) =>
  JSON.stringify({ cells, metadata: { language_info: { name: 'python' } }, nbformat: 4, nbformat_minor: 5 });
const code = (source: string, more: object = {}) => ({
  cell_type: 'code',
  execution_count: null,
  id: 'a',
  metadata: {},
  outputs: [],
  source,
  ...more,
});

describe('convert', () => {
  it.each(['n.ipynb', 'n.md', 'm.py'])('writes a script as %s, and it comes back', async (name) => {
    const folder = emptyFolder();
    writeNotebook(folder, 'n.py', script);
    const { stdout, stderr, code } = await convert(folder, 'n.py', name);
    const what = name === 'm.py' ? 'a marimo notebook' : name === 'n.md' ? 'Markdown' : 'a Jupyter notebook';
    expect({ stdout, stderr, code }).toEqual({ stdout: '', stderr: `${name}: ${what}, 3 cells\n`, code: 0 });
    expect(await convert(folder, name, 'back.py')).toEqual({ stdout: '', stderr: 'back.py: a script, 3 cells\n', code: 0 });
    expect(read(folder, 'back.py')).toBe(script);
    expect(read(folder, 'n.py')).toBe(script);
    expect(readdirSync(folder).sort()).toEqual(['back.py', 'n.py', name].sort());
  });

  it.each(['tour.py', 'plots.py'])('keeps examples/%s by any way', async (name) => {
    const folder = emptyFolder();
    const example = join(packageRoot(), 'examples', name);
    for (const by of ['m.py', 'n.ipynb', 'n.md']) {
      await convert(folder, example, by);
      expect((await convert(folder, by, '-')).stdout).toBe(readFileSync(example, 'utf8'));
    }
  });

  it('writes scripts that Python runs as it ran the notebook', async () => {
    const folder = emptyFolder();
    writeNotebook(folder, 'n.ipynb', jupyter(code('%matplotlib inline\nx = 6'), code('print(x * 7)')));
    await convert(folder, 'n.ipynb', 'n.py');
    await convert(folder, '--to', 'marimo', 'n.ipynb', 'm.py');
    expect((await runProgram(await testPython(), ['n.py'], { cwd: folder })).stdout).toBe('42\n');
    expect((await callHeadwater(['run', 'm.py'], { cwd: folder })).stdout).toBe('42\n');
  });

  it('tells on standard error, by line or cell, what is lost or means something else', async () => {
    const folder = emptyFolder();
    writeNotebook(folder, 'n.py', '# %%\nx = 1\n_y = 2\n# %%\nx = 2\n# %%\nprint(_y)\n# %%\nx = (\n');
    const lines = (await convert(folder, 'n.py', '-')).stderr.split('\n');
    expect(lines.map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual([
      'n.py:1: warning[multiple-definition] x is',
      'n.py:6: warning[private-name] _y belongs',
      'n.py:8: warning[unparsable] Python does',
      '',
    ]);
    const outputs = [{ output_type: 'stream', name: 'stdout', text: 'hi' }];
    writeNotebook(folder, 'n.ipynb', jupyter(code('!ls', { outputs }), { ...code(''), attachments: { a: {} } }));
    expect((await convert(folder, 'n.ipynb', '-')).stderr).toBe(
      [
        'n.ipynb: warning[outputs] The outputs of 1 cell are not kept.',
        'n.ipynb: hint[magic] cell 1: `!ls` is not Python: it is kept in a comment, and only Jupyter runs it.',
        'n.ipynb: warning[attachments] cell 2: The files attached to this cell are not kept.',
        '',
      ].join('\n'),
    );
    writeNotebook(
      folder,
      'm.py',
      'import marimo\napp = marimo.App()\n@app.cell\ndef _(x):\n    print(x)\n@app.cell\ndef _():\n    x = 1\n    return (x,)\n',
    );
    expect((await convert(folder, 'm.py', '-')).stderr).toMatch(
      /^m\.py:3: hint\[read-above-definition\] x is read above .*plain Python fails/,
    );
  });

  it('keeps line ends', async () => {
    const folder = emptyFolder();
    writeNotebook(folder, 'n.py', '# %%\r\nx = 1\r\n');
    expect((await convertAsProcess(folder, 'n.py', '-')).stdout).toContain('    x = 1\r\n    return\r\n');
    await convertAsProcess(folder, 'n.py', 'n.ipynb');
    expect(JSON.parse(read(folder, 'n.ipynb')).cells[0].source).toEqual(['x = 1']);
  });
});

describe('the file to write', () => {
  it('is not written over, unless with --force, which keeps its mode', async () => {
    const folder = emptyFolder();
    writeNotebook(folder, 'n.py', script);
    const path = writeNotebook(folder, 'n.ipynb', 'mine');
    chmodSync(path, 0o600);
    expect(await convertAsProcess(folder, 'n.py', 'n.ipynb')).toEqual({
      stdout: '',
      stderr: 'headwater: n.ipynb exists. Name another file, or write over it with --force.\n',
      code: 2,
    });
    expect(read(folder, 'n.ipynb')).toBe('mine');
    expect((await convertAsProcess(folder, '--force', 'n.py', 'n.ipynb')).code).toBe(0);
    expect(JSON.parse(read(folder, 'n.ipynb')).cells).toHaveLength(3);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(['n.ipynb', 'n.py']);
  });

  it('is never the notebook itself, by whatever name', async () => {
    const folder = emptyFolder();
    const path = writeNotebook(folder, 'n.py', script);
    symlinkSync(path, join(folder, 'soft.py'));
    linkSync(path, join(folder, 'hard.py'));
    for (const name of ['n.py', './n.py', 'soft.py', 'hard.py'])
      expect(await convert(folder, '--force', 'n.py', name)).toEqual({
        stdout: '',
        stderr: `headwater: ${name} is the notebook itself; name another file to write.\n`,
        code: 2,
      });
    expect(read(folder, 'n.py')).toBe(script);
  });

  it.each([
    ['n.txt', [], 'The name n.txt does not show the format'],
    ['m.py', ['--to', 'ipynb'], 'm.py would hold a Jupyter notebook. End its name in .ipynb'],
    ['gone/m.py', [], 'The folder of gone/m.py does not exist'],
    ['folder', ['--to', 'percent'], 'folder is a folder; name the file to write, for example: folder/n.py'],
    ['/dev/null', ['--force', '--to', 'percent'], '/dev/null is not an ordinary file. For standard output, write: -'],
    ['m.py', ['--to', 'rmd'], "option '--to <format>' argument 'rmd' is invalid"],
  ])('is refused as %s %j', async (out, options, message) => {
    const folder = emptyFolder();
    writeNotebook(folder, 'n.py', script);
    mkdirSync(join(folder, 'folder'));
    const { stderr, code } = await convert(folder, ...options, 'n.py', out);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(['folder', 'n.py']);
  });
});

describe('what is no notebook', () => {
  it.each([
    ['n.py', 'x = 1\n', 'n.py is not a notebook: it has no "# %%" line and no marimo app.'],
    ['n.ipynb', '{"cells": [', 'n.ipynb cannot be converted: it is not the JSON of a notebook'],
    ['n.ipynb', '<<<<<<< HEAD\n{}\n', 'n.ipynb cannot be converted: it is not the JSON of a notebook'],
    ['n.ipynb', '{}', 'n.ipynb cannot be converted: it has no "nbformat"'],
    ['n.ipynb', '{"nbformat": 3, "worksheets": []}', 'convert it with: jupyter nbconvert --to notebook --nbformat 4'],
    ['n.ipynb', '{"nbformat": 5, "cells": []}', 'it uses version 5 of the format, but version 4 is needed'],
    [
      'n.ipynb',
      '{"nbformat": 4, "cells": [], "metadata": {"language_info": {"name": "julia"}}}',
      'it is a notebook of julia, not of Python',
    ],
    [
      'n.ipynb',
      jupyter(code('x'), { cell_type: 'heading', source: 'y' }),
      'its cell 2 has no "cell_type" of code, markdown or raw',
    ],
  ])('is refused: %s %s', async (name, text, message) => {
    const folder = emptyFolder();
    writeNotebook(folder, name, text);
    const { stderr, code } = await convert(folder, name, 'out.py');
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual([name]);
  });
});
