/**
 * Identity across edits whose place is known. A cell is where its first line is (`# %%`, `@app.cell`): as long as that line stands, it is the same
 * cell, whatever becomes of the rest. For what the edits do not tell there are text, name and likeness (`alignment.ts`).
 */
import { itemAt } from '../assert.ts';
import { type NextCell as AlignedCell, Alignment, type KnownCell } from './alignment.ts';
import type { CellId, CellText } from './notebook.ts';

/** Lines `from` and below gave way to others: so many were taken out, so many stand there now. */
export interface LineEdit {
  readonly from: number;
  readonly removed: number;
  readonly added: number;
}

export interface IdentifiedCell extends KnownCell {
  /** Where its first line stands; undefined when that line is gone. */
  readonly line: number | undefined;
}

/** Who is who in one text. */
export interface Identities {
  /** In page order. */
  readonly present: readonly IdentifiedCell[];
  /**
   * Cells as they last were: cut, or swallowed by a string that is open just now. The latest is last. They come back with their line or with
   * their text.
   */
  readonly absent: readonly IdentifiedCell[];
}

export const noIdentities: Identities = { present: [], absent: [] };

type NextCell = AlignedCell & Pick<CellText, 'line'>;

/**
 * The cells of the text after the edits, each on the text that the one before left. `edits` is undefined when nobody knows how the text came about.
 * Of the absent cells the latest `absentMax` are kept.
 */
export function identify(
  before: Identities,
  edits: readonly LineEdit[] | undefined,
  next: readonly NextCell[],
  newId: () => CellId,
  absentMax: number,
): Identities {
  const present = before.present.map((cell) => moved(cell, edits));
  const absent = before.absent.map((cell) => moved(cell, edits));
  const back = new Map<number, CellId>();
  const alignment = new Alignment(present, next);
  const swallowed = matchLines(alignment, back, present, absent, next);
  alignment.matchText();
  for (const [at, id] of absentByText(alignment, [...absent, ...swallowed], back, next)) bringBack(alignment, back, at, id);
  alignment.matchLikeness();
  const after = alignment.ids.map((id, at) => placed(itemAt(next, at), id ?? back.get(at) ?? newId()));
  const isHere = new Set(after.map(({ id }) => id));
  const gone = [...absent, ...present].filter(({ id }) => !isHere.has(id));
  return { present: after, absent: gone.slice(Math.max(0, gone.length - absentMax)) };
}

/** An edited line may be another one: only its text tells. */
function moved(cell: IdentifiedCell, edits: readonly LineEdit[] | undefined): IdentifiedCell {
  let line = edits && cell.line;
  for (const { from, removed, added } of edits ?? []) {
    if (line === undefined || line < from) continue;
    line = line < from + removed ? undefined : line + added - removed;
  }
  return line === cell.line ? cell : { ...cell, line };
}

/** Returns the cells whose line stands inside another cell now, in a string: they wait for its end. */
function matchLines(
  alignment: Alignment,
  back: Map<number, CellId>,
  present: readonly IdentifiedCell[],
  absent: readonly IdentifiedCell[],
  next: readonly NextCell[],
): readonly IdentifiedCell[] {
  const starts = new Map(next.map(({ line }, at) => [line, at]));
  for (const { id, line } of absent) {
    const at = line === undefined ? undefined : starts.get(line);
    if (at !== undefined && alignment.isFree(at)) bringBack(alignment, back, at, id);
  }
  const swallowed: IdentifiedCell[] = [];
  let at = -1;
  for (const [old, cell] of present.entries()) {
    if (cell.line === undefined) continue;
    while ((next[at + 1]?.line ?? Infinity) <= cell.line) at += 1;
    // Around the line stands a cell that is nobody's: it got another first line, such as a marker above a script's first lines.
    if (at >= 0 && alignment.isFree(at)) alignment.match(old, at);
    else {
      alignment.leaveOut(old);
      swallowed.push(cell);
    }
  }
  return swallowed;
}

function bringBack(alignment: Alignment, back: Map<number, CellId>, at: number, id: CellId): void {
  alignment.settle(at);
  back.set(at, id);
}

/** Cut and pasted in two steps. The cell that was cut last comes back first. */
function absentByText(
  alignment: Alignment,
  absent: readonly IdentifiedCell[],
  back: ReadonlyMap<number, CellId>,
  next: readonly NextCell[],
): ReadonlyMap<number, CellId> {
  const isBack = new Set(back.values());
  const byCode = new Map<string, CellId[]>();
  for (const { id, code } of absent) {
    if (isBack.has(id)) continue;
    const ids = byCode.get(code);
    if (ids === undefined) byCode.set(code, [id]);
    else ids.push(id);
  }
  const found = new Map<number, CellId>();
  for (const [at, { code }] of next.entries()) {
    const id = alignment.isFree(at) ? byCode.get(code)?.pop() : undefined;
    if (id !== undefined) found.set(at, id);
  }
  return found;
}

function placed({ name, code, line }: NextCell, id: CellId): IdentifiedCell {
  return { id, name, code, line };
}
