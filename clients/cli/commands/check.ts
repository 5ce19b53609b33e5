import { Command } from 'commander';
import { exitCodes } from '../exit.ts';

interface Options {
  readonly strict?: boolean;
  readonly json?: boolean;
}

const help = `
Exit: 0 no errors; 1 errors (with --strict also on warnings); 2 a path cannot be read.

Example:
  $ headwater check --strict notebooks/ tour.py`;

export function checkCommand(): Command {
  return new Command('check')
    .summary('show the problems of notebooks; runs nothing')
    .description('Show the problems of notebooks, as path:line:column: severity[code] message. Runs nothing of theirs.')
    .argument('<path...>', 'notebooks, and folders to look for notebooks in')
    .option('--strict', 'fail on warnings too')
    .option('--json', 'print one JSON object per notebook')
    .addHelpText('after', help)
    .action(async (paths: readonly string[], options: Options) => {
      const { check } = await import('../check.ts');
      const { counts, isUnreadable } = await check(paths, options.json === true);
      const isFailed = counts.error > 0 || (options.strict === true && counts.warning > 0);
      process.exitCode = isUnreadable ? exitCodes.wrongUse : isFailed ? exitCodes.failed : exitCodes.ok;
    });
}
