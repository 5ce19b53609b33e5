/** Notebooks of marimo's, run as programs: `headwater run FILE` prints what `python FILE` prints, and ends with the same code. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, headwater, runProgram, writeNotebook } from '../clients/cli/headwater.ts';
import { someOf } from '../support/histories.ts';
import { marimoPython, marimoTutorials } from '../support/marimo.ts';
import { decorated, marimoText, type WrittenCell } from '../support/marimo-notebook.ts';

const found = await marimoPython();
if ('skipped' in found) console.warn(`Skipped: ${found.skipped}`);
const python = 'python' in found ? found.python : '';

const mo = 'import marimo as mo';
const cached = (decorator: string) => `${decorator}\ndef f(n):\n    print("computing", n)\n    return n * k`;

interface Case {
  readonly cells: readonly (string | WrittenCell)[];
  readonly setup?: string;
  readonly arguments?: readonly string[];
}

const notebooks: readonly (readonly [string, Case])[] = [
  ['a stop', { cells: [mo, 'print("a")\nmo.stop(True)\nprint("b")\nx = 1', 'print(x)', 'print("other")'] }],
  ['a stop that shows something', { cells: [mo, 'mo.stop(True, mo.md("nothing to do"))\ny = 1', 'print(y)'] }],
  ['a stop that does not apply', { cells: [mo, 'mo.stop(False)\nz = 1', 'print(z)'] }],
  [
    'a stop in a function',
    { cells: [mo, 'def check(v):\n    mo.stop(v > 2)\n    return v', 'print(check(1))', 'u = check(3)', 'print(u)'] },
  ],
  [
    'a stop in a top-level function',
    {
      cells: [decorated('@app.function', 'def guard(v):\n    mo.stop(v)\n    return v'), 'w = guard(True)', 'print(w)'],
      setup: mo,
    },
  ],
  ['a stop by its exception', { cells: [mo, 'raise mo.MarimoStopError(None)', 'print(1)'] }],
  [
    'a stop that no handler of errors sees',
    { cells: [mo, 'try:\n    mo.stop(True)\nexcept Exception:\n    print("caught")\nk = 2', 'print(k)'] },
  ],
  [
    'a stop in a cell that awaits',
    { cells: [mo, 'import asyncio\nawait asyncio.sleep(0)\nmo.stop(True)\nr = 1', 'print(r)', 'print("end")'] },
  ],
  ['a stop under a name of its own', { cells: ['from marimo import stop, md', 'stop(True, md("x"))\nv = 1', 'print(v)'] }],
  ['a stop and a failure', { cells: [mo, 'mo.stop(True)', '1 / 0'] }],
  [
    'a form that nobody sent',
    { cells: [mo, 'form = mo.ui.text("a").form()', 'mo.stop(form.value is None, mo.md("first send"))\nsent = 1', 'print(sent)'] },
  ],
  ['a disabled cell', { cells: [decorated('@app.cell(disabled=True)', 'print("no")\nd = 1'), 'print(d)', 'print("yes")'] }],
  [
    'disabled cells alone',
    { cells: [decorated('@app.cell(disabled=True)', 'a = 1'), decorated('@app.cell(disabled=True)', 'print(2)')] },
  ],
  ['cached functions', { cells: [mo, 'k = 2', cached('@mo.cache'), 'print(f(2), f(2), f(3), f.hits)'] }],
  ['cached functions that hold few', { cells: [mo, 'k = 2', cached('@mo.lru_cache(maxsize=1)'), 'print(f(2), f(3), f(2))'] }],
  ['cached functions on disk', { cells: [mo, 'k = 2', cached('@mo.persistent_cache(name="mine")'), 'print(f(2), f(2))'] }],
  [
    'cached functions with private names',
    { cells: [mo, '_k = 3\n@mo.cache\ndef f(n):\n    print("computing", n)\n    return n * _k', 'print(f(2), f(2))'] },
  ],
  [
    'cached functions that await',
    { cells: [mo, '@mo.cache\nasync def f(n):\n    print("computing")\n    return n', 'print(await f(1))\nprint(await f(1))'] },
  ],
  [
    'cached top-level functions',
    {
      cells: [decorated('@app.function', '@mo.cache\ndef h(n):\n    print("computing")\n    return n'), 'print(h(4), h(4))'],
      setup: mo,
    },
  ],
  [
    'cached blocks',
    {
      cells: [
        mo,
        'xs = [1, 2]',
        'with mo.cache("n") as c:\n    t = sum(xs)\n    print("in")\nprint(t, c.hit)',
        'with mo.persistent_cache("m") as d:\n    u = sum(xs)\nprint(u, d.hit)',
        'print(t + u)',
      ],
    },
  ],
  [
    'arguments',
    { cells: [mo, 'print(mo.cli_args().to_dict(), mo.query_params().to_dict())'], arguments: ['--rate', '3', '--name=x'] },
  ],
  [
    'what it knows about itself',
    {
      cells: [
        mo,
        'print(mo.app_meta().mode, mo.app_meta().request, mo.running_in_notebook())\nprint(mo.notebook_dir().is_dir())',
        'print(mo.refs(), mo.defs(), __name__)',
      ],
    },
  ],
  [
    'what it knows about itself, asked by a thread',
    { cells: [mo, 'def work():\n    print(mo.app_meta().mode)\nthread = mo.Thread(target=work)\nthread.start()\nthread.join()'] },
  ],
  [
    'a state',
    { cells: [mo, 'get, put = mo.state(0)', 'print("reads", get())', 'put(get() + 1)\nput(lambda v: v + 1)\nprint("puts")'] },
  ],
  [
    'prose and controls',
    {
      cells: [
        mo,
        'mo.md("# Title")',
        's = mo.ui.slider(1, 10, value=4)',
        'mo.md(f"{s}")\nprint(s.value)',
        'print(mo.md("**b**").text)',
        'with mo.status.spinner(title="x"):\n    print("spins")',
      ],
    },
  ],
  ['a control whose value is asked too early', { cells: [mo, 's = mo.ui.slider(1, 10, value=4)\nprint(s.value)'] }],
  [
    'what is written to be shown',
    {
      cells: [
        mo,
        'mo.output.append("a")\nmo.output.clear()\nwith mo.capture_stdout() as out:\n    print("inside")\nprint(repr(out.getvalue()))',
      ],
    },
  ],
  ['a setup cell that needs another', { cells: ['b = 1', 'print(a)'], setup: 'a = b' }],
  ['a setup cell that needs what nobody gives', { cells: ['print(1)'], setup: 'print(0)\na = missing' }],
  ['a setup cell whose function needs another', { cells: ['b = 1', 'print(a())'], setup: 'def a():\n    return b' }],
];

describe.skipIf('skipped' in found)('as under python (W45)', () => {
  it.each(someOf(notebooks))('%s', async (_, { cells, setup, arguments: args = [] }) => {
    await compare('notebook.py', marimoText(cells, setup), args);
  });

  it('runs what marimo teaches with', async () => {
    const folder = await marimoTutorials();
    const files = (await readdir(folder)).filter((name) => name.endsWith('.py') && !name.startsWith('_'));
    for (const file of someOf(files)) await compare(`notebook_${file}`, await readFile(join(folder, file), 'utf8'), []);
  });
});

it.skipIf('skipped' in found)('what marimo shows is text in a terminal, beside what is printed', async () => {
  const cells = [mo, 'n = 4\nmo.stop(n < 5, mo.md("**too small**"))', 'print("on")\nmo.vstack([mo.md("*a*"), 2])'];
  const { stdout, stderr } = await headwater([
    'run',
    '--python',
    python,
    writeNotebook(emptyFolder(), 'n.py', marimoText(cells)),
  ]);
  expect(stdout).toBe('on\n');
  expect(stderr).toContain('**too small**\n');
  expect(stderr).toContain('a\n2\n');
});

/** Each runs in a folder of its own: marimo keeps there what it caches. */
async function compare(name: string, text: string, args: readonly string[]): Promise<void> {
  const [path, other] = [emptyFolder(), emptyFolder()].map((folder) => writeNotebook(folder, name, text)) as [string, string];
  const plain = await runProgram(python, [path, ...args]);
  const ours = await headwater(['run', '--python', python, other, ...(args.length > 0 ? ['--', ...args] : [])]);
  expect(ours.stdout, `${text}\n${ours.stderr}`).toBe(plain.stdout);
  expect(ours.code, `${text}\n${ours.stderr}\n${plain.stderr}`).toBe(plain.code);
}
