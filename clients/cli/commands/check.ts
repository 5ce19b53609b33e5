import { Command, Option } from 'commander';
import type { Caller } from '../caller.ts';
import { type ExitWith, exitCodes, wrongUse } from '../exit.ts';

interface Options {
  readonly fix?: boolean;
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly format?: 'text' | 'json' | 'github';
}

const help = `
Switch a problem off by a comment at the end of its line, "# headwater: ignore[CODE]", or for a project in pyproject.toml:
  [tool.headwater]
  disable = ["CODE"]

Exit: 0 no errors; 1 errors (with --strict also on warnings, and if Python could not be asked); 2 a path cannot be read.

Example:
  $ headwater check --strict notebooks/ tour.py`;

export function checkCommand(caller: Caller, exitWith: ExitWith): Command {
  return new Command('check')
    .summary('show the problems of notebooks; runs nothing')
    .description('Show the problems of notebooks, as path:line:column: severity[code] message. Runs none of their code.')
    .argument('<path...>', 'notebooks, and folders to search for notebooks')
    .option('--fix', 'fix what can be fixed, write the files, and list what was done')
    .option('--strict', 'fail on warnings, too, and report definitions that nothing reads')
    .option('--json', 'print one JSON object per notebook')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json', 'github']))
    .addHelpText('after', help)
    .action(async (paths: readonly string[], { fix, strict, json, format }: Options) => {
      if (json && format && format !== 'json') throw wrongUse(`--json and --format ${format} exclude each other; leave one out.`);
      const { check } = await import('../check.ts');
      const isStrict = strict === true;
      const { counts, isUnreadable, isIncomplete } = await check(caller, paths, {
        format: json ? 'json' : (format ?? 'text'),
        isStrict,
        isFixing: fix === true,
      });
      const isFailed = counts.error > 0 || (isStrict && (counts.warning > 0 || isIncomplete));
      exitWith(isUnreadable ? exitCodes.wrongUse : isFailed ? exitCodes.failed : exitCodes.ok);
    });
}
