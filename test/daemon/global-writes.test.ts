// Names that functions bind, or that branches leave alone, with a real kernel: whatever is run alone first, the notebook ends as `python FILE` ends.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { TestNotebook } from '../support/daemon.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

function printedByPython(text: string): string {
  const path = join(daemon.folder, 'plain.py');
  writeFileSync(path, text);
  return execFileSync('python3', [path], { encoding: 'utf8' });
}

const printedIn = (notebook: TestNotebook) => notebook.statuses.map((_, at) => notebook.shown(at)).join('');

it.each([
  [
    'a counter',
    ['count = 0', 'def bump():\n    global count\n    count += 1', 'bump()', 'print(count)', 'bump()', 'print(count)'],
  ],
  ['a setting', ['def setup():\n    global level\n    level = 3', 'setup()', 'print(level)']],
  [
    'a list that grows',
    ['xs = []', 'def grow():\n    global xs\n    xs += [len(xs)]', 'grow()', 'print(xs)', 'grow()', 'print(xs)'],
  ],
  [
    'a function that calls another',
    ['n = 1', 'def f():\n    global n\n    n *= 2', 'def g():\n    f()', 'print(n)', 'g()', 'print(n)'],
  ],
  ['a call where the function is made', ['n = 1', 'def f():\n    global n\n    n += [n] if 0 else 5\nf()', 'print(n)']],
  ['a list that its own cell grows', ['xs = []', 'def f():\n    global xs\n    xs += [1]\nf()', 'print(xs)']],
  [
    'a decorator that counts',
    [
      'calls = 0',
      'def counted(f):\n    def wrapped(*a):\n        global calls\n        calls += 1\n        return f(*a)\n    return wrapped',
      '@counted\ndef double(x):\n    return x * 2',
      'print(calls)',
      'print(double(2), calls)',
      'print(calls)',
    ],
  ],
  [
    'a method',
    [
      'made = []',
      'class Maker:\n    def make(self, name):\n        global made\n        made += [name]',
      'Maker().make("a")',
      'print(made)',
      'Maker().make("b")',
      'print(made)',
    ],
  ],
  ['a list that a branch leaves alone', ['xs = []', 'if len(xs) > 5:\n    xs = [9]\nprint(xs)', 'xs.append(1)', 'print(xs)']],
  ['a function that is passed on', ['n = 0', 'def f(_):\n    global n\n    n += 1', 'list(map(f, [1, 2]));', 'print(n)']],
] as const)('%s', async (_, cells) => {
  const text = cells.map((cell) => `# %%\n${cell}\n`).join('');
  const wanted = printedByPython(text);
  const notebook = await daemon.notebook(text);
  const last = cells.length - 1;
  // What it prints needs cells of which only the graph knows that they write.
  await notebook.run('upstream', last);
  expect(wanted.endsWith(notebook.shown(last)) && notebook.shown(last) !== '', notebook.shown(last)).toBe(true);
  await notebook.run('stale');
  expect(printedIn(notebook)).toBe(wanted);
  const shown = cells.map((_, at) => notebook.shown(at));
  for (let at = 0; at <= last; at++) {
    await notebook.run('reactive', at);
    expect([at, notebook.statuses[at], notebook.shown(at)]).toEqual([at, 'fresh', shown[at]]);
    // Others that read what it needed anew are out of date.
    await notebook.run('stale');
    expect([at, notebook.statuses.every((status) => status === 'fresh'), printedIn(notebook)]).toEqual([at, true, wanted]);
  }
});
