/** Plays a history in a real session, and gives what the session then shows. */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunMode } from '../../../protocol/types.ts';
import type { TestNotebook } from '../../support/daemon.ts';
import { notebookText } from '../../support/notebook-text.ts';
import { type Cell, placeCell } from './cells.ts';
import { firstCell, modules } from './families.ts';
import { failsAsInPython, noticed, wrongCells } from './fresh-cells.ts';
import type { FreshRuns } from './fresh-runs.ts';
import { editing, type History, type Move } from './moves.ts';
import type { Statement } from './statements.ts';

export interface ShownCell {
  readonly code: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly printed: string;
  readonly failsAsInPython: boolean;
}

export interface Played {
  readonly cells: readonly ShownCell[];
  /** The plain values among the globals that a cell at the end of the page sees, as Python writes them. */
  readonly names: string;
  /** The order in which a run of all cells takes them. */
  readonly order: readonly number[];
  /** The same, before what was stale ran. */
  readonly orderBefore: readonly number[];
  readonly edits: number;
  /** How often fresh cells were compared with a fresh run while others were stale. */
  readonly looks: number;
  /** What was done, for the message of a failure. */
  readonly story: readonly string[];
}

/** A last cell that reads no name, and so touches none. A line for each name. */
export const namesCode = [
  'for _n, _v in sorted(globals().items()):',
  '    if not _n.startswith("_"):',
  '        print(_n, repr(_v) if isinstance(_v, (int, list, dict)) else type(_v).__name__)',
].join('\n');

/** As often a run of what is stale may find names at run time, which makes others stale, until nothing is. */
const stalesMax = 6;

/** A cell was fresh, and showed what no fresh run of the text shows. */
export class Wrong extends Error {}

export async function play(history: History, notebook: TestNotebook, runs: FreshRuns): Promise<Played> {
  return new Player(history, notebook, runs).play();
}

class Player {
  readonly #history: History;
  readonly #notebook: TestNotebook;
  readonly #past: (readonly Cell[])[] = [];
  readonly #story: string[] = [];
  readonly #open: number[] = [];
  readonly #evaluations: Promise<unknown>[] = [];
  readonly #runs: FreshRuns;
  #cells: readonly Cell[] = [];
  #looks = 0;

  constructor(history: History, notebook: TestNotebook, runs: FreshRuns) {
    this.#history = history;
    this.#notebook = notebook;
    this.#runs = runs;
  }

