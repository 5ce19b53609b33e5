import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findInterpreter, guessInterpreter } from '../../daemon/kernel/interpreter.ts';
import { emptyFolder, endKernels, testPython } from '../support/kernel.ts';

let real: string;

beforeAll(async () => {
  real = await testPython();
});

afterEach(endKernels);

/** A folder with `bin/python` that leads to a real one, as virtual environments have it. */
function environmentIn(folder: string): string {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  symlinkSync(real, join(folder, 'bin', 'python'));
  return join(folder, 'bin', 'python');
}

/** A project with a `.venv` and a folder for notebooks in it. */
function project(): { root: string; notebooks: string; python: string } {
  const root = emptyFolder();
  const notebooks = join(root, 'deep', 'notebooks');
  mkdirSync(notebooks, { recursive: true });
  writeFileSync(join(root, 'pyproject.toml'), '');
  return { root, notebooks, python: environmentIn(join(root, '.venv')) };
}

describe('the interpreter (W13)', () => {
  it('is the one that is asked for, before all others', async () => {
    const { notebooks, root } = project();
    const python = environmentIn(join(root, 'mine'));
    const found = await findInterpreter({
      python,
      environment: { VIRTUAL_ENV: join(root, '.venv') },
      notebookDirectory: notebooks,
    });
    expect(found).toEqual({ python, source: 'as asked for' });
  });

  it.each(['VIRTUAL_ENV', 'CONDA_PREFIX'])('is that of %s of whoever opened the notebook', async (name) => {
    const { notebooks } = project();
    const prefix = emptyFolder();
    const python = environmentIn(prefix);
    expect(await findInterpreter({ environment: { [name]: prefix }, notebookDirectory: notebooks })).toEqual({
      python,
      source: name,
    });
  });

  it('is that of .venv beside the notebook, then of .venv beside the nearest pyproject.toml', async () => {
    const { notebooks, python } = project();
    const upwards = await findInterpreter({ environment: {}, notebookDirectory: notebooks });
    expect(upwards).toEqual({ python, source: '.venv beside pyproject.toml' });
    const nearer = environmentIn(join(notebooks, '.venv'));
    const beside = await findInterpreter({ environment: {}, notebookDirectory: notebooks });
    expect(beside).toEqual({ python: nearer, source: '.venv beside the notebook' });
  });

  it('is not that of an environment that is gone', async () => {
    const { notebooks, python } = project();
    const found = await findInterpreter({ environment: { VIRTUAL_ENV: '/nowhere' }, notebookDirectory: notebooks });
    expect(found).toMatchObject({ python });
  });

  it('is python3 on the PATH at last, past a shim that is asked once', async () => {
    const bin = emptyFolder();
    const asked = join(bin, 'asked');
    writeFileSync(join(bin, 'python3'), `#!/bin/sh\necho asked >> ${asked}\nexec ${real} "$@"\n`);
    chmodSync(join(bin, 'python3'), 0o755);
    const request = { environment: { PATH: `relative:${bin}:/bin` }, notebookDirectory: emptyFolder() };
    const expected = { python: real, source: 'python3 on the PATH' };
    expect(await findInterpreter(request)).toEqual(expected);
    expect(await findInterpreter(request)).toEqual(expected);
    expect(readFileSync(asked, 'utf8')).toBe('asked\n');
  });

  it('is, where there is none at all, the one that Headwater was installed with', async () => {
    const notebookDirectory = emptyFolder();
    const installed = environmentIn(emptyFolder());
    const environment = { PATH: emptyFolder(), HEADWATER_FALLBACK_PYTHON: installed };
    const source = 'the Python that Headwater was installed with';
    expect(await findInterpreter({ environment, notebookDirectory })).toEqual({ python: installed, source });
    const own = { ...environment, VIRTUAL_ENV: dirname(dirname(environmentIn(emptyFolder()))) };
    expect(await findInterpreter({ environment: own, notebookDirectory })).toMatchObject({ source: 'VIRTUAL_ENV' });
    expect(await findInterpreter({ environment, notebookDirectory, python: 'python3.12' })).toHaveProperty('problem');
    const gone = { ...environment, HEADWATER_FALLBACK_PYTHON: join(notebookDirectory, 'gone') };
    expect(await findInterpreter({ environment: gone, notebookDirectory })).toHaveProperty('problem');
  });

  it('keeps the path of a link, since that makes the environment', async () => {
    const bin = emptyFolder();
    symlinkSync(real, join(bin, 'python3'));
    const found = await findInterpreter({ environment: { PATH: bin }, notebookDirectory: emptyFolder() });
    expect(found).toEqual({ python: join(bin, 'python3'), source: 'python3 on the PATH' });
  });

  it('may be named like a command', async () => {
    const found = await findInterpreter({
      python: 'python3',
      environment: { PATH: dirname(real) },
      notebookDirectory: emptyFolder(),
    });
    expect(found).toMatchObject({ source: 'as asked for' });
    expect('python' in found && existsSync(found.python)).toBe(true);
  });

  it.each([
    ['a path with nothing there', { python: '/nowhere/python' }, 'There is no Python at /nowhere/python.'],
    ['a command that nobody knows', { python: 'python9' }, 'There is no python9 on the PATH'],
    ['nothing at all', {}, 'There is no python3 on the PATH'],
  ])('is a problem in words for %s', async (_name, named, problem) => {
    const found = await findInterpreter({ ...named, environment: { PATH: '/nowhere' }, notebookDirectory: emptyFolder() });
    expect('problem' in found && found.problem).toContain(problem);
  });

  it('is a problem when a shim leads nowhere', async () => {
    const bin = emptyFolder();
    writeFileSync(join(bin, 'python3'), '#!/bin/sh\nexit 127\n');
    chmodSync(join(bin, 'python3'), 0o755);
    const found = await findInterpreter({ environment: { PATH: `${bin}:/bin` }, notebookDirectory: emptyFolder() });
    expect(found).toEqual({
      problem: `${join(bin, 'python3')} does not start Python; choose another interpreter with --python.`,
    });
  });

  it('of a real virtual environment starts in it', async () => {
    const folder = emptyFolder();
    execFileSync(real, ['-m', 'venv', '--without-pip', join(folder, '.venv')]);
    const found = await findInterpreter({ environment: {}, notebookDirectory: folder });
    if ('problem' in found) throw new Error(found.problem);
    const prefix = execFileSync(found.python, ['-c', 'import sys; print(sys.prefix)']).toString().trim();
    expect(prefix).toBe(join(folder, '.venv'));
  });
});

