/** Analysis beside marimo and beside bare parsing: `node bench/analysis/run.mjs [--sizes 10,100,1000,5000] [--pairs 9]`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Child, timeProcess } from '../support/children.mjs';
import { marimoPython } from '../support/marimo.mjs';
import { cellCodes, marimoText } from '../support/notebooks.mjs';
import { median, milliseconds, ratio } from '../support/statistics.mjs';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10,100,1000,5000' },
    pairs: { type: 'string', default: '9' },
    only: { type: 'string' },
  },
});
const sizes = values.sizes.split(',').map(Number);
const pairs = Number(values.pairs);
/** marimo takes minutes to register more cells than this; beyond it is left out of the cold runs and edits. */
const marimoCellsMax = 1_000;
const editsPerPair = 10;
const main = join(import.meta.dirname, '..', '..', 'dist', 'clients', 'cli', 'main.js');

const python = marimoPython();
const here = (name) => join(import.meta.dirname, name);
const headwater = new Child(process.execPath, [here('headwater.mjs')]);
const floor = new Child(process.execPath, [here('floor.mjs')]);
const marimo = new Child(python, [here('marimo_peer.py')]);

console.log('| work | marimo | headwater | floor (parse alone) | marimo / headwater (95 %) |\n|---|---|---|---|---|');
for (const style of ['tiny', 'real']) {
  if (values.only !== 'edit' && values.only !== 'check') for (const count of sizes) await cold(count, style);
  if (values.only !== 'cold' && values.only !== 'check') for (const count of sizes) await edits(count, style);
  if (values.only === undefined || values.only === 'check') await check(style);
}
for (const child of [headwater, floor, marimo]) child.end();

async function cold(count, style) {
  const codes = cellCodes(count, style);
  const peers = count <= marimoCellsMax ? { marimo, headwater, floor } : { headwater, floor };
  const times = await paired(
    count >= 1_000 ? Math.min(pairs, 5) : pairs,
    peers,
    async (child) => (await child.ask('cold', { codes })).ms,
  );
  report(`cold, ${count} ${style}`, times);
}

async function edits(count, style) {
  const codes = cellCodes(count, style);
  const peers = count <= marimoCellsMax ? { marimo, headwater, floor } : { headwater, floor };
  for (const child of Object.values(peers)) await child.ask('open', { codes });
  if (peers.marimo) assertSame(await marimo.ask('edges'), await headwater.ask('edges'), `the edges of ${count} ${style} cells`);
  for (const kind of ['comment', 'name', 'line']) {
    const cell = count >> 1;
    const ask = { kind, cell, rounds: editsPerPair };
    for (const child of Object.values(peers)) await child.ask('edit', { ...ask, rounds: 4 });
    const times = await paired(pairs, peers, async (child) => median((await child.ask('edit', ask)).ms));
    report(`edit (${kind}) of one of ${count} ${style}`, times);
  }
  assertSame(
    await headwater.ask('isRight', { codes }),
    { isRight: true },
    `the notebook of ${count} ${style} cells after the edits`,
  );
}

async function check(style) {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-bench-'));
  const file = join(folder, 'notebook.py');
  writeFileSync(file, marimoText(cellCodes(1_000, style)));
  const commands = {
    marimo: () => timeProcess(python, ['-m', 'marimo', 'check', file]),
    headwater: () => timeProcess(process.execPath, [main, 'check', file]),
  };
  report(`check of 1000 ${style}, whole process`, await paired(Math.min(pairs, 5), commands, (command) => command()));
  rmSync(folder, { recursive: true });
}

/** A B C, C B A, …: a machine that slows down slows all of them. The first round is not counted. */
async function paired(rounds, peers, measure) {
  const names = Object.keys(peers);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const ms = await measure(peers[name]);
      if (round > 0) times[name].push(ms);
    }
  }
  return times;
}

function report(work, times) {
  const show = (name) => (times[name] ? milliseconds(median(times[name])) : '–');
  const won = times.marimo && ratio(times.marimo, times.headwater);
  const interval = won ? `${won.ratio.toFixed(1)} × (${won.low.toFixed(1)} – ${won.high.toFixed(1)})` : '–';
  console.log(`| ${work} | ${show('marimo')} | ${show('headwater')} | ${show('floor')} | ${interval} |`);
}

function assertSame(a, b, what) {
  if (JSON.stringify(a) !== JSON.stringify(b)) throw new Error(`Not the same: ${what}.`);
}
