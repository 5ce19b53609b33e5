/** From text to analysed cells with ids. What did not change is not read again. */
import { analyze } from '../core/analysis/analyze.ts';
import { type Facts, noFacts } from '../core/analysis/facts.ts';
import { hasLazyAnnotations } from '../core/analysis/future.ts';
import { isMarkdown } from '../core/analysis/result.ts';
import { holdsFor } from '../core/analysis/reuse.ts';
import { impossible, itemAt } from '../core/assert.ts';
import type { GraphCell } from '../core/graph/graph.ts';
import { nothingObserved } from '../core/graph/observed.ts';
import { type Identities, identify, type LineEdit } from '../core/notebook/align-edits.ts';
import { detectFormat } from '../core/notebook/formats/detect.ts';
import { readNotebook } from '../core/notebook/formats/read.ts';
import type { CellId, CellKind, CellOptions, CellText, Format, FormatProblem, NotebookText } from '../core/notebook/notebook.ts';
import { hasOpenString, rereadCell } from '../core/notebook/reread.ts';
import { cellsMax, removedCellsMax, textCharactersMax } from '../limits.ts';
import type { Parse } from '../parser/parser.ts';
import type { Text } from './document.ts';
import { Page, type ReadCell } from './page.ts';
import type { Turns } from './turns.ts';

export type { ReadCell };

export interface Reading {
  readonly format: Format;
  /** Made when first asked for: an edit of one cell costs nothing for the others. */
  readonly cells: readonly ReadCell[];
  readonly byId: Pick<ReadonlyMap<CellId, ReadCell>, 'get' | 'has'>;
  readonly problems: readonly FormatProblem[];
  readonly change: Change;
}

/** What differs from the reading before. */
export interface Change {
  /** New or changed. */
  readonly cells: readonly GraphCell[];
  readonly removed: readonly CellId[];
  /** The page order; absent when no cell came, went or moved past another. */
  readonly order: readonly CellId[] | undefined;
  /** Whether a cell, or a part of one, stands elsewhere in the document. */
  readonly hasMoved: boolean;
  /** Where the lines of one cell alone were read again, and the rest of the page has at most moved down. */
  readonly reread: Reread | undefined;
}

export interface Reread {
  readonly cell: CellId;
  /** Its last line before; what stood below now stands so many lines further down. */
  readonly below: number;
  readonly lines: number;
}

/** Why a text cannot be read as a notebook at all. */
export type WhyUnreadable = 'not-a-notebook' | 'too-large';

/** A text whose cells are known, and not yet read. */
interface Begun {
  readonly notebook: NotebookText;
  readonly before: readonly ReadCell[];
  readonly ids: readonly CellId[];
}

/** Reads one notebook again and again, and keeps the identity of its cells. */
export class Reader {
  readonly #parse: Parse;
  #page: Page = Page.of([]);
  #places: ReadonlyMap<CellId, number> = new Map();
  #problems: readonly FormatProblem[] = [];
  /** Whether cells can be read one by one; undefined until an edit asks. */
  #canReread: boolean | undefined;
  /** Cells that were cut, or are swallowed by an open string, and may come back. */
  #absent: Identities['absent'] = [];
  #format: Format | undefined;
  /** A cell of a script has `from __future__ import annotations`, which counts for all of them. */
  #hasLazyAnnotations = false;
  #ids = 0;

  /** By default the format is detected from the text. */
  constructor(parse: Parse, format?: Format) {
    this.#parse = parse;
    this.#format = format;
  }

  /** A notebook that loses its last marker while it is edited stays one until it is opened again. */
  read(text: string): Reading | WhyUnreadable {
    return this.#read(text, undefined);
  }

  /** What the last reading found, when the text is as it was. */
  again(): Reading {
    const nothing: Change = { cells: [], removed: [], order: undefined, hasMoved: false, reread: undefined };
    return this.#reading(this.#format ?? impossible('a text counts as read, and none was'), nothing);
  }

