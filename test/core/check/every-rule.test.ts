/**
 * Each rule of the table: its page's example shows it, a mended text does not, a comment and a setting switch it off, and its fix
 * mends it. What only the world can tell is asked of a real Python.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { applyEdits } from '../../../clients/cli/edits.ts';
import type { CheckOptions } from '../../../daemon/core/check/check.ts';
import { rules } from '../../../daemon/core/check/rules.ts';
import { buildGraph, withObserved } from '../../../daemon/core/graph/edit.ts';
import type { Graph } from '../../../daemon/core/graph/graph.ts';
import { nothingObserved } from '../../../daemon/core/graph/observed.ts';
import { nodeHost } from '../../../daemon/node/host.ts';
import { askingBy } from '../../../daemon/node/python/ask.ts';
import { findOurPython } from '../../../daemon/node/python/our-python.ts';
import { ProbeProcess } from '../../../daemon/node/python/probe-process.ts';
import { findAllProblems } from '../../../daemon/problems/problems.ts';
import { settingsIn } from '../../../daemon/problems/settings.ts';
import { Reader } from '../../../daemon/reading/reading.ts';
import type { Problem } from '../../../protocol/types.ts';
import { emptyFolder } from '../../clients/cli/headwater.ts';
import { testPython } from '../../support/kernel.ts';
import { parse } from '../analysis/support.ts';
import { marimo, script } from './support.ts';

const python = await testPython();
const folder = emptyFolder();
const environment = { HOME: folder, PATH: process.env['PATH'] ?? '' };
const probe = new ProbeProcess({ findPython: () => findOurPython(environment) });
afterAll(() => probe.close());

/** The name of the notebook's file matters to one rule alone. */
const fileNames: Readonly<Record<string, string>> = { 'shadowed-module': 'random.py' };

async function problemsOf(text: string, code: string, options: CheckOptions = {}): Promise<readonly Problem[]> {
  // A file without an app is no notebook; one that loses it while it is edited stays one.
  const reading = new Reader(parse, code === 'no-app' ? 'marimo' : undefined).read(text);
  if (typeof reading === 'string') throw new Error(`${reading}: ${text}`);
  const path = join(folder, fileNames[code] ?? 'notebook.py');
  const cells = reading.cells.map(({ cell }) => cell);
  const file = { reading, graph: asIfRun(buildGraph(reading.format, cells)), text, parse };
  const { problems } = await findAllProblems(
    file,
    { isThorough: true, ...options },
    { path, parse, files: nodeHost.files, environment, python, askPython: askingBy((_, question) => probe.ask(question)) },
  );
  return problems;
}

/** What the run shows of cells that change a list of another cell under the name `ys`. */
function asIfRun(graph: Graph): Graph {
  const changer = [...graph.cells.values()].find(({ code }) => code.startsWith('ys = xs\n'));
  const seen = { name: 'xs', line: 1, inside: undefined };
  return changer ? withObserved(graph, changer.id, { ...nothingObserved, changes: [seen] }).graph : graph;
}

const found = async (text: string, code: string, options: CheckOptions = {}) =>
  (await problemsOf(text, code, options)).filter((problem) => problem.code === code);

function exampleOf(code: string): string {
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'problems', `${code}.md`), 'utf8');
  const example = /```python\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const isWhole = example.includes('# %%') || example.includes('import marimo');
  return isWhole ? example : `import marimo\n\napp = marimo.App()\n\n${example}`;
}

/** A text like the example of each page, but right. */
const mended: Readonly<Record<string, string>> = {
  'syntax-error': script('x = 8'),
  unparsable: marimo('x = (1)'),
  'unreadable-cell': marimo('x = 1'),
  'no-app': marimo('x = 1'),
  'under-indented': marimo('x = 1'),
  'stray-statement': marimo('x = 1'),
  decorator: marimo('@cache\ndef f():\n    return'),
  'multiple-definition': script('x = 1', 'y = 2'),
  cycle: marimo('a = 1', 'b = a'),
  'undefined-name': script('amount = 1', 'print(amount)'),
  'read-above-definition': script('x = 1', 'print(x)'),
  'private-name': marimo('x = 1', 'print(x)'),
  'setup-dependency': marimo('setup:x = 1\ny = x'),
  'mutation-across-cells': marimo('xs = []\nxs.append(1)', 'print(xs)'),
  'hidden-mutation': script('xs = []', 'ys = list(xs)\nys.append(1)'),
  'stale-signature': exampleOf('stale-signature').replace('_(y)', '_(x)'),
  'opaque-definition': script('exec("x = 1", {})'),
  'opaque-read': script('x = 1', 'print(eval("x"))'),
  'star-import': script('from math import pi'),
  'no-break-space': script('x = 1'),
  magic: script('# %matplotlib inline'),
  'empty-cell': script('x = 1', 'y = 1'),
  'displaced-marker': script('import os\nimport sys'),
  'unused-definition': script('used = 1', 'print(used)'),
  'missing-import': script('import json'),
  'shadowed-module': script('import json'),
  'missing-file': script('open("data.txt", "w")', 'open("data.txt")'),
};

describe.each(rules.map(({ code }) => code))('%s', (code) => {
  const example = exampleOf(code);

  it('is shown by the example of its page', async () => {
    expect(await found(example, code)).not.toEqual([]);
  });

  it('is silent about a text that is right', async () => {
    expect(await found(mended[code] as string, code)).toEqual([]);
  });

  it('is switched off by a comment on its line, and by no other', async () => {
    const before = await found(example, code);
    const line = (before[0] as Problem).range.start.line;
    const elsewhere = before.filter(({ range }) => range.start.line !== line);
    const commented = (comment: string) =>
      example
        .split('\n')
        .map((one, at) => (at === line ? `${one}  # headwater: ignore${comment}` : one))
        .join('\n');
    expect(await found(commented(`[${code}]`), code)).toHaveLength(elsewhere.length);
    expect(await found(commented(''), code)).toHaveLength(elsewhere.length);
    // A marker with words behind it has a title, and its cell is a heading.
    if (code !== 'empty-cell') expect(await found(commented('[other]'), code)).toHaveLength(before.length);
  });

  it('is switched off by pyproject.toml', async () => {
    const { disabled, complaints } = settingsIn(`[tool.headwater]\ndisable = ["${code}"]\n`, 'pyproject.toml');
    expect(complaints).toEqual([]);
    expect(await found(example, code, { disabled })).toEqual([]);
  });

  it('has fixes that mend it, and bring no error', async () => {
    for (const problem of await found(example, code)) {
      for (const { edits } of problem.fixes ?? []) {
        const after = applyEdits(example, edits);
        const remaining = (await found(after, code)).filter(({ message }) => message === problem.message);
        expect(remaining, after).toEqual([]);
        expect(errors(await problemsOf(after, code)), after).toBeLessThanOrEqual(errors(await problemsOf(example, code)));
      }
    }
  });
});

it('knows which rules have fixes for the examples of their pages', async () => {
  const withFixes = [];
  for (const { code } of rules) if ((await found(exampleOf(code), code)).some(({ fixes }) => fixes)) withFixes.push(code);
  expect(withFixes).toEqual([
    'multiple-definition',
    'undefined-name',
    'private-name',
    'mutation-across-cells',
    'stale-signature',
    'no-break-space',
    'magic',
    'empty-cell',
    'displaced-marker',
  ]);
});

function errors(problems: readonly Problem[]): number {
  return problems.filter(({ severity }) => severity === 'error').length;
}
