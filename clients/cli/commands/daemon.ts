import { Command } from 'commander';
import type { Caller } from '../caller.ts';
import { type ExitWith, exitCodes } from '../exit.ts';

const help = `
The daemon starts on first use and ends by itself when no notebook holds values; none of these commands starts it.

Example:
  $ headwater daemon status`;

const statusHelp = `
Exit: 0 it runs; 1 it does not.

Example:
  $ headwater daemon status && echo "the daemon runs"`;

const logHelp = `
Example:
  $ headwater daemon log | tail`;

const stopHelp = `
Example:
  $ headwater daemon stop`;

export function daemonCommand(caller: Caller, exitWith: ExitWith): Command {
  const daemon = new Command('daemon')
    .summary('show or stop the background process')
    .description('Show or stop the background process that runs notebooks.');
  daemon.addHelpText('after', help);
  daemon
    .command('status')
    .description('Show whether the daemon is running, and its state.')
    .option('--json', 'print one JSON object')
    .addHelpText('after', statusHelp)
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { printStatus } = await import('../daemon-status.ts');
      const isRunning = await printStatus(caller, json === true);
      exitWith(isRunning ? exitCodes.ok : exitCodes.failed);
    });
  daemon
    .command('log')
    .description("Print the daemon's log, also after the daemon has ended.")
    .addHelpText('after', logHelp)
    .action(async () => {
      const { printLog } = await import('../daemon-status.ts');
      await printLog(caller);
    });
  daemon
    .command('stop')
    .description('End the daemon and every Python that it runs; their values are lost.')
    .addHelpText('after', stopHelp)
    .action(async () => {
      const { stopDaemon } = await import('../daemon-status.ts');
      await stopDaemon(caller);
    });
  return daemon;
}
