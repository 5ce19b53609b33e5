/**
 * A client in a process of its own, so that it can be stopped: follows a notebook and accounts for every character of the flood that a
 * cell prints. `node follower.mjs SESSION`, with the environment of the daemon. Says `ready`, and at the end of each step what it got:
 * characters that came as events; those that a gap announced; of these what output/read gave, and what it said is cut; and those that
 * were lost: wrong, or missing without a word.
 */
import { connect } from '../../build/clients/node/client.js';
import { refusalName } from '../../build/protocol/errors.js';
import { floodText } from '../../build/test/support/flood.js';

const readCharacters = 1024 * 1024;
const say = (report) => process.stdout.write(`${JSON.stringify(report)}\n`);

const [session] = process.argv.slice(2);
const client = await connect({ clientName: 'follower', environment: process.env, start: false, checkAnswers: false });
let account;
/** What is still to be looked at; while a snapshot is asked for, more comes. */
let work = Promise.resolve();
let seq = 0;

client.onAnyEvent((event) => {
  work = work.then(() => take(event)).catch(failed);
});
const { view } = await client.request('session/attach', { session });
seq = view.seq;
say({ type: 'ready' });

function failed(error) {
  say({ type: 'failed', message: error.stack });
  process.exit(1);
}

async function take(event) {
  if (event.seq <= seq) return;
  if ((event.first ?? event.seq) > seq + 1) return catchUp();
  seq = event.seq;
  if (event.type === 'step.started') account = newAccount(event);
  else if (event.type === 'output.added') received(0, event.output.text, event);
  else if (event.type === 'output.appended') received(account.at, event.text, event);
  else if (event.type === 'output.gap') announced(event.from, event.to);
  else if (event.type === 'step.interrupt' && event.state === 'taken') account.interrupts += 1;
  else if (event.type === 'step.finished') await finished(event);
}

function newAccount({ step, cell }) {
  return { step, cell, at: 0, got: 0, lost: 0, gaps: [], views: 0, interrupts: 0 };
}

function received(at, text, event) {
  // Other outputs than the flood are of no interest here.
  if ((event.index ?? 0) !== 0) return;
  if (text === floodText(at, at + text.length)) account.got += text.length;
  else account.lost += text.length;
  account.at = at + text.length;
}

function announced(from, to) {
  if (from > account.at) account.lost += from - account.at;
  if (to > account.at) account.gaps.push([account.at, to]);
  account.at = Math.max(account.at, to);
}

/** Events are gone: a view says how long the text is by now. */
async function catchUp() {
  const { view } = await client.request('session/attach', { session });
  const cell = Object.values(view.cells)[0];
  seq = view.seq;
  if (cell.lastStep?.step !== account?.step) account = cell.lastStep && newAccount({ ...cell.lastStep, cell: cell.id });
  if (!account) return;
  account.views += 1;
  const [output] = cell.outputs;
  if (output) announced(account.at, output.text.length + output.elided);
  if (cell.lastStep.outcome) await finished(cell.lastStep);
}

async function finished({ outcome }) {
  const { gaps, step, cell, ...rest } = account;
  account = undefined;
  const { length } = await read(cell, step, 0, 1).catch(refused);
  if (length === undefined) return say({ type: 'replaced' });
  const fills = [];
  for (const [from, to] of gaps) fills.push(await filled(cell, step, from, to));
  const sum = (field) => fills.reduce((total, fill) => total + fill[field], 0);
  say({
    type: 'finished',
    outcome,
    length,
    characters: rest.at,
    got: rest.got,
    announced: gaps.reduce((total, [from, to]) => total + to - from, 0),
    gaps: gaps.length,
    views: rest.views,
    interrupts: rest.interrupts,
    read: sum('read'),
    cut: sum('cut'),
    lost: rest.lost + sum('lost') + Math.max(0, length - rest.at),
  });
}

/** The cell has run again. */
function refused(error) {
  if (refusalName(error) === 'no-such-output') return {};
  throw error;
}

/** Reads what is between, and looks whether it is what was printed. */
async function filled(cell, step, from, to) {
  const fill = { read: 0, cut: 0, lost: 0 };
  for (let at = from; at < to; ) {
    const { from: start, text, cut } = await read(cell, step, at, Math.min(readCharacters, to - at));
    if (start > at) {
      const end = Math.min(start, to);
      if (cut && cut.from <= at && cut.to >= end) fill.cut += end - at;
      else fill.lost += end - at;
      at = end;
      continue;
    }
    if (text === '') {
      fill.lost += to - at;
      break;
    }
    if (text === floodText(start, start + text.length)) fill.read += text.length;
    else fill.lost += text.length;
    at += text.length;
  }
  return fill;
}

function read(cell, step, offset, max) {
  return client.request('output/read', { session, cell, step, index: 0, offset, max });
}
