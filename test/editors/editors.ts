/** Real editors for the tests: the system's tmux, and an editor that install.sh has put into `.cache`. */
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export type Suite = 'trixie' | 'forky';

export interface Available {
  readonly path: string;
}

export interface Missing {
  readonly reason: string;
}

/** The editor of a Debian suite, or why there is none. */
export async function findEditor(name: 'nvim' | 'hx' | 'emacs', suite: Suite): Promise<Available | Missing> {
  try {
    await run('tmux', ['-V']);
  } catch {
    return { reason: 'tmux is not installed' };
  }
  const folder = join(root, '.cache', `editors-${suite}`);
  try {
    await run(join(root, 'test', 'editors', 'install.sh'), [suite, folder]);
    const path = join(folder, 'bin', name);
    await access(path);
    return { path };
  } catch (error) {
    return {
      reason: `${name} of Debian ${suite} could not be installed: ${(error as Error).message.split('\n').slice(0, 3).join(' ')}`,
    };
  }
}
