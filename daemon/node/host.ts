/** Node as the daemon's parts see it. */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, lstatSync, readFileSync, readlinkSync, readSync, watch } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { bytesOfEscaped, escapedText, hasEscapes } from '../../protocol/node/escaped-bytes.ts';
import { openRegularSync, readRegular } from '../../protocol/node/regular-file.ts';
import type { Files, Hashes, Host, OwnProcess, TextBytes, Timers, WatchedFiles } from '../host.ts';
import { dataFileEndBytes } from '../limits.ts';
import { newToken, tokensEqual } from './secrets.ts';

const timers: Timers = {
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return { stop: () => clearTimeout(timer) };
  },
  defer: (call) => void setImmediate(call),
  elapsed: () => performance.now(),
};

const bytes: TextBytes = {
  fromText: (text) => Buffer.from(text),
  writeText: (text, into) => viewOf(into).write(text),
  toText: (content) => viewOf(content).toString(),
  fromBase64: (text) => Buffer.from(text, 'base64'),
  toBase64: (content) => viewOf(content).toString('base64'),
};

/** For what programs print: bytes that are no text come back as they were. */
export const printedBytes: TextBytes = {
  ...bytes,
  fromText: (text) => bytesOfEscaped(text),
  writeText: (text, into) => (hasEscapes(text) ? bytesOfEscaped(text).copy(viewOf(into)) : viewOf(into).write(text)),
  toText: (content) => escapedText(viewOf(content)),
};

const hashes: Hashes = { sha256: (content) => createHash('sha256').update(content).digest('hex') };

const files: Files = {
  readText: (path, bytesMax) => readRegular(path, bytesMax).then(String),
  sizeOf: (path) =>
    stat(path).then(
      (found) => (found.isFile() ? found.size : undefined),
      () => undefined,
    ),
  kindOf: (path) =>
    stat(path).then(
      (found) => (found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other'),
      () => undefined,
    ),
  realPath: (path) => realpath(path).catch(() => resolve(path)),
  exists: (path, folder) => existsSync(resolve(folder, path)),
};

const watchedFiles: WatchedFiles = {
  signatureOf: (path) => {
    try {
      const status = lstatSync(path, { bigint: true });
      return status.isFile() || status.isSymbolicLink()
        ? `${status.mtimeNs} ${status.ctimeNs} ${status.size} ${status.ino}`
        : undefined;
    } catch {
      return undefined;
    }
  },
  markOf: (path, wholeBytesMax) => {
    try {
      return markOf(path, wholeBytesMax);
    } catch {
      return undefined;
    }
  },
  watch: (folder, onNews) => {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => onNews(name ?? undefined));
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      // Gone, or the system has no more watches to give.
      return undefined;
    }
  },
};

const ownProcess: OwnProcess = { pid: process.pid, memoryBytes: () => process.memoryUsage.rss() };

export const nodeHost: Host = {
  timers,
  bytes,
  hashes,
  files,
  watchedFiles,
  process: ownProcess,
  secrets: { newToken, tokensEqual },
};

function markOf(path: string, wholeBytesMax: number): string {
  if (lstatSync(path).isSymbolicLink()) return `leads to ${readlinkSync(path)}`;
  const file = openRegularSync(path);
  try {
    const { size, mtimeNs } = fstatSync(file, { bigint: true });
    return size <= wholeBytesMax
      ? hashes.sha256(readFileSync(file))
      : `${size} ${mtimeNs} ${hashes.sha256(endsOf(file, Number(size)))}`;
  } finally {
    closeSync(file);
  }
}

function endsOf(file: number, size: number): Uint8Array {
  const ends = new Uint8Array(2 * dataFileEndBytes);
  readSync(file, ends, 0, dataFileEndBytes, 0);
  readSync(file, ends, dataFileEndBytes, dataFileEndBytes, Math.max(0, size - dataFileEndBytes));
  return ends;
}

/** The same bytes with Node's methods. */
function viewOf(content: Uint8Array): Buffer {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
}
