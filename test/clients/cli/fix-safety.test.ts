/** `headwater check --fix` on whole notebooks: what it leaves runs, says what it said before, and needs no second time. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testPython } from '../../support/kernel.ts';
import { callHeadwater, emptyFolder, runProgram, writeNotebook } from './headwater.ts';

interface Example {
  readonly text: string;
  /** What the mended notebook prints. */
  readonly prints: string;
  /** Fixes, in the order in which they are told. */
  readonly fixes: readonly string[];
  /** The notebook could not be run before; otherwise it prints the same. */
  readonly wasBroken?: true;
}

const app = (...cells: readonly string[]) =>
  `import marimo\n\napp = marimo.App()\n\n\n${cells.join('\n\n\n')}\n\n\nif __name__ == "__main__":\n    app.run()\n`;
const cell = (takes: string, code: string, gives = '') =>
  `@app.cell\ndef _(${takes}):\n${code.replace(/^(?=.)/gm, '    ')}\n    return${gives && ` ${gives}`}`;

const examples: Readonly<Record<string, Example>> = {
  'star imports in a script': {
    text: '# %%\nfrom math import *\nfrom collections import *\n\n# %%\nprint(deque([pow(2, 2)]), factorial(3), max(1, 2))\n',
    prints: 'deque([4.0]) 6 2\n',
    fixes: ['Import deque from collections instead of *', 'Import factorial, pow from math instead of *'],
  },
  'a star import that hides a name defined above it': {
    text: '# %%\ne = 1\nprint(e)\n\n# %%\nfrom math import *\n\n# %%\nprint(e > 2)\n',
    prints: '1\nTrue\n',
    fixes: ['Import e from math instead of *'],
  },
  'a star import whose names do not fit on a line': {
    text: `# %%\nfrom string import *\n\n# %%\nprint(len(ascii_letters + ascii_lowercase + ascii_uppercase + digits + hexdigits + octdigits + punctuation + whitespace))\n`,
    prints: '182\n',
    fixes: ['Import 8 names that this notebook reads from string instead of *'],
  },
  'a star import from a file beside the notebook': {
    text: '# %%\nfrom beside import *\n\n# %%\nprint(shown)\n',
    prints: '3\n',
    fixes: ['Import shown from beside instead of *'],
  },
  'a change of an object of another cell of marimo': {
    text: app(
      cell('', 'xs = [1]\nn = 2', 'n, xs'),
      cell('xs', 'd = {}\nd["n"] = len(xs)', '(d,)'),
      cell('d, n', '# only this\nd.update(\n    n=n,\n    text="""\n  a\n    b""",\n)  # why'),
      cell('d', 'print(d)'),
    ),
    prints: "{'n': 2, 'text': '\\n  a\\n    b'}\n",
    fixes: [
      'Move the change of d to the end of cell 2, which makes it',
      'Rewrite the signature as marimo does: takes nothing and gives nothing',
      'Rewrite the signature as marimo does: takes n and xs and gives d',
    ],
    // Who reads what another cell has changed is skipped.
    wasBroken: true,
  },
  'private names that other cells read': {
    text: app(cell('', '_x = 1\nx = 5\n_y = 2', '(x,)'), cell('', 'print(_x, _y)'), cell('x', 'print(f"{x} {_x}")')),
    prints: '1 2\n5 1\n',
    fixes: expect.anything() as unknown as string[],
    wasBroken: true,
  },
  'names that several cells define': {
    text: app(
      cell('', 'import math\nx = math.pi > 3', 'math, x'),
      cell('x', 'print(x)'),
      cell('', 'x = 2\nimport math\nprint(x, math.e > 2)'),
    ),
    prints: 'True\n2 True\n',
    fixes: expect.anything() as unknown as string[],
    wasBroken: true,
  },
  'markers that isort carried away': {
    text: '# %%\n# %%\nimport os\nimport sys\n\nfrom json import dumps\n# %%\nfrom re import escape\n\n# %%\nprint(os.sep, sys.maxsize > 1, dumps(1), escape("."))\n',
    prints: '/ True 1 \\.\n',
    fixes: ['Remove the marker, so that these imports are in one cell', 'Remove the empty marker'],
  },
  'commands of IPython that are passed over': {
    text: '# %%\n%load_ext autoreload\n%autoreload 2\ntext = """\n%matplotlib inline\n"""\nconfig = 4\n\n# %%\nprint(text, 7\n%config)\n',
    prints: '\n%matplotlib inline\n 3\n',
    fixes: ['Comment out %autoreload', 'Comment out %load_ext'],
  },
  'no-break spaces and an empty cell, with the line ends of Windows': {
    text: '# %%\nx\u00a0= "\u00a0"\n\n# %%\n\n# %%\nif x:\n\u00a0\u00a0\u00a0\u00a0print(len(x))\n'.replaceAll('\n', '\r\n'),
    prints: '1\n',
    fixes: [
      'Turn the 4 no-break spaces of this cell into ordinary spaces',
      'Remove the empty cell',
      'Turn the no-break space into ordinary spaces',
    ],
  },
};

describe.each(Object.entries(examples))('check --fix on %s', (_, { text, prints, fixes, wasBroken }) => {
  it('leaves what runs as before, and nothing to mend', async () => {
    const folder = emptyFolder();
    const path = writeNotebook(folder, 'n.py', text);
    writeNotebook(folder, 'beside.py', 'import os\nshown = 3\n_hidden = 4\n__all__ = ["shown"]\n');
    const run = () => callHeadwater(['run', 'n.py'], { cwd: folder });
    const check = (...args: readonly string[]) => callHeadwater(['check', ...args, 'n.py'], { cwd: folder });
    const [before, errorsBefore] = [await run(), await countErrors(check)];

    const { stderr } = await check('--fix');
    const done = [...stderr.matchAll(/fixed: (.*)/g)].map(([, title]) => title);
    expect(done).toEqual(fixes);
    const mended = readFileSync(path, 'utf8');
    expect(mended.includes('\r\n')).toBe(text.includes('\r\n'));
    expect(/(?<!\r)\n/.test(mended)).toBe(/(?<!\r)\n/.test(text));

    const after = await run();
    expect(after, mended).toMatchObject({ stdout: prints, code: 0 });
    expect(wasBroken ? prints : before.stdout).toBe(prints);
    expect(await countErrors(check)).toBeLessThanOrEqual(errorsBefore);
    if (!text.includes('marimo.App')) {
      const plain = await runProgram(await testPython(), ['n.py'], { cwd: folder });
      expect(plain.stdout.replaceAll('\r\n', '\n')).toBe(prints);
    }

    expect((await check('--fix')).stderr).not.toContain('fixed:');
    expect(readFileSync(path, 'utf8')).toBe(mended);
  });
});

async function countErrors(check: (...args: readonly string[]) => Promise<{ readonly stdout: string }>): Promise<number> {
  const { problems } = JSON.parse((await check('--json')).stdout) as { problems: readonly { severity: string }[] };
  return problems.filter(({ severity }) => severity === 'error').length;
}
