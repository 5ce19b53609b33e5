/** The processes that a kernel has started and that still run: its process group, and what descends from it in groups of their own. */

import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { commandCharactersMax, survivorsNamedMax } from '../limits.ts';
import type { RunningProcess } from './kernel.ts';

interface Row extends RunningProcess {
  readonly parent: number;
  readonly group: number;
}

/** Zombies are no processes any more. Empty where the system does not tell. */
export async function startedBy(kernel: number): Promise<readonly RunningProcess[]> {
  const rows = await table().catch(() => []);
  const parents = new Map(rows.map(({ pid, parent }) => [pid, parent]));
  return rows
    .filter(({ pid, group }) => pid !== kernel && (group === kernel || descends(pid, kernel, parents)))
    .slice(0, survivorsNamedMax)
    .map(({ pid, command }) => ({ pid, command: command.slice(0, commandCharactersMax) }));
}

/** Those that have not gone since, by what they are called too: a number may be another's by now. */
export async function stillRunning(processes: readonly RunningProcess[]): Promise<readonly RunningProcess[]> {
  if (processes.length === 0) return [];
  const now = new Map((await table().catch(() => [])).map(({ pid, command }) => [pid, command]));
  return processes.filter(({ pid, command }) => now.get(pid)?.slice(0, commandCharactersMax) === command);
}

function descends(pid: number, ancestor: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at = parents.get(pid); at !== undefined && at > 1; at = parents.get(at)) if (at === ancestor) return true;
  return false;
}

async function table(): Promise<readonly Row[]> {
  return process.platform === 'linux' ? await fromProc() : await fromPs();
}

async function fromProc(): Promise<readonly Row[]> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const rows = await Promise.all(numbers.map((name) => rowFromProc(Number(name)).catch(() => undefined)));
  return rows.filter((row) => row !== undefined);
}

async function rowFromProc(pid: number): Promise<Row | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name, in parentheses, may hold anything.
  const end = stat.lastIndexOf(')');
  const [state, parent, group] = stat.slice(end + 2).split(' ');
  if (state === 'Z' || state === 'X') return undefined;
  const line = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
  return { pid, parent: Number(parent), group: Number(group), command: line || stat.slice(stat.indexOf('(') + 1, end) };
}

async function fromPs(): Promise<readonly Row[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,command=']);
  return stdout.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line);
    if (found === null || found[4]?.startsWith('Z')) return [];
    return [{ pid: Number(found[1]), parent: Number(found[2]), group: Number(found[3]), command: found[5] ?? '' }];
  });
}
