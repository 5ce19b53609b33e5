/**
 * What the cells of a notebook showed last, kept over the end of the daemon: it is found again by the code that gave it, and shown as of
 * when that was. Written a moment after a step, not within it.
 */
import {
  type CellView,
  type ErrorView,
  ErrorView as ErrorViewSchema,
  type MimeBundle,
  type Output,
  Output as OutputSchema,
} from '../../../protocol/types.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import type { StepNumber } from '../../core/scheduler/state.ts';
import type { Hashes, TextBytes, Timer, Timers } from '../../host.ts';
import { keptOutputsBytesMax, keptOutputsDelayMilliseconds, keptOutputsFreeMax } from '../../limits.ts';
import type { Blobs } from '../../store/blobs.ts';
import type { Remembered, Told } from '../told/told.ts';

interface KeptCell {
  /** What stands for its code. Made when it is asked for first, which is not within a step. */
  readonly name: () => string;
  readonly asOf: number;
  readonly outputs: readonly Output[];
  readonly error: ErrorView | undefined;
}

/** As it is written, and the contents of its blobs as base64, by name. */
interface EncodedCell {
  readonly json: string;
  readonly blobs: ReadonlyMap<string, string>;
}

/** Texts that outlive the daemon, one for each name. */
export interface KeptTexts {
  /** Where it is, for people. */
  pathOf(name: string): string;
  /** Undefined where there is none. Rejects where it cannot be read, or is larger. */
  read(name: string, bytesMax: number): Promise<string | undefined>;
  /** One after the other, so that the last content is the one that stays. */
  write(name: string, content: string): Promise<void>;
}

export interface KeptOutputsOptions {
  readonly timers: Timers;
  readonly bytes: TextBytes;
  readonly hashes: Hashes;
  /** Of the notebook. */
  readonly path: string;
  readonly files: KeptTexts;
  readonly blobs: Blobs;
  /** What was kept is damaged, or foreign; it counts as nothing. */
  readonly onDamage: (error: Error) => void;
}

/** What is not in the events. */
export interface Lookups {
  /** What stands for the code of a step; undefined where something else, too, gives what it shows. */
  readonly tokensOf: (step: StepNumber) => string | undefined;
  readonly now: () => number;
}

export class KeptOutputs {
  readonly #options: KeptOutputsOptions;
  /** The oldest first. */
  readonly #kept = new Set<KeptCell>();
  /** Which of them a cell of the page shows, or gave. */
  readonly #claimed = new Map<CellId, KeptCell>();
  readonly #encodings = new WeakMap<KeptCell, EncodedCell>();
  /** Those that no cell has claimed, by their tokens. Cells with the same code take turns. */
  readonly #free = new Map<string, KeptCell[]>();
  #onTrouble: (error: Error | undefined) => void = () => {};
  #isTroubled = false;
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();

  private constructor(options: KeptOutputsOptions) {
    this.#options = options;
  }

  static async open(options: KeptOutputsOptions): Promise<KeptOutputs> {
    const kept = new KeptOutputs(options);
    try {
      const text = await options.files.read(options.path, 4 * keptOutputsBytesMax);
      if (text !== undefined) kept.#load(text);
    } catch (error) {
      kept.#kept.clear();
      kept.#free.clear();
      const file = options.files.pathOf(options.path);
      options.onDamage(
        new Error(`The outputs kept in ${file} for ${options.path} cannot be read and are ignored.`, { cause: error }),
      );
    }
    return kept;
  }

  /** Hears that nothing can be written, and when it can be again. */
  onTrouble(listener: (error: Error | undefined) => void): void {
    this.#onTrouble = listener;
  }

  /** Keeps what is told that cells show, each time when a step has ended. */
  follow(told: Pick<Told, 'events' | 'cell' | 'remembers'>, { tokensOf, now }: Lookups): void {
    told.events.listen((event) => {
      if (event.type === 'text' && event.removed.length > 0) this.forget((cell) => !told.remembers(cell));
      if (event.type !== 'step.finished') return;
      const [view, tokens] = [told.cell(event.cell), tokensOf(event.step)];
      if (view && tokens !== undefined) this.note(view, tokens, now());
    });
  }

