import { Command, Option } from 'commander';
import type { FileFormat } from '../../../protocol/methods.ts';
import { exitCodes } from '../exit.ts';

interface Options {
  readonly to?: FileFormat;
  readonly force?: boolean;
}

const help = `
What to write is told by the name: .ipynb is Jupyter's, .md is Markdown. A .py file becomes a script with "# %%" lines,
or, where IN is such a script, a marimo notebook; --to says otherwise. What the other format does not hold is told
on standard error, as IN:line: warning[code] message. Nothing runs, and outputs are not converted.

Exit: 0 written, with or without warnings; 1 it cannot be written; 2 wrong use, IN is no notebook, or OUT exists.

Examples:
  $ headwater convert analysis.ipynb analysis.py
  $ headwater convert --to marimo analysis.ipynb app.py
  $ headwater convert app.py -`;

export function convertCommand(): Command {
  return new Command('convert')
    .summary('write a notebook in another format; runs nothing')
    .description(
      'Convert the notebook IN to another format, write it to OUT, and list what that format cannot hold. Runs none of its code.',
    )
    .argument('<in>', 'a marimo notebook, a script with "# %%" lines, .ipynb or .md')
    .argument('<out>', 'the file to write, or - for standard output')
    .addOption(new Option('--to <format>', 'the format to write').choices(['marimo', 'percent', 'ipynb', 'markdown']))
    .option('--force', 'write over OUT if it exists')
    .addHelpText('after', help)
    .action(async (from: string, out: string, { to, force }: Options) => {
      const { convertFile } = await import('../convert.ts');
      await convertFile(from, out, { to, isForced: force === true });
      process.exitCode = exitCodes.ok;
    });
}
