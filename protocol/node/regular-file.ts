/** Reads files at paths that somebody else chose: regular files alone, opened so that nothing can block, and up to a bound. */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

/** A pipe, for example. The message is half a sentence about the file. */
export class UnfitFileError extends Error {
  readonly code: 'EISDIR' | 'ENOTREG' | 'EFBIG';

  constructor(code: UnfitFileError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** To open a pipe waits for its writer, and to open a device may do something. The second look is for what took its place meanwhile. */
const flags = constants.O_RDONLY | constants.O_NONBLOCK;

export async function openRegular(path: string): Promise<FileHandle> {
  requireRegular(await stat(path));
  const file = await open(path, flags);
  try {
    requireRegular(await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

export async function readRegular(path: string, bytesMax: number): Promise<Buffer> {
  const file = await openRegular(path);
  try {
    const { size } = await file.stat();
    requireSize(size, bytesMax);
    const content = new Content(size, bytesMax);
    while (content.take((await file.read(content.free)).bytesRead));
    return content.whole();
  } finally {
    await file.close();
  }
}

export function openRegularSync(path: string): number {
  requireRegular(statSync(path));
  const file = openSync(path, flags);
  try {
    requireRegular(fstatSync(file));
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

export function readRegularSync(path: string, bytesMax: number): Buffer {
  const file = openRegularSync(path);
  try {
    const { size } = fstatSync(file);
    requireSize(size, bytesMax);
    const content = new Content(size, bytesMax);
    while (content.take(readSync(file, content.free)));
    return content.whole();
  } finally {
    closeSync(file);
  }
}

function requireRegular(stats: Stats): void {
  if (stats.isDirectory()) throw new UnfitFileError('EISDIR', 'it is a folder');
  if (!stats.isFile()) throw new UnfitFileError('ENOTREG', 'it is not a regular file, but a pipe, a socket or a device');
}

function requireSize(bytes: number, bytesMax: number): void {
  if (bytes > bytesMax) throw new UnfitFileError('EFBIG', `it has more than ${bytesMax} bytes, which is the limit`);
}

/** A file may grow while it is read, and those of the system say that they are empty. */
class Content {
  #bytes: Buffer;
  #length = 0;
  readonly #bytesMax: number;

  constructor(size: number, bytesMax: number) {
    this.#bytes = Buffer.allocUnsafe(size + 1);
    this.#bytesMax = bytesMax;
  }

  get free(): Buffer {
    return this.#bytes.subarray(this.#length);
  }

  /** Whether there may be more. */
  take(bytesRead: number): boolean {
    this.#length += bytesRead;
    requireSize(this.#length, this.#bytesMax);
    if (this.#length === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.allocUnsafe(this.#length)]);
    return bytesRead > 0;
  }

  whole(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}
