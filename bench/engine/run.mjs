/**
 * Running cells beside marimo, ipykernel and a bare pipe: `node bench/engine/run.mjs [--only trivial,chain,fan,flood,start,restart,memory]
 * [--sizes 100,1000,5000] [--pairs 5] [--warm 60] [--before FOLDER]`.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Child } from '../support/children.mjs';
import { jupyterPython } from '../support/jupyter.mjs';
import { marimoPython } from '../support/marimo.mjs';
import { treeBytes } from '../support/memory.mjs';
import { median, milliseconds, ratio } from '../support/statistics.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'trivial,chain,fan,flood,start,restart,memory' },
    sizes: { type: 'string', default: '100,1000,5000' },
    pairs: { type: 'string', default: '5' },
    /** Rounds of a trivial cell before any is counted. */
    warm: { type: 'string', default: '60' },
    /** Whom to measure; who changes the engine need not wait for the peers. */
    peers: { type: 'string', default: 'marimo,ipykernel,headwater,floor' },
    /** A working tree of another commit, built: it becomes a peer, and a column says what ours takes beside it. */
    before: { type: 'string' },
  },
});
const sizes = values.sizes.split(',').map(Number);
const pairs = Number(values.pairs);
const trivialPairs = 60;
const linesFlooded = 100_000;
/** marimo cuts a text of more than a million bytes off. */
const linesAtOnce = 50_000;
/** Beyond these a run takes minutes: left out. */
const cellsMax = { marimo: 1_000, ipykernel: 1_000, headwater: Infinity, floor: Infinity };
/** From the last work until memory is looked at: an idle notebook is one that nobody has touched for a while, and V8 takes
 * half of that to give back what it needs no more. */
const idleMilliseconds = 60_000;

const here = (name) => join(import.meta.dirname, name);
const marimo = marimoPython();
const commands = {
  marimo: [marimo, [here('marimo_peer.py')]],
  ipykernel: [jupyterPython(), [here('jupyter_peer.py')]],
  headwater: [process.execPath, [here('headwater.mjs'), marimo]],
  floor: [process.execPath, [here('floor.mjs'), marimo]],
};
const wanted = values.peers.split(',');
if (values.before) {
  commands.before = [process.execPath, [join(values.before, 'bench', 'engine', 'headwater.mjs'), marimo]];
  cellsMax.before = Infinity;
  wanted.push('before');
}
const children = Object.fromEntries(wanted.map((name) => [name, new Child(...commands[name])]));
/** Medians of whole runs of Headwater in milliseconds, by shape, then by size. */
const grown = new Map();

const parts = {
  trivial,
  chain: () => shaped('chain'),
  fan: () => shaped('fan'),
  flood,
  start: () => fromNothing('start', 'start of a kernel to the first result'),
  restart: () => fromNothing('restart', 'restart of a kernel to the first result'),
  memory,
};

const isPaired = values.before !== undefined;
console.log(
  `| work | marimo | ipykernel | headwater | floor | marimo / headwater (95 %) | ipykernel / headwater | headwater / floor |${isPaired ? ' headwater / before |' : ''}`,
);
console.log(`|---|---|---|---|---|---|---|---|${isPaired ? '---|' : ''}`);
try {
  for (const part of values.only.split(',')) await parts[part]();
} finally {
  for (const child of Object.values(children)) child.end();
}
reportGrowth();

/** `x_0`, and cells that each read the one before (chain) or the first (fan). The last one shows `x_0 + count - 1`. */
function codesOf(shape, count) {
  return Array.from({ length: count }, (_, at) => {
    if (at === 0) return 'x_0 = 0';
    const sum = shape === 'chain' ? `x_${at - 1} + 1` : `x_0 + ${at}`;
    return at === count - 1 ? sum : `x_${at} = ${sum}`;
  });
}

async function trivial() {
  await everyone(children, (child) => child.ask('open', { codes: ['x_0 = 0\nx_0'] }));
  const run = (child, round) => child.ask('run', { cell: 0, code: `x_0 = ${round}\nx_0`, shows: 0 });
  // A daemon, a server and a kernel have worked for a moment before anything is counted.
  for (let round = 0; round < Number(values.warm); round += 1) await everyone(children, (child) => run(child, round));
  const answers = await paired(trivialPairs, children, run);
  check(answers, (round) => ({ result: String(round) }));
  report(`one trivial cell, after ${values.warm}`, answers);
}

async function shaped(shape) {
  for (const count of sizes) {
    const peers = pick((name) => count <= cellsMax[name]);
    await everyone(peers, (child) => child.ask('open', { codes: codesOf(shape, count) }));
    const last = count - 1;
    const answers = await paired(pairs, peers, (child, round) =>
      child.ask('run', { cell: 0, code: `x_0 = ${round + 7}`, shows: last }),
    );
    check(answers, (round) => ({ result: String(round + 7 + last) }));
    report(`${shape} of ${count} from its first cell`, answers);
    if (Object.values(answers)[0][0].firstMs !== undefined) report('… until the first one runs', answers, 'firstMs');
    grown.set(shape, { ...grown.get(shape), [count]: median(answers.headwater.map(({ ms }) => ms)) });
    if (shape === 'chain') await lastOf(peers, count, pairs + 7);
  }
}

