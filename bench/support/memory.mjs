/** Memory of processes as Linux counts it. What the processes of one program share counts once, whoever else on the machine shares it. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Processes that this one started. */
export function childrenOf(parent) {
  return listed()
    .filter((name) => parentOf(name) === parent)
    .map(Number);
}

/** Bytes of a process and of all that it started, but for those named; undefined where the system does not tell. */
export function treeBytes(root, without = []) {
  const parents = new Map();
  for (const name of listed()) {
    const parent = parentOf(name);
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const isOfTree = (pid) => pid === root || (parents.has(pid) && isOfTree(parents.get(pid)));
  const sizes = [...parents.keys()].filter((pid) => isOfTree(pid) && !without.includes(pid)).map(sizeOf);
  if (sizes.length === 0 || sizes.includes(undefined)) return undefined;
  const shared = new Map();
  for (const { program, sharedBytes } of sizes) shared.set(program, Math.max(shared.get(program) ?? 0, sharedBytes));
  return sum(sizes.map(({ privateBytes }) => privateBytes)) + sum([...shared.values()]);
}

function parentOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  // The command stands in brackets and may hold anything; the parent is the second field after it.
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

export function commandOf(pid) {
  return read(`/proc/${pid}/cmdline`) ?? '';
}

function sizeOf(pid) {
  const text = read(`/proc/${pid}/smaps_rollup`);
  if (text === undefined) return undefined;
  const bytes = (field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;
  const privateBytes = bytes('Private_Clean') + bytes('Private_Dirty');
  return { program: readlinkSync(`/proc/${pid}/exe`), privateBytes, sharedBytes: bytes('Rss') - privateBytes };
}

function sum(values) {
  return values.reduce((a, b) => a + b, 0);
}

function listed() {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