  /** The same with turns for others in between, who do not use the reader meanwhile. */
  async readInTurns(text: string, turns: Turns): Promise<Reading | WhyUnreadable> {
    const begun = this.#begin(text, undefined);
    if (typeof begun === 'string') return begun;
    let cells = await this.#readInTurns(begun, turns);
    if (this.#tellsOfAnnotations(cells)) cells = await this.#readInTurns(begun, turns);
    return this.#finish(begun, cells);
  }

  async #readInTurns(begun: Begun, turns: Turns): Promise<readonly ReadCell[]> {
    const cells: ReadCell[] = [];
    for (const at of begun.notebook.cells.keys()) {
      cells.push(this.#readOne(begun, at));
      if (turns.isOver) await turns.next();
    }
    return cells;
  }

  #read(text: string, edits: readonly LineEdit[] | undefined): Reading | WhyUnreadable {
    const begun = this.#begin(text, edits);
    if (typeof begun === 'string') return begun;
    const readAll = () => begun.notebook.cells.map((_, at) => this.#readOne(begun, at));
    let cells = readAll();
    if (this.#tellsOfAnnotations(cells)) cells = readAll();
    return this.#finish(begun, cells);
  }

  #begin(text: string, edits: readonly LineEdit[] | undefined): Begun | WhyUnreadable {
    if (text.length > textCharactersMax) return 'too-large';
    const format = this.#format ?? detectFormat(text);
    const notebook = format && readNotebook(text, format);
    if (!notebook) return 'not-a-notebook';
    if (notebook.cells.length > cellsMax) return 'too-large';
    this.#format = notebook.format;
    this.#canReread = undefined;
    return { notebook, before: this.#page.all, ids: this.#identify(notebook.cells, edits) };
  }

  #readOne({ notebook, before, ids }: Begun, at: number): ReadCell {
    const id = itemAt(ids, at);
    return this.#readCell(notebook.format, itemAt(notebook.cells, at), id, before[this.#places.get(id) ?? -1]);
  }

  #finish({ notebook, before, ids }: Begun, cells: readonly ReadCell[]): Reading {
    this.#page = Page.of(cells);
    const change = changeBetween(before, this.#places, cells);
    if (change.order) this.#places = new Map(ids.map((id, at) => [id, at]));
    this.#problems = notebook.problems;
    return this.#reading(notebook.format, change);
  }

  /** As `read` of the text after these edits; but an edit within one cell costs that cell alone, as long as it leaves no string open. */
  readEdited(text: Text, edits: readonly LineEdit[]): Reading | WhyUnreadable {
    const [edit, ...others] = edits;
    const reading = edit && others.length === 0 ? this.#reread(text, edit) : undefined;
    return reading ?? this.#read(text.toString(), edits);
  }

  #reread(text: Text, { from, removed, added }: LineEdit): Reading | undefined {
    const at = this.#page.indexAtLine(from);
    const old = this.#page.at(at);
    const format = this.#format;
    if (!format || !old || text.length > textCharactersMax) return undefined;
    // A cell whose line still stands somewhere comes back with the string that has swallowed it.
    if (this.#absent.some(({ line }) => line !== undefined)) return undefined;
    if (from < old.text.line || from + removed - 1 > old.text.endLine) return undefined;
    const down = added - removed;
    // At the first edit after a whole reading; the edited cell itself is looked at below, now and at each edit.
    this.#canReread ??= this.#othersAreClosed(format, text, at, down);
    if (!this.#canReread) return undefined;
    const firstLine = this.#page.at(0)?.text.line ?? 0;
    const nextLine = this.#page.at(at + 1)?.text.line;
    const isOwn = ({ range }: FormatProblem) => range.start.line < (nextLine ?? Infinity) && range.end.line >= old.text.line;
    if (this.#problems.some(isOwn)) return undefined;
    const found = rereadCell(text, { format, cell: old.text, firstLine, nextLine, addedLines: down });
    if (!found) return undefined;
    const read = this.#readCell(format, found, old.cell.id, old);
    if (importsAnnotations(read) !== importsAnnotations(old)) return undefined;
    this.#page = this.#page.with(at, read, down);
    if (down !== 0 && this.#problems.length > 0)
      this.#problems = this.#problems.map((problem) => movedProblem(problem, old.text.endLine, down));
    const hasMoved = down !== 0 || !isSamePlace(old.text, found);
    const reread = { cell: old.cell.id, below: old.text.endLine, lines: down };
    const cells = read.cell === old.cell ? [] : [read.cell];
    return this.#reading(format, { cells, removed: [], order: undefined, hasMoved, reread });
  }

  /** Whether no string is left open above the first cell and in any but the edited one, which is so many lines longer. */
  #othersAreClosed(format: Format, text: Text, edited: number, down: number): boolean {
    const starts = this.#page.all.map(({ text: { line } }, at) => (at > edited ? line + down : line));
    const ends = [...starts, text.lineCount];
    return [0, ...starts].every((from, at) => at === edited + 1 || !hasOpenString(format, text.between(from, ends[at] ?? from)));
  }

  #reading(format: Format, change: Change): Reading {
    const [page, places] = [this.#page, this.#places];
    const byId = {
      get: (id: CellId) => page.at(places.get(id) ?? -1),
      has: (id: CellId) => places.has(id),
    };
    return {
      format,
      byId,
      problems: this.#problems,
      change,
      get cells() {
        return page.all;
      },
    };
  }

  #identify(cells: readonly CellText[], edits: readonly LineEdit[] | undefined): readonly CellId[] {
    const present = this.#page.all.map(({ cell: { id, name, code }, text: { line } }) => ({ id, name, code, line }));
    const after = identify({ present, absent: this.#absent }, edits, cells, () => `c${++this.#ids}`, removedCellsMax);
    this.#absent = after.absent;
    return after.present.map(({ id }) => id);
  }

  #readCell(format: Format, text: CellText, id: CellId, old: ReadCell | undefined): ReadCell {
    const isSame =
      old?.hasLazyAnnotations === this.#hasLazyAnnotations &&
      old.cell.code === text.code &&
      old.text.kind === text.kind &&
      old.cell.name === text.name &&
      sameOptions(old.text, text);
    if (isSame) return { text, cell: old.cell, hasLazyAnnotations: old.hasLazyAnnotations };
    const known = old && old.text.kind === text.kind && old.hasLazyAnnotations === this.#hasLazyAnnotations ? old : undefined;
    const { kind, facts } = known && holds(known, text) ? known.cell : this.#analyze(format, text);
    const { name, code, options } = text;
    const cell = { id, kind, name, code, options, facts, observed: nothingObserved };
    return { text, cell, hasLazyAnnotations: this.#hasLazyAnnotations };
  }

  #analyze(format: Format, { kind, code }: CellText): { readonly kind: CellKind; readonly facts: Facts } {
    if (kind === 'unparsable') return { kind, facts: { ...noFacts, tokens: code } };
    if (kind === 'markdown') return { kind, facts: noFacts };
    const tree = this.#parse(code);
    return {
      kind: kind === 'code' && isMarkdown(code, tree) ? 'markdown' : kind,
      facts: analyze(code, tree, { format, hasLazyAnnotations: this.#hasLazyAnnotations, parse: this.#parse }),
    };
  }

  /** Whether the import came or went: then what was read of the cells does not hold. */
  #tellsOfAnnotations(cells: readonly ReadCell[]): boolean {
    const before = this.#hasLazyAnnotations;
    this.#hasLazyAnnotations = this.#format === 'percent' && cells.some(importsAnnotations);
    return this.#hasLazyAnnotations !== before;
  }
}

function importsAnnotations({ cell }: ReadCell): boolean {
  return hasLazyAnnotations([cell.facts]);
}

/** Whether what was made of a cell holds for another text of it. A markdown cell of marimo is one call, whatever the string says. */
function holds({ cell, text }: ReadCell, { code }: CellText): boolean {
  return text.code === code || (cell.kind !== 'markdown' && text.kind !== 'unparsable' && holdsFor(cell.facts, text.code, code));
}

function sameOptions({ options: a }: CellText, { options: b }: CellText): boolean {
  return a === b || (a.disabled === b.disabled && a.manual === b.manual && sameTags(a, b) && sameRaw(a.raw, b.raw));
}

function sameTags({ tags: a }: CellOptions, { tags: b }: CellOptions): boolean {
  return a.length === b.length && a.every((tag, at) => tag === b[at]);
}

/** The order of options counts: it is written back. */
function sameRaw(a: CellOptions['raw'], b: CellOptions['raw']): boolean {
  const others = Object.keys(b);
  const keys = Object.keys(a);
  return keys.length === others.length && keys.every((key, at) => key === others[at] && a[key] === b[key]);
}

function changeBetween(before: readonly ReadCell[], places: ReadonlyMap<CellId, number>, after: readonly ReadCell[]): Change {
  const isSameOrder = before.length === after.length && after.every(({ cell }, at) => before[at]?.cell.id === cell.id);
  const present = isSameOrder ? undefined : new Set(after.map(({ cell }) => cell.id));
  return {
    cells: after.filter(({ cell }) => before[places.get(cell.id) ?? -1]?.cell !== cell).map(({ cell }) => cell),
    removed: present ? before.filter(({ cell }) => !present.has(cell.id)).map(({ cell }) => cell.id) : [],
    order: isSameOrder ? undefined : after.map(({ cell }) => cell.id),
    hasMoved: !isSameOrder || after.some(({ text }, at) => !isSamePlace(itemAt(before, at).text, text)),
    reread: undefined,
  };
}

function isSamePlace(a: CellText, b: CellText): boolean {
  return a.line === b.line && a.endLine === b.endLine && a.codeLine === b.codeLine && sameIndents(a.indents, b.indents);
}

function sameIndents(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((indent, at) => indent === b[at]));
}

function movedProblem(problem: FormatProblem, below: number, lines: number): FormatProblem {
  const { start, end } = problem.range;
  if (start.line <= below) return problem;
  return {
    ...problem,
    range: { start: { ...start, line: start.line + lines }, end: { ...end, line: end.line + lines } },
  };
}
