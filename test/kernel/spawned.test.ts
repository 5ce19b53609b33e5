/** Processes started by spawn that are slow to start, while the notebook goes on. */
import { afterAll, expect, it } from 'vitest';
import { endKernels, startKernel } from '../support/kernel.ts';

afterAll(endKernels);

/** Stands in for the interpreter, and lets a child begin only when there is a file `go`. */
const slowPython = `
import multiprocessing, os, sys
spawn = multiprocessing.get_context("spawn")
with open("slow-python", "w") as script:
    script.write(f'''#!/bin/sh
case "$*" in *--multiprocessing-fork*) until [ -e go ]; do sleep 0.01; done;; esac
exec {sys.executable} "$@"
''')
os.chmod("slow-python", 0o755)
`;

const started = (name: string, python: string): string => `
spawn.set_executable(${python})
${name} = spawn.Process(target=work, args=("${name}",))
${name}.start()
`;

it('have the definitions of the moment at which they were started (W17)', async () => {
  const kernel = await startKernel();
  const define = (word: string) =>
    kernel.run(`def work(name):\n  with open(name, "w") as file: file.write("${word}")`, { unbind: ['work'], writes: ['work'] });
  await kernel.run(slowPython, { writes: ['multiprocessing', 'os', 'sys', 'spawn', 'script'] });
  await define('old');
  await kernel.run(started('first', 'os.path.abspath("slow-python")'), { writes: ['first'] });
  await define('new');
  await kernel.run(`${started('second', 'sys.executable')}\nsecond.join()`, { writes: ['second'] });
  const { finished, result } = await kernel.run(
    'open("go", "w").close()\nfirst.join()\n[open(name).read() for name in ("first", "second")]',
  );
  expect(finished.outcome).toEqual({ type: 'ok' });
  expect(result?.['text/plain']).toBe("['old', 'new']");
});
