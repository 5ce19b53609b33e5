/** Somebody in a hurry at a notebook: edits, runs, interrupts, restarts and kills, while other clients come and go. */
import { deepStrictEqual } from 'node:assert';
import type { Client } from '../../clients/node/client.ts';
import { followSession, type Notebook } from '../../clients/node/notebook.ts';
import { seenResult } from '../../daemon/server/seen.ts';
import type { Role } from '../../protocol/types.ts';
import type { TestDaemon, TestNotebook } from '../support/daemon.ts';
import { notebookText } from '../support/notebook-text.ts';
import { pick, type Roll } from '../support/random.ts';
import { until } from '../support/until.ts';

const cellsMax = 12;
const watchersMax = 4;
const otherNotebooks = 3;
/** So long that it outlives a run of the soak. */
const tokenSeconds = 24 * 60 * 60;

/** Programs that end by themselves, and some that do not for a while. */
const programs: readonly ((n: number, m: number) => string)[] = [
  (n) => `x${n % 6} = ${n}\nprint("x${n % 6}", x${n % 6})`,
  (n, m) => `y${n % 6} = [x${m % 6}] * 3\nprint(y${n % 6})`,
  (n) => `xs = [${n}]`,
  (n) => `xs.append(${n})\nprint(len(xs))`,
  (n) => `for i in range(${1 + (n % 5000)}):\n    print("line", i)`,
  (n) => `display("${'x'.repeat(500)}" * ${1 + (n % 40)})`,
  (n) => `import subprocess\nprint(subprocess.run(["echo", "child ${n}"], capture_output=True, text=True).stdout)`,
  (n) => `import subprocess\nchild = subprocess.Popen(["sleep", "${1000 + n}"])\nprint("left running")`,
  () => 'import time\nfor tick in range(20):\n    time.sleep(0.02)\n    print(tick, flush=True)',
  () => 'import asyncio\nawait asyncio.sleep(0.3)\nprint("awaited")',
  (n) => `blob = bytes(${1 + (n % 20)} * 1024 * 1024)\nprint(len(blob))`,
  (n) => `if ${n} % 3 == 0:\n    raise ValueError(${n})\nprint("fine")`,
  (n) => `def f(v):\n    return v + x${n % 6}\nprint(f(1))`,
  (n) =>
    `class Picture:\n    def __repr__(self):\n        return "a picture"\n    def _repr_png_(self):\n        return b"\\x89PNG" + bytes(${n % 50} * 1024)\nPicture()`,
  (n) => `globals()["made"] = ${n}\nprint(made)`,
  () => 'x = (',
];

interface Watcher {
  readonly client: Client;
  readonly token: string;
  readonly role: Role;
  readonly followed: Notebook;
  readonly hasDetached: boolean;
}

export class Person {
  actions = 0;
  steps = 0;
  readonly #daemon: TestDaemon;
  readonly #client: Client;
  readonly #roll: Roll;
  readonly #counts = new Map<string, number>();
  readonly #watchers: Watcher[] = [];
  readonly #open: number[] = [];
  #cells: string[] = ['x1 = 1', 'print(x1)'];
  #number = 0;
  #notebook!: TestNotebook;

  constructor(daemon: TestDaemon, client: Client, roll: Roll) {
    this.#daemon = daemon;
    this.#client = client;
    this.#roll = roll;
  }

