/** A whole notebook in a JavaScript context that has nothing but the language. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Context, createContext, runInContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { standingsToldAtOnceMax } from '../../daemon/limits.ts';
import { nodeHost } from '../../daemon/node/host.ts';
import type { ParamsOf, RequestName, ResultOf } from '../../protocol/methods.ts';
import type { NotebookView } from '../../protocol/types.ts';
import { until } from '../support/until.ts';
import { bundleForPage } from './bundle.ts';
import type { Page, Surroundings } from './page.ts';

const path = '/notebook.py';
const small = '# %%\nx = 1\n\n# %%\ny = x + 1\n\n# %%\nprint(y)\ny\n';

/** What Node and browsers have besides the language. */
const ofTheSurroundings = [
  ...['process', 'Buffer', 'require', 'module', 'global', 'setTimeout', 'clearTimeout', 'setImmediate', 'queueMicrotask'],
  ...['performance', 'structuredClone', 'TextEncoder', 'TextDecoder', 'URL', 'crypto', 'fetch', 'AbortController', 'Event'],
  ...['window', 'self', 'document', 'navigator', 'location', 'postMessage', 'WorkerGlobalScope', 'atob', 'btoa'],
];

let script: string;
let binaries: Pick<Surroundings, 'runtime' | 'grammar'>;
beforeAll(async () => {
  ({ script } = await bundleForPage("export { openPage } from './test/page/page.ts';"));
  const { resolve } = createRequire(import.meta.url);
  const [runtime, grammar] = await Promise.all([
    readFile(resolve('web-tree-sitter/web-tree-sitter.wasm')),
    readFile(resolve('tree-sitter-python/tree-sitter-python.wasm')),
  ]);
  binaries = { runtime, grammar };
});

class Driver {
  readonly #page: Page;
  readonly #errors: readonly string[];

  constructor(page: Page, errors: readonly string[]) {
    this.#page = page;
    this.#errors = errors;
  }

  static async open(text: string = small, context: Context = createContext({})): Promise<Driver> {
    runInContext(script, context);
    const errors: string[] = [];
    const { timers, bytes, hashes, secrets } = nodeHost;
    const onError = (sentence: string) => void errors.push(sentence);
    const page = await context['page'].openPage({
      timers,
      bytes,
      hashes,
      secrets,
      ...binaries,
      texts: { [path]: text },
      onError,
    });
    const driver = new Driver(page, errors);
    await page.follow(path, text);
    return driver;
  }

  async request<M extends RequestName>(method: M, params: ParamsOf<M>): Promise<ResultOf<M>> {
    return JSON.parse(await this.#page.request(method, JSON.stringify(params)));
  }

  get view(): NotebookView {
    expect(this.#errors).toEqual([]);
    return JSON.parse(this.#page.view());
  }

  get statuses(): readonly string[] {
    const { layout, cells } = this.view;
    return layout.map(({ id }) => cells[id]?.status ?? 'absent');
  }

  get shown(): readonly string[] {
    const { layout, cells } = this.view;
    return layout.flatMap(({ id }) =>
      (cells[id]?.outputs ?? []).map((output) => (output.type === 'stream' ? output.text : String(output.bundle['text/plain']))),
    );
  }

  async run(mode: 'all' | 'stale'): Promise<string> {
    const { run } = await this.request('run/start', { session: path, mode });
    const { outcome, seq } = await this.request('run/wait', { session: path, run });
    await until(() => this.view.seq >= seq, 'the client has heard of the end');
    return outcome;
  }

  async edit(line: number, newText: string): Promise<void> {
    const range = { start: { line, character: 0 }, end: { line, character: 100 } };
    const { seq } = await this.request('text/change', {
      session: path,
      version: this.view.version + 1,
      changes: [{ range, text: newText }],
    });
    await until(() => this.view.seq >= seq, 'the client has heard of the edit');
  }
}

describe('a session in a context without Node', () => {
  it('has nothing but the language around it', () => {
    const context = createContext({});
    runInContext(script, context);
    expect(ofTheSurroundings.filter((name) => runInContext(`typeof ${name} !== 'undefined'`, context))).toEqual([]);
  });

  it('runs cells, marks what an edit makes stale, runs that again, and starts anew', async () => {
    const page = await Driver.open();
    expect(page.statuses).toEqual(['new', 'new', 'new']);
    expect(await page.run('all')).toBe('ok');
    expect([page.statuses, page.shown]).toEqual([
      ['fresh', 'fresh', 'fresh'],
      ['2\n', '2'],
    ]);
    await page.edit(1, 'x = 10');
    expect(page.statuses).toEqual(['stale', 'stale', 'stale']);
    expect(await page.run('stale')).toBe('ok');
    expect([page.statuses, page.shown]).toEqual([
      ['fresh', 'fresh', 'fresh'],
      ['11\n', '11'],
    ]);
    await page.request('kernel/restart', { session: path });
    await until(() => page.view.kernel.phase === 'idle' && page.view.kernel.generation === 2, 'another kernel is there');
    expect(page.statuses).toEqual(['stale', 'stale', 'stale']);
    expect(await page.run('all')).toBe('ok');
    expect(page.statuses).toEqual(['fresh', 'fresh', 'fresh']);
  });

  it('shows each client the same: what is folded from events, and what is asked for', async () => {
    const page = await Driver.open();
    await page.run('all');
    await page.edit(4, 'y = x + nothing');
    await page.run('stale');
    const { view } = await page.request('session/attach', { session: path });
    expect(page.view).toEqual(view);
    expect(page.view.problems.map(({ code }) => code)).toEqual(['undefined-name']);
  });

  it('tells of a large notebook in parts', async () => {
    const count = 2 * standingsToldAtOnceMax;
    const cells = Array.from({ length: count }, (_, at) => `# %%\nx_${at} = ${at === 0 ? '1' : `x_${at - 1}`}\n`);
    const page = await Driver.open(cells.join(''));
    expect(await page.run('all')).toBe('ok');
    await until(() => page.statuses.every((status) => status === 'fresh'), 'all cells are fresh');
    await page.edit(1, 'x_0 = 2');
    await until(() => page.statuses.every((status) => status === 'stale'), 'all cells are stale');
  });

  it('interrupts, asks and is answered', async () => {
    const page = await Driver.open();
    await page.edit(1, 'while True: pass');
    const { run } = await page.request('run/start', { session: path, mode: 'all' });
    await until(() => page.view.kernel.phase === 'busy', 'the cell runs');
    await page.request('run/interrupt', { session: path });
    expect((await page.request('run/wait', { session: path, run })).outcome).toBe('interrupted');
    await page.edit(1, "x = input('How many? ')");
    const asking = await page.request('run/start', { session: path, mode: 'all' });
    await until(() => page.view.input !== undefined, 'the cell asks');
    await page.request('input/reply', { session: path, input: page.view.input?.input ?? 0, text: 'many' });
    await page.request('run/wait', { session: path, run: asking.run });
    expect(page.shown[0]).toContain('many');
  });

  it('checks and converts a text, and says that it has no files', async () => {
    const page = await Driver.open();
    const { problems } = await page.request('graph/check', { path, world: true });
    expect(problems).toEqual([]);
    const { text: converted } = await page.request('notebook/convert', { path, to: 'marimo' });
    expect(converted).toContain('import marimo');
    await expect(page.request('notebook/convert', { path: '/none.py' })).rejects.toThrow('there is no such file');
    const cell = page.view.layout[0]?.id ?? '';
    await expect(page.request('output/file', { session: path, cell })).rejects.toThrow('output/file is not available here');
  });
});
