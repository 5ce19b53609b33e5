/** Plays a history in a real session, and gives what the session then shows. */
import type { RunMode } from '../../../protocol/types.ts';
import type { TestNotebook } from '../../support/daemon.ts';
import { notebookText } from '../../support/notebook-text.ts';
import { type Cell, placeCell } from './cells.ts';
import type { History, Move } from './moves.ts';
import type { Statement } from './statements.ts';

export interface ShownCell {
  readonly code: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly printed: string;
}

export interface Played {
  readonly cells: readonly ShownCell[];
  /** The plain values among the globals that a cell at the end of the page sees, as Python writes them. */
  readonly names: string;
  /** The order in which a run of all cells takes them. */
  readonly order: readonly number[];
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

export async function play(history: History, notebook: TestNotebook): Promise<Played> {
  return new Player(history, notebook).play();
}

class Player {
  readonly #history: History;
  readonly #notebook: TestNotebook;
  readonly #past: (readonly Cell[])[] = [];
  readonly #story: string[] = [];
  readonly #open: number[] = [];
  readonly #evaluations: Promise<unknown>[] = [];
  #cells: readonly Cell[] = [];

  constructor(history: History, notebook: TestNotebook) {
    this.#history = history;
    this.#notebook = notebook;
  }

  async play(): Promise<Played> {
    let first: readonly Cell[] = [];
    for (const statements of this.#history.cells) first = [...first, this.#place(statements, this.#newSlot(first), first, first)];
    await this.#edit(first);
    this.#past.length = 0;
    for (const move of this.#history.moves) await this.#move(move);
    await this.#mend();
    await this.#runStale();
    await this.#readNames();
    const plan = await this.#notebook.client.request('graph/plan', { session: this.#notebook.session, mode: 'all' });
    const places = new Map(this.#notebook.followed.view.layout.map(({ id }, at) => [id, at]));
    const order = plan.plan.map(({ cell }) => places.get(cell) as number);
    const cells = this.#cells.map(({ code }, at) => {
      const { status, reason } = this.#notebook.cell(at);
      return { code, status, reason, printed: this.#printed(at) };
    });
    return { cells, names: await this.#names(), order, story: this.#story };
  }

  /**
   * A cell at the end for each name: what it prints is compared as all else is. A value that a removed cell has changed is made
   * again for it, as for any reader.
   */
  async #readNames(): Promise<void> {
    const names = new Set(this.#cells.flatMap(({ binds }) => binds));
    await this.#edit([...this.#cells, ...[...names].map((name) => probe(readerOf(name)))]);
    await this.#runStale();
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

  async #move(move: Move): Promise<void> {
    const cells = this.#cells;
    switch (move.type) {
      case 'edit': {
        const at = move.at % cells.length;
        const { slot, isDisabled } = cells[at] as Cell;
        const placed = this.#place(move.statements, slot, cells.slice(0, at), cells);
        return this.#edit(cells.with(at, { ...placed, isDisabled }));
      }
      case 'insert': {
        const at = move.at % (cells.length + 1);
        return this.#edit(cells.toSpliced(at, 0, this.#place(move.statements, this.#newSlot(cells), cells.slice(0, at), cells)));
      }
      case 'remove':
        return cells.length === 1 ? undefined : this.#edit(cells.toSpliced(move.at % cells.length, 1));
      case 'carry': {
        const [from, to] = [move.from % cells.length, move.to % cells.length];
        return this.#edit(cells.toSpliced(from, 1).toSpliced(to, 0, cells[from] as Cell));
      }
      case 'copy':
        return this.#edit(cells.toSpliced(move.to % (cells.length + 1), 0, cells[move.from % cells.length] as Cell));
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
        return 'at' in move ? this.#run(move.mode, move.isAwaited, move.at % cells.length) : this.#run(move.mode, move.isAwaited);
      case 'evaluate':
        return this.#evaluate(move);
      case 'mode':
        this.#story.push(move.mode);
        await this.#notebook.client.request('session/configure', {
          session: this.#notebook.session,
          options: { mode: move.mode },
        });
    }
  }

  async #evaluate({ statements, at, isPlaced, isAwaited }: Extract<Move, { type: 'evaluate' }>): Promise<void> {
    const cells = this.#cells;
    const { code } = this.#place(statements, at % (cells.length + 1), cells, cells);
    const { client, session } = this.#notebook;
    const place = isPlaced ? { at: this.#notebook.cell(at % cells.length).id } : {};
    this.#story.push(`evaluate${isPlaced ? ` at ${at % cells.length}` : ''}${isAwaited ? '' : ' …'}\n${code}`);
    const answer = client.request('code/evaluate', { session, code, ...place });
    if (isAwaited) await answer;
    else this.#evaluations.push(answer);
  }

  #change(at: number, change: (cell: Cell) => Cell): Promise<void> {
    const place = at % this.#cells.length;
    return this.#edit(this.#cells.with(place, change(this.#cells[place] as Cell)));
  }

  #place(statements: readonly Statement[], slot: number, above: readonly Cell[], others: readonly Cell[]): Cell {
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
  const use = /^[fg]/.test(name) ? `${name}(3)` : /^[Cc]/.test(name) ? `${name}().m()` : name;
  return `try:\n    print("${name}", ${use})\nexcept NameError:\n    print("no ${name}")`;
}

const broken = '\nx = (';
