/** The processes that a kernel has started and that still run: its process group, and what descends from it in groups of their own. */

import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { commandCharactersMax, survivorsNamedMax } from '../limits.ts';
import type { RunningProcess } from './kernel.ts';

/** A process as it was seen: its number and the time of its start name it for good. */
export interface SeenProcess extends RunningProcess {
  readonly startedAt: string;
}

/** One of the processes of a machine. Zombies are no processes any more. */
export interface ProcessRow extends SeenProcess {
  readonly parent: number;
  readonly group: number;
}

export function startedBy(kernel: number, rows: readonly ProcessRow[]): readonly SeenProcess[] {
  const parents = new Map(rows.map(({ pid, parent }) => [pid, parent]));
  return rows
    .filter(({ pid, group }) => pid !== kernel && (group === kernel || descends(pid, kernel, parents)))
    .slice(0, survivorsNamedMax)
    .map(({ pid, command, startedAt }) => ({ pid, command, startedAt }));
}

/** Those that still run. Their names are read again: a moment after its start a process has no arguments yet. */
export function stillRunning(processes: readonly SeenProcess[], rows: readonly ProcessRow[]): readonly RunningProcess[] {
  const before = new Map(processes.map(({ pid, startedAt }) => [pid, startedAt]));
  return rows
    .filter(({ pid, startedAt }) => before.get(pid) === startedAt)
    .map(({ pid, command }) => ({ pid, command: command.slice(0, commandCharactersMax) }));
}

function descends(pid: number, ancestor: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at = parents.get(pid); at !== undefined && at > 1; at = parents.get(at)) if (at === ancestor) return true;
  return false;
}

/** Those of this machine. Empty where the system does not tell. */
export async function processTable(): Promise<readonly ProcessRow[]> {
  return await (process.platform === 'linux' ? fromProc() : fromPs()).catch(() => []);
}

async function fromProc(): Promise<readonly ProcessRow[]> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const rows = await Promise.all(numbers.map((name) => rowFromProc(Number(name)).catch(() => undefined)));
  return rows.filter((row) => row !== undefined);
}

/** Behind the name, from 0: the 22nd field of proc(5), in clock ticks since the machine started. */
const startTimeField = 19;

async function rowFromProc(pid: number): Promise<ProcessRow | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name, in parentheses, may hold anything.
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  const [state, parent, group] = fields;
  if (state === 'Z' || state === 'X') return undefined;
  const line = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
  const command = line || stat.slice(stat.indexOf('(') + 1, end);
  return { pid, parent: Number(parent), group: Number(group), startedAt: fields[startTimeField] ?? '', command };
}

async function fromPs(): Promise<readonly ProcessRow[]> {
  return rowsFromPs((await promisify(execFile)('ps', psTable)).stdout);
}

/** What `ps` is asked. */
export const psTable: readonly string[] = ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart=,command='];

export function rowsFromPs(text: string): readonly ProcessRow[] {
  return text.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+((?:\S+\s+){4}\d{4})\s+(.*)$/.exec(line);
    if (found === null || found[4]?.startsWith('Z')) return [];
    const [, pid, parent, group, , startedAt = '', command = ''] = found;
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), startedAt, command }];
  });
}