async function lastOf(peers, count, first) {
  const last = count - 1;
  const run = (child, round) => child.ask('run', { cell: last, code: `x_${last - 1} + 1 + ${round}`, shows: last });
  const answers = await paired(Math.max(pairs, 9), peers, run);
  check(answers, (round) => ({ result: String(first + last + round) }));
  report(`last cell of a chain of ${count}`, answers);
}

async function flood() {
  const numbered = (lines, round) => `("line %d" % (i + ${round}) for i in range(${lines}))`;
  const floods = [
    [`${linesFlooded} prints`, linesFlooded, (round) => `for _line in ${numbered(linesFlooded, round)}:\n    print(_line)`],
    [`one print of ${linesAtOnce} lines`, linesAtOnce, (round) => `print("\\n".join(${numbered(linesAtOnce, round)}))`],
  ];
  for (const [work, lines, code] of floods) {
    await everyone(children, (child) => child.ask('open', { codes: ['pass'] }));
    const answers = await paired(pairs, children, (child, round) => child.ask('run', { cell: 0, code: code(round), shows: 0 }));
    check(answers, () => ({ lines }));
    report(work, answers);
  }
}

async function fromNothing(op, work) {
  const codes = ['x_0 = 41\nx_0 + 1'];
  if (op === 'restart') await everyone(children, (child) => child.ask('open', { codes }));
  const answers = await paired(pairs, children, (child) => child.ask(op, op === 'start' ? { codes } : {}));
  check(answers, () => ({ result: '42' }));
  report(work, answers);
}

async function memory() {
  await everyone(children, (child) => child.ask('start', { codes: ['x_0 = 41\nx_0 + 1'] }));
  await new Promise((resolve) => setTimeout(resolve, idleMilliseconds));
  const cells = [];
  const bytes = {};
  for (const name of Object.keys(commands)) {
    const { roots, without } = children[name] ? await children[name].ask('processes') : { roots: [] };
    const sizes = roots.map((root) => treeBytes(root, without));
    if (sizes.length > 0 && !sizes.includes(undefined)) bytes[name] = sizes.reduce((a, b) => a + b, 0);
    cells.push(bytes[name] === undefined ? '–' : `${(bytes[name] / 2 ** 20).toFixed(0)} MiB`);
  }
  const share = (a, b) => (bytes[a] && bytes[b] ? `${(bytes[a] / bytes[b]).toFixed(2)} ×` : '–');
  console.log(
    `| memory, idle with one kernel, spare aside | ${cells.join(' | ')} | ${share('marimo', 'headwater')} | ${share('ipykernel', 'headwater')} | ${share('headwater', 'floor')} |`,
  );
}

function pick(isWanted) {
  return Object.fromEntries(Object.entries(children).filter(([name]) => isWanted(name)));
}

async function everyone(peers, work) {
  for (const child of Object.values(peers)) await work(child);
}

/** A B C, C B A, …: a machine that slows down slows all of them. The first round is not counted. */
async function paired(rounds, peers, work) {
  const names = Object.keys(peers);
  const answers = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const answer = await work(peers[name], round);
      if (round > 0) answers[name].push({ round, ...answer });
    }
  }
  return answers;
}

/** What was measured has to be right. */
function check(answers, expected) {
  for (const [name, given] of Object.entries(answers)) {
    for (const answer of given) {
      for (const [key, value] of Object.entries(expected(answer.round))) {
        if (answer[key] !== value) throw new Error(`${name} showed ${key} ${answer[key]} where ${value} is right.`);
      }
    }
  }
}

function report(work, answers, key = 'ms') {
  const times = Object.fromEntries(Object.entries(answers).map(([name, given]) => [name, given.map((answer) => answer[key])]));
  const show = (name) => (times[name] ? milliseconds(median(times[name])) : '–');
  const than = (peer, ours) => times[peer] && times[ours] && ratio(times[peer], times[ours]);
  const interval = (won) => (won ? `${won.ratio.toFixed(1)} × (${won.low.toFixed(1)} – ${won.high.toFixed(1)})` : '–');
  const all = ['marimo', 'ipykernel', 'headwater', 'floor'].map(show);
  const ratios = [than('marimo', 'headwater'), than('ipykernel', 'headwater'), than('headwater', 'floor')].map(interval);
  const before = isPaired ? [beside(than('headwater', 'before'))] : [];
  console.log(`| ${work} | ${[...all, ...ratios, ...before].join(' | ')} |`);
}

/** A difference of a few percent, which the other columns do not show. */
function beside(won) {
  return won ? `${won.ratio.toFixed(3)} × (${won.low.toFixed(3)} – ${won.high.toFixed(3)})` : '–';
}

/** Whether the time grows with the cells and no faster. */
function reportGrowth() {
  const [small, large] = [Math.min(...sizes), Math.max(...sizes)];
  if (small === large || grown.size === 0) return;
  console.log(`\n| headwater, time a cell | ${large} cells / ${small} cells |\n|---|---|`);
  for (const [shape, medians] of grown) {
    console.log(`| ${shape} | ${(medians[large] / large / (medians[small] / small)).toFixed(2)} × |`);
  }
}
