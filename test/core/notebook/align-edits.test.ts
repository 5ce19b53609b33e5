import { describe, expect, it } from 'vitest';
import { type Identities, identify, type LineEdit, noIdentities } from '../../../daemon/core/notebook/align-edits.ts';
import { readNotebook } from '../../../daemon/core/notebook/formats/read.ts';
import type { Format } from '../../../daemon/core/notebook/notebook.ts';
import { pick, type Roll, random } from '../../support/random.ts';
import { readVectors } from './vectors.ts';

/** Lines `from` and below give way to others. */
type Edit = readonly [from: number, removed: number, added: readonly string[]];

interface EditVector {
  readonly title: string;
  readonly format?: Format;
  /** Lines. */
  readonly text: readonly string[];
  /** One for each cell of the text. */
  readonly ids: readonly string[];
  readonly steps: readonly {
    /** Each on the lines that the one before left; absent when the whole text is new and nobody knows how. */
    readonly edits?: readonly Edit[];
    readonly text?: readonly string[];
    /** After the edits; new cells are `new 1`, `new 2` … in the order in which they come up. */
    readonly ids: readonly string[];
  }[];
}

const absentMax = 100;

/** A notebook whose cells keep their identity. */
class Page {
  readonly format: Format;
  lines: readonly string[];
  identities: Identities = noIdentities;
  #ids = 0;

  constructor(format: Format, lines: readonly string[], ids: readonly string[]) {
    this.format = format;
    this.lines = lines;
    const rest = [...ids];
    this.#read(undefined, () => rest.shift() as string);
  }

  get ids(): readonly string[] {
    return this.identities.present.map(({ id }) => id);
  }

  edit(edits: readonly Edit[]): void {
    for (const [from, removed, added] of edits) this.lines = this.lines.toSpliced(from, removed, ...added);
    this.#read(edits.map(([from, removed, added]) => ({ from, removed, added: added.length })));
  }

  replace(lines: readonly string[]): void {
    this.lines = lines;
    this.#read(undefined);
  }

  #read(edits: readonly LineEdit[] | undefined, newId = () => `new ${++this.#ids}`): void {
    const cells = readNotebook(this.lines.join('\n'), this.format)?.cells ?? [];
    this.identities = identify(this.identities, edits, cells, newId, absentMax);
  }
}

describe('identity across edits', () => {
  it.each(readVectors<EditVector>('alignment/edits'))('$title', ({ format = 'percent', text, ids, steps }) => {
    const page = new Page(format, text, ids);
    expect(page.ids).toEqual(ids);
    for (const step of steps) {
      if (step.edits) page.edit(step.edits);
      else page.replace(step.text ?? []);
      expect(page.ids, page.lines.join('\n')).toEqual(step.ids);
    }
  });

  it('forgets the oldest of too many absent cells', () => {
    const cells = ['a', 'b', 'c'].map((id) => ({ id, code: id, name: undefined, line: undefined }));
    const after = identify({ present: cells, absent: [] }, undefined, [], () => 'new', 2);
    expect(after.absent.map(({ id }) => id)).toEqual(['b', 'c']);
  });
});

describe('in random histories', () => {
  const histories = 200;
  const editsPerHistory = 30;

  it('every cell has one id, and a cell whose first line stands keeps its own', () => {
    for (let seed = 0; seed < histories; seed++) {
      const roll = random(seed);
      const page = new Page('percent', randomLines(roll), randomIds());
      for (let at = 0; at < editsPerHistory; at++) {
        const edit = randomEdit(roll, page.lines);
        const before = page.identities.present;
        page.edit([edit]);
        const place = JSON.stringify({ seed, at });
        expect(new Set(page.ids).size, place).toBe(page.ids.length);
        const { present, absent } = page.identities;
        expect(
          absent.filter(({ id }) => page.ids.includes(id)),
          place,
        ).toEqual([]);
        for (const { id, line } of before) {
          const stands = lineAfter(line ?? 0, edit);
          const cell = stands === undefined ? undefined : present.find((other) => other.line === stands);
          if (cell) expect(cell.id, place).toBe(id);
        }
      }
    }
  });

  it('what is cut, or swallowed by an open string, comes back with the text', () => {
    for (let seed = 0; seed < histories; seed++) {
      const roll = random(seed);
      const page = new Page('percent', randomLines(roll), randomIds());
      const { lines, ids } = page;
      const [from, removed] = randomEdit(roll, lines);
      const added = pick(roll, [[], ['"""'], ["'''"], ['(']]);
      page.edit([[from, removed, added]]);
      page.edit([[from, added.length, lines.slice(from, from + removed)]]);
      expect(page.ids, JSON.stringify({ seed })).toEqual(ids);
    }
  });
});

function lineAfter(line: number, [from, removed, added]: Edit): number | undefined {
  if (line < from) return line;
  return line < from + removed ? undefined : line + added.length - removed;
}

function* counted(): Generator<string> {
  for (let at = 1; ; at++) yield `cell ${at}`;
}

function randomIds(): readonly string[] {
  const ids = counted();
  return Array.from({ length: 40 }, () => ids.next().value as string);
}

/** Cells with different code. */
function randomLines(roll: Roll): readonly string[] {
  return Array.from({ length: 2 + roll(8) }, (_, at) => [
    '# %%',
    ...pick(roll, [[`x${at} = ${at}`], [`"""`, `text ${at}`, `"""`], [`print(${at})`, '', `y${at}`]]),
  ]).flat();
}

function randomEdit(roll: Roll, lines: readonly string[]): Edit {
  const from = roll(lines.length + 1);
  const removed = Math.min(lines.length - from, roll(4));
  return [
    from,
    removed,
    Array.from({ length: roll(3) }, () => pick(roll, ['# %%', 'z = 1', '"""', '', '# %% title', 'print(z)'])),
  ];
}
