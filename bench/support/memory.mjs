/** Memory of processes as Linux counts it: pages that several share count for each in part. */
import { readdirSync, readFileSync } from 'node:fs';

/** Bytes of a process and of all that it started; undefined where the system does not tell. */
export function treeBytes(root) {
  const parents = new Map();
  for (const name of listed()) {
    const stat = read(`/proc/${name}/stat`);
    // The command stands in brackets and may hold anything; the parent is the second field after it.
    if (stat) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isOfTree = (pid) => pid === root || (parents.has(pid) && isOfTree(parents.get(pid)));
  const bytes = [...parents.keys()].filter(isOfTree).map(proportionalBytes);
  return bytes.length > 0 && !bytes.includes(undefined) ? bytes.reduce((a, b) => a + b, 0) : undefined;
}

function proportionalBytes(pid) {
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
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
