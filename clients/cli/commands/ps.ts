import { Command } from 'commander';
import type { Caller } from '../caller.ts';

const help = `
Example:
  $ headwater ps
  NOTEBOOK              PYTHON                    STATE                  MEMORY
  /home/me/tour.py      3.13.0 /usr/bin/python3   idle, 2 cells to run   31 MB

  $ headwater ps tour.py
  LINE  STATUS  CELL               WHY
  1     fresh   import math
  3     stale   names              edited since it ran
  7     stale   print(planets[0])  planets comes from names, which is not up to date`;

export function psCommand(caller: Caller): Command {
  return new Command('ps')
    .summary('list the open notebooks, or the cells of one')
    .description(
      'List the notebooks that the daemon has open, with interpreter, state and memory. With a notebook, list its cells, how each stands, and why. Starts no daemon.',
    )
    .argument('[notebook]')
    .option('--json', 'print one JSON object per notebook, or per cell')
    .addHelpText('after', help)
    .action(async (notebook: string | undefined, { json }: { readonly json?: boolean }) => {
      if (notebook !== undefined) {
        const { listCells } = await import('../statuses.ts');
        return listCells(caller, notebook, json === true);
      }
      const { listSessions } = await import('../sessions.ts');
      await listSessions(caller, json === true);
    });
}
