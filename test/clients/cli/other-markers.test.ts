/** Scripts whose cells begin with other lines than `# %%`: read where the person names them. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { callHeadwater, emptyFolder, headwater, writeNotebook } from './headwater.ts';

const bar = '#'.repeat(79);
const scripts: readonly (readonly [string, string])[] = [
  [
    'sphinx-gallery',
    `"""\nTitle\n=====\n"""\nx = 1\n\n${bar}\n# Section\n# -------\nprint(x + 1)\n\n${bar}\n# Box\n${bar}\nprint(x + 2)\n`,
  ],
  ['nbconvert', '#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\n\nx = 1\nprint(x + 1)\n\n\n# In[ ]:\n\n\nprint(x + 2)\n'],
  ['IPython', '# <codecell>\n\nx = 1\n\n# <markdowncell>\n\n# Text.\n\n# <codecell>\n\nprint(x + 1, x + 2)\n'],
  [
    'a module with bars in its blocks',
    `${bar}\n# Functions\n${bar}\ndef f():\n    x = 1\n${bar}\n    return x\n${bar}\nif f():\n    print(f() + 1)\n${bar}\nelse:\n    pass\n`,
  ],
];

describe.each(scripts)('a script of %s', (_, text) => {
  it('runs as under python, when it is named', async () => {
    const folder = emptyFolder();
    const path = writeNotebook(folder, 'n.py', text);
    const { stdout, code } = await headwater(['run', path]);
    expect({ stdout, code }).toEqual({ stdout: execFileSync('python3', [path], { encoding: 'utf8' }), code: 0 });
  });

  it('is checked, shown and converted by its name, and not as one of a folder', async () => {
    const folder = emptyFolder();
    writeNotebook(folder, 'n.py', text);
    const call = (...args: readonly string[]) => callHeadwater(args, { cwd: folder });
    expect(await call('check', 'n.py')).toMatchObject({ stdout: '', stderr: '1 notebook: no errors, no warnings\n', code: 0 });
    expect(await call('check', '.')).toMatchObject({ stdout: '', stderr: '0 notebooks: no errors, no warnings\n' });
    expect((await call('graph', 'n.py')).stdout).toMatch(/^n\.py: percent, [2-9] cells/);
    const script = await call('convert', '--to', 'percent', 'n.py', '-');
    expect(script.code).toBe(0);
    expect(script.stdout).toMatch(/^# %%/m);
    expect((await call('convert', 'n.py', '-')).stdout).toContain('app = marimo.App()');
  });
});

it('finds what is wrong in one', async () => {
  const folder = emptyFolder();
  writeNotebook(folder, 'n.py', `x = 1\n\n${bar}\n# Text\nprint(y)\n`);
  const { stdout, code } = await callHeadwater(['check', 'n.py'], { cwd: folder });
  expect({ stdout, code }).toEqual({ stdout: 'n.py:5:7: error[undefined-name] No cell defines y.\n', code: 1 });
});
