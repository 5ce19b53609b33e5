import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NextKernel, Spare } from '../../daemon/kernel/spare.ts';
import { spareLookMilliseconds } from '../../daemon/limits.ts';
import {
  emptyFolder,
  endKernels,
  installedPythons,
  startKernel,
  type TestKernel,
  testEnvironment,
  testPython,
} from '../support/kernel.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';

const kinds: readonly (readonly [string, boolean])[] = [
  ['that was started', false],
  ['that was forked', true],
];
let spare: Spare;

afterEach(async () => {
  spare.close();
  await endKernels();
});

async function somewhere(environment: Record<string, string> = {}): Promise<NextKernel> {
  const directory = emptyFolder();
  return {
    python: await testPython(),
    directory,
    environment: { ...testEnvironment(), ...environment },
    file: join(directory, 'notebook.py'),
    arguments: ['--fast'],
    leadingCodes: () => [],
    isBusy: () => false,
  };
}

/** The number of a spare that waits. */
async function waiting(place: NextKernel): Promise<number> {
  spare.prepare(place);
  await until(async () => (await spare.pid()) !== undefined, 'a spare waits');
  return (await spare.pid()) as number;
}

async function pidOf(kernel: TestKernel): Promise<number> {
  return Number((await kernel.run('import os\nos.getpid()')).result?.['text/plain']);
}

const everything = `
import gc, json, os, resource, signal, sys, threading
def look(descriptor):
  try: return os.readlink(f"/proc/self/fd/{descriptor}").split(":")[0].rpartition("/")[2]
  except OSError: return None
print(json.dumps({
  "environment": dict(os.environ), "folder": os.getcwd(), "arguments": sys.argv, "path": sys.path, "file": __file__,
  "original arguments": sys.orig_argv, "modules": sorted(sys.modules), "names": sorted(globals()),
  "signals": {n: repr(signal.getsignal(n)).split(" at ")[0] for n in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE)},
  "mask": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
  "descriptors": {d: look(d) for d in range(20) if look(d) is not None},
  "threads": threading.active_count(), "group": os.getpgrp() == os.getpid(), "session": os.getsid(0) == os.getpid(),
  "limits": [resource.getrlimit(l) for l in (resource.RLIMIT_NOFILE, resource.RLIMIT_CORE)], "umask": os.umask(0o22),
  "traced": sys.gettrace(), "collected": gc.get_threshold(), "switch": sys.getswitchinterval(),
}))`;

describe.each(kinds)('a spare %s', (_kind, forks) => {
  beforeEach(() => {
    spare = new Spare({ delayMilliseconds: 0, forks });
  });

  const pythons = installedPythons().filter(([version]) => /^3\.1[0-3]\./.test(version));
  if (pythons.length === 0)
    console.warn('skipped: spares of each Python from 3.10 to 3.13, because pyenv has none of them here.');
  it.each(pythons)(
    'becomes the kernel, and cannot be told from one that was started for it (Python %s)',
    async (_version, python) => {
      const place = { ...(await somewhere({ NUMBER: '17', PYTHONPATH: '/nowhere' })), python };
      const fresh = await (await startKernel(place)).run(everything);
      const pid = await waiting(place);
      const kernel = await startKernel(place, spare);
      expect(JSON.parse((await kernel.run(everything)).stdout)).toEqual(JSON.parse(fresh.stdout));
      expect(await pidOf(kernel)).toBe(pid);
      expect(kernel.kernel.pid).toBe(pid);
      expect(await spare.pid()).toBeUndefined();
      const code =
        'import multiprocessing, random\nwith multiprocessing.get_context("fork").Pool(2) as pool: print(sum(pool.map(abs, [-1, -2])))';
      expect((await kernel.run(code)).stdout).toBe('3\n');
    },
  );

  it('has random numbers of its own', async () => {
    const place = await somewhere();
    const seen = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const pid = await waiting({ ...place });
      const kernel = await startKernel(place, spare);
      seen.add((await kernel.run('import random\nprint(random.random())')).stdout);
      expect(kernel.kernel.pid).toBe(pid);
    }
    expect(seen.size).toBe(3);
  });

  it.each<readonly [string, (place: NextKernel) => NextKernel]>([
    ['the environment', (place) => ({ ...place, environment: { ...place.environment, NUMBER: '18' } })],
    ['the folder', (place) => ({ ...place, directory: emptyFolder() })],
  ])('is ended, and a process started instead, when %s is another', async (_name, change) => {
    const place = await somewhere();
    const pid = await waiting(place);
    const kernel = await startKernel(change(place), spare);
    expect(await pidOf(kernel)).not.toBe(pid);
    await until(() => !isAlive(pid), 'the spare is gone');
  });

  it('is not used when what Python does at its start has changed', async () => {
    const user = emptyFolder();
    const place = await somewhere({ PYTHONUSERBASE: user });
    const first = await startKernel(place);
    const site = (await first.run('import site\nprint(site.USER_SITE)')).stdout.trim();
    const pid = await waiting(place);
    mkdirSync(site, { recursive: true });
    writeFileSync(join(site, 'added.pth'), `${place.directory}\n`);
    const kernel = await startKernel(place, spare);
    expect((await kernel.run(`import sys\nsys.path.count(${JSON.stringify(place.directory)})`)).result?.['text/plain']).toBe('2');
    expect(kernel.kernel.pid).not.toBe(pid);
  });

  it('finds modules that were installed while it waited', async () => {
    const packages = emptyFolder();
    const place = await somewhere({ PYTHONPATH: packages });
    const pid = await waiting(place);
    writeFileSync(join(packages, 'installed.py'), 'value = 17');
    const kernel = await startKernel(place, spare);
    expect((await kernel.run('import installed\ninstalled.value')).result?.['text/plain']).toBe('17');
    expect(kernel.kernel.pid).toBe(pid);
  });

  it('looks already when it will be asked for, and again where that takes long', async () => {
    const user = emptyFolder();
    const place = await somewhere({ PYTHONPATH: user });
    const first = await waiting(place);
    spare.expect();
    const kernel = await startKernel(place, spare);
    expect(await pidOf(kernel)).toBe(first);
    const second = await waiting(place);
    spare.expect();
    await wait(spareLookMilliseconds);
    writeFileSync(join(user, 'usercustomize.py'), '');
    expect(await pidOf(await startKernel(place, spare))).not.toBe(second);
  });

  it('waits for the steps that run', async () => {
    let isBusy = true;
    const place = { ...(await somewhere()), isBusy: () => isBusy };
    spare.prepare(place);
    await wait(100);
    expect(await spare.pid()).toBeUndefined();
    isBusy = false;
    await until(async () => (await spare.pid()) !== undefined, 'a spare waits');
  });

  it('may have died: a process is started instead', async () => {
    const place = await somewhere();
    const pid = await waiting(place);
    process.kill(pid, 'SIGKILL');
    const kernel = await startKernel(place, spare);
    expect(await pidOf(kernel)).not.toBe(pid);
  });

  it('is gone when it is not wanted any more, also when it was only about to start', async () => {
    const place = await somewhere();
    const pid = await waiting(place);
    spare.close();
    await until(() => !isAlive(pid), 'the spare is gone');
    spare.prepare(place);
    spare.close();
    expect(await spare.pid()).toBeUndefined();
  });

  it('may be stopped as soon as it is a kernel', async () => {
    const place = await somewhere();
    await waiting(place);
    const kernel = await startKernel(place, spare);
    kernel.kernel.kill();
    expect(await kernel.died()).toMatchObject({ wasAsked: true });
  });
});
