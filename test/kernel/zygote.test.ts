import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type NextKernel, Spare } from '../../daemon/kernel/spare.ts';
import { emptyFolder, endKernels, startKernel, type TestKernel, testEnvironment, testPython } from '../support/kernel.ts';
import { isAlive } from '../support/processes.ts';
import { scienceInterpreter } from '../support/science.ts';
import { until } from '../support/until.ts';

const spare = new Spare({ delayMilliseconds: 0 });
const science = await scienceInterpreter();

afterEach(async () => {
  spare.close();
  await endKernels();
});

/** An installed package of one file, which knows in which process it was loaded. */
const packageCode = 'import os\nloaded_in = os.getpid()\n';

interface Place extends NextKernel {
  /** Where packages are installed. */
  readonly packages: string;
}

/** A notebook with these cells, and packages that are installed. */
async function somewhere(codes: readonly string[], packages: Readonly<Record<string, string>> = {}): Promise<Place> {
  const directory = emptyFolder();
  const installed = join(emptyFolder(), 'site-packages');
  for (const [name, code] of Object.entries({ pack: packageCode, ...packages })) {
    mkdirSync(join(installed, name, '..'), { recursive: true });
    writeFileSync(join(installed, `${name}.py`), code);
  }
  return {
    python: await testPython(),
    directory,
    environment: { ...testEnvironment(), PYTHONPATH: installed, PYTHONDONTWRITEBYTECODE: '1' },
    file: join(directory, 'notebook.py'),
    arguments: [],
    leadingCodes: () => codes,
    isBusy: () => false,
    packages: installed,
  };
}

/** The number of a spare that waits. */
async function waiting(place: NextKernel): Promise<number> {
  spare.prepare(place);
  await until(async () => (await spare.pid()) !== undefined, 'a spare waits');
  return (await spare.pid()) as number;
}

async function restarted(place: NextKernel): Promise<TestKernel> {
  const pid = await waiting(place);
  const kernel = await startKernel(place, spare);
  await kernel.run('1');
  expect(kernel.kernel.pid).toBe(pid);
  return kernel;
}

async function value(kernel: TestKernel, code: string): Promise<unknown> {
  const step = await kernel.run(code);
  expect(step.finished.outcome).toEqual({ type: 'ok' });
  return step.result?.['text/plain'];
}

function edited(place: Place, file: string): NextKernel {
  writeFileSync(file, `${packageCode}# newer\n`);
  return place;
}

function without(place: Place, file: string): NextKernel {
  rmSync(file);
  return place;
}

const isPreloaded = 'import os, pack\npack.loaded_in != os.getpid()';

