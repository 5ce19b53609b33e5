/** Memory of processes as Linux counts it. What the processes of one program share counts once, whoever else on the machine shares it. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Bytes of a process and of all that it started; undefined where the system does not tell. */
export function treeBytes(root) {
  const parents = new Map();
  for (const name of listed()) {
    const stat = read(`/proc/${name}/stat`);
    // The command stands in brackets and may hold anything; the parent is the second field after it.
    if (stat) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isOfTree = (pid) => pid === root || (parents.has(pid) && isOfTree(parents.get(pid)));
  const sizes = [...parents.keys()].filter(isOfTree).map(sizeOf);
  if (sizes.length === 0 || sizes.includes(undefined)) return undefined;
  const shared = new Map();
  for (const { program, sharedBytes } of sizes) shared.set(program, Math.max(shared.get(program) ?? 0, sharedBytes));
  return sum(sizes.map(({ privateBytes }) => privateBytes)) + sum([...shared.values()]);
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
