/** Cells that take from Python what the worker itself stands on: the kernel outlives them. */
import { afterEach, describe, expect, it } from 'vitest';
import { endKernels, startKernel } from '../support/kernel.ts';

afterEach(endKernels);

const cells: readonly [string, string][] = [
  ['closes the low descriptors', 'import os\nos.closerange(3, 20)'],
  ['closes many descriptors', 'import os\nos.closerange(3, 4096)'],
  [
    'closes each descriptor',
    'import os\nfor d in range(3, 1024):\n    try:\n        os.close(d)\n    except OSError:\n        pass',
  ],
  [
    'puts a file in the place of a descriptor',
    'import os\nf = os.open(os.devnull, os.O_RDWR)\nfor d in range(3, 10):\n    os.dup2(f, d)',
  ],
  ['has no len', 'import builtins\nbuiltins.len = None'],
  ['has no isinstance', 'import builtins\nbuiltins.isinstance = None'],
  [
    'has no builtins',
    'import builtins\nfor name in dir(builtins):\n    if not name.startswith("_"): setattr(builtins, name, None)',
  ],
  ['has no import', 'import builtins\nbuiltins.__import__ = None'],
  [
    'has other builtins',
    'import builtins\nbuiltins.len = lambda _: 7\nbuiltins.type = lambda _: 3\nbuiltins.str = int\nbuiltins.id = lambda _: 1',
  ],
  ['has no standard output', 'import sys\nsys.stdout = sys.stderr = None'],
  ['has no standard output at all', 'import sys\ndel sys.stdout, sys.stderr, sys.__stdout__, sys.stdin'],
  ['forgets all modules', 'import sys\nsys.modules.clear()'],
  ['has no modules', 'import sys\nsys.modules = None'],
  ['has no path', 'import sys\nsys.path = sys.meta_path = sys.path_hooks = None'],
  ['collects no garbage', 'import gc\ngc.disable()\ngc.set_threshold(0)\ngc.collect = gc.freeze = None'],
  ['has a low recursion limit', 'import sys\nsys.setrecursionlimit(50)'],
  ['ignores interrupts', 'import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)'],
  ['blocks interrupts', 'import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])'],
  [
    'has hooks that fail',
    'import sys, threading\nthreading.excepthook = sys.excepthook = sys.unraisablehook = sys.displayhook = None',
  ],
  [
    'encodes no JSON',
    'import json\njson.dumps = json.loads = json.JSONEncoder = None\njson.encoder.JSONEncoder.encode = json.decoder.JSONDecoder.decode = None',
  ],
  [
    'traces',
    'import sys, threading\ndef tracer(*_): raise ValueError("traced")\nthreading.settrace(tracer)\nsys.settrace(lambda *_: None)\nsys.setprofile(lambda *_: None)',
  ],
  ['traces, and fails', 'import sys\ndef tracer(*_): raise ValueError("traced")\nsys.settrace(tracer)'],
  ['profiles, and fails', 'import sys\ndef tracer(*_): raise ValueError("traced")\nsys.setprofile(tracer)'],
  [
    'has no os',
    'import os\nfor name in ("read", "write", "fstat", "getpid", "stat", "lstat", "path", "set_blocking", "dup", "getcwd", "environ"): setattr(os, name, None)',
  ],
  ['has no time', 'import time\ntime.time = time.perf_counter = time.sleep = time.monotonic = None'],
  [
    'has no threads',
    'import threading\nthreading.get_ident = threading.current_thread = threading.main_thread = threading.RLock = threading.Thread = None',
  ],
  ['has no signals', 'import signal, _signal\nsignal.signal = _signal.signal = None'],
  [
    'has no sys',
    'import sys\nfor name in ("getsizeof", "exc_info", "_getframe", "intern", "flags", "version_info", "getrecursionlimit", "stdlib_module_names"): setattr(sys, name, None)',
  ],
  ['has no warnings', 'import warnings\nwarnings.warn = warnings.filters = warnings.showwarning = None'],
  [
    'uses up its memory',
    'import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (3, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))',
  ],
  ['has another folder, which is gone', 'import os, tempfile\nd = tempfile.mkdtemp()\nos.chdir(d)\nos.rmdir(d)'],
  ['is its own module', 'import sys\nclass M: pass\nsys.modules["__main__"] = M()'],
  ['has no names', 'globals().clear()'],
  ['has no encoder of text', 'import codecs\ncodecs.lookup = codecs.encode = codecs.getincrementalencoder = None'],
  ['closes its standard streams', 'import sys\nsys.stdout.close()\nsys.stderr.close()\nsys.stdin.close()'],
  [
    'has an object that is no module among its modules',
    'import sys\nclass M:\n    __file__ = 3\n    __spec__ = property(lambda _: 1 // 0)\nsys.modules["m"] = M()\nsys.modules[3] = None',
  ],
  [
    'has builtins that fail',
    'import builtins\ndef fail(*_, **__): raise SystemExit(3)\nfor name in ("getattr", "isinstance", "len", "type", "repr", "str"): setattr(builtins, name, fail)',
  ],
  [
    'has builtins that are equal to all',
    'import builtins\nclass Any:\n    def __eq__(self, _): return True\n    def __call__(self, *_): return 0\nfor name in ("getattr", "isinstance", "len"): setattr(builtins, name, Any())',
  ],
  ['has no linecache', 'import linecache\nlinecache.cache = None'],
];

