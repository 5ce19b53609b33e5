/**
 * `headwater check` on other people's notebooks: each error that it tells is one that is known to be true, with its reason. A small
 * version of `npm run corpus`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildGraph } from '../../daemon/core/graph/edit.ts';
import { nodeHost } from '../../daemon/node/host.ts';
import { askingBy } from '../../daemon/node/python/ask.ts';
import { findAllProblems } from '../../daemon/problems/problems.ts';
import { Reader } from '../../daemon/reading/reading.ts';
import { parse } from '../core/analysis/support.ts';
import { testPython } from '../support/kernel.ts';
import { marimoNotebooks } from '../support/marimo.ts';
import { fetchScripts, scripts, scriptsFolder } from '../support/scripts.ts';

const millisecondsMax = 300_000;
const python = await testPython();

interface Known {
  readonly file: string;
  readonly codes: readonly string[];
  readonly reason: string;
}

const list = join(import.meta.dirname, '..', '..', 'bench', 'check', 'known-errors.json');
const knownErrors = JSON.parse(readFileSync(list, 'utf8')) as readonly Known[];

it('accuses none of marimo’s own notebooks of what is not true', { timeout: millisecondsMax }, async ({ skip }) => {
  const files = await marimoNotebooks();
  if ('skipped' in files) return skip(`skipped: ${files.skipped}`);
  const paths = files.notebooks.map(({ path, text }) => ({ path: `marimo/${path}`, text }));
  await compare(paths, (path) => path.startsWith('marimo/'));
});

it('accuses no published script of what is not true', { timeout: millisecondsMax }, async ({ skip }) => {
  const missing = await fetchScripts(python);
  if (missing !== undefined) return skip(`skipped: ${missing}`);
  const files = scripts.map((path) => ({ path, text: readFileSync(join(scriptsFolder, path), 'utf8') }));
  await compare(files, (path) => scripts.includes(path));
});

async function compare(files: readonly { path: string; text: string }[], isHere: (path: string) => boolean): Promise<void> {
  const told = new Set<string>();
  for (const { path, text } of files) for (const code of await errorsIn(path, text)) told.add(`${path}: ${code}`);
  const known = knownErrors.flatMap(({ file, codes }) => (isHere(file) ? codes.map((code) => `${file}: ${code}`) : []));
  expect([...told].sort()).toEqual(known.sort());
}

async function errorsIn(path: string, text: string): Promise<readonly string[]> {
  const reading = new Reader(parse).read(text);
  if (typeof reading === 'string') throw new Error(`${path} is ${reading}`);
  const cells = reading.cells.map(({ cell }) => cell);
  const file = { reading, graph: buildGraph(reading.format, cells), text, parse };
  const environment = { PATH: process.env['PATH'] ?? '' };
  const world = { path: join(scriptsFolder, path), parse, files: nodeHost.files, environment, python, askPython: askingBy() };
  const { problems } = await findAllProblems(file, { isThorough: true }, world);
  return problems.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}
