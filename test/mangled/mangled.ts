/**
 * A daemon is sent mangled frames and messages over its socket: `npm run mangle -- --frames 1000000 --seed 1`. Ends with an error when it
 * ends, does not answer, or keeps more than a fifth more memory than before. Linux alone, since it looks at the memory of the daemon.
 */
import { parseArgs } from 'node:util';
import { attack } from './attack.ts';

const { values } = parseArgs({
  options: { frames: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const report = await attack({ frames: Number(values.frames), seed: Number(values.seed), tell: (line) => console.log(line) });
console.log(JSON.stringify(report));
const growth = report.after / report.before - 1;
console.log(`memory: ${Math.round(100 * growth)} % more than before`);
if (growth > 0.2) process.exitCode = 1;
