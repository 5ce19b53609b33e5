import { Command } from 'commander';
import type { Caller } from '../caller.ts';

export function connectCommand(caller: Caller): Command {
  return new Command('connect')
    .summary('speak the protocol over standard input and output')
    .description('Speak the protocol over standard input and output. Starts the daemon if none is running.')
    .requiredOption('--stdio', 'send and receive messages over standard input and output')
    .addHelpText('after', '\nExample:\n  $ ssh host headwater connect --stdio')
    .action(async () => {
      const { bridge } = await import('../../node/bridge.ts');
      await bridge(caller.stdin, caller.stdout);
    });
}
