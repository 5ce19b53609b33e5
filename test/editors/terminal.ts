/** A program in a terminal of its own (tmux), driven by keys and read by what is on the screen. Never sleeps: it waits for text. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Between two looks at the screen. */
const lookMs = 50;
const deadlineMs = 30_000;

export interface TerminalOptions {
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

export class Terminal {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async start({ command, environment = {}, columns = 110, rows = 50 }: TerminalOptions): Promise<Terminal> {
    const terminal = new Terminal(await mkdtemp(join(tmpdir(), 'headwater-terminal-')));
    const size = ['-x', String(columns), '-y', String(rows)];
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    // `env` gives the program its variables: a tmux server would keep those of its own start.
    await terminal.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, 'env', ...variables, ...command);
    return terminal;
  }

  /** Names of keys as tmux has them: Enter, Escape, C-c, or plain characters. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', text);
  }

  /** Without the lines that an editor shows below the end of the file. */
  async screen(): Promise<string> {
    const { stdout } = await this.#tmux('capture-pane', '-p');
    return stdout.replace(/(?:^~?\s*\n)+/gm, '\n');
  }

  async waitFor(claim: string | RegExp | ((screen: string) => boolean)): Promise<string> {
    const isTrue =
      typeof claim === 'function'
        ? claim
        : (screen: string) => (typeof claim === 'string' ? screen.includes(claim) : claim.test(screen));
    const deadline = Date.now() + deadlineMs;
    for (;;) {
      const screen = await this.screen();
      if (isTrue(screen)) return screen;
      if (Date.now() > deadline) throw new Error(`After ${deadlineMs / 1000} s the screen does not show ${claim}:\n${screen}`);
      await wait(lookMs);
    }
  }

  async waitUntilGone(text: string): Promise<string> {
    return this.waitFor((screen) => !screen.includes(text));
  }

  /** Ends the program without a word, as a crash or a closed laptop would. */
  async kill(): Promise<void> {
    const { stdout } = await this.#tmux('display-message', '-p', '#{pane_pid}');
    process.kill(Number(stdout), 'SIGKILL');
  }

  async close(): Promise<void> {
    await this.#tmux('kill-server').catch(() => undefined);
    await rm(this.#folder, { recursive: true, force: true });
  }

  #tmux(...parameters: readonly string[]) {
    return run('tmux', ['-S', join(this.#folder, 'tmux'), ...parameters]);
  }
}
