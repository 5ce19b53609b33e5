/** What `import *` takes from a module, read from its text: against what real Pythons bind for their own library. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probe } from '../../../daemon/node/python/probe.ts';
import { emptyFolder, runProgram } from '../../clients/cli/headwater.ts';
import { testPython } from '../../support/kernel.ts';

const python = await testPython();

/** Who imports these from elsewhere, or starts with `site`, adds to them; one of them is changed by setuptools. */
const dependOnTheProcess = ['builtins', 'concurrent', 'distutils', 'encodings', 'urllib', 'xml'];

const ask = async (folder: string, stars: readonly string[]) => {
  const places = { interpreter: null, folder, home: folder, pythonPath: '' };
  const answer = await probe(python, { cells: [], modules: [], stars, ...places });
  if (!answer) throw new Error('the probe does not answer');
  return answer.exports;
};

it('is what Python binds, for the modules of its library', async () => {
  const script = [
    'import contextlib, io, json, sys',
    'real = {}',
    'skipped = {"antigravity", "this", "idlelib", "lib2to3", "test", "turtledemo"}',
    'for name in sorted(set(sys.stdlib_module_names) - skipped):',
    '    if name.startswith("_"): continue',
    '    found = {}',
    '    with contextlib.redirect_stdout(io.StringIO()):',
    '        try: exec(f"from {name} import *", found)',
    '        except Exception: continue',
    '    real[name] = sorted(set(found) - {"__builtins__", "__warningregistry__"})',
    'print(json.dumps(real))',
  ].join('\n');
  const { stdout } = await runProgram(python, ['-I', '-W', 'ignore', '-c', script]);
  const real = JSON.parse(stdout) as Record<string, readonly string[]>;
  const names = Object.keys(real).filter((name) => !dependOnTheProcess.includes(name));
  expect(names.length).toBeGreaterThan(150);
  const told = await ask(emptyFolder(), names);
  const differences = names.flatMap((name) => {
    const found = told[name];
    if (!found) return [`${name} is not told`];
    const bound = real[name] ?? [];
    const extra = found.names.filter((one) => !bound.includes(one));
    const lost = bound.filter((one) => !found.names.includes(one) && !found.uncertain.includes(one));
    return [...extra.map((one) => `${name}.${one} is no name`), ...lost.map((one) => `${name}.${one} is lost`)];
  });
  expect(differences).toEqual([]);
});

describe('of a module in the notebook’s folder', () => {
  const exportsOf = async (files: Readonly<Record<string, string>>, module = 'm') => {
    const folder = emptyFolder();
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return (await ask(folder, [module]))[module];
  };

  it.each([
    [
      'public names',
      'a, (b, *c) = 1, (2, 3)\n_d = 4\ndef f(x): y = 1\nclass C: z = 1\nimport os.path as p, sys',
      'C a b c f p sys',
      '',
    ],
    ['__all__', '__all__ = ["a"]\n__all__ += ("_b",)\n__all__.extend(["c"])\nd = 1', '_b a c', ''],
    ['a branch', 'if x:\n    a = 1\n    b = 1\nelse:\n    a = 2', 'a', 'b'],
    ['what is tried', 'try:\n    import a\nexcept ImportError:\n    a = None\n    b = 1', 'a', 'b'],
    ['what is tried or fails', 'try:\n    import a\nexcept ImportError:\n    raise', 'a', ''],
    ['loops', 'for i in x:\n    a = 1\nwith open() as f:\n    b = 1', 'b f', 'a i'],
    ['what is deleted', 'a = b = 1\ndel a', 'b', ''],
    ['comprehensions and lambdas', 'a = [x for x in (y := 3,)]\nb = lambda z: z', 'a b y', ''],
  ])('%s', async (_, text, names, uncertain) => {
    const words = (list: string) => list.split(' ').filter((word) => word !== '');
    expect(await exportsOf({ 'm.py': text })).toEqual({ names: words(names).sort(), uncertain: words(uncertain) });
  });

  it('goes through modules that it imports from, also in packages', async () => {
    const files = {
      'p/__init__.py': 'from .q import *\nfrom . import r',
      'p/q.py': 'from m import *\nown = 1',
      'p/r.py': '',
      'm.py': 'deep = 1',
    };
    expect((await exportsOf(files, 'p'))?.names).toEqual(['deep', 'own', 'q', 'r']);
  });

  it.each([
    ['an __all__ that is computed', { 'm.py': 'a = 1\n__all__ = [n for n in dir()]' }],
    ['globals()', { 'm.py': 'globals()["a"] = 1' }],
    ['a function that makes names', { 'm.py': 'def f(): globals().update(a=1)\nf()' }],
    ['modules that import each other', { 'm.py': 'from n import *', 'n.py': 'from m import *' }],
    ['text that is no Python', { 'm.py': 'a = (' }],
    ['no such module', {}],
    ['a library that is built', { 'm.cpython-311-x86_64-linux-gnu.so': '' }],
  ])('does not tell about %s', async (_, files) => {
    expect(await exportsOf(files as Record<string, string>)).toBeNull();
  });

  it('runs none of it', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'm.py'), `open(${JSON.stringify(join(folder, 'ran'))}, "w")\na = 1\n`);
    writeFileSync(join(folder, 'json.py'), `open(${JSON.stringify(join(folder, 'ran'))}, "w")\nglobals()["a"] = 1\n`);
    const told = await ask(folder, ['m', 'json']);
    expect(told).toEqual({ m: { names: ['a'], uncertain: [] }, json: null });
    const { stdout } = await runProgram('ls', [folder]);
    expect(stdout.split('\n')).not.toContain('ran');
  });
});