/** A shim in asdf's shape: it goes up from where it is for a `.tool-versions`, and starts what is named there. Who was started is written down. */
function shimOutside(): { bin: string; started: () => string } {
  const bin = join(emptyFolder(), 'shims');
  mkdirSync(bin);
  const log = join(bin, 'log');
  const shim = `#!/bin/sh
at="\${PYENV_DIR:-$PWD}"
while [ "$at" != / ]; do
  if [ -f "$at/.tool-versions" ]; then
    . "$at/.tool-versions"
    echo "$at" >> ${log}
    exec "$at/$python" "$@"
  fi
  at=$(dirname "$at")
done
echo "$PWD" >> ${log}
exec ${real} "$@"
`;
  writeFileSync(join(bin, 'python3'), shim);
  chmodSync(join(bin, 'python3'), 0o755);
  return { bin, started: () => (existsSync(log) ? readFileSync(log, 'utf8') : '') };
}

/** A folder that has its own idea of what Python is. */
function hostileFolder(): { folder: string; notebooks: string; ran: () => boolean } {
  const folder = emptyFolder();
  const notebooks = join(folder, 'notebooks');
  mkdirSync(notebooks);
  writeFileSync(join(folder, 'pyproject.toml'), '');
  writeFileSync(join(folder, '.tool-versions'), 'python=evil\n');
  writeFileSync(join(folder, 'evil'), `#!/bin/sh\ntouch ${join(folder, 'ran')}\nexec ${real} "$@"\n`);
  chmodSync(join(folder, 'evil'), 0o755);
  return { folder, notebooks, ran: () => existsSync(join(folder, 'ran')) };
}

describe('before anything has run in a folder (W42)', () => {
  it('a shim is asked elsewhere, whatever the environment says of where it is', async () => {
    const { bin, started } = shimOutside();
    const { folder, notebooks, ran } = hostileFolder();
    const environment = { PATH: `${bin}:/bin:/usr/bin`, PWD: notebooks, OLDPWD: folder, PYENV_DIR: notebooks };
    const found = await guessInterpreter({ environment, notebookDirectory: notebooks });
    expect(found).toEqual({ python: real, source: 'python3 on the PATH' });
    expect(started()).toBe('/\n');
    expect(ran()).toBe(false);
  });

  it('what a run was told in the folder counts from then on', async () => {
    const { bin, started } = shimOutside();
    const { folder, notebooks, ran } = hostileFolder();
    const request = { environment: { PATH: `${bin}:/bin:/usr/bin` }, notebookDirectory: notebooks };
    expect(await findInterpreter(request)).toMatchObject({ python: real });
    expect(ran()).toBe(true);
    await guessInterpreter(request);
    expect(started()).toBe(`${folder}\n`);
  });

  it.each([
    ['is named by its path', (folder: string) => ({ python: join(folder, 'evil'), PATH: '/bin:/usr/bin' })],
    ['is named by a path from the notebook', () => ({ python: '../evil', PATH: '/bin:/usr/bin' })],
    ['is named like a command of the project', (folder: string) => ({ python: 'evil', PATH: `${folder}:/bin` })],
  ])('a script of the folder is not started, where it %s', async (_, named) => {
    const { folder, notebooks, ran } = hostileFolder();
    const { python, PATH } = named(folder);
    const found = await guessInterpreter({ python, environment: { PATH }, notebookDirectory: notebooks });
    expect(found).toEqual({ python: join(folder, 'evil'), source: 'as asked for' });
    expect(ran()).toBe(false);
  });

  it.each(['.python-version', 'notebooks/.python-version'])('a %s with a way out of pyenv leads nowhere', async (file) => {
    const root = emptyFolder();
    mkdirSync(join(root, 'shims'));
    mkdirSync(join(root, 'bin'));
    const { folder, notebooks } = hostileFolder();
    writeFileSync(join(folder, file), '..\n');
    for (const script of ['shims/python3', 'bin/python3']) {
      writeFileSync(join(root, script), `#!/bin/sh\nexec ${real} "$@"\n`);
      chmodSync(join(root, script), 0o755);
    }
    const found = await guessInterpreter({ environment: { PATH: join(root, 'shims') }, notebookDirectory: notebooks });
    expect(found).toMatchObject({ python: real });
  });

  it('a link to a program that is no Python is a shim, as those of mise are', async () => {
    const bin = emptyFolder();
    symlinkSync('/bin/echo', join(bin, 'python3'));
    const environment = { PATH: `${bin}:/bin:/usr/bin` };
    expect(await guessInterpreter({ environment, notebookDirectory: '/' })).toHaveProperty('problem');
  });
});
