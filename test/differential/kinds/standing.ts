/** Plays a kind on a real kernel, and says what comes of it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '../../../clients/node/client.ts';
import { followSession } from '../../../clients/node/notebook.ts';
import type { Format } from '../../../daemon/core/notebook/notebook.ts';
import type { CellView, RunMode } from '../../../protocol/types.ts';
import { TestNotebook } from '../../support/daemon.ts';
import { notebookText } from '../../support/notebook-text.ts';
import { isNew, noticed, wrongCells } from '../histories/fresh-cells.ts';
import type { FreshRuns } from '../histories/fresh-runs.ts';
import { edited, type Kind } from './kind.ts';

interface Means {
  readonly kind: Kind;
  readonly format: Format;
  /** Holds the files of the kind. */
  readonly folder: string;
  readonly client: Client;
  readonly environment: Readonly<Record<string, string>>;
  readonly python: string;
  readonly runs: FreshRuns;
}

export interface Observed {
  /** `beyond` also where a problem tells it. */
  readonly is: 'equal' | 'refused' | 'beyond';
  /** Codes of problems, and `unwatched`. */
  readonly told: ReadonlySet<string>;
  readonly story: readonly string[];
}

/** As often a run of what is stale may find that others are. */
const stalesMax = 6;

/** First the cell that was edited runs, and in another session the last cell of the page, which reads what that one does. */
export async function standingOf(means: Means): Promise<Observed> {
  const edited = await play(means, (player) => player.runEditedFirst());
  const read = await play(means, (player) => player.runReaderFirst());
  const is = [edited.is, read.is];
  return {
    is: is.includes('refused') ? 'refused' : is.includes('beyond') ? 'beyond' : 'equal',
    told: new Set([...edited.told, ...read.told]),
    story: [...edited.story, 'the reader first', ...read.story],
  };
}

async function play(means: Means, how: (player: Player) => Promise<void>): Promise<Observed> {
  const player = new Player(means);
  try {
    await player.open();
    await how(player);
    return player.observed;
  } finally {
    await player.close();
  }
}

class Player {
  readonly #means: Means;
  readonly #story: string[] = [];
  readonly #told = new Set<string>();
  #notebook!: TestNotebook;
  #cells: readonly string[];
  /** What cells that are out of date do is known of the text that ran last: it may be left out where that was another. */
  #isUnknown: ((cell: CellView) => boolean) | undefined;
  #isWrong = false;
  #isRefused = false;

  constructor(means: Means) {
    this.#means = means;
    this.#cells = means.kind.cells;
  }

  /** And what it says is taken back, and made again. */
  async runEditedFirst(): Promise<void> {
    await this.#run('all');
    await this.#runStale();
    await this.#edit();
    await this.#run('reactive', this.#editedCell);
    await this.#runStale();
    // Both texts have run.
    this.#isUnknown = isNew;
    await this.#editBack();
    await this.#runStale();
    await this.#edit();
    this.#isUnknown = undefined;
    await this.#run('upstream', this.#cells.length - 1);
    await this.#runStale();
    for (const again of this.#cells.keys()) await this.#run('reactive', again);
    await this.#runStale();
    await this.#run('all');
  }

  /** With what was known of the edited cell before. */
  async runReaderFirst(): Promise<void> {
    await this.#run('all');
    await this.#runStale();
    this.#isUnknown = isNew;
    await this.#edit();
    await this.#run('upstream', this.#cells.length - 1);
    await this.#run('reactive', this.#editedCell);
    this.#isUnknown = undefined;
    await this.#runStale();
    await this.#editBack();
    await this.#run('upstream', this.#cells.length - 1);
    await this.#runStale();
  }

  get observed(): Observed {
    return {
      is: this.#isRefused ? 'refused' : this.#isWrong ? 'beyond' : 'equal',
      told: this.#told,
      story: this.#story,
    };
  }

  get #editedCell(): number {
    const { edit } = this.#means.kind;
    return edit.type === 'file' ? 0 : Math.min(edit.at, this.#cells.length) - 1;
  }

  async close(): Promise<void> {
    if (this.#notebook) await this.#means.client.request('session/close', { session: this.#notebook.session });
  }

  get #text(): string {
    return notebookText(this.#means.format, this.#cells);
  }

  async open(): Promise<void> {
    const { folder, client, environment, python } = this.#means;
    const path = join(folder, 'notebook.py');
    await writeFile(path, this.#text);
    const followed = await followSession(client, { path, text: this.#text, version: 1, python, environment });
    this.#notebook = new TestNotebook(path, client, followed);
  }

  async #edit(): Promise<void> {
    const { edit, cells } = this.#means.kind;
    if (edit.type === 'file') return this.#write(edit.name, edit.content);
    this.#cells = edited(cells, edit);
    await this.#notebook.edit(this.#text);
    await this.#look('edited');
  }

  async #editBack(): Promise<void> {
    const { edit, cells, files } = this.#means.kind;
    if (edit.type === 'file') return this.#write(edit.name, files[edit.name] ?? '');
    this.#cells = cells;
    await this.#notebook.edit(this.#text);
    await this.#look('edited back');
  }

  /** Waits until a cell is stale. Where none becomes it, that is what the row is about. */
  async #write(name: string, content: string): Promise<void> {
    await writeFile(join(this.#means.folder, name), content);
    const isStale = this.#notebook.followed.waitFor((view) => Object.values(view.cells).some(({ status }) => status === 'stale'));
    await noticed(isStale);
    await this.#look(`${name} was written`);
  }

  async #run(mode: RunMode, ...cells: number[]): Promise<void> {
    try {
      await this.#notebook.run(mode, ...cells);
    } catch (error) {
      this.#story.push(`run ${mode} ${cells.map((at) => at + 1)}: ${(error as Error).message}`);
    }
    await this.#look(`run ${mode} ${cells.map((at) => at + 1)}`);
  }

  async #runStale(): Promise<void> {
    for (let count = 0; count < stalesMax; count++) {
      await this.#run('stale');
      if (this.#notebook.statuses.every((status) => status !== 'stale' && status !== 'new')) return;
    }
    this.#isWrong = true;
    this.#story.push('and cells stay stale');
  }

  async #look(done: string): Promise<void> {
    const { statuses, followed } = this.#notebook;
    for (const { code } of followed.view.problems) this.#told.add(code);
    for (const cell of Object.values(followed.view.cells)) if ('unwatched' in cell) this.#told.add('unwatched');
    if (statuses.includes('conflict')) this.#isRefused = true;
    const order = this.#cells.map((_, at) => at);
    const { format, folder, runs } = this.#means;
    const ask = (isRun: (at: number) => boolean) =>
      runs.of({ format, folder, order, cells: this.#cells.map((code, at) => (isRun(at) ? code : null)) });
    const wrong = this.#isRefused ? [] : await wrongCells(this.#notebook, ask, this.#isUnknown);
    if (wrong.length > 0) this.#isWrong = true;
    this.#story.push([`${done}: ${statuses.join(' ')}`, ...wrong].join('\n    '));
  }
}
