/** What starting costs: whole processes on a trivial notebook, in turns, each with its result checked. Run by `npm run bench:start`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runProcess } from '../support/children.mjs';
import { installedPython } from '../support/environments.mjs';
import { difference, median, milliseconds } from '../support/statistics.mjs';
import { versions } from './versions.mjs';

const root = join(import.meta.dirname, '..', '..');
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    program: { type: 'string', default: join(root, 'dist', 'clients', 'cli', 'main.js') },
    /** Also how long it takes to say the version: of what `npm run packages` has made, installed, and of peers. */
    packages: { type: 'boolean', default: false },
  },
});
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const goalMilliseconds = 200;

const folder = mkdtempSync(join(tmpdir(), 'headwater-bench-'));
const notebook = join(folder, 'notebook.py');
writeFileSync(notebook, '# %%\nx = 1\n\n# %%\nprint(x + 1)\n');
const python = installedPython('plain-venv', []);
const environment = { VIRTUAL_ENV: join(python, '..', '..'), HEADWATER_RUNTIME_DIR: join(folder, 'runtime') };

const node = (...args) => [process.execPath, args];
const headwater = (...args) => node(values.program, ...args);
const rows = [
  { name: 'node -e 0', command: node('-e', '0'), stdout: '' },
  { name: 'python -c pass', command: [python, ['-c', 'pass']], stdout: '' },
  { name: 'python FILE', command: [python, [notebook]], stdout: '2\n' },
  { name: 'headwater --version', command: headwater('--version'), stdout: `${version}\n` },
  { name: 'headwater check FILE', command: headwater('check', notebook), stdout: '' },
  {
    name: 'headwater graph FILE',
    command: headwater('graph', notebook),
    stdout: `${notebook}: percent, 2 cells, 1 edge\n  1  line 1  defines x\n  2  line 4  takes 1 (x)\n`,
  },
  { name: 'headwater run FILE', command: headwater('run', notebook), stdout: '2\n' },
];
if (values.packages) rows.push(...versions(folder, version));
const times = new Map(rows.map(({ name }) => [name, []]));

async function measure({ name, command, stdout, environment: own }) {
  const result = await runProcess(...command, { ...environment, ...own });
  if (result.code !== 0 || (stdout instanceof RegExp ? !stdout.test(result.stdout) : result.stdout !== stdout))
    throw new Error(`${name} ended with ${result.code} and printed ${JSON.stringify(result.stdout)}. ${result.stderr}`);
  return result.took;
}

/** There and back, so that what slows the machine down for a while slows each of them. */
async function round(isBack) {
  for (const row of isBack ? rows.toReversed() : rows) times.get(row.name).push(await measure(row));
}

function show(name, [least, middle, beside]) {
  console.log(`${name.padEnd(36)}${least.padStart(10)}${middle.padStart(10)}  ${beside}`);
}

function beside(name, base) {
  const { value, low, high } = difference(times.get(name), times.get(base));
  return `${base} + ${value.toFixed(0)} ms (${low.toFixed(0)} to ${high.toFixed(0)})`;
}

try {
  for (const row of rows) await measure(row);
  for (let at = 0; at < Number(values.rounds); at += 1) await round(at % 2 === 1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

show('', ['least', 'median', 'beside, with the 95 % interval']);
for (const { name } of rows) {
  const base = name === 'headwater run FILE' ? 'python FILE' : 'node -e 0';
  const isOurs = name.includes('headwater');
  show(name, [
    milliseconds(Math.min(...times.get(name))),
    milliseconds(median(times.get(name))),
    isOurs ? beside(name, base) : '',
  ]);
}
console.log(`\nGoals: run at most python FILE + ${goalMilliseconds} ms; check at most ${goalMilliseconds} ms.`);
