// What variants of one text take, without kernels: the time to open one, and the memory of each, beside sessions of files with the same text.
//   node --expose-gc bench/variants/run.mjs [cells] [variants]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeHost } from '../../build/daemon/node/host.js';
import { loadParser } from '../../build/daemon/node/parser.js';
import { Sessions } from '../../build/daemon/session/sessions.js';
import { Blobs } from '../../build/daemon/store/blobs.js';
import { Spools } from '../../build/daemon/store/spools.js';
import { cellCodes, percentText } from '../support/notebooks.mjs';
import { median } from '../support/statistics.mjs';

const [cells = 200, count = 100] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'headwater-bench-'));
const text = percentText(cellCodes(cells, 'real'));
const path = (name) => join(folder, `${name}.py`);
const sessions = new Sessions({
  ...nodeHost,
  incarnation: 'bench',
  parse: await loadParser(),
  blobs: new Blobs(nodeHost.hashes),
  spools: new Spools({ bytes: nodeHost.bytes }),
  provideKernels: () => ({ prepare: async () => ({ problem: 'no kernel here' }), close: () => {} }),
  plainFileNames: false,
  keepsReturns: false,
  now: Date.now,
  onError: (error) => {
    throw error;
  },
});

const kinds = {
  'sessions of files': (at) => sessions.open(path(at), {}, {}),
  variants: (at) => sessions.openVariant(path('shared'), { name: `${at}`, parameters: { x_0: `${at}` } }, {}, {}),
};

/** Of this process: other work on the machine does not count. */
function cpuMilliseconds(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function measure(open) {
  const times = [];
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  for (let at = 0; at < count; at++) {
    const start = process.cpuUsage();
    await open(at);
    times.push(cpuMilliseconds(start));
  }
  globalThis.gc();
  const kilobytes = (process.memoryUsage().heapUsed - before) / 1024 / count;
  await Promise.all(sessions.all.map((session) => sessions.close(session)));
  return { first: times[0], each: median(times.slice(1)), kilobytes };
}

for (let at = 0; at < count; at++) writeFileSync(path(at), text);
writeFileSync(path('shared'), text);
// What is compiled and cached once is so for both.
for (const open of Object.values(kinds)) await measure(open);
console.log(`${count} of a notebook of ${cells} cells (${Math.round(text.length / 1024)} KB of text)`);
for (const [name, open] of Object.entries(kinds)) {
  const { first, each, kilobytes } = await measure(open);
  const all = `${first.toFixed(1)} ms for the first, ${each.toFixed(2)} ms for each of the others, ${kilobytes.toFixed(0)} KB each`;
  console.log(`${name.padEnd(20)}${all}`);
}
rmSync(folder, { recursive: true });