  /** What the cell showed in an earlier life, if its code is still the same. */
  recall(cell: CellId, tokens: string): Remembered | undefined {
    if (this.#kept.size === 0 || tokens === '') return undefined;
    const name = this.#nameOf(tokens);
    const own = this.#claimed.get(cell);
    const found = own?.name() === name ? own : this.#takeFree(name);
    if (!found) return undefined;
    if (own && own !== found) this.#release(own);
    this.#claimed.set(cell, found);
    return {
      asOf: found.asOf,
      outputs: found.outputs,
      ...(found.error && { error: placedError(found.error, cell) }),
    };
  }

  /** A step of the cell has ended. */
  note({ id, outputs, error }: CellView, tokens: string, asOf: number): void {
    const before = this.#claimed.get(id);
    if (before) this.#kept.delete(before);
    this.#claimed.delete(id);
    if (outputs.length > 0 || error) {
      const kept = { name: lazily(() => this.#nameOf(tokens)), asOf, outputs, error: error && unplacedError(error, id) };
      this.#kept.add(kept);
      this.#claimed.set(id, kept);
    } else if (!before) return;
    this.#timer ??= this.#options.timers.after(keptOutputsDelayMilliseconds, () => this.#write());
  }

  /** Of cells that are gone for good: what they showed waits for their code to come back, as what is left of an earlier life does. */
  forget(isGone: (cell: CellId) => boolean): void {
    const gone = [...this.#claimed].filter(([cell]) => isGone(cell));
    for (const [cell, kept] of gone) {
      this.#claimed.delete(cell);
      this.#release(kept);
    }
    if (gone.length > 0) this.#dropFree(this.#kept, keptOutputsFreeMax);
  }

  /** Resolves when what is to be kept has been written. */
  async flush(): Promise<void> {
    if (this.#timer) this.#write();
    await this.#writing;
  }

  #release(kept: KeptCell): void {
    const free = this.#free.get(kept.name());
    if (free) free.push(kept);
    else this.#free.set(kept.name(), [kept]);
  }

  /** The one that has waited longest, unless told which. */
  #takeFree(name: string, which?: KeptCell): KeptCell | undefined {
    const free = this.#free.get(name) ?? [];
    const [taken] = free.splice(which ? free.indexOf(which) : 0, 1);
    if (free.length === 0) this.#free.delete(name);
    return taken;
  }

  /** Of these the oldest, until no more are left without a cell than told. */
  #dropFree(among: Iterable<KeptCell>, leftMax: number): void {
    const free = new Set([...this.#free.values()].flat());
    for (const kept of among) {
      if (free.size <= leftMax) return;
      if (!free.delete(kept)) continue;
      this.#kept.delete(kept);
      this.#takeFree(kept.name(), kept);
    }
  }

  #write(): void {
    this.#timer?.stop();
    this.#timer = undefined;
    const { files, path } = this.#options;
    const writing = files.write(path, this.#text());
    this.#writing = writing.then(
      () => this.#tell(undefined),
      (error: unknown) => this.#tell(error as Error),
    );
  }

  #tell(trouble: Error | undefined): void {
    if (this.#isTroubled === (trouble !== undefined)) return;
    this.#isTroubled = trouble !== undefined;
    this.#onTrouble(trouble);
  }

  /** The newest cells as far as there is room. */
  #text(): string {
    const blobs = new Map<string, string>();
    const cells: string[] = [];
    const leftOut: KeptCell[] = [];
    let room = keptOutputsBytesMax;
    for (const kept of [...this.#kept].reverse()) {
      const { json, blobs: own } = this.#encoded(kept);
      const size = [...own].reduce((sum, [name, content]) => sum + (blobs.has(name) ? 0 : content.length), json.length);
      if (size > room) {
        leftOut.push(kept);
        continue;
      }
      room -= size;
      cells.push(json);
      for (const [name, content] of own) blobs.set(name, content);
    }
    this.#dropFree(leftOut, 0);
    const head = JSON.stringify({ version, path: this.#options.path, blobs: Object.fromEntries(blobs) });
    return `${head.slice(0, -1)},"cells":[${cells.reverse().join(',')}]}`;
  }

  /** Once for each: a run of many cells is written many times. */
  #encoded(kept: KeptCell): EncodedCell {
    const known = this.#encodings.get(kept);
    if (known) return known;
    const blobs = new Map<string, string>();
    const outputs = kept.outputs.map((output) => (output.type === 'stream' ? output : this.#withBlobs(output, blobs)));
    const { asOf, error } = kept;
    const encoded = { json: JSON.stringify({ tokens: kept.name(), asOf, outputs, error }), blobs };
    this.#encodings.set(kept, encoded);
    return encoded;
  }

  /** Large parts of a bundle stand beside the cells. One that is too large, or gone, is left out: its text stays. */
  #withBlobs<T extends { readonly bundle: MimeBundle }>(output: T, blobs: Map<string, string>): T {
    const bundle: Record<string, MimeBundle[string]> = {};
    for (const [mime, part] of Object.entries(output.bundle)) {
      const content = typeof part === 'object' ? this.#options.blobs.get(part.blob) : undefined;
      if (typeof part === 'object' && (!content || content.length > keptOutputsBytesMax / 4)) continue;
      bundle[mime] = part;
      if (content && typeof part === 'object') blobs.set(part.blob, this.#options.bytes.toBase64(content));
    }
    return { ...output, bundle };
  }

  #nameOf(tokens: string): string {
    return this.#options.hashes.sha256(tokens).slice(0, 32);
  }

  #load(text: string): void {
    const file = JSON.parse(text) as { readonly [field: string]: unknown };
    if (file['version'] !== version || file['path'] !== this.#options.path)
      throw new Error('It is of another version, or another notebook.');
    const blobs = Object.entries(file['blobs'] as Record<string, string>);
    for (const [name, content] of blobs) {
      if (this.#options.blobs.put(this.#options.bytes.fromBase64(content)) !== name)
        throw new Error(`Its content ${name} is another one.`);
    }
    for (const one of file['cells'] as readonly unknown[]) {
      const cell = readCell(one as Record<string, unknown>);
      this.#kept.add(cell);
      this.#release(cell);
    }
  }
}

/** Of the file. */
const version = 1;

function readCell({ tokens, asOf, outputs, error }: Record<string, unknown>): KeptCell {
  if (typeof tokens !== 'string' || typeof asOf !== 'number') throw new Error('A cell of it has no tokens or no time.');
  return {
    name: () => tokens,
    asOf,
    outputs: (outputs as readonly unknown[]).map((output) => OutputSchema.parse(output)),
    error: error === undefined ? undefined : ErrorViewSchema.parse(error),
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Cells have other ids in another life: only the cell's own frames keep their places. */
function unplacedError(error: ErrorView, own: CellId): ErrorView {
  return {
    ...error,
    frames: error.frames.map(({ cell, cellLine, ...frame }) => (cell === own ? { ...frame, cell: '', cellLine } : frame)),
  };
}

function placedError(error: ErrorView, own: CellId): ErrorView {
  return { ...error, frames: error.frames.map((frame) => (frame.cell === undefined ? frame : { ...frame, cell: own })) };
}
