/** Outputs as files, for editors that can only open files: the text follows the cell, a plot is the image itself. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { MimeBundle } from '../../protocol/types.ts';
import { cellLabel } from '../core/check/labels.ts';
import type { CellId } from '../core/notebook/notebook.ts';
import { outputFileMilliseconds } from '../limits.ts';
import type { Blobs } from '../store/blobs.ts';
import type { Session } from './session.ts';
import { outputsText, type Shown } from './shown/readable.ts';

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
  readonly #folder: string;
  readonly #blobs: Blobs;
  readonly #following = new Map<string, { dispose(): void }>();
  /** Writes to one folder follow one another, so that the last text is the one that stays. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(folder: string, blobs: Blobs) {
    this.#folder = folder;
    this.#blobs = blobs;
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
    await rm(this.#folder, { recursive: true, force: true });
  }

  #follow(session: Session, cell: CellId): { dispose(): void } {
    let isWaiting = false;
    let writtenAt = 0;
    const writeSoon = async () => {
      isWaiting = true;
      await wait(Math.max(0, writtenAt + outputFileMilliseconds - performance.now()));
      await this.#writing;
      isWaiting = false;
      await this.#write(session, cell).catch(() => {});
      writtenAt = performance.now();
    };
    return session.events.listen((event) => {
      if ('step' in event && event.cell === cell && !isWaiting) void writeSoon();
    });
  }

  #write(session: Session, cell: CellId): Promise<OutputFile> {
    const next = this.#writing.then(() => this.#writeNow(session, cell));
    this.#writing = next.catch(() => {});
    return next;
  }

  async #writeNow(session: Session, cell: CellId): Promise<OutputFile> {
    const folder = join(this.#folder, session.id);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const base = join(folder, `${fileStem(session, cell)}`);
    session.tellOutputs(cell);
    const outputs = session.shownBy(cell);
    const text = `${base}.txt`;
    const error = session.cell(cell)?.error?.text;
    await writeFile(text, outputsText(outputs) + (error ? `${error}\n` : ''), { mode: 0o600 });
    const image = lastImage(outputs, this.#blobs);
    if (!image) return { path: text, mime: 'text/plain' };
    const path = `${base}.${extensions[image.mime]}`;
    await writeFile(path, image.content, { mode: 0o600 });
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
