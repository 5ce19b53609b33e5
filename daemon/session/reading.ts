/** From text to analysed cells with ids. What did not change is not read again. */
import { analyze } from '../core/analysis/analyze.ts';
import { type Facts, noFacts } from '../core/analysis/facts.ts';
import { isMarkdown } from '../core/analysis/result.ts';
import type { GraphCell } from '../core/graph/graph.ts';
import { alignCells } from '../core/notebook/align.ts';
import { detectFormat } from '../core/notebook/formats/detect.ts';
import { readNotebook } from '../core/notebook/formats/read.ts';
import type { CellId, CellKind, CellText, Format, FormatProblem } from '../core/notebook/notebook.ts';
import { cellsMax, removedCellsMax, textCharactersMax } from '../limits.ts';
import type { Parse } from '../parser/parser.ts';

export interface ReadCell {
  readonly text: CellText;
  readonly cell: GraphCell;
}

export interface Reading {
  readonly format: Format;
  readonly cells: readonly ReadCell[];
  readonly byId: ReadonlyMap<CellId, ReadCell>;
  readonly problems: readonly FormatProblem[];
}

/** Why a text cannot be read as a notebook at all. */
export type Unreadable = 'not-a-notebook' | 'too-large';

/** Reads one notebook again and again, and keeps the identity of its cells. */
export class Reader {
  readonly #parse: Parse;
  #cells: readonly ReadCell[] = [];
  /** Code of removed cells, newest last. */
  readonly #removed = new Map<CellId, string>();
  #format: Format | undefined;
  #ids = 0;

  /** The format is told from the text unless given. */
  constructor(parse: Parse, format?: Format) {
    this.#parse = parse;
    this.#format = format;
  }

  /** A notebook that loses its last marker while it is edited stays one until it is opened anew. */
  read(text: string): Reading | Unreadable {
    if (text.length > textCharactersMax) return 'too-large';
    const format = this.#format ?? detectFormat(text);
    const notebook = format && readNotebook(text, format);
    if (!notebook) return 'not-a-notebook';
    if (notebook.cells.length > cellsMax) return 'too-large';
    this.#format = notebook.format;
    const ids = this.#identify(notebook.cells);
    const known = new Map(this.#cells.map((read) => [read.cell.id, read]));
    const cells = notebook.cells.map((cell, at) =>
      this.#readCell(notebook.format, cell, ids[at] as CellId, known.get(ids[at] as CellId)),
    );
    this.#remember(cells);
    return {
      format: notebook.format,
      cells,
      byId: new Map(cells.map((read) => [read.cell.id, read])),
      problems: notebook.problems,
    };
  }

  #identify(cells: readonly CellText[]): readonly CellId[] {
    const old = this.#cells.map(({ cell }) => ({ id: cell.id, name: cell.name, code: cell.code }));
    const fresh = '';
    const returned = new Set<CellId>();
    return alignCells(old, cells, () => fresh).map((id, at) => {
      if (id !== fresh) return id;
      const code = cells[at]?.code ?? '';
      const back = [...this.#removed].findLast(([removed, text]) => text === code && !returned.has(removed))?.[0];
      if (back) returned.add(back);
      return back ?? `c${++this.#ids}`;
    });
  }

  #readCell(format: Format, text: CellText, id: CellId, old: ReadCell | undefined): ReadCell {
    const isSame =
      old &&
      old.cell.code === text.code &&
      old.text.kind === text.kind &&
      old.cell.name === text.name &&
      sameOptions(old.text, text);
    if (isSame) return { text, cell: old.cell };
    const facts = old && old.cell.code === text.code && old.text.kind === text.kind ? old.cell.facts : undefined;
    return {
      text,
      cell: {
        id,
        name: text.name,
        code: text.code,
        options: text.options,
        found: new Set(),
        ...this.#analyze(format, text, facts),
      },
    };
  }

  #analyze(format: Format, { kind, code }: CellText, known: Facts | undefined): { kind: CellKind; facts: Facts } {
    if (kind === 'unparsable') return { kind, facts: { ...noFacts, tokens: code } };
    if (kind === 'markdown') return { kind, facts: noFacts };
    const tree = this.#parse(code);
    return {
      kind: kind === 'code' && isMarkdown(code, tree) ? 'markdown' : kind,
      facts: known ?? analyze(code, tree, { format }),
    };
  }

  #remember(cells: readonly ReadCell[]): void {
    const present = new Set(cells.map(({ cell }) => cell.id));
    for (const { cell } of this.#cells) if (!present.has(cell.id)) this.#removed.set(cell.id, cell.code);
    for (const id of this.#removed.keys()) if (present.has(id) || this.#removed.size > removedCellsMax) this.#removed.delete(id);
    this.#cells = cells;
  }
}

function sameOptions(a: CellText, b: CellText): boolean {
  return JSON.stringify(a.options) === JSON.stringify(b.options);
}
