/** `headwater check` and `headwater convert` where Python cannot say what they ask. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testPython } from '../../support/kernel.ts';
import { callHeadwater, emptyFolder, headwater, writeNotebook } from './headwater.ts';

const python = await testPython();
const notebook = '# %%\nimport nowhere_at_all\n# %%\nreturn 1\n';

/** A folder whose `python3` is what the function puts at that path. */
function pathWith(make: (python3: string) => void): string {
  const bin = emptyFolder();
  make(join(bin, 'python3'));
  return bin;
}

function script(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

const broken: readonly (readonly [string, string, (path: string) => void])[] = [
  ['there is none', 'there is no python3 on the PATH that starts', () => {}],
  ['it is a folder', 'there is no python3 on the PATH that starts', (path) => mkdirSync(path)],
  ['a shim leads nowhere', 'there is no python3 on the PATH that starts', (path) => script(path, 'exit 127')],
  ['it ends at once', 'did not answer; is it Python 3.10 or later?', (path) => copyFileSync('/bin/false', path)],
  ['it is too old', 'did not answer; is it Python 3.10 or later?', (path) => behindShim(path, 'echo "SyntaxError" >&2; exit 1')],
  ['it says something else', 'did not answer; is it Python 3.10 or later?', (path) => behindShim(path, 'echo hello')],
  ['it says other JSON', 'did not answer; is it Python 3.10 or later?', (path) => behindShim(path, 'echo {}')],
];

/** Where the shim says that Python is, is that program. */
function behindShim(path: string, text: string): void {
  script(`${path}-real`, text);
  script(path, `echo ${path}-real`);
}

describe('what Python cannot say', () => {
  it.each(broken)('is told by check where %s, and fails when one is strict', async (_, why, make) => {
    const folder = emptyFolder();
    writeNotebook(folder, 'one.py', notebook);
    writeNotebook(folder, 'two.py', notebook);
    const env = { PATH: pathWith(make) };
    const { stderr, code } = await callHeadwater(['check', 'one.py', 'two.py'], { cwd: folder, env });
    const told = stderr.split('\n').filter((line) => line.includes('Not checked'));
    expect(told).toEqual([expect.stringContaining(why)]);
    expect(told[0]).toMatch(/^headwater: warning: Not checked: which syntax Python rejects, and whether modules are missing, /);
    expect(code).toBe(0);
    expect((await callHeadwater(['check', '--strict', 'one.py'], { cwd: folder, env })).code).toBe(1);
  });

  it('is in the record of each notebook', async () => {
    const folder = emptyFolder();
    writeNotebook(folder, 'one.py', notebook);
    const { stdout } = await callHeadwater(['check', '--json', 'one.py'], { cwd: folder, env: { PATH: emptyFolder() } });
    expect(JSON.parse(stdout).unchecked).toEqual([expect.stringContaining('Not checked: which syntax')]);
  });

  it('is not told where Python answers', async () => {
    const folder = emptyFolder();
    writeNotebook(folder, 'one.py', '# %%\nimport json\n');
    const { stdout, stderr, code } = await headwater(['check', '--strict', '--json', 'one.py'], { cwd: folder });
    expect([JSON.parse(stdout).unchecked, stderr, code]).toEqual([undefined, '', 0]);
  });

  it('is only about the modules that are not found where the packages of an environment are not known', async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, '.venv', 'bin'), { recursive: true });
    script(join(folder, '.venv', 'bin', 'python'), `exec ${python} "$@"`);
    writeFileSync(join(folder, '.venv', 'pyvenv.cfg'), 'home = /nowhere\n');
    writeNotebook(folder, 'helpers.py', '');
    writeNotebook(folder, 'one.py', '# %%\nimport json, helpers\n');
    writeNotebook(folder, 'two.py', notebook);
    expect((await callHeadwater(['check', '--strict', 'one.py'], { cwd: folder })).code).toBe(0);
    const { stderr, stdout } = await callHeadwater(['check', 'two.py'], { cwd: folder });
    expect(stderr).toContain('Not checked: whether there are modules nowhere_at_all, because the packages of ');
    expect(stdout).toContain('error[syntax-error] Python rejects this');
  });

  it('is told by convert, which cannot keep such cells apart', async () => {
    const folder = emptyFolder();
    writeNotebook(folder, 'one.py', notebook);
    const env = { PATH: pathWith((path) => symlinkSync('/bin/false', path)) };
    const { stderr } = await callHeadwater(['convert', 'one.py', 'two.py'], { cwd: folder, env });
    expect(stderr).toContain('one.py: warning[unchecked] Not checked: whether Python accepts each cell, because there is no');
    expect(readFileSync(join(folder, 'two.py'), 'utf8')).toContain('marimo.App');
  });
});
