/** Random edits through a session: what it tells after each equals what a session says that is opened with the text as it is. SEED=… makes others. */
import { expect, it } from 'vitest';
import type { Session } from '../../../daemon/session/session.ts';
import { applyChange } from '../../../protocol/changes.ts';
import type { NotebookView } from '../../../protocol/types.ts';
import { parse } from '../../core/analysis/support.ts';
import { howMany } from '../../support/histories.ts';
import { pick, type Roll, random } from '../../support/random.ts';
import { testSession } from '../../support/session.ts';

const seed = Number(process.env['SEED'] ?? 17);
const histories = howMany(40);
const editsPerHistory = 40;

const pieces = [
  'x = 1',
  'y = x + 1',
  'print(y, lost)',
  'def f():\n    return x + later',
  'later = f()',
  'xs = []',
  'xs.append(x)',
  'import os',
  'from math import *',
  'exec(code)',
  '%matplotlib inline',
  '_private = 1',
  'print(_private)',
  'del y',
  'y =',
  'text = """a\nb"""',
  'y += 1',
  'a = b',
  'b = a',
  'setattr(os, "a", 1)',
  'for i in xs:\n    y = i',
  'print(xz)  # headwater: ignore',
];

const makers = {
  percent: (codes: readonly string[]) => codes.map((code) => `# %%\n${code}\n`).join('\n'),
  marimo: (codes: readonly string[]) =>
    `import marimo\n\napp = marimo.App()\n\n${codes.map((code) => `\n@app.cell\ndef _():\n${code.replace(/^(?=.)/gm, '    ')}\n    return\n`).join('\n')}`,
};

it.each(['percent', 'marimo'] as const)(`tells of an edited %s notebook what is said of it anew (SEED=${seed})`, (format) => {
  const roll = random(seed);
  let quick = 0;
  for (let history = 0; history < histories; history += 1) {
    let text = makers[format](Array.from({ length: 3 + roll(5) }, () => pick(roll, pieces)));
    const session = open(format, text);
    session.openText('editor', 1, text);
    let folded = structuredClone(session.view());
    for (let edit = 0; edit < editsPerHistory; edit += 1) {
      const { start, end, added } = randomEdit(roll, text, format);
      const from = session.seq;
      session.changeText('editor', edit + 2, [
        { range: { start: positionAt(text, start), end: positionAt(text, end) }, text: added },
      ]);
      text = text.slice(0, start) + added + text.slice(end);
      const events = session.events.since(from) ?? [];
      quick += Number(events.every((event) => event.type !== 'text' || event.layout === undefined));
      for (const event of events) folded = applyChange(folded, structuredClone(event));
      const context = JSON.stringify({ history, edit, text });
      expect(folded, context).toEqual(session.view());
      expect(plain(folded), context).toEqual(plain(open(format, text).view()));
    }
  }
  expect(quick, 'edits that told no whole layout').toBeGreaterThan((histories * editsPerHistory) / 4);
});

function open(format: 'percent' | 'marimo', text: string): Session {
  return testSession({ text, format, parse });
}

function randomEdit(roll: Roll, text: string, format: 'percent' | 'marimo') {
  const lines = [...text.matchAll(/^.*$/gm)];
  const line = pick(roll, lines);
  const start = line.index + roll(line[0].length + 1);
  const indent = format === 'marimo' ? '    ' : '';
  switch (roll(8)) {
    case 0:
      return { start, end: start, added: pick(roll, ['a', 'x', '(', ')', '"', ' ', '1', '#', '\n', '.b']) };
    case 1:
      return { start, end: Math.min(text.length, start + 1), added: '' };
    case 2:
      return { start: line.index, end: line.index, added: `${indent}${pick(roll, pieces).replaceAll('\n', `\n${indent}`)}\n` };
    case 3:
      return { start: line.index, end: Math.min(text.length, line.index + line[0].length + 1), added: '' };
    case 4:
      return {
        start: line.index,
        end: line.index,
        added: makers[format]([pick(roll, pieces)]).replace(/^import[\s\S]*?\n\n\n/, ''),
      };
    default:
      return /^\s*\w/.test(line[0]) && !/^(?:def|app|import marimo|@)/.test(line[0])
        ? {
            start: line.index,
            end: line.index + line[0].length,
            added: indent + pick(roll, pieces).replaceAll('\n', `\n${indent}`),
          }
        : { start, end: start, added: '' };
  }
}

function positionAt(text: string, offset: number) {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: (before.at(-1) ?? '').length };
}

/** Without ids, which are told apart by place alone. */
function plain({ cells, layout, problems }: NotebookView): unknown {
  const place = new Map(layout.map(({ id }, at) => [id, at]));
  const numbers = (ids: readonly string[]) => ids.map((id) => place.get(id));
  return {
    layout: layout.map(({ id: _, ...rest }) => rest),
    cells: layout.map(({ id }) => {
      const { id: _, parents, children, ...rest } = cells[id] as NotebookView['cells'][string];
      return { ...rest, parents: numbers(parents), children: numbers(children) };
    }),
    problems: problems.map((problem) => ({ ...problem, cells: numbers(problem.cells) })),
  };
}
