/**
 * How long another client waits for `server/status` while a large or odd notebook is opened, edited and checked:
 * `node bench/responsive/run.mjs [--only magics,names] [--rounds 3] [--before FOLDER]`.
 * Says the median and the longest wait of each, and checks that the notebook has the cells that it should have.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { cleanEnvironment } from '../support/children.mjs';
import { median, milliseconds } from '../support/statistics.mjs';
import { notebooks } from './notebooks.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(notebooks).join(',') },
    rounds: { type: 'string', default: '3' },
    /** A working tree of another commit, built: it is measured, too. */
    before: { type: 'string' },
  },
});
const here = join(import.meta.dirname, '..', '..');
const trees = { headwater: here, ...(values.before && { before: values.before }) };
const betweenMs = 5;
const goalMs = 100;
/** Work that takes longer is told while it goes on. */
const tellAfterMs = 120_000;

console.log('| notebook | work | build | takes | median wait | longest wait |\n|---|---|---|---|---|---|');
let worst = 0;
for (const name of values.only.split(',')) for (const [build, tree] of Object.entries(trees)) await measure(name, build, tree);
console.log(`\nlongest wait of this build: ${milliseconds(worst)} (goal: at most ${goalMs} ms)`);

async function measure(name, build, tree) {
  const rounds = { open: [], edit: [], check: [] };
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [work, found] of Object.entries(await once(name, tree))) rounds[work].push(found);
  }
  for (const [work, found] of Object.entries(rounds)) {
    const longest = Math.max(...found.map((one) => one.longest));
    if (build === 'headwater') worst = Math.max(worst, longest);
    const [took, wait] = [median(found.map((one) => one.took)), median(found.map((one) => one.median))];
    console.log(`| ${name} | ${work} | ${build} | ${milliseconds(took)} | ${milliseconds(wait)} | ${milliseconds(longest)} |`);
  }
}

/** A daemon of its own each time: nothing is known from before. */
async function once(name, tree) {
  const { text, cells, edit } = notebooks[name]();
  const folder = mkdtempSync(join(tmpdir(), 'headwater-bench-'));
  const environment = { ...cleanEnvironment(), HEADWATER_RUNTIME_DIR: join(folder, 'runtime') };
  const { connect } = await import(join(tree, 'dist/clients/node/client.js'));
  const client = await connect({ clientName: 'bench', environment });
  const watcher = await watching(tree, environment);
  const path = join(folder, 'notebook.py');
  writeFileSync(path, text);
  try {
    const found = {};
    let view;
    found.open = await watcher.during(async () => {
      ({ view } = await client.request('session/open', { path, text, version: 1 }));
    });
    const { session } = view;
    if (view.layout.length !== cells) throw new Error(`${name} has ${view.layout.length} cells, not ${cells}.`);
    found.edit = await watcher.during(() =>
      client.request('text/change', { session, version: 2, changes: [{ range: edit.range, text: edit.text }] }),
    );
    found.check = await watcher.during(() => client.request('graph/check', { path, text }));
    return found;
  } finally {
    await watcher.end();
    await client.request('server/stop', {});
    client.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function watching(tree, environment) {
  const worker = new Worker(join(import.meta.dirname, 'watcher.mjs'), { workerData: { tree, environment, betweenMs } });
  const heard = () => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await heard();
  const sinceLast = async () => {
    const answer = heard();
    worker.postMessage('tell');
    return answer;
  };
  return {
    async during(work) {
      await sinceLast();
      const start = performance.now();
      const late = setTimeout(() => console.error(`Still at it after ${tellAfterMs / 1000} s.`), tellAfterMs);
      await work();
      clearTimeout(late);
      const took = performance.now() - start;
      return { took, ...(await sinceLast()) };
    },
    async end() {
      worker.postMessage('end');
      await new Promise((resolve) => worker.once('exit', resolve));
    },
  };
}
