#!/usr/bin/env node
/** The command line as a process. */
import { thisProcess } from './caller.ts';
import { exitCodes, unwritten } from './exit.ts';
import { main } from './program.ts';

// A reader that has gone, as in `headwater check | head`, wants no more. A command that has something to end listens, too.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (stream.listenerCount('error') > 1) return;
    if (error.code === 'EPIPE') process.exit(exitCodes.brokenPipe);
    process.stderr.write(unwritten(error));
    process.exit(exitCodes.failed);
  });
}

void main(process.argv.slice(2), thisProcess).then((code) => {
  process.exitCode = code;
});
