/** What the judge of random histories takes for a fresh run. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testPython } from '../support/kernel.ts';
import { type Python, pythonWith } from './histories/examine.ts';

let python: Python;
beforeAll(async () => {
  python = await pythonWith(await testPython());
});
afterAll(() => python.runs.stop());

it('gives a cell the names of the cells above it, and from below what one cell alone binds', async () => {
  const cells = [
    'print(b)\na = 3',
    'a, b = 0, 1\nprint(a)',
    'print(a)\ndel b',
    'try:\n    b\nexcept NameError:\n    print("none")',
  ];
  expect(await printed({ format: 'percent', cells, order: [1, 0, 2, 3] })).toEqual(['1\n', '0\n', '0\n', 'none\n']);
});

it('takes the cells of a marimo notebook in the order of their names', async () => {
  expect(await printed({ format: 'marimo', cells: ['print(a)', 'a = 1'], order: [] })).toEqual(['1\n', '']);
});

it.each([
  ['a generator that a name holds', 'import random\nx = random.Random(0)', 'x.random()', 'x.randrange(100)'],
  ['that of random', 'import random\nrandom.seed(0)', 'random.random()', 'random.randrange(100)'],
  ['the environment', 'import os', 'os.environ["HW_A"] = "1"', 'os.environ.get("HW_A")'],
  ['a name', 'x = 1', 'x = 2', 'x'],
])('after a cell that fails, %s is as before it', async (_, first, change, use) => {
  const without = await printed({ format: 'percent', cells: [first, `print(${use})`], order: [0, 1] });
  const cells = [first, `${change}\nmissing`, `print(${use})`];
  expect((await printed({ format: 'percent', cells, order: [0, 1, 2] }))[2]).toBe(without[1]);
});

it('after a cell that fails, an object that it changed stays changed', async () => {
  const cells = ['x = []', 'x.append(1)\nmissing', 'print(x)'];
  expect(await printed({ format: 'percent', cells, order: [0, 1, 2] })).toEqual(['', '', '[1]\n']);
});

async function printed(asked: Omit<Parameters<Python['runs']['of']>[0], 'folder'>) {
  const folder = await mkdtemp(join(tmpdir(), 'hw-run-'));
  const { cells } = await python.runs.of({ ...asked, folder });
  return cells.map((cell) => cell?.printed);
}
