/** All processes that a daemon has ever been seen to have started, by way of others too. */
import { execFileSync } from 'node:child_process';

export class Census {
  readonly #root: number;
  readonly #seen = new Set<string>();

  constructor(root: number) {
    this.#root = root;
  }

  get count(): number {
    return this.#seen.size;
  }

  /** Those of them that live. A number may be given again: the start counts, too. */
  get left(): string[] {
    const alive = new Set(processes().map(nameOf));
    return [...this.#seen].filter((name) => alive.has(name));
  }

  isAlive(pid: number): boolean {
    return processes().some((one) => one.pid === pid);
  }

  take(): void {
    const all = processes();
    const family = new Set([this.#root]);
    for (let size = 0; size < family.size; ) {
      size = family.size;
      for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
    }
    family.delete(this.#root);
    for (const one of all) if (family.has(one.pid) && !one.command.startsWith('ps ')) this.#seen.add(nameOf(one));
  }
}

interface OneProcess {
  readonly pid: number;
  readonly parent: number;
  readonly started: string;
  readonly command: string;
}

function nameOf({ pid, started }: OneProcess): string {
  return `${pid} of ${started}`;
}

/** Without those that have ended and wait for their parent to ask. */
function processes(): OneProcess[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,lstart=,args=']).toString().split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, started, command] =
      /^\s*(\d+)\s+(\d+)\s+[^Z\s]\S*\s+(\w+ +\w+ +\d+ +\S+ +\d+)\s+(.*)$/.exec(line) ?? [];
    return started === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), started, command: command ?? '' }];
  });
}