describe.skipIf(process.platform !== 'linux')("a notebook's first imports (W18)", () => {
  if (process.platform !== 'linux') console.warn('skipped: processes are forked on Linux alone.');

  it.each<[string, Readonly<Record<string, string>>]>([
    ['not installed', {}],
    ['installed', { 'headwater/__init__': 'mine = True\n' }],
  ])('may begin with the module headwater, %s', async (_, packages) => {
    const place = await somewhere(['import headwater, pack'], packages);
    if ('headwater/__init__' in packages) writeFileSync(join(place.packages, 'headwater', 'client-version'), '0.0.1\n');
    const kernel = await restarted(place);
    expect(await value(kernel, 'import sys\n"headwater" in sys.modules')).toBe('False');
    expect(await value(kernel, isPreloaded)).toBe('True');
    const step = await kernel.run('import headwater\nheadwater.display(1)\nheadwater.stop()');
    expect([step.finished.outcome, step.displays.length]).toEqual([{ type: 'stopped' }, 1]);
  });

  it('are done beforehand, and are there when they are asked for, not before (W23)', async () => {
    const kernel = await restarted(await somewhere(['import pack']));
    expect(await value(kernel, 'import sys\n"pack" in sys.modules')).toBe('False');
    expect(await value(kernel, isPreloaded)).toBe('True');
    expect(await value(kernel, 'pack.__spec__.loader.__class__.__name__, pack.__spec__.origin == pack.__file__')).toBe(
      "('SourceFileLoader', True)",
    );
    expect(await value(kernel, 'import importlib\nimportlib.reload(pack).loaded_in == os.getpid()')).toBe('True');
  });

  it('give each what a run from the top has by then', async () => {
    const kernel = await restarted(await somewhere(['import xml', 'import xml.dom', 'from xml.sax import handler']));
    expect(await value(kernel, 'import sys, xml\nhasattr(xml, "dom"), "xml.sax" in sys.modules')).toBe('(False, False)');
    expect(await value(kernel, 'import xml.dom\nhasattr(xml, "dom"), hasattr(xml, "sax")')).toBe('(True, False)');
    expect(await value(kernel, 'from xml.sax import handler\nhandler is xml.sax.handler')).toBe('True');
  });

  it('stay out of sight where the worker itself uses what they loaded', async () => {
    const kernel = await restarted(await somewhere(['import pack, inspect, pickle']));
    const { finished } = await kernel.run('def f(): return later\nheld = [f]', { writes: ['f', 'held'], knownReads: [] });
    expect(finished.observed.reads).toEqual(['later']);
    expect(await value(kernel, 'import sys\n[name in sys.modules for name in ("pack", "inspect", "dis")]')).toBe(
      '[False, False, False]',
    );
  });

  it.each<readonly [string, readonly string[]]>([
    ['a definition, a constant and text', ['"""Notes."""\nLIMIT = 3\ndef f(x=1): return g(x)', 'import pack']],
    ['other imports', ['import json, xml.dom\nfrom os import *', 'import pack as p']],
  ])('may follow %s', async (_name, codes) => {
    expect(await value(await restarted(await somewhere(codes)), isPreloaded)).toBe('True');
  });

  it.each<readonly [string, string]>([
    ['a call', 'print()'],
    ['what an import may look at', 'import os\nos.environ["MODE"] = "fast"'],
    ['a decorated function', '@print\ndef f(): pass'],
    ['a default that is computed', 'def f(x=print()): pass'],
    ['a class', 'class C: x = print()'],
    ['code that cannot be read', 'x ='],
    ["the notebook's own module", 'import own'],
    ['one that is not there', 'import missing_one'],
  ])('wait for their turn where they follow %s', async (_name, code) => {
    const place = await somewhere([code, 'import pack']);
    writeFileSync(join(place.directory, 'own.py'), '');
    expect(await value(await restarted(place), isPreloaded)).toBe('False');
  });

  it.each<readonly [string, string]>([
    ['prints', 'print("hello")'],
    ['writes to the error stream itself', 'import os; os.write(2, b"!")'],
    ['warns', 'import warnings; warnings.warn("old")'],
    ['starts a thread', 'import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()'],
    [
      'starts a thread that Python does not know',
      'import ctypes; c = ctypes.CDLL(None); c.pthread_create(ctypes.byref(ctypes.c_ulong()), None, c.pause, None)',
    ],
    ['starts a process', 'import subprocess; child = subprocess.Popen(["sleep", "60"])'],
    ['opens a connection', 'import socket; listener = socket.create_server(("127.0.0.1", 0))'],
    ['opens a file', 'log = open(__file__)'],
    ['has random numbers of its own', 'import random; numbers = random.Random()'],
    ['holds __main__', 'import __main__; main = __main__'],
    ['raises', 'raise RuntimeError("not now")'],
    ['ends the process', 'import os; os._exit(1)'],
    [
      'writes to the channel',
      'import os, stat\nfor d in range(3, 1024):\n    try:\n        if stat.S_ISSOCK(os.fstat(d).st_mode): os.write(d, b"!" * 64)\n    except OSError:\n        pass',
    ],
    ['replaces a module', 'import sys, types; sys.modules["json"] = types.ModuleType("json")'],
  ])('are left for the program where one %s', async (_name, code) => {
    const place = await somewhere(['import first', 'import strange', 'import pack'], { first: packageCode, strange: code });
    const kernel = await restarted(place);
    expect(await value(kernel, isPreloaded)).toBe('False');
    const isFirst = ['ends the process', 'writes to the channel'].includes(_name) ? 'False' : 'True';
    expect(await value(kernel, 'import first\nfirst.loaded_in != os.getpid()')).toBe(isFirst);
  });

  it.each<readonly [string, (place: Place) => NextKernel]>([
    ['a package is another', (place) => edited(place, join(place.packages, 'pack.py'))],
    ['a package is gone', (place) => without(place, join(place.packages, 'pack.py'))],
    ['a file beside the notebook comes first', (place) => edited(place, join(place.directory, 'pack.py'))],
    ['the notebook imports something else', (place) => ({ ...place, leadingCodes: () => ['import json'] })],
    ['its arguments are others', (place) => ({ ...place, arguments: ['--slow'] })],
  ])('are not used where %s', async (_name, change) => {
    const place = await somewhere(['import pack']);
    let now: NextKernel = place;
    const pid = await waiting({ ...place, leadingCodes: () => now.leadingCodes() });
    now = change(place);
    const kernel = await startKernel(now, spare);
    await kernel.run('1');
    expect(kernel.kernel.pid).not.toBe(pid);
    await until(() => !isAlive(pid), 'the spare is gone');
  });

  it('are done anew when the notebook has others, and kept when its text alone is another', async () => {
    const codes = ['import json\nx = 1'];
    const place = { ...(await somewhere([])), leadingCodes: () => [...codes] };
    const first = await waiting(place);
    codes[0] = 'import json\nx = 2';
    expect(await waiting(place)).toBe(first);
    codes[0] = 'import json, pack';
    spare.prepare(place);
    await until(async () => ![undefined, first].includes(await spare.pid()), 'another spare waits');
    const kernel = await startKernel(place, spare);
    expect(await value(kernel, isPreloaded)).toBe('True');
  });
});

