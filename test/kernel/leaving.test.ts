import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { emptyFolder, endKernels, startKernel, testEnvironment, testPython } from '../support/kernel.ts';

afterEach(endKernels);

/** What a program prints and leaves behind. */
interface Left {
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
}

const programs: readonly (readonly [name: string, code: string])[] = [
  ['a file that it never closed', 'log = open("log.txt", "w")\nlog.write("all of it")'],
  [
    'a file of a module beside it',
    'import os\nwith open("beside.py", "w") as source: source.write("log = open(\'log.txt\', \'w\')\\nlog.write(\'beside\')")\n' +
      'import beside\nos.remove("beside.py")',
  ],
  ['objects', 'class Last:\n  def __del__(self): print("gone")\nlast = Last()'],
  [
    'objects in a circle, with the functions that they call',
    'import sys\ndef say(text): sys.stdout.write(text + "\\n")\nclass Last:\n  def __init__(self): self.me = self\n' +
      '  def __del__(self, say=say): say("gone in a circle")\nlast = Last()\ndel last',
  ],
  [
    'names with an underscore first',
    'class Last:\n  def __init__(self, name): self.name = name\n  def __del__(self): print(self.name)\nb = Last("b")\n_a = Last("a")\nc = Last("c")',
  ],
  [
    'what atexit and weakref hold',
    'import atexit, weakref\nclass Held: pass\nheld = Held()\natexit.register(print, "exit")\nweakref.finalize(held, print, "finalized")',
  ],
  ['an exit function that fails', 'import atexit\natexit.register(print, "after it")\natexit.register(lambda: 1 / 0)'],
  [
    'a temporary file and folder',
    'import os, tempfile\nfolder = tempfile.TemporaryDirectory(dir=os.getcwd())\nfile = tempfile.NamedTemporaryFile(dir=os.getcwd())',
  ],
  [
    'threads that work on, and one that does not count',
    'import threading, time\ndef work():\n  time.sleep(0.2)\n  print("worked")\nthreading.Thread(target=work).start()\n' +
      'threading.Thread(target=lambda: (time.sleep(60), print("never")), daemon=True).start()',
  ],
  [
    'a pool that has work',
    'import time\nfrom concurrent.futures import ThreadPoolExecutor\nThreadPoolExecutor(1).submit(lambda: (time.sleep(0.2), print("pooled")))',
  ],
  [
    'a log that gathers',
    'import logging, logging.handlers\nlogger = logging.getLogger("left")\nlogger.addHandler(logging.handlers.MemoryHandler(100, target=logging.FileHandler("log.txt")))\nlogger.error("gathered")',
  ],
  [
    'objects, beside a module that knows the program by another name',
    'import multiprocessing.process\nclass Last:\n  def __del__(self): print("gone")\nlast = Last()',
  ],
  ['text that is not a line', 'import sys\nsys.stdout.write("no line")'],
];

describe('a kernel that is asked to leave ends as a program does, with', () => {
  it.each(programs)('%s', async (_name, code) => {
    expect(await leftByKernel(code)).toEqual(await leftByPython(code));
  });
});

async function leftByPython(code: string): Promise<Left> {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'notebook.py'), code);
  const { stdout, stderr } = await promisify(execFile)(await testPython(), ['notebook.py'], {
    cwd: folder,
    env: testEnvironment(),
  });
  return { text: stdout + lastLine(stderr), files: filesIn(folder) };
}

async function leftByKernel(code: string): Promise<Left> {
  const folder = emptyFolder();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'notebook.py');
  writeFileSync(file, code);
  const kernel = await startKernel({ directory: folder, file });
  await kernel.run(code);
  await kernel.kernel.stop();
  expect(await kernel.died()).toMatchObject({ code: 0, signal: null });
  const texts = { stdout: '', stderr: '' };
  for (const event of kernel.events) if (event.type === 'stream') texts[event.stream] += event.text;
  return { text: texts.stdout + lastLine(texts.stderr), files: filesIn(folder) };
}

/** Of a traceback: the frames before it are Python's own, or ours. */
function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

function filesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name !== '__pycache__' && name !== 'notebook.py');
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
