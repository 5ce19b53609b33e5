/** Outputs as files, for editors that can only open files: the text follows the cell, a plot is the image itself. */
import type { MimeBundle } from '../../protocol/types.ts';
import { cellLabel } from '../core/check/labels.ts';
import type { CellId } from '../core/notebook/notebook.ts';
import type { Timers } from '../host.ts';
import { outputFileMilliseconds } from '../limits.ts';
import type { Blobs } from '../store/blobs.ts';
import type { Session } from './session.ts';
import { outputsText, type Shown } from './shown/readable.ts';

export interface OutputFolder {
  /** A path within the folder. Gives the whole one. */
  write(path: string, content: Uint8Array | string): Promise<string>;
  remove(): Promise<void>;
}

export interface OutputFilesOptions {
  readonly folder: OutputFolder;
  readonly blobs: Blobs;
  readonly timers: Timers;
}

export interface OutputFile {
  readonly path: string;
  readonly mime: string;
}

const extensions: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
};

export class OutputFiles {
  readonly #options: OutputFilesOptions;
  readonly #following = new Map<string, { dispose(): void }>();
  /** Writes to one folder follow one another, so that the last text is the one that stays. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(options: OutputFilesOptions) {
    this.#options = options;
  }

  /** Writes the outputs of a cell and keeps the file up to date while the session lives. */
  async open(session: Session, cell: CellId): Promise<OutputFile> {
    const file = await this.#write(session, cell);
    const key = `${session.id}/${cell}`;
    if (!this.#following.has(key)) this.#following.set(key, this.#follow(session, cell));
    return file;
  }

  async clear(): Promise<void> {
    for (const { dispose } of this.#following.values()) dispose();
    this.#following.clear();
    await this.#options.folder.remove();
  }

  #follow(session: Session, cell: CellId): { dispose(): void } {
    const { timers } = this.#options;
    const wait = (milliseconds: number) => new Promise<void>((resolve) => timers.after(milliseconds, resolve));
    let isWaiting = false;
    let writtenAt = 0;
    const writeSoon = async () => {
      isWaiting = true;
      await wait(Math.max(0, writtenAt + outputFileMilliseconds - timers.elapsed()));
      await this.#writing;
      isWaiting = false;
      await this.#write(session, cell).catch(() => {});
      writtenAt = timers.elapsed();
    };
    return session.events.listen((event) => {
      if ('step' in event && 'cell' in event && event.cell === cell && !isWaiting) void writeSoon();
    });
  }

  #write(session: Session, cell: CellId): Promise<OutputFile> {
    const next = this.#writing.then(() => this.#writeNow(session, cell));
    this.#writing = next.catch(() => {});
    return next;
  }

  async #writeNow(session: Session, cell: CellId): Promise<OutputFile> {
    const { folder, blobs } = this.#options;
    const base = `${session.id}/${fileStem(session, cell)}`;
    session.tellOutputs(cell);
    const outputs = session.shownBy(cell);
    const error = session.cell(cell)?.error?.text;
    const text = await folder.write(`${base}.txt`, outputsText(outputs) + (error ? `${error}\n` : ''));
    const image = lastImage(outputs, blobs);
    if (!image) return { path: text, mime: 'text/plain' };
    const path = await folder.write(`${base}.${extensions[image.mime]}`, image.content);
    return { path, mime: image.mime };
  }
}

function fileStem(session: Session, cell: CellId): string {
  const label = cellLabel(session.state.graph, cell)
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
  return `${label || 'cell'}-${cell}`;
}

/** A stream that begins with so many blanks counts as empty. */
const blankCharactersMax = 1_000;

/** The last output, if it is an image. */
function lastImage(
  outputs: readonly Shown[],
  blobs: Blobs,
): { readonly mime: string; readonly content: Uint8Array | string } | undefined {
  const last = outputs.findLast((output) => output.type !== 'stream' || output.read(0, blankCharactersMax).text.trim() !== '');
  if (!last || last.type === 'stream') return undefined;
  for (const mime of Object.keys(extensions)) {
    const content = contentOf(last.bundle, mime, blobs);
    if (content !== undefined) return { mime, content };
  }
  return undefined;
}

function contentOf(bundle: MimeBundle, mime: string, blobs: Blobs): Uint8Array | string | undefined {
  const content = bundle[mime];
  return typeof content === 'object' ? blobs.get(content.blob) : content;
}
