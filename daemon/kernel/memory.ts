/** Resident memory of a process, asked from the system: it is answered whatever the process is busy with. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

export async function residentBytes(pid: number): Promise<number | undefined> {
  try {
    return process.platform === 'linux' ? await fromProc(pid) : await fromPs(pid);
  } catch {
    return undefined;
  }
}

async function fromProc(pid: number): Promise<number | undefined> {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'));
  return found === null ? undefined : Number(found[1]) * 1024;
}

async function fromPs(pid: number): Promise<number | undefined> {
  return bytesFromPs((await promisify(execFile)('ps', psMemory(pid))).stdout);
}

/** What `ps` is asked. */
export function psMemory(pid: number): readonly string[] {
  return ['-o', 'rss=', '-p', String(pid)];
}

export function bytesFromPs(text: string): number | undefined {
  const kilobytes = Number(text.trim());
  return Number.isFinite(kilobytes) && kilobytes > 0 ? kilobytes * 1024 : undefined;
}