  async play(): Promise<Played> {
    let first: readonly Cell[] = [{ code: firstCell(this.#history.families), isDisabled: false, slot: 0, binds: [] }];
    await this.#write(0);
    for (const statements of this.#history.cells)
      first = [...first, this.#filled(statements, this.#newSlot(first), first, first)];
    await this.#edit(first);
    this.#past.length = 0;
    for (const move of this.#history.moves) {
      await this.#move(move);
      await this.#look();
    }
    await this.#mend();
    const orderBefore = await this.#readNames();
    const order = await this.#order();
    const cells = this.#cells.map(({ code }, at) => {
      const { status, reason } = this.#notebook.cell(at);
      return { code, status, reason, printed: this.#printed(at), failsAsInPython: failsAsInPython(this.#notebook, at) };
    });
    const edits = this.#history.moves.filter(({ type }) => editing.has(type)).length;
    return { cells, names: await this.#names(), order, orderBefore, edits, looks: this.#looks, story: this.#story };
  }

  /**
   * A cell at the end for each name: what it prints is compared as all else is. A value that a removed cell has changed is made
   * again for it, as for any reader. Gives the order before they run.
   */
  async #readNames(): Promise<readonly number[]> {
    await this.#runStale();
    const names = new Set([...modules, ...this.#cells.flatMap(({ binds }) => binds)]);
    await this.#edit([...this.#cells, ...[...names].map((name) => probe(readerOf(name)))]);
    const order = await this.#order();
    await this.#runStale();
    return order;
  }

  async #order(): Promise<readonly number[]> {
    const { client, session, followed } = this.#notebook;
    const { plan } = await client.request('graph/plan', { session, mode: 'all' });
    const places = new Map(followed.view.layout.map(({ id }, at) => [id, at]));
    return plan.map(({ cell }) => places.get(cell) as number);
  }

  /** Whatever is fresh is as in a fresh run, whatever else is stale. While something runs, nobody can say. */
  async #look(): Promise<void> {
    if (this.#open.length > 0 || this.#evaluations.length > 0 || this.#cells.some(({ code }) => code.endsWith(broken))) return;
    if (this.#notebook.statuses.includes('conflict')) return;
    const { format } = this.#history;
    const folder = dirname(this.#notebook.path);
    const order = await this.#order();
    const wrong = await wrongCells(this.#notebook, (isRun) =>
      this.#runs.of({ format, folder, order, cells: this.#cells.map(({ code }, at) => (isRun(at) ? code : null)) }),
    );
    this.#looks++;
    if (wrong.length > 0) throw new Wrong([...wrong, ...this.#story].join('\n---\n'));
  }

  async #names(): Promise<string> {
    await this.#edit([...this.#cells, probe(namesCode)]);
    await this.#notebook.run('only', this.#cells.length - 1);
    return this.#printed(this.#cells.length - 1);
  }

  #printed(at: number): string {
    return this.#notebook
      .cell(at)
      .outputs.map((output) => (output.type === 'stream' ? output.text : ''))
      .join('');
  }

  /** A place below the first cell, which stays as it is. */
  #place(at: number): number {
    return 1 + (at % Math.max(1, this.#cells.length - 1));
  }

  async #move(move: Move): Promise<void> {
    const cells = this.#cells;
    switch (move.type) {
      case 'edit': {
        const at = this.#place(move.at);
        const { slot, isDisabled } = cells[at] as Cell;
        const placed = this.#filled(move.statements, slot, cells.slice(0, at), cells);
        return this.#edit(cells.with(at, { ...placed, isDisabled }));
      }
      case 'insert': {
        const at = 1 + (move.at % cells.length);
        return this.#edit(cells.toSpliced(at, 0, this.#filled(move.statements, this.#newSlot(cells), cells.slice(0, at), cells)));
      }
      case 'remove':
        return cells.length <= 2 ? undefined : this.#edit(cells.toSpliced(this.#place(move.at), 1));
      case 'carry': {
        const [from, to] = [this.#place(move.from), this.#place(move.to)];
        return this.#edit(cells.toSpliced(from, 1).toSpliced(to, 0, cells[from] as Cell));
      }
      case 'copy':
        return this.#edit(cells.toSpliced(1 + (move.to % cells.length), 0, cells[this.#place(move.from)] as Cell));
      case 'toggle':
        return this.#change(move.at, (cell) => ({ ...cell, isDisabled: !cell.isDisabled }));
      case 'break':
        return this.#change(move.at, (cell) => ({ ...cell, code: `${cell.code}${broken}` }));
      case 'note':
        return this.#change(move.at, (cell) => ({ ...cell, code: `# a note\n${cell.code}` }));
      case 'undo': {
        const before = this.#past.pop();
        if (!before) return;
        await this.#edit(before);
        this.#past.pop();
        return;
      }
      case 'run':
        return 'at' in move ? this.#run(move.mode, move.isAwaited, this.#place(move.at)) : this.#run(move.mode, move.isAwaited);
      case 'evaluate':
        return this.#evaluate(move);
      case 'mode':
        this.#story.push(move.mode);
        await this.#notebook.client.request('session/configure', {
          session: this.#notebook.session,
          options: { mode: move.mode },
        });
        return;
      case 'disk':
        return this.#write(move.content);
    }
  }

  /** Waits until the session has seen it, where a cell that is fresh has read the file. */
  async #write(content: number): Promise<void> {
    this.#story.push(`given.txt: ${content}`);
    const path = join(dirname(this.#notebook.path), 'given.txt');
    const isNews = (await readFile(path, 'utf8').catch(() => '')) !== String(content);
    const isRead = this.#cells.some(({ code }, at) => code.includes('given.txt') && this.#notebook.cell(at).status === 'fresh');
    const { seq } = this.#notebook.followed.view;
    await writeFile(path, String(content));
    if (isNews && isRead) await noticed(this.#notebook.followed.waitFor((view) => view.seq > seq));
  }

  async #evaluate({ statements, at, isPlaced, isAwaited }: Extract<Move, { type: 'evaluate' }>): Promise<void> {
    const cells = this.#cells;
    const { code } = this.#filled(statements, at % (cells.length + 1), cells, cells);
    const { client, session } = this.#notebook;
    const place = isPlaced ? { at: this.#notebook.cell(at % cells.length).id } : {};
    this.#story.push(`evaluate${isPlaced ? ` at ${at % cells.length}` : ''}${isAwaited ? '' : ' …'}\n${code}`);
    const answer = client.request('code/evaluate', { session, code, ...place });
    if (isAwaited) await answer;
    else this.#evaluations.push(answer);
  }

  #change(at: number, change: (cell: Cell) => Cell): Promise<void> {
    const place = this.#place(at);
    return this.#edit(this.#cells.with(place, change(this.#cells[place] as Cell)));
  }

  #filled(statements: readonly Statement[], slot: number, above: readonly Cell[], others: readonly Cell[]): Cell {
    return placeCell(this.#history.format, statements, slot, above, others);
  }

  #newSlot(cells: readonly Cell[]): number {
    return 1 + Math.max(-1, ...cells.map(({ slot }) => slot));
  }

  async #edit(cells: readonly Cell[]): Promise<void> {
    this.#past.push(this.#cells);
    this.#cells = cells;
    const text = notebookText(this.#history.format, cells);
    this.#story.push(text);
    await this.#notebook.edit(text);
  }

  async #mend(): Promise<void> {
    const mended = this.#cells.map((cell) => ({ ...cell, code: cell.code.replaceAll(broken, '') }));
    if (mended.some(({ code }, at) => code !== this.#cells[at]?.code)) await this.#edit(mended);
  }

  async #run(mode: RunMode, isAwaited: boolean, ...cells: number[]): Promise<void> {
    this.#story.push(`run ${mode} ${cells.join()}${isAwaited ? '' : ' …'}`);
    const run = await this.#notebook.start(mode, ...cells);
    if (isAwaited) await this.#notebook.wait(run);
    else this.#open.push(run);
  }

  async #runStale(): Promise<void> {
    for (const run of this.#open.splice(0)) await this.#notebook.wait(run);
    await Promise.all(this.#evaluations.splice(0));
    for (let count = 0; count < stalesMax; count++) {
      await this.#run('stale', true);
      if (this.#notebook.statuses.every((status) => status !== 'stale' && status !== 'new')) return;
    }
  }
}

function probe(code: string): Cell {
  return { code, isDisabled: false, slot: 0, binds: [] };
}

function readerOf(name: string): string {
  const use = (modules.includes(name) ? '<>.__name__' : (uses[name.charAt(0).toLowerCase()] ?? '<>')).replaceAll('<>', name);
  return `try:\n    print("${name}", ${use})\nexcept NameError:\n    print("no ${name}")`;
}

/** What is printed of a name, by its first letter, where it is not the value. */
const uses: Readonly<Record<string, string>> = {
  f: '<>(3)',
  g: '<>(3)',
  c: '<>().m()',
  h: 'callable(<>)',
  l: '<>()',
  m: 'callable(<>)',
  r: '<>.getstate()[1][-3:]',
  x: 'len(<>.lines)',
};

const broken = '\nx = (';
