/** Setters of `mo.state`: the cells of a session run again as those of marimo's own kernel do, and see the same values. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { followSession } from '../../clients/node/notebook.ts';
import { TestNotebook } from '../support/daemon.ts';
import { someOf } from '../support/histories.ts';
import { marimoPython } from '../support/marimo.ts';
import { decorated, marimoText, type WrittenCell } from '../support/marimo-notebook.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();
const found = await marimoPython();
if ('skipped' in found) console.warn(`Skipped: ${found.skipped}`);
const python = 'python' in found ? found.python : '';

const first = 'import marimo as mo\ndef log(*words):\n    with open("log.txt", "a") as file:\n        print(*words, file=file)';
const state = 'get, put = mo.state(0)';
const looping = 'get, put = mo.state(0, allow_self_loops=True)';

const notebooks: readonly (readonly [string, readonly (string | WrittenCell)[]])[] = [
  ['a reader before the setter', [state, 'log("reads", get())', 'log("sets")\nput(7)', 'log("last", get())']],
  ['a reader that comes after the setter anyway', [state, 'put(3)\ndone = 1', 'log("reads", get(), done)']],
  ['a setter that is called twice, once with a function', [state, 'log("reads", get())', 'put(2)\nput(lambda v: v + 1)']],
  ['what follows from a reader', [state, 'n = get()', 'log("n is", n)', 'log("beside")', 'put(5)']],
  ['a cell that reads what it sets', [state, 'log("runs", get())\nput(get() + 1)', 'log("other", get())']],
  ['a cell that may run again for what it sets', [looping, 'log("runs", get())\nif get() < 4:\n    put(get() + 1)']],
  [
    'two states that set one another',
    [
      'a, set_a = mo.state(0)\nb, set_b = mo.state(0)',
      'log("a is", a())\nif a() < 3:\n    set_b(a() + 1)',
      'log("b is", b())\nif b() < 3:\n    set_a(b() + 1)',
    ],
  ],
  ['a setter before a failure', [state, 'log("reads", get())', 'put(4)\n1 / 0']],
  ['a setter before a stop', [state, 'log("reads", get())', 'put(4)\nmo.stop(True)']],
  ['a reader of a failed cell', [state, 'put(4)\nbad = 1 / 0', 'log("reads", get(), bad)']],
  ['a setter in a function of another cell', [state, 'def change(v):\n    put(v)', 'log("reads", get())', 'change(6)']],
  ['a getter in a function of another cell', [state, 'def now():\n    return get()', 'log("now", now())', 'put(8)']],
  ['a getter under a second name', [state, 'again = get', 'log("again", again())', 'put(9)']],
  ['a setter under a second name', [state, 'log("reads", get())', 'other = put', 'other(9)']],
  ['a setter in a comprehension', [state, 'log("reads", get())', '_ = [put(i) for i in range(3)]']],
  ['a value that is the same', [state, 'log("reads", get())', 'put(0)']],
  ['a disabled reader', [state, decorated('@app.cell(disabled=True)', 'log("no", get())'), 'log("yes", get())', 'put(1)']],
  ['a cell that makes a state and sets it', [`${state}\nput(3)\nlog("made", get())`, 'log("reads", get())']],
  ['a cell that awaits', [state, 'log("reads", get())', 'import asyncio\nawait asyncio.sleep(0)\nput(2)']],
  ['a state in a list', ['states = [mo.state(0)]', 'log("reads", states[0][0]())', 'states[0][1](2)']],
];

describe.skipIf('skipped' in found)('as in marimo (W46)', () => {
  it.each(someOf(notebooks))('%s', async (_, cells) => {
    const text = marimoText([first, ...cells]);
    expect((await inSession(text)).split('\n')).toEqual((await inMarimo(text)).split('\n'));
  });
});

/** To export a notebook, marimo runs it in a kernel as its editor does. */
async function inMarimo(text: string): Promise<string> {
  const folder = await mkdtemp(join(daemon.folder, 'marimo-'));
  const file = join(folder, 'notebook.py');
  await writeFile(file, text);
  const args = ['-m', 'marimo', '-q', 'export', 'html', file, '-o', join(folder, 'out.html')];
  // It ends with 1 where a cell failed.
  await promisify(execFile)(python, args, { cwd: folder }).catch(() => undefined);
  return logged(folder);
}

async function inSession(text: string): Promise<string> {
  const folder = await mkdtemp(join(daemon.folder, 'session-'));
  const path = join(folder, 'notebook.py');
  await writeFile(path, text);
  const client = await daemon.client();
  const environment = { ...daemon.environment, VIRTUAL_ENV: dirname(dirname(python)) };
  const notebook = new TestNotebook(path, client, await followSession(client, { path, environment }));
  await notebook.run('all');
  return logged(folder);
}

async function logged(folder: string): Promise<string> {
  const log = join(folder, 'log.txt');
  const text = await readFile(log, 'utf8').catch(() => '');
  await rm(log, { force: true });
  return text;
}
