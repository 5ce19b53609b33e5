import { expect, it } from 'vitest';
import { loadParser } from '../../../daemon/node/parser.ts';
import { Text } from '../../../daemon/reading/document.ts';
import { Reader, type Reading } from '../../../daemon/reading/reading.ts';
import { Turns } from '../../../daemon/reading/turns.ts';
import { pick, type Roll, random } from '../../support/random.ts';

const parse = await loadParser();
const histories = 30;
const editsPerHistory = 40;

const percent = [
  'import os\n"""docs"""\n\n# %% first name="one"\nx = 1\nprint(x)\n\n# %% [markdown]\n# words\n# %%\ny = """a\nb"""\n# %%\nz = (x +\n  y)\n',
  '# %%\r\nx = 1\r\n# %%\r\ny = x\r\n',
  '\ufeff# %%\nx = 1\n# %%\n# %% empty above\ny = f"{x!r}"',
  `x = 1\n${'#'.repeat(20)}\n# Box\n${'#'.repeat(20)}\ny = x\n\n${'#'.repeat(30)} More\n\ndef f():\n    return y\n`,
  '# coding: utf-8\n\n# In[1]:\n\nx = 1\n\n# In[ ]:\n\nif x:\n    y = 1\n',
  'x = "open\n# %%\ny = 1\n# %% tags=["a"]\nz = """never closed\n# %%\nw = 2\n',
];
const marimo = [
  'import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef _():\n    x = 1\n    return (x,)\n\n\n@app.cell(hide_code=True)\ndef named(x):\n    y = """a\n    b"""\n    # note\n    return (y,)\n\n\n@app.function\ndef f(a):\n    return a\n\n\nif __name__ == "__main__":\n    app.run()\n',
  'import marimo as mo\n\n__generated_with = "0.1"\nother = mo.App()\n\nwith other.setup:\n    import os\n\n\n@other.cell\nasync def _(): a = 1; return a\n\n\n@other.cell\ndef _(a):\n    (a +\n     1)\n    return\n',
];
const pieces = [
  'x',
  '1',
  ' ',
  '\n',
  '\n    ',
  '    q = 2\n',
  '"',
  "'",
  '"""',
  '(',
  ')',
  '#',
  '# %%\n',
  '# %% [markdown]\n',
  `${'#'.repeat(20)}\n`,
  '# In[2]:\n',
  '\r',
  '\r\n',
  '\\',
  '@app.cell\n',
  'def _():\n',
  'return',
  '\ufeff',
  'é',
  '',
];

function randomEdit(roll: Roll, text: string): { range?: Range; text: string } {
  const start = roll(text.length + 1);
  const end = roll(3) > 0 ? start : Math.min(text.length, start + roll(12));
  return { range: { start: positionAt(text, start), end: positionAt(text, end) }, text: pick(roll, pieces) };
}

interface Range {
  readonly start: { line: number; character: number };
  readonly end: { line: number; character: number };
}

function positionAt(text: string, offset: number): { line: number; character: number } {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length - 1, character: (lines.at(-1) as string).length };
}

/** What is said of the text itself, without identities. */
function plain({ cells, problems }: Reading): unknown {
  return { problems, cells: cells.map(({ text, cell }) => ({ text, kind: cell.kind, name: cell.name, facts: cell.facts })) };
}

it.each(['percent', 'marimo'] as const)('reads an edited %s notebook as the whole text would be read anew', (format) => {
  let quick = 0;
  const texts = { percent, marimo }[format];
  for (let seed = 0; seed < histories; seed += 1) {
    const roll = random(seed);
    const text = new Text(pick(roll, texts));
    const reader = new Reader(parse, format);
    let before = reader.read(text.toString()) as Reading;
    for (let at = 0; at < editsPerHistory; at += 1) {
      const whole = text.toString();
      // A text that is wrecked by many edits says little: begin again now and then.
      const edits = text.apply([roll(10) > 0 ? randomEdit(roll, whole) : { text: pick(roll, texts) }]);
      const reading = reader.readEdited(text, edits) as Reading;
      expect(plain(reading), JSON.stringify({ seed, at, whole })).toEqual(
        plain(new Reader(parse, format).read(text.toString()) as Reading),
      );
      expectChange(before, reading);
      if (at > 0 && reading.problems === before.problems) quick += 1;
      before = reading;
    }
  }
  expect(quick, 'edits that cost one cell').toBeGreaterThan(histories);
});

