/** The rows of docs/what-is-watched.md: kinds of change and of sharing, each as a notebook and an edit. `kinds.test.ts` plays them. */

/**
 * `equal`: whatever is fresh shows what a fresh run of the text shows, after each run. `refused`: the cells are in conflict. `told`:
 * not equal, and the problem or the note of that name says so. `beyond`: wrong and fresh; Headwater does not see it.
 */
export type Standing = 'equal' | 'refused' | `told: ${string}` | 'beyond';

export interface Kind {
  readonly kind: string;
  readonly cells: readonly string[];
  readonly edit: Edit;
  readonly percent: Standing;
  readonly marimo: Standing;
  /** What the folder of the notebook holds at the beginning. */
  readonly files: Readonly<Record<string, string>>;
  /** It needs numpy, pandas or matplotlib. */
  readonly isScience: boolean;
  /** Why it is not equal, for the page. */
  readonly why: string | undefined;
}

/** Places count from 1. */
export type Edit =
  | { readonly type: 'change'; readonly at: number; readonly code: string }
  | { readonly type: 'insert'; readonly at: number; readonly code: string }
  | { readonly type: 'remove'; readonly at: number }
  | { readonly type: 'move'; readonly at: number; readonly to: number }
  /** Another program writes a file. */
  | { readonly type: 'file'; readonly name: string; readonly content: string };

export interface Section {
  readonly title: string;
  readonly about: string;
  readonly kinds: readonly Kind[];
}

interface Given {
  readonly percent?: Standing;
  readonly marimo?: Standing;
  readonly both?: Standing;
  readonly files?: Readonly<Record<string, string>>;
  readonly isScience?: true;
  readonly why?: string;
}

/**
 * Cells are parted by ` / `. Edits are written `2: code` (the cell has another text), `+2: code` (a new cell there), `-2` (the cell is
 * removed), `2>1` (it is moved), `data.txt: text` (another program writes the file).
 */
export function kind(name: string, cells: string, edit: string, given: Given = {}): Kind {
  if (Object.values(given).includes('beyond') && given.why === undefined) throw new Error(`why is "${name}" beyond?`);
  return {
    kind: name,
    cells: cells.split(' / '),
    edit: editOf(edit),
    percent: given.percent ?? given.both ?? 'equal',
    marimo: given.marimo ?? given.both ?? 'equal',
    files: given.files ?? {},
    isScience: given.isScience ?? false,
    why: given.why,
  };
}

function editOf(text: string): Edit {
  const moved = /^(\d+)>(\d+)$/.exec(text);
  if (moved) return { type: 'move', at: Number(moved[1]), to: Number(moved[2]) };
  const removed = /^-(\d+)$/.exec(text);
  if (removed) return { type: 'remove', at: Number(removed[1]) };
  const [, plus, place, code] = /^(\+?)([\w./-]+): (.*)$/s.exec(text) as unknown as [string, string, string, string];
  if (!/^\d+$/.test(place)) return { type: 'file', name: place, content: code };
  return { type: plus === '' ? 'change' : 'insert', at: Number(place), code };
}

export function edited(cells: readonly string[], edit: Edit): readonly string[] {
  switch (edit.type) {
    case 'change':
      return cells.with(edit.at - 1, edit.code);
    case 'insert':
      return cells.toSpliced(edit.at - 1, 0, edit.code);
    case 'remove':
      return cells.toSpliced(edit.at - 1, 1);
    case 'move':
      return cells.toSpliced(edit.at - 1, 1).toSpliced(edit.to - 1, 0, cells[edit.at - 1] as string);
    case 'file':
      return cells;
  }
}
