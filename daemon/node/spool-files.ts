/** Files of spools. They have no names: each is gone when it is closed, and when the daemon is, however that ends. */
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { SpoolFile } from '../store/spool.ts';

/** Opens a new file. Throws where the disk does not let it. */
export function spoolFilesIn(folder: string): () => SpoolFile {
  return () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `spool-${randomBytes(8).toString('hex')}`);
    const file = openSync(path, 'wx+', 0o600);
    rmSync(path);
    return {
      write: (bytes, position) => write(file, bytes, position),
      read: (position, length) => read(file, position, length),
      close: () => closeSync(file),
    };
  };
}

/** A full disk may take a part. */
function write(file: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, position + at);
}

function read(file: number, position: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length);
  readSync(file, bytes, 0, length, position);
  return bytes;
}
