import { Command } from 'commander';
import type { Caller } from '../caller.ts';

const help = `
Example:
  $ headwater ps
  NOTEBOOK              PYTHON                    STATE               MEMORY
  /home/me/tour.py      3.13.0 /usr/bin/python3   idle, 2 stale       31 MB`;

export function psCommand(caller: Caller): Command {
  return new Command('ps')
    .summary('list the open notebooks')
    .description('List the notebooks that the daemon has open, with interpreter, state and memory. Starts no daemon.')
    .option('--json', 'print one JSON object per notebook')
    .addHelpText('after', help)
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { listSessions } = await import('../sessions.ts');
      await listSessions(caller, json === true);
    });
}
