/** Headwater's side: its daemon, and the client library over the real socket. Answers one request a line on standard input. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../dist/clients/node/client.js';
import { followSession } from '../../dist/clients/node/notebook.js';
import { childrenOf, commandOf } from '../support/memory.mjs';
import { percentText } from '../support/notebooks.mjs';
import { serve } from '../support/serve.mjs';

const python = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'headwater-bench-'));
const environment = { ...process.env, HEADWATER_RUNTIME_DIR: join(folder, 'runtime'), VIRTUAL_ENV: '' };
const client = await connect({ clientName: 'bench', environment });
let files = 0;
let notebook;
let version = 1;

async function open(codes) {
  if (notebook) await client.request('session/close', { session: notebook.session });
  const path = join(folder, `notebook_${files++}.py`);
  const text = percentText(codes);
  writeFileSync(path, text);
  notebook = await followSession(client, { path, text, version: 1, python, environment: cleaned(environment) });
  version = 1;
}

function cleaned(all) {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== ''));
}

/** Runs, and waits until the view has all of it. What is sent before it needs no answer first: requests are taken in order. */
async function run(mode, roots, before) {
  const { session } = notebook;
  const [{ run: number, seq }] = await Promise.all([client.request('run/start', { session, mode, roots }), before]);
  await notebook.waitFor((view) => view.seq >= seq && !view.runs.some(({ id }) => id === number));
}

const idAt = (cell) => notebook.view.layout[cell].id;

/** What an editor sends for another text of a cell. */
async function write(cell, code) {
  const { id, codeLine } = notebook.view.layout[cell];
  const lines = notebook.view.cells[id].code.split('\n');
  const range = {
    start: { line: codeLine, character: 0 },
    end: { line: codeLine + lines.length - 1, character: lines.at(-1).length },
  };
  version += 1;
  await client.request('text/change', { session: notebook.session, version, changes: [{ range, text: code }] });
}

/** The value that a cell shows, and how many lines it printed; the view keeps no more than the ends of long texts, so the daemon is asked. */
async function shown(cell) {
  const { outputs } = notebook.view.cells[idAt(cell)];
  const result = outputs.find(({ type }) => type === 'result')?.bundle['text/plain'];
  if (!outputs.some(({ type }) => type === 'stream')) return { result, lines: 0 };
  const { text } = await client.request('output/get', { session: notebook.session, cell: idAt(cell) });
  return { result, lines: text.split('\n').length - 1 };
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

await serve({
  async open({ codes }) {
    await open(codes);
    await run('all');
    return {};
  },
  async run({ cell, code, shows }) {
    let startedAt;
    const listening = client.onEvent(notebook.session, ({ type }) => {
      if (type === 'step.started') startedAt ??= performance.now();
    });
    const start = performance.now();
    await run('reactive', [idAt(cell)], write(cell, code));
    const ms = performance.now() - start;
    listening.dispose();
    return { ms, firstMs: startedAt - start, ...(await shown(shows)) };
  },
  /** A notebook that is opened anew, from the opening to the first result. */
  async start({ codes }) {
    const ms = await timed(async () => {
      await open(codes);
      await run('all');
    });
    return { ms, ...(await shown(0)) };
  },
  async restart() {
    const { pid } = notebook.view.kernel;
    const ms = await timed(async () => {
      await client.request('kernel/restart', { session: notebook.session });
      await run('reactive', [idAt(0)]);
    });
    if (notebook.view.kernel.pid === pid) throw new Error('It is the kernel from before.');
    return { ms, ...(await shown(0)) };
  },
  /** Processes whose memory counts: all but the spare that waits for a restart. */
  async processes() {
    const { pid } = await client.request('server/status', {});
    const children = childrenOf(pid);
    const workers = [...children, ...children.flatMap(childrenOf)].filter((child) =>
      commandOf(child).includes('worker/start.py'),
    );
    return { roots: [pid], without: workers.filter((worker) => worker !== notebook.view.kernel.pid) };
  },
});

// Whoever asked is gone.
await client.request('server/stop', {});
client.close();
// The daemon may still be writing its last words there.
rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
