/**
 * One daemon for some minutes, with a session that is edited, run, interrupted, restarted and killed at random, and clients that
 * come and go: `npm run soak -- --minutes 5 --seed 1`. Ends with an error when something waits for ever, when views differ, when
 * memory goes on growing, or when a process, a socket or a file is left.
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { TestDaemon } from '../support/daemon.ts';
import { random } from '../support/random.ts';
import { until } from '../support/until.ts';
import { Census } from './census.ts';
import { Person } from './person.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string', default: '1' } },
});
const end = Date.now() + Number(values.minutes) * 60_000;
const actionsPerLook = 25;
/** What the end may have more than the time after the start, before it counts as growth. */
const growthFactorMax = 1.3;
const growthBytesMax = 30 * 1024 * 1024;

const daemon = await TestDaemon.create();
const temporary = join(daemon.folder, 'tmp');
mkdirSync(temporary);
daemon.environment['TMPDIR'] = temporary;

const first = await daemon.client('soak');
const daemonPid = first.server.pid;
const census = new Census(daemonPid);
const person = new Person(daemon, first, random(Number(values.seed)));
const sizes: number[] = [];

try {
  await soak();
} catch (error) {
  await daemon.stop();
  throw error;
}

await first.request('server/stop', {});
await until(() => !census.isAlive(daemonPid), 'the daemon is gone');
await until(() => census.left.length === 0, `no process is left of ${census.count}`);
const left = filesLeft();
await daemon.stop();

const early = median(sizes.slice(Math.floor(sizes.length / 4), Math.ceil(sizes.length / 2)));
const late = median(sizes.slice(Math.floor((sizes.length * 3) / 4)));
const [start, middle, last] = [sizes[0], sizes[sizes.length >> 1], sizes.at(-1)].map(megabytes);
console.log(`memory at the start ${start}, in the middle ${middle}, at the end ${last}`);
console.log(`${person.actions} actions: ${person.tally}; ${person.steps} steps`);
console.log(`${census.count} processes seen, none left; files left: ${left.join(', ') || 'none'}`);
if (late > early * growthFactorMax + growthBytesMax) fail(`the daemon grew from ${megabytes(early)} to ${megabytes(late)}`);
if (left.length > 0) fail(`files are left: ${left.join(', ')}`);

async function soak(): Promise<void> {
  await person.begin();
  while (Date.now() < end) {
    for (let count = 0; count < actionsPerLook; count++) await person.act();
    await person.compareViews();
    census.take();
    const { memoryBytes, sessions, clients } = await first.request('server/status', {});
    sizes.push(memoryBytes);
    console.log(
      `${person.actions} actions, ${person.steps} steps, ${megabytes(memoryBytes)}, ${sessions} sessions, ${clients} clients`,
    );
  }
  await person.finish();
}

/** But for logs, what a daemon keeps for the next one, and the socket's numbered link, which stays and leads nowhere. */
function filesLeft(): string[] {
  const isMeantToStay = (path: string) =>
    path.endsWith('.log') || basename(path) === 'state' || (path.endsWith('.sock') && !existsSync(path));
  return [temporary, join(daemon.folder, 'run')]
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => !isMeantToStay(path));
}

function fail(why: string): never {
  console.error(`soak: ${why} (seed ${values.seed})`);
  process.exit(1);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

function megabytes(bytes: number | undefined = 0): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`;
}
