/** A folder with a notebook, a daemon of its own, and programs that stand in for the desktop's. */
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { type Client, connect } from '../../clients/node/client.ts';
import { root } from './editors.ts';

export interface Workshop {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  path(name: string): string;
  /** What was opened outside of the editor, in order. */
  openedOutside(): Promise<readonly string[]>;
  /** Resolves when the daemon has a notebook open: an editor that shows nothing of it can then be asked to run it. */
  opened(name: string): Promise<void>;
  close(): Promise<void>;
}

/** An editor, the language server and the daemon start one after the other. */
const openSecondsMax = 60;

/** Has a copy of the examples. */
export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'headwater-editors-'));
  const programs = join(folder, 'programs');
  const opened = join(folder, 'opened');
  await cp(join(root, 'examples'), folder, { recursive: true });
  await mkdir(programs);
  await writeProgram(join(programs, 'xdg-open'), `printf '%s\\n' "$1" >> '${opened}'`);
  await writeProgram(
    join(programs, 'headwater'),
    `exec '${process.execPath}' '${join(root, 'dist', 'clients', 'cli', 'main.js')}' "$@"`,
  );
  const environment = {
    PATH: `${programs}:${process.env['PATH']}`,
    HEADWATER_RUNTIME_DIR: join(folder, 'run'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_DATA_HOME: join(folder, 'data-home'),
  };
  const daemon = () => connect({ clientName: 'test', start: false, environment: { ...process.env, ...environment } });
  return {
    folder,
    environment,
    path: (name) => join(folder, name),
    openedOutside: async () => (await readFile(opened, 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
    opened: (name) =>
      vi.waitFor(
        async () => {
          const client = await daemon();
          const { sessions } = await client.request('session/list', {}).finally(() => client.close());
          if (!sessions.some(({ path }) => path === join(folder, name))) throw new Error(`${name} is not open.`);
        },
        { timeout: openSecondsMax * 1000, interval: 200 },
      ),
    close: async () => {
      await daemon().then(stop, () => undefined);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The daemon hangs up when it has ended. */
async function stop(client: Client): Promise<void> {
  const gone = new Promise<void>((resolve) => void client.onDisconnect(() => resolve()));
  await client.request('server/stop', {}).catch(() => undefined);
  await gone;
}

async function writeProgram(path: string, line: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${line}\n`);
  await chmod(path, 0o755);
}
