/** The daemon's log: one line an event, bounded, read by `headwater daemon log` and shown when a start fails. */
import { appendFileSync, copyFileSync, statSync, truncateSync } from 'node:fs';
import { logBytesMax } from './limits.ts';

export interface Log {
  write(line: string): void;
  /** An error with its stack and causes; what the wire does not say stands here. */
  error(error: unknown): void;
}

/**
 * A full log is copied to `….1` and emptied in place: the standard error of the daemon, and of a daemon that is about to
 * start, append to the same file and keep doing so.
 */
export function openLog(path: string, bytesMax: number = logBytesMax): Log {
  let bytes = sizeOf(path);
  const append = (text: string) => {
    if (bytes + text.length > bytesMax) {
      rotate(path);
      bytes = 0;
    }
    appendFileSync(path, text, { mode: 0o600 });
    bytes += Buffer.byteLength(text);
  };
  const write = (line: string) => {
    try {
      append(`${new Date().toISOString()} [${process.pid}] ${line}\n`);
    } catch {
      // On a full disk the notebooks are worth more than the log.
    }
  };
  return { write, error: (error) => write(describe(error)) };
}

function rotate(path: string): void {
  if (sizeOf(path) === 0) return;
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\n  because: ${describe(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
