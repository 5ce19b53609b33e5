import { Command } from 'commander';
import type { Caller } from '../caller.ts';

const help = `
Example:
  $ headwater variables examples/tour.py
  NAME     TYPE              SHAPE   VALUE
  planets  list              3       ['Mercury', 'Venus', 'Earth']
  orbits   pandas.DataFrame  3 × 5   table`;

export function variablesCommand(caller: Caller): Command {
  return new Command('variables')
    .summary('list the variables of an open notebook')
    .description('List the variables that the cells of an open notebook have defined, also while a cell runs. Runs no code.')
    .argument('<notebook>')
    .option('--json', 'print one JSON object per variable')
    .addHelpText('after', help)
    .action(async (notebook: string, { json }: { readonly json?: boolean }) => {
      const { printVariables } = await import('../variables.ts');
      await printVariables(caller, notebook, json === true);
    });
}
