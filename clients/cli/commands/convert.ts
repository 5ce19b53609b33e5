import { Command, Option } from 'commander';
import type { FileFormat } from '../../../protocol/methods.ts';
import type { Caller } from '../caller.ts';

interface Options {
  readonly to?: FileFormat;
  readonly force?: boolean;
}

const help = `
The name of OUT decides the format: .ipynb is Jupyter's, .md is Markdown, and .py is a script with "# %%" lines, or a
marimo notebook if IN is such a script. Choose another format with --to. What the format cannot hold is listed on
standard error, as IN:line: warning[code] message. Nothing runs, and outputs are not converted.

Exit: 0 written, with or without warnings; 1 it cannot be written; 2 wrong use, IN is no notebook, or OUT exists.

Examples:
  $ headwater convert analysis.ipynb analysis.py
  $ headwater convert --to marimo analysis.ipynb app.py
  $ headwater convert app.py -`;

export function convertCommand(caller: Caller): Command {
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
      await convertFile(caller, from, out, { to, isForced: force === true });
    });
}