/** What Python itself needs to compile, run or show anything. */
const fatal: readonly [string, string][] = [
  ['has no builtins any more', 'import builtins\nbuiltins.__dict__.clear()'],
  [
    'has no standard library',
    'import struct, collections, select, io, re, ast, linecache, traceback, types, functools, itertools, weakref\nfor m in (struct, collections, select, io, re, ast, linecache, traceback, types, functools, itertools, weakref):\n    for name in list(vars(m)):\n        if not name.startswith("__"): setattr(m, name, None)',
  ],
  [
    'has an audit hook that fails',
    'import sys\ndef hook(event, args):\n    if event in ("compile", "exec", "open"): raise RuntimeError(event)\nsys.addaudithook(hook)',
  ],
];

describe('after a cell that (W47)', () => {
  it.each(cells)('%s, the kernel runs the next one', async (_, code) => {
    const kernel = await startKernel();
    await kernel.run(code);
    const failed = await kernel.run('1 // 0');
    const next = await kernel.run('a = [1, 2]\na', { writes: ['a'] });
    expect(next.finished.outcome).toEqual({ type: 'ok' });
    expect(next.result?.['text/plain']).toBe('[1, 2]');
    expect(failed.finished.outcome).toMatchObject({ type: 'raised', error: { name: 'ZeroDivisionError' } });
  });

  it('has replaced builtins, the next one finds them replaced', async () => {
    const kernel = await startKernel();
    await kernel.run('import builtins\nbuiltins.len = lambda _: 7\nbuiltins.max = None\ndel builtins.min');
    const next = await kernel.run('print(len([]), max, "min" in dir(builtins))\nbuiltins.len = None');
    expect([next.stdout, next.finished.outcome.type]).toEqual(['7 None False\n', 'ok']);
    expect((await kernel.run('print(len)')).stdout).toBe('None\n');
  });

  it('asks for the low descriptors, they are free, as in Python', async () => {
    const kernel = await startKernel();
    const code =
      'import os\nf = os.open(os.devnull, os.O_RDONLY)\nprint(f)\ntry:\n    os.close(f + 1)\nexcept OSError as e:\n    print(e)';
    expect((await kernel.run(code)).stdout).toBe('3\n[Errno 9] Bad file descriptor\n');
  });

  it.each(fatal)('%s, the kernel lives and says what fails', async (_, code) => {
    const kernel = await startKernel();
    await kernel.run(code);
    const next = await kernel.run('a = [1, 2]\na', { writes: ['a'] });
    expect(next.finished.outcome).toMatchObject({ type: 'raised' });
    expect((await kernel.run('b = 1')).finished.step).toBe(3);
  });
});
