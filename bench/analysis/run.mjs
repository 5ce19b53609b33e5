/**
 * Analysis beside marimo and beside bare parsing: `node bench/analysis/run.mjs [--sizes 10,100,1000,5000] [--pairs 9] [--shapes dag,chain,fan]
 * [--styles tiny,real] [--only cold|edit|check]`.
 */
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
    shapes: { type: 'string', default: 'dag,chain,fan' },
    styles: { type: 'string', default: 'tiny,real' },
    only: { type: 'string' },
  },
});
const sizes = values.sizes.split(',').map(Number);
const pairs = Number(values.pairs);
/** marimo takes minutes to register more cells than this; beyond it is left out. */
const marimoCellsMax = 1_000;
/** Pairs of what takes seconds. */
const slowPairsMax = 5;
const editsPerPair = 10;
/** Before anything is counted: a process that has read for a moment, and a session that has been edited for one. */
const readingsToWarmUp = 15;
const editsToWarmUp = 2_000;
const main = join(import.meta.dirname, '..', '..', 'dist', 'clients', 'cli', 'main.js');

const python = marimoPython();
const here = (name) => join(import.meta.dirname, name);
const headwater = new Child(process.execPath, [here('headwater.mjs')]);
const floor = new Child(process.execPath, [here('floor.mjs')]);
const marimo = new Child(python, [here('marimo_peer.py')]);
/** Medians of edits in milliseconds, by style, shape and kind, then by size. */
const edited = new Map();

console.log(
  '| work | marimo | marimo with its errors | headwater | floor (parse alone) | marimo / headwater (95 %) |\n|---|---|---|---|---|---|',
);
for (const style of values.styles.split(',')) {
  if (isWanted('cold')) for (const count of sizes) await cold(count, style);
  if (isWanted('edit')) {
    for (const shape of values.shapes.split(',')) for (const count of sizes) await edits(count, style, shape);
  }
  if (isWanted('check')) await check(style);
}
for (const child of [headwater, floor, marimo]) child.end();
reportGrowth();

function isWanted(part) {
  return values.only === undefined || values.only === part;
}

async function cold(count, style) {
  const codes = cellCodes(count, style);
  const ask = (child) => async () => (await child.ask('cold', { codes })).ms;
  for (const child of [headwater, floor])
    for (let turn = 0; turn < readingsToWarmUp; turn += 1) await child.ask('cold', { codes });
  const times = await paired(count >= 1_000 ? Math.min(pairs, slowPairsMax) : pairs, {
    ...(count <= marimoCellsMax && { marimo: ask(marimo) }),
    headwater: ask(headwater),
    floor: ask(floor),
  });
  report(`cold, ${count} ${style}`, times);
}

async function edits(count, style, shape) {
  const codes = cellCodes(count, style, shape);
  const hasPeer = count <= marimoCellsMax;
  for (const child of [headwater, floor, ...(hasPeer ? [marimo] : [])]) await child.ask('open', { codes });
  if (hasPeer) assertSame(await marimo.ask('edges'), await headwater.ask('edges'), `the edges of ${count} ${style} cells`);
  for (const kind of ['comment', 'name', 'line']) {
    const ask = (child, rest) => async (rounds) =>
      median((await child.ask('edit', { kind, cell: count >> 1, rounds: rounds ?? editsPerPair, ...rest })).ms);
    const peers = {
      ...(hasPeer && { marimo: ask(marimo, { errors: false }), errors: ask(marimo, { errors: true }) }),
      headwater: ask(headwater, {}),
      floor: ask(floor, {}),
    };
    for (const [name, peer] of Object.entries(peers)) await peer(name === 'headwater' || name === 'floor' ? editsToWarmUp : 4);
    const times = await paired(pairs, peers);
    report(`edit (${kind}) of one of ${count} ${style}, ${shape}`, times);
    const key = `${style}, ${shape}, ${kind}`;
    edited.set(key, { ...edited.get(key), [count]: median(times.headwater) });
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
  const times = await paired(Math.min(pairs, slowPairsMax), {
    marimo: () => timeProcess(python, ['-m', 'marimo', 'check', file]),
    headwater: () => timeProcess(process.execPath, [main, 'check', file]),
    floor: () => timeProcess(process.execPath, [here('floor-check.mjs'), file]),
  });
  report(`check of 1000 ${style}, whole process`, times);
  rmSync(folder, { recursive: true });
}

/** A B C, C B A, …: a machine that slows down slows all of them. The first round is not counted. */
async function paired(rounds, peers) {
  const names = Object.keys(peers);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const ms = await peers[name]();
      if (round > 0) times[name].push(ms);
    }
  }
  return times;
}

function report(work, times) {
  const show = (name) => (times[name] ? milliseconds(median(times[name])) : '–');
  const won = times.marimo && ratio(times.marimo, times.headwater);
  const interval = won ? `${won.ratio.toFixed(1)} × (${won.low.toFixed(1)} – ${won.high.toFixed(1)})` : '–';
  console.log(`| ${work} | ${show('marimo')} | ${show('errors')} | ${show('headwater')} | ${show('floor')} | ${interval} |`);
}

/** Whether an edit costs the same in a large notebook as in a small one. */
function reportGrowth() {
  if (!sizes.includes(100) || !sizes.includes(5000) || edited.size === 0) return;
  console.log('\n| edit | 5,000 cells / 100 cells |\n|---|---|');
  for (const [key, medians] of edited) console.log(`| ${key} | ${(medians[5000] / medians[100]).toFixed(2)} × |`);
}

function assertSame(a, b, what) {
  if (JSON.stringify(a) !== JSON.stringify(b)) throw new Error(`Not the same: ${what}.`);
}
