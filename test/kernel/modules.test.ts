import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyFolder, endKernels, installedPythons, type StepResult, startKernel, type TestKernel } from '../support/kernel.ts';

afterAll(endKernels);

const supported = installedPythons().filter(([version]) => /^3\.1[0-3]\./.test(version));
if (supported.length === 0) console.warn('skipped: modules that change, because pyenv has no Python of 3.10 to 3.13');

const second = new Date('2025-01-01T00:00:00Z');

describe.each(supported)('modules of the project in Python %s (W20)', (_version, python) => {
  let kernel: TestKernel;
  let folder: string;

  beforeEach(async () => {
    folder = emptyFolder();
    kernel = await startKernel({ directory: folder, python });
  });

  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };

  const shown = async (code: string, reloadsModules = true): Promise<unknown> => {
    const step = await kernel.run(code, { writes: ['a', 'b', 'f', 'pkg', 'x', 'sys'], reloadsModules });
    return step.finished.outcome.type === 'ok' ? step.result?.['text/plain'] : step.finished.outcome;
  };

  const files = ({ finished }: StepResult): string[] => (finished.modules ?? []).map(([file]) => file.slice(folder.length + 1));

  it('are told, with those that they import, by each step that imports them', async () => {
    write('a.py', 'import b\nimport json');
    write('b.py', 'x = 1');
    write('other.py', 'x = 1');
    expect(files(await kernel.run('import a', { writes: ['a'] }))).toEqual(['a.py', 'b.py']);
    expect(files(await kernel.run('import a as x', { writes: ['x'] })).sort()).toEqual(['a.py', 'b.py']);
    expect(files(await kernel.run('import importlib\nimportlib.import_module("other")'))).toEqual(['other.py']);
    expect(files(await kernel.run('1 + 1'))).toEqual([]);
    expect(files(await kernel.run('import sys, json'))).toEqual([]);
  });

  it('are told also where they cannot be loaded', async () => {
    write('a.py', 'x = (');
    expect(files(await kernel.run('import a'))).toEqual(['a.py']);
    write('a.py', 'x = 1 / 0');
    expect(files(await kernel.run('import a'))).toEqual(['a.py']);
    write('a.py', 'x = 1');
    expect(await shown('import a\na.x')).toBe('1');
  });

  it('are loaded anew where they have changed, and else are not', async () => {
    write('a.py', 'print("loaded")\nx = 1');
    expect(await shown('import a\na.x')).toBe('1');
    expect((await kernel.run('import a')).stdout).toBe('');
    write('a.py', 'print("loaded")\nx = 2');
    expect(await shown('a.x')).toBe('1');
    expect(await shown('import a\na.x')).toBe('2');
    expect((await kernel.run('import a')).stdout).toBe('');
  });

  it('are loaded anew also within a second and with the same size', async () => {
    for (const x of [1, 2, 3]) {
      write('a.py', `x = ${x}`);
      utimesSync(join(folder, 'a.py'), second, second);
      expect(await shown('from a import x\nx')).toBe(String(x));
    }
  });

  it('are not, where the file only has another time', async () => {
    write('a.py', 'print("loaded")');
    await shown('import a');
    utimesSync(join(folder, 'a.py'), second, second);
    expect((await kernel.run('import a')).stdout).toBe('');
  });

  it.each([
    ['a module that imports it', { 'a.py': 'from b import x', 'b.py': 'x = N' }, 'b.py', 'import a\na.x'],
    [
      'one that imports it in a function',
      { 'a.py': 'def f():\n  import b\n  return b.x', 'b.py': 'x = N' },
      'b.py',
      'import a\na.f()',
    ],
    ['one far away', { 'a.py': 'import c', 'c.py': 'from b import *', 'b.py': 'x = N' }, 'b.py', 'import a\na.c.x'],
    ['a module of a package', { 'pkg/__init__.py': '', 'pkg/m.py': 'x = N' }, 'pkg/m.py', 'from pkg import m\nm.x'],
    ['the same by its whole name', { 'pkg/__init__.py': '', 'pkg/m.py': 'x = N' }, 'pkg/m.py', 'import pkg.m\npkg.m.x'],
    [
      'what a package imports of itself',
      { 'pkg/__init__.py': 'from .m import x', 'pkg/m.py': 'x = N' },
      'pkg/m.py',
      'import pkg\npkg.x',
    ],
    [
      'a relative import from a package further out',
      { 'pkg/__init__.py': '', 'pkg/s/__init__.py': 'from ..m import x', 'pkg/m.py': 'x = N' },
      'pkg/m.py',
      'from pkg.s import x\nx',
    ],
    [
      'a package with modules',
      { 'pkg/__init__.py': 'y = N', 'pkg/m.py': 'from pkg import y as x' },
      'pkg/__init__.py',
      'import pkg.m\npkg.m.x',
    ],
    ['a package without a file', { 'pkg/m.py': 'x = N' }, 'pkg/m.py', 'import pkg.m\npkg.m.x'],
    [
      'two that import each other',
      { 'a.py': 'import b\ndef f(): return b.x', 'b.py': 'import a\nx = N' },
      'b.py',
      'import a\na.f()',
    ],
  ])('reach the step through %s', async (_name, texts: Readonly<Record<string, string | undefined>>, changed, code) => {
    for (const [name, text] of Object.entries(texts)) write(name, (text ?? '').replace('N', '1'));
    expect(await shown(code)).toBe('1');
    write(changed, (texts[changed] ?? '').replace('N', '22'));
    expect(await shown(code)).toBe('22');
  });

  it('stay as they are where that is asked for', async () => {
    write('a.py', 'x = 1');
    expect(await shown('import a\na.x', false)).toBe('1');
    write('a.py', 'x = 22');
    expect(await shown('import a\na.x', false)).toBe('1');
    expect(await shown('import a\na.x')).toBe('22');
  });

  it('fail as in a fresh run when they are gone or broken, and come back', async () => {
    write('a.py', 'x = 1');
    expect(await shown('import a\na.x')).toBe('1');
    write('a.py', 'x = (');
    expect(await shown('import a\na.x')).toMatchObject({ error: { name: 'SyntaxError' } });
    write('a.py', 'x = 1');
    expect(await shown('import a\na.x')).toBe('1');
  });

  it('are not those of libraries', async () => {
    write('lib/site-packages/a.py', 'x = 1');
    const code = `import sys\nsys.path.insert(0, ${JSON.stringify(join(folder, 'lib', 'site-packages'))})\nimport a\na.x`;
    expect(files(await kernel.run(code, { writes: ['sys', 'a'] }))).toEqual([]);
    write('lib/site-packages/a.py', 'x = 22');
    expect(await shown('import a\na.x')).toBe('1');
  });

  it('show their new lines in tracebacks', async () => {
    write('a.py', 'def f(): return 1 / 0  # one');
    await shown('import a\na.f()');
    write('a.py', '\ndef f(): return 1 / 0  # two');
    expect(JSON.stringify(await shown('import a\na.f()'))).toContain('# two');
  });
});