describe.skipIf(process.platform !== 'linux')('a kernel that was forked (W23)', () => {
  it.each([
    ['exits', 'import os; os._exit(3)', { code: 3, signal: null }, 'The kernel ended by itself with exit code 3.'],
    ['is killed', 'import os; os.kill(os.getpid(), 9)', { code: null, signal: 'SIGKILL' }, 'The kernel was killed by SIGKILL'],
  ])('tells its end when it %s', async (_name, code, ending, reason) => {
    const kernel = await restarted(await somewhere([]));
    kernel.begin(code);
    const died = await kernel.died();
    expect(died).toMatchObject({ ...ending, wasAsked: false });
    expect(died.reason).toContain(reason);
  });

  it('tells its end also when its imports are not those of the notebook any more', async () => {
    let codes = ['import json'];
    const place = { ...(await somewhere([])), leadingCodes: () => codes };
    const kernel = await restarted(place);
    codes = ['import xml'];
    await waiting(place);
    kernel.begin('import os; os._exit(4)');
    expect(await kernel.died()).toMatchObject({ code: 4, signal: null });
  });

  it('goes on when the process is gone that it came from', async () => {
    const kernel = await restarted(await somewhere([]));
    process.kill(Number(await value(kernel, 'import os\nos.getppid()')), 'SIGKILL');
    expect(await value(kernel, '1 + 1')).toBe('2');
    kernel.begin('os._exit(3)');
    expect((await kernel.died()).reason).toContain('it is not known why');
  });

  it('is there again at once, time after time', async () => {
    const place = await somewhere(['import pack']);
    await waiting(place);
    const seen = new Set<number | undefined>();
    for (let round = 0; round < 5; round += 1) {
      const kernel = await startKernel(place, spare);
      expect(await value(kernel, isPreloaded)).toBe('True');
      seen.add(kernel.kernel.pid);
      await kernel.kernel.stop();
    }
    expect(seen.size).toBe(5);
  });

  it.skipIf('skipped' in science)('has large libraries that work, with random numbers of its own', async () => {
    const python = 'python' in science ? science.python : '';
    const codes = [
      'import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\nfrom sklearn.linear_model import LinearRegression',
    ];
    const place = { ...(await somewhere(codes)), python, environment: testEnvironment() };
    const numbers = new Set<unknown>();
    for (let round = 0; round < 2; round += 1) {
      const kernel = await restarted(place);
      expect(await value(kernel, 'import sys\n"pandas" in sys.modules')).toBe('False');
      const use =
        `${codes[0]}\nm = np.ones((500, 500))\nframe = pd.DataFrame({"a": [1, 2, 4]})\n` +
        'float((m @ m)[0, 0]), int(frame.a.sum()), LinearRegression().fit(frame, [2, 4, 8]).predict(frame).round(6).tolist()';
      expect(await value(kernel, use)).toBe('(500.0, 7, [2.0, 4.0, 8.0])');
      expect((await kernel.run('plt.plot([1, 2])\nplt.show()')).displays[0]?.bundle['image/png']).toBeDefined();
      numbers.add(await value(kernel, 'np.random.random(), np.random.default_rng().random()'));
    }
    expect(numbers.size).toBe(2);
  });
});
