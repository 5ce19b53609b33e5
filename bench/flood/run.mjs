/**
 * A flood of prints with three clients, this one, one that accounts for all it gets, and one that is stopped: `node bench/flood/run.mjs [--interrupts 200] [--pace 100] [--seconds 5]`.
 * Says how long an interrupt takes to be acknowledged with the flood and without, how much memory the daemon has had, and that no character
 * is missing without a word.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pass } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { floodCode } from '../../build/test/support/flood.js';
import { connect } from '../../dist/clients/node/client.js';
import { followSession } from '../../dist/clients/node/notebook.js';
import { cleanEnvironment } from '../support/children.mjs';
import { median, milliseconds, percentile } from '../support/statistics.mjs';

const { values } = parseArgs({
  options: {
    interrupts: { type: 'string', default: '200' },
    /** Megabytes a second that the notebook prints; 0: as fast as it can. */
    pace: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '5' },
  },
});
const [interrupts, pace, seconds] = [values.interrupts, values.pace, values.seconds].map(Number);
const warmUp = 10;
/** From the start of a step until it is interrupted. */
const runsFor = 50;
const ratioGoal = 5;
const residentGoal = 300e6;

const folder = mkdtempSync(join(tmpdir(), 'headwater-bench-'));
const environment = { ...cleanEnvironment(), HEADWATER_RUNTIME_DIR: join(folder, 'runtime') };
const client = await connect({ clientName: 'bench', environment });
const quiet = await opened('quiet', 'while True: pass');
const flood = await opened('flood', floodCode(0, pace));
const [reading, stopped] = [follower(flood), follower(flood)];
await Promise.all([reading.next(), stopped.next()]);
stopped.process.kill('SIGSTOP');

try {
  await measure();
} finally {
  for (const { process } of [reading, stopped]) process.kill('SIGKILL');
  await client.request('server/stop', {});
  client.close();
  rmSync(folder, { recursive: true, force: true });
}

async function measure() {
  const waits = { quiet: [], flood: [] };
  const reports = [];
  // The two take turns, so that what else the machine does is in both.
  for (let round = -warmUp; round < interrupts; round += 1) {
    const quietMs = await acknowledged(quiet);
    const floodMs = await acknowledged(flood);
    // It reads what its gaps left out, while that is there.
    reports.push(await reading.next());
    if (round < 0) continue;
    waits.quiet.push(quietMs);
    waits.flood.push(floodMs);
  }
  const idleBytes = memory('VmRSS');
  const printed = await flooded();
  const peakBytes = memory('VmHWM');
  const last = [...reports, ...printed.reports];
  const lost = last.reduce((sum, report) => sum + report.lost, 0);
  const ratio = percentile(waits.flood, 0.99) / percentile(waits.quiet, 0.99);
  const row = (name, list) => `| ${name} | ${milliseconds(median(list))} | ${milliseconds(percentile(list, 0.99))} |`;
  console.log(`| interrupt acknowledged, ${interrupts} times | median | 99th percentile |\n|---|---|---|`);
  console.log(row('no output', waits.quiet));
  console.log(row(`flood of ${pace === 0 ? 'all it can' : `${pace} MB/s`}, three clients, one stopped`, waits.flood));
  console.log(`\nratio of the 99th percentiles: ${ratio.toFixed(2)} (goal: at most ${ratioGoal})`);
  console.log(
    `flood of ${seconds} s: ${megabytes(printed.characters)} MB printed, ${megabytes(printed.characters / seconds)} MB/s`,
  );
  for (const [at, { got, announced, gaps, read, cut }] of printed.reports.entries())
    console.log(
      `  ${at === 0 ? 'reading' : 'stopped'} client: ${megabytes(got)} MB as events, ${megabytes(announced)} MB in ${gaps} gaps; of these ` +
        `${megabytes(read)} MB read later, ${megabytes(cut)} MB beyond the spool`,
    );
  console.log(`characters lost without a word, in all ${last.length} accounts: ${lost} (goal: 0)`);
  if (peakBytes === undefined) console.log('memory of the daemon: this system does not tell');
  else
    console.log(
      `memory of the daemon: peak ${megabytes(peakBytes)} MB (goal: under ${megabytes(residentGoal)}), ${megabytes(idleBytes)} MB after the interrupts`,
    );
  if (lost > 0 || ratio > ratioGoal || peakBytes > residentGoal) process.exitCode = 1;
}

/** Milliseconds from the request until the worker says that it has taken it, as the client sees it. */
async function acknowledged({ notebook }) {
  const { session } = notebook;
  const { run } = await client.request('run/start', { session, mode: 'all' });
  await notebook.waitFor((view) => Object.values(view.cells)[0].lastStep?.outcome === undefined && view.kernel.phase === 'busy');
  await pass(runsFor);
  const start = performance.now();
  const taken = new Promise((resolve) => {
    const listening = client.onEvent(session, (event) => {
      if (event.type !== 'step.interrupt' || event.state !== 'taken') return;
      listening.dispose();
      resolve(performance.now() - start);
    });
  });
  await client.request('run/interrupt', { session, level: 'sigint' });
  const ms = await taken;
  const { outcome } = await client.request('run/wait', { session, run });
  if (outcome !== 'interrupted') throw new Error(`The run was ${outcome}.`);
  return ms;
}

/** One long flood; then the stopped client goes on and accounts for it. */
async function flooded() {
  const { notebook } = flood;
  const { session } = notebook;
  const { run } = await client.request('run/start', { session, mode: 'all' });
  await notebook.waitFor((view) => view.kernel.phase === 'busy');
  await pass(seconds * 1000);
  await client.request('run/interrupt', { session, level: 'sigint' });
  await client.request('run/wait', { session, run });
  const first = await reading.next();
  stopped.process.kill('SIGCONT');
  for (;;) {
    const second = await stopped.next();
    if (second.type === 'finished') return { characters: first.length, reports: [first, second] };
  }
}

async function opened(name, code) {
  const path = join(folder, `${name}.py`);
  const text = `# %%\n${code}\n`;
  writeFileSync(path, text);
  const notebook = await followSession(client, { path, text, version: 1, environment });
  return { notebook };
}

function follower({ notebook: { session } }) {
  const program = join(import.meta.dirname, '..', '..', 'test', 'support', 'follower.mjs');
  const child = spawn(process.execPath, [program, session], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('A client ended.');
    const report = JSON.parse(value);
    if (report.type === 'failed') throw new Error(report.message);
    return report;
  };
  return { process: child, next };
}

/** Of the daemon, in bytes. */
function memory(field) {
  try {
    const text = readFileSync(`/proc/${client.server.pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)[1]) * 1024;
  } catch {
    return undefined;
  }
}

function megabytes(bytes) {
  return Math.round(bytes / 1e6);
}
