import { Command } from 'commander';
import type { Caller } from '../caller.ts';

const help = `
Example:
  $ headwater stop examples/tour.py
  $ headwater stop s12                 # a variant, by its id from headwater ps`;

export function stopCommand(caller: Caller): Command {
  return new Command('stop')
    .summary("end a notebook's Python and forget its values")
    .description('Close a notebook: end its Python process and discard its values. The file stays as it is. Starts no daemon.')
    .argument('<notebook>')
    .addHelpText('after', help)
    .action(async (notebook: string) => {
      const { stopSession } = await import('../sessions.ts');
      await stopSession(caller, notebook);
    });
}
