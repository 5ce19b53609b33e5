import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findInterpreter } from '../../daemon/kernel/interpreter.ts';
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