describe('a module that `sys.path` leads to elsewhere now', () => {
  it('is loaded from there, with those that import it, and from where it was once the path is back', async () => {
    const folder = emptyFolder();
    const kernel = await startKernel({ directory: folder });
    for (const name of ['one', 'two']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'there.py'), `x = "${name}"`);
    }
    writeFileSync(join(folder, 'uses.py'), 'from there import x');
    const shown = async (code: string) => (await kernel.run(`import sys\n${code}`, { writes: ['sys'] })).result?.['text/plain'];
    const read = 'import there, uses\n(there.x, uses.x)';
    expect(await shown(`sys.path.insert(0, "one")\n${read}`)).toBe("('one', 'one')");
    await shown('sys.path[0] = "two"');
    expect(await shown(read)).toBe("('two', 'two')");
    await shown('sys.path.insert(0, "one")');
    expect(await shown(read)).toBe("('one', 'one')");
    await shown('sys.path.append("/nowhere")\nimport there\nthere.x = "kept"');
    expect(await shown(read)).toBe("('kept', 'one')");
  });
});

describe('the project of a notebook', () => {
  it('is the nearest folder with a pyproject.toml', async () => {
    const root = emptyFolder();
    writeFileSync(join(root, 'pyproject.toml'), '');
    mkdirSync(join(root, 'notebooks'));
    mkdirSync(join(root, 'src'));
    writeFileSync(join(root, 'src', 'a.py'), 'x = 1');
    const kernel = await startKernel({ directory: join(root, 'notebooks'), file: join(root, 'notebooks', 'nb.py') });
    const step = await kernel.run('import sys\nsys.path.insert(0, "../src")\nimport a', { writes: ['sys', 'a'] });
    expect(step.finished.modules).toMatchObject([[join(root, 'src', 'a.py'), expect.stringMatching(/^[0-9a-f]{64}$/)]]);
  });
});
