/** What some rules ask of the whole notebook, kept up to date cell by cell. */
import type { Name } from '../analysis/facts.ts';
import { isCellLocal } from '../analysis/names.ts';
import { NameIndex } from '../analysis/nearest.ts';
import { type Graph, indexOf } from '../graph/graph.ts';
import type { CellId } from '../notebook/notebook.ts';
import { everywhere } from './builtins.ts';
import { isMarkerLike } from './displaced-markers.ts';
import type { CheckedCell, CheckedNotebook } from './problem.ts';
import type { Renamer } from './rename.ts';

/** A notebook as the rules see it. */
export interface Checked extends CheckedNotebook {
  readonly surroundings: Surroundings;
  /** A name that several cells of a script define is an error, as in marimo's format. */
  readonly isStrict: boolean;
  /** Where it is given, fixes are worked out, too. */
  readonly renamer: Renamer | undefined;
}

/** What one cell contributes; most contribute nothing. */
interface Traits {
  /** Star imports, and functions that can make any name. */
  readonly makesNamesUnseen: boolean;
  /** `%pylab` brings names along. */
  readonly isPylab: boolean;
  /** Of a cell that could not be read whole: words that may be names it defines. */
  readonly words: ReadonlySet<string>;
  /** marimo's format: names private to the cell. */
  readonly locals: ReadonlySet<Name>;
  /** marimo's format: it changes objects in place. */
  readonly isChanger: boolean;
  /** A script: what is said of its marker depends on the cells beside it. */
  readonly isMarkerWatched: boolean;
}

const nothing: ReadonlySet<string> = new Set();
const plain: Traits = {
  makesNamesUnseen: false,
  isPylab: false,
  words: nothing,
  locals: nothing,
  isChanger: false,
  isMarkerWatched: false,
};

/** Who has to be looked at again: the readers of these names; all cells, if `isSilent` has changed. */
export interface SurroundingsChange {
  readonly names: ReadonlySet<Name>;
  readonly concernsAll: boolean;
}

export class Surroundings {
  readonly #format: CheckedNotebook['format'];
  readonly #traits = new Map<CellId, Traits>();
  readonly #words = new Map<string, number>();
  readonly #owners = new Map<Name, Set<CellId>>();
  readonly #changers = new Set<CellId>();
  readonly #watched = new Set<CellId>();
  /** Made when the first undefined name is reported. */
  #names: NameIndex | undefined;
  #unseenCount = 0;
  #pylabCount = 0;

  constructor({ format, cells }: CheckedNotebook) {
    this.#format = format;
    for (const placed of cells) this.put(placed);
  }

  /** Any name may have been defined, so none is reported as undefined. */
  get isSilent(): boolean {
    return this.#unseenCount > 0;
  }

  /** marimo's format: cells that change objects in place. */
  get changers(): ReadonlySet<CellId> {
    return this.#changers;
  }

  /** A script: cells of which something may be said that depends on the cells beside them. */
  get watched(): ReadonlySet<CellId> {
    return this.#watched;
  }

  /** Whether the name stands in a cell that could not be read whole, and may be defined there. */
  mayBeUnread(name: Name): boolean {
    return this.#pylabCount > 0 || this.#words.has(name);
  }

  /** marimo's format: the first cell of the page to which the name is private. */
  ownerOf(graph: Graph, name: Name): CellId | undefined {
    let owner: CellId | undefined;
    for (const id of this.#owners.get(name) ?? []) {
      if (owner === undefined || indexOf(graph, id) < indexOf(graph, owner)) owner = id;
    }
    return owner;
  }

  nearest(graph: Graph, name: Name): readonly Name[] {
    // Two letters are within two changes of anything.
    if (name.length < 3) return [];
    if (!this.#names) {
      this.#names = new NameIndex();
      for (const known of everywhere) this.#names.add(known);
      for (const known of graph.writers.keys()) this.noteWriters(graph, known);
    }
    return this.#names.nearest(name);
  }

  /** The name may be defined now, or no longer. */
  noteWriters(graph: Graph, name: Name): void {
    if (!this.#names || everywhere.has(name)) return;
    const isDefined = (graph.writers.get(name) ?? []).some((id) => graph.cells.get(id)?.facts.defs.has(name));
    if (isDefined) this.#names.add(name);
    else this.#names.delete(name);
  }

  put(placed: CheckedCell): SurroundingsChange {
    const { id } = placed.cell;
    const before = this.#traits.get(id) ?? plain;
    const after = this.#traitsOf(placed);
    if (before === after) return { names: nothing, concernsAll: false };
    if (after === plain) this.#traits.delete(id);
    else this.#traits.set(id, after);
    const [wasSilent, wasPylab] = [this.isSilent, this.#pylabCount > 0];
    this.#unseenCount += Number(after.makesNamesUnseen) - Number(before.makesNamesUnseen);
    this.#pylabCount += Number(after.isPylab) - Number(before.isPylab);
    if (after.isChanger) this.#changers.add(id);
    else this.#changers.delete(id);
    if (after.isMarkerWatched) this.#watched.add(id);
    else this.#watched.delete(id);
    const names = new Set<Name>();
    for (const word of before.words) if (!after.words.has(word)) this.#countWord(word, -1, names);
    for (const word of after.words) if (!before.words.has(word)) this.#countWord(word, 1, names);
    for (const name of before.locals) if (!after.locals.has(name)) this.#disown(name, id, names);
    for (const name of after.locals) if (!before.locals.has(name)) this.#own(name, id, names);
    return { names, concernsAll: wasSilent !== this.isSilent || wasPylab !== this.#pylabCount > 0 };
  }

  #traitsOf({ text, cell }: CheckedCell): Traits {
    const { facts, code } = cell;
    const isBroken = text.kind === 'unparsable' || facts.problems.some((problem) => problem.code === 'syntax-error');
    const makesNamesUnseen =
      unseenMakers.some((name) => facts.refs.has(name)) || facts.problems.some((problem) => problem.code === 'star-import');
    const isMarimo = this.#format === 'marimo';
    const isChanger = isMarimo && facts.mutations.size > 0;
    const locals = isMarimo && facts.locals.size > 0 ? new Set([...facts.locals].filter(isCellLocal)) : nothing;
    const isMarkerWatched = !isMarimo && isMarkerLike(text);
    if (!isBroken && !makesNamesUnseen && !isChanger && !isMarkerWatched && locals.size === 0) return plain;
    return {
      makesNamesUnseen,
      isPylab: isBroken && /^[ \t]*%pylab\b/m.test(code),
      words: isBroken ? new Set(code.match(/[\p{L}_][\p{L}\p{N}_]*/gu)) : nothing,
      locals,
      isChanger,
      isMarkerWatched,
    };
  }

  #countWord(word: string, by: number, changed: Set<Name>): void {
    const count = (this.#words.get(word) ?? 0) + by;
    if (count === 0) this.#words.delete(word);
    else this.#words.set(word, count);
    if (count === 0 || (count === 1 && by === 1)) changed.add(word);
  }

  #own(name: Name, id: CellId, changed: Set<Name>): void {
    const owners = this.#owners.get(name);
    if (owners) owners.add(id);
    else this.#owners.set(name, new Set([id]));
    changed.add(name);
  }

  #disown(name: Name, id: CellId, changed: Set<Name>): void {
    const owners = this.#owners.get(name);
    owners?.delete(id);
    if (owners?.size === 0) this.#owners.delete(name);
    changed.add(name);
  }
}

const unseenMakers = ['exec', 'globals', 'locals', 'vars'];
