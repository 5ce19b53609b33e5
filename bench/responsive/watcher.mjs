/** A second client, in a thread of its own: asks `server/status` again and again, and tells the longest and the median wait since it was last asked. */
import { setTimeout as pass } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { median } from '../support/statistics.mjs';

const { tree, environment, betweenMs } = workerData;
const { connect } = await import(`${tree}/dist/clients/node/client.js`);
const client = await connect({ clientName: 'watcher', environment, start: false });
let waits = [];
let asked;
let isOver = false;

parentPort.on('message', (message) => {
  if (message === 'end') {
    isOver = true;
    return;
  }
  // One that still waits counts as soon as it is answered.
  asked = true;
});
parentPort.postMessage('ready');
while (!isOver) {
  const start = performance.now();
  await client.request('server/status', {});
  waits.push(performance.now() - start);
  if (asked) {
    parentPort.postMessage({ longest: Math.max(...waits), median: median(waits) });
    [asked, waits] = [false, []];
  }
  await pass(betweenMs);
}
client.close();
parentPort.close();