function expectChange(before: Reading, after: Reading): void {
  const ids = (reading: Reading) => reading.cells.map(({ cell }) => cell.id);
  expect(new Set(ids(after)).size).toBe(after.cells.length);
  expect(after.change.order ?? ids(before)).toEqual(ids(after));
  expect(after.change.removed).toEqual(ids(before).filter((id) => !ids(after).includes(id)));
  expect(after.change.cells).toEqual(
    after.cells.map(({ cell }) => cell).filter((cell) => before.byId.get(cell.id)?.cell !== cell),
  );
  expect(after.cells.map(({ cell }) => after.byId.get(cell.id))).toEqual(after.cells);
}

it('takes edits back', () => {
  const text = new Text('a\nb\nc\n');
  const range = { start: { line: 0, character: 1 }, end: { line: 1, character: 1 } };
  text.apply([{ range, text: '\n\nX' }, { text: 'all new\n' }]);
  expect(text.toString()).toBe('all new\n');
  text.revert();
  expect([text.toString(), text.lineCount, text.length]).toEqual(['a\nb\nc\n', 4, 6]);
});

it.each(['a\nb\r\nc\rd', '\r', '', '\n\r\n', 'x\r'])('changes %j as one string would be changed', (start) => {
  for (let seed = 0; seed < 200; seed += 1) {
    const roll = random(seed);
    const text = new Text(start);
    for (let at = 0; at < 8; at += 1) {
      const before = text.toString();
      const from = roll(before.length + 1);
      const to = Math.min(before.length, from + roll(3));
      const added = pick(roll, ['\r', '\n', 'z', '', 'p\nq', '\r\n']);
      if (isInsideBreak(before, from) || isInsideBreak(before, to)) continue;
      text.apply([{ range: { start: positionAt(before, from), end: positionAt(before, to) }, text: added }]);
      const after = before.slice(0, from) + added + before.slice(to);
      expect(text.toString()).toBe(after);
      expect([text.lineCount, text.length]).toEqual([after.split(/\r\n|\r|\n/).length, after.length]);
    }
  }
});

function isInsideBreak(text: string, offset: number): boolean {
  return text[offset - 1] === '\r' && text[offset] === '\n';
}

it('takes no annotation of a script for a read once one cell has the future import, and all of them again once it has not', () => {
  const deferred = (reading: Reading) => reading.cells.map(({ cell }) => cell.facts.refs.get('Later')?.isDeferred);
  const lines = ['# %%', 'from __future__ import annotations', '# %%', 'x: Later = 1', '# %%', 'y: Later = 2', ''];
  const text = new Text(lines.join('\n'));
  const reader = new Reader(parse);
  expect(deferred(reader.read(text.toString()) as Reading)).toEqual([undefined, true, true]);
  const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } };
  expect(deferred(reader.readEdited(text, text.apply([{ range, text: '# ' }])) as Reading)).toEqual([undefined, false, false]);
  const back = { start: { line: 1, character: 0 }, end: { line: 1, character: 2 } };
  expect(deferred(reader.readEdited(text, text.apply([{ range: back, text: '' }])) as Reading)).toEqual([undefined, true, true]);
});

it.each([
  ['a long script', Array.from({ length: 60 }, (_, at) => `# %% ${at}\nx${at}: Later = ${at}\n`).join('')],
  ['one that the future counts for', `# %%\nx: Later = 1\n# %%\nfrom __future__ import annotations\n# %%\ny: Later = x\n`],
  ['a notebook of marimo', marimo[0] as string],
  ['no notebook', 'x = 1\n'],
])('reads %s in turns as at once, and lets others have theirs', async (_, text) => {
  let [now, turns] = [0, 0];
  const timers = {
    // Each cell takes too long.
    elapsed: () => (now += 1_000),
    defer: (call: () => void) => {
      turns += 1;
      setImmediate(call);
    },
  };
  const reading = await new Reader(parse).readInTurns(text, new Turns(timers));
  const atOnce = new Reader(parse).read(text);
  expect(told(reading)).toEqual(told(atOnce));
  expect(turns).toBeGreaterThanOrEqual(typeof atOnce === 'string' ? 0 : atOnce.cells.length);
});

it('finds nothing new where the text is as it was', () => {
  const reader = new Reader(parse);
  const first = reader.read('# %%\nx = 1\n# %%\nx\n') as Reading;
  const { change, ...rest } = reader.again();
  expect(change).toEqual({ cells: [], removed: [], order: undefined, hasMoved: false, reread: undefined });
  expect(rest.cells).toEqual(first.cells);
});

function told(reading: Reading | string) {
  return typeof reading === 'string' ? reading : { ...reading, byId: undefined };
}