  /** How often each action was done. */
  get tally(): string {
    return [...this.#counts].map(([name, count]) => `${name} ${count}`).join(', ');
  }

  async begin(): Promise<void> {
    this.#notebook = await this.#daemon.notebook(notebookText('percent', this.#cells));
    this.#notebook.client.onEvent(this.#notebook.session, ({ type }) => {
      if (type === 'step.finished') this.steps++;
    });
  }

  async act(): Promise<void> {
    const name = pick(this.#roll, whatPeopleDo);
    this.actions++;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    await this.#do(name);
  }

  /** What the events fold to is what a new client is given. */
  async compareViews(): Promise<void> {
    await this.#settle();
    await until(async () => {
      const { view } = await this.#notebook.client.request('session/attach', { session: this.#notebook.session });
      const { followed } = this.#notebook;
      await followed.waitFor(({ seq }) => seq >= (view?.seq ?? 0));
      // What happened meanwhile is in one of the two only.
      if (followed.view.seq !== view?.seq) return false;
      deepStrictEqual(followed.view, view);
      for (const watcher of this.#watchers) {
        if (watcher.hasDetached) continue;
        const seen = await watcher.followed.waitFor(({ seq }) => seq >= view.seq);
        // What a viewer follows is the part that it sees of what an editor follows.
        if (seen.seq === view.seq) deepStrictEqual(seen, seenResult(watcher.role, 'session/attach', { view }).view);
      }
      return true;
    }, 'a view has been compared');
  }

  /** Brings the notebook up to date. A new kernel then prints the same, cell by cell. */
  async finish(): Promise<void> {
    this.#cells = this.#cells.filter((code) => code !== 'x = (');
    await this.#notebook.edit(this.#text);
    for (let count = 0; count < 3; count++) await this.#notebook.run('stale');
    const before = this.#shown();
    await this.#client.request('kernel/restart', { session: this.#notebook.session });
    await this.#notebook.run('all');
    deepStrictEqual(this.#shown(), before);
    for (const watcher of this.#watchers.splice(0)) await this.#go(watcher);
    await this.#notebook.client.request('session/close', { session: this.#notebook.session });
  }

  #shown(): unknown {
    return this.#notebook.statuses.map((status, at) => [status, status === 'fresh' ? this.#notebook.shown(at) : '']);
  }

  get #text(): string {
    return notebookText('percent', this.#cells);
  }

  async #do(what: (typeof whatPeopleDo)[number]): Promise<void> {
    const { session, client, followed } = this.#notebook;
    switch (what) {
      case 'edit':
        return this.#edit();
      case 'run':
        return this.#run();
      case 'wait':
        return this.#settle();
      case 'interrupt':
        return void (await client.request('run/interrupt', { session }));
      case 'restart':
        return void (await client.request('kernel/restart', { session }));
      case 'stop':
        return void (await client.request('kernel/stop', { session }));
      case 'kill': {
        const { pid } = followed.view.kernel;
        if (pid !== undefined && followed.view.kernel.phase !== 'dead') killed(pid);
        return;
      }
      case 'mode':
        return void (await client.request('session/configure', {
          session,
          options: { mode: pick(this.#roll, ['eager', 'lazy'] as const) },
        }));
      case 'come':
        return this.#come();
      case 'go':
        for (const watcher of this.#watchers.splice(this.#roll(watchersMax), 1)) await this.#go(watcher);
        return;
      case 'other':
        return this.#other();
    }
  }

  async #edit(): Promise<void> {
    const code = pick(this.#roll, programs)(++this.#number, this.#roll(1000));
    const at = this.#roll(this.#cells.length);
    const kind = this.#cells.length >= cellsMax ? 2 : this.#cells.length === 1 ? 0 : this.#roll(3);
    if (kind === 0) this.#cells.splice(at, 0, code);
    else if (kind === 1) this.#cells[at] = code;
    else this.#cells.splice(at, 1);
    await this.#notebook.edit(this.#text);
  }

  async #run(): Promise<void> {
    const mode = pick(this.#roll, ['reactive', 'reactive', 'upstream', 'only', 'stale', 'all'] as const);
    const needsCell = mode !== 'stale' && mode !== 'all';
    this.#open.push(await this.#notebook.start(mode, ...(needsCell ? [this.#roll(this.#cells.length)] : [])));
  }

  /** Runs come to an end, and nothing runs then. */
  async #settle(): Promise<void> {
    const { client, session, followed } = this.#notebook;
    for (const run of this.#open.splice(0)) await client.request('run/wait', { session, run });
    await until(() => followed.view.runs.length === 0, 'no run is left');
    await until(
      () => this.#notebook.statuses.every((status) => status !== 'running' && status !== 'queued'),
      'nothing runs and nothing waits',
    );
  }

  /** A client that looks on. It may go without a word. */
  async #come(): Promise<void> {
    if (this.#watchers.length >= watchersMax) return;
    const role = pick(this.#roll, ['viewer', 'interactor', 'editor'] as const);
    const { token } = await this.#client.request('token/create', { role, lifetimeSeconds: tokenSeconds });
    const client = await this.#daemon.client('watcher', token);
    const followed = await followSession(client, this.#notebook.session);
    const hasDetached = this.#roll(2) === 1;
    this.#watchers.push({ client, token, role, followed, hasDetached });
    if (hasDetached) await followed.detach();
  }

  async #go({ client, token }: Watcher): Promise<void> {
    client.close();
    await this.#client.request('token/revoke', { token });
  }

  /** Another notebook, opened, run and closed. */
  async #other(): Promise<void> {
    const name = `other_${this.#roll(otherNotebooks)}.py`;
    const notebook = await this.#daemon.notebook('# %%\nprint("other")\n# %%\ndisplay("y" * 100_000)\n', name);
    await notebook.run('all');
    await notebook.client.request('session/close', { session: notebook.session });
    notebook.client.close();
  }
}

const whatPeopleDo = [
  ...Array.from({ length: 10 }, () => 'edit' as const),
  ...Array.from({ length: 10 }, () => 'run' as const),
  ...Array.from({ length: 6 }, () => 'wait' as const),
  ...Array.from({ length: 3 }, () => 'interrupt' as const),
  'restart',
  'restart',
  'stop',
  'kill',
  'mode',
  'come',
  'come',
  'go',
  'other',
] as const;

/** It may have ended meanwhile. */
function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
