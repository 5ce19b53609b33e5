/**
 * Fixes that `check --fix` applies by itself keep what a notebook says when its cells run from top to bottom: random notebooks, each
 * fix alone, before and after, under plain Python.
 */
import { spawn } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyEdits } from '../../clients/cli/edits.ts';
import { checkNotebook } from '../../daemon/core/check/check.ts';
import type { CheckProblem, Fix } from '../../daemon/core/check/problem.ts';
import { parse } from '../core/analysis/support.ts';
import { marimo, notebookOf, script } from '../core/check/support.ts';
import { testPython } from '../support/kernel.ts';

const millisecondsMax = 300_000;
const notebooks = 600;
/** Of each kind of fix, in notebooks that do not fail before it. */
const tellingMin = 20;
const seed = Number(process.env['SEED'] ?? 20_262);

const name = fc.constantFrom('a', 'b', 'c', '_d');
const statement = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(name, fc.nat(9)).map(([x, n]) => `${x} = [${n}]`) },
  { weight: 3, arbitrary: fc.tuple(name, name).map(([x, y]) => `${x} = ${y} + [1]`) },
  { weight: 3, arbitrary: fc.tuple(name, fc.nat(9)).map(([x, n]) => `${x}.append(${n})`) },
  { weight: 2, arbitrary: fc.tuple(name, name).map(([x, y]) => `${x}.extend(\n    ${y})  # more`) },
  { weight: 3, arbitrary: name.map((x) => `print(${x})`) },
  fc.tuple(name, name).map(([x, y]) => `def f():\n    return ${x}, ${y}`),
  fc.constant('print(f())'),
  name.map((x) => `if len(${x}) > 1:\n    ${x} = [7]`),
  fc.tuple(name, name).map(([x, y]) => `for ${x} in ([1], [2]):\n    print(${x}, ${y})`),
  fc.tuple(name, name).map(([x, y]) => `print([${x} for ${x} in ${y}], f"{${x}}")`),
  name.map((x) => `${x} += [3]`),
  name.map((x) => `class C:\n    ${x} = ${x}\nprint(C.${x})`),
);
const cell = fc.array(statement, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n'));
/** Most notebooks define what they read, so that most of them do not fail. */
const beginning = fc.constantFrom('a = [1]\nb = [2]\nc = [3]\n_d = [4]', 'b = [2]\nc = [3]', 'a = [1]\nprint(a)', 'c = [3]');
const cells = fc.tuple(beginning, fc.array(cell, { minLength: 2, maxLength: 6 })).map(([first, rest]) => [first, ...rest]);

/** Of objects that are made once, and changed elsewhere. */
const change = fc.oneof(
  fc.tuple(name, fc.nat(9)).map(([x, n]) => `${x}.append(${n})`),
  fc.tuple(name, name).map(([x, y]) => `${x}.extend(\n    ${y})  # more`),
  fc.tuple(name, name).map(([x, y]) => `${x}[0] = ${y}`),
  name.map((x) => `print(${x})`),
  fc.constantFrom('one = 1', 'two = a', 'print(one)', 'a.append(one)', 'c.append("""a\n  b""")'),
);
const changed = fc
  .tuple(
    fc.constantFrom('a = [1]\nb = [2]', 'a = [1]\nb = [2]\nb'),
    fc.constantFrom('c = [3]', 'c = list(a)'),
    fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
  )
  .map(([first, second, rest]) => [first, second, ...rest.map((lines) => lines.join('\n'))]);

interface Change {
  readonly title: string;
  readonly before: string;
  readonly after: string;
}

it.each([
  ['scripts', script, cells, ['Rename']],
  ['notebooks of marimo', marimo, cells, ['Rename', 'Make']],
  ['notebooks of marimo that change objects', marimo, changed, ['Move']],
] as const)('in %s', { timeout: millisecondsMax }, async (_, write, written, kinds) => {
  const texts = fc.sample(written, { numRuns: notebooks, seed }).map((codes) => write(...codes));
  const changes = texts.flatMap(changesOf);
  const said = await run(changes.flatMap(({ before, after }) => [before, after]));
  const [befores, afters] = [said.filter((_, at) => at % 2 === 0), said.filter((_, at) => at % 2 === 1)];
  const telling = changes.filter((_, at) => befores[at]?.isFailed === false);
  for (const kind of kinds)
    expect(telling.filter(({ title }) => title.startsWith(kind)).length, kind).toBeGreaterThan(tellingMin);
  const different = changes.filter((_, at) => !isKept(befores[at] as Said, afters[at] as Said));
  expect(different.map(({ title, before, after }) => `${title}\n${before}\n-----\n${after}`)).toEqual([]);
});

/** A notebook that fails may fail elsewhere; one that does not has to say the same. */
function isKept(before: Said, after: Said): boolean {
  return before.isFailed || (!after.isFailed && before.text === after.text);
}

function changesOf(text: string): readonly Change[] {
  return problemsIn(text).flatMap(({ fixes }) =>
    fixes.filter(({ isManual }) => !isManual).map((fix) => ({ title: fix.title, before: text, after: applied(text, fix) })),
  );
}

function problemsIn(text: string): readonly CheckProblem[] {
  return checkNotebook(notebookOf(text), { parse });
}

function applied(text: string, { edits }: Fix): string {
  return applyEdits(
    text,
    edits.map(({ range, newText }) => ({ range: { start: { ...range.start }, end: { ...range.end } }, newText })),
  );
}

interface Said {
  readonly text: string;
  readonly isFailed: boolean;
}

/** All cells from top to bottom, each notebook in a namespace of its own; each cell of marimo has its own private names. */
async function run(texts: readonly string[]): Promise<readonly Said[]> {
  const programs = texts.map((text) => {
    const { cells, format } = notebookOf(text);
    const own = (code: string, at: number) => (format === 'marimo' ? code.replace(/\b_(?=[a-d]\b)/g, `_${at}_`) : code);
    return cells.map(({ cell: { code } }, at) => own(code, at));
  });
  const child = spawn(await testPython(), ['-I', '-c', runner], { stdio: ['pipe', 'pipe', 'inherit'] });
  let answer = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    answer += part;
  });
  child.stdin.end(JSON.stringify(programs));
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(answer) as Said[];
}

const runner = `
import contextlib, io, json, sys

def run(program):
    names, text = {"__name__": "notebook"}, io.StringIO()
    with contextlib.redirect_stdout(text):
        try:
            for code in program:
                exec(code, names)
        except Exception:
            return {"text": text.getvalue(), "isFailed": True}
    return {"text": text.getvalue(), "isFailed": False}

json.dump([run(program) for program in json.load(sys.stdin)], sys.stdout)
`;
