import { Command, Option } from 'commander';
import type { InterruptLevel } from '../../../protocol/types.ts';
import type { Caller } from '../caller.ts';
import { type ExitWith, wrongUse } from '../exit.ts';
import { interruptLevels } from '../interrupt.ts';
import { parseTarget } from '../places.ts';

const help = `
The session is the one that your editor has open; "run" opens one where there is none. Any editor that can start a
command with the file and the line of the cursor can run cells this way.

Examples:
  $ headwater cell run examples/tour.py:30
  $ headwater cell interrupt examples/tour.py:30
  $ headwater cell output examples/tour.py:30
  $ headwater cell input notebook.py:1 "an answer"`;

const runHelp = `
Exit: 0 all ran; 1 a cell failed; 130 interrupted.

Example:
  $ headwater cell run examples/tour.py:30`;

const interruptHelp = `
What comes of it is told as it happens. Without --level, the next one follows where the one before has not stopped the cell, up to "group":
  soft    cancels the task of a cell that awaits
  sigint  raises KeyboardInterrupt in the cell
  group   interrupts the programs that the kernel has started, too
  kill    ends the kernel, and with it all values; only when asked for

Examples:
  $ headwater cell interrupt examples/tour.py:30
  $ headwater cell interrupt --level kill examples/tour.py:30`;

const cancelHelp = `
Example:
  $ headwater cell cancel examples/tour.py:30`;

const inputHelp = `
Without a text, the answer is a line of standard input; a password that is typed there is not seen.

Examples:
  $ headwater cell input notebook.py:1 "an answer"
  $ headwater cell input notebook.py:1 --eof`;

const outputHelp = `
Example:
  $ xdg-open "$(headwater cell output --file examples/tour.py:30)"`;

export function cellCommand(caller: Caller, exitWith: ExitWith): Command {
  const cell = new Command('cell')
    .summary('run, cancel, interrupt or answer the cell at a line, or show its output')
    .description('Work with one cell of an open notebook.');
  cell.addHelpText('after', help);
  cell
    .command('run')
    .description('Run the cell at a line, what it needs, and what depends on it. Show what they print and return.')
    .argument('<file:line>', 'a line of the cell, from 1')
    .option('--only', 'run only this cell')
    .addHelpText('after', runHelp)
    .action(async (place: string, { only }: { readonly only?: boolean }) => {
      const target = parseTarget(place);
      const { runCell } = await import('../cell.ts');
      exitWith(await runCell(caller, target, only ? 'only' : 'reactive'));
    });
  cell
    .command('interrupt')
    .description('Stop the running step of the notebook and cancel the queued ones.')
    .argument('<file:line>', 'any line of the notebook, from 1')
    .addOption(new Option('--level <level>', 'use only this level').choices(interruptLevels))
    .addHelpText('after', interruptHelp)
    .action(async (place: string, { level }: { readonly level?: InterruptLevel }) => {
      const target = parseTarget(place);
      const { interruptCell } = await import('../cell.ts');
      await interruptCell(caller, target, level);
    });
  cell
    .command('cancel')
    .description('Cancel the queued cell at a line. The running cell goes on.')
    .argument('<file:line>', 'a line of the cell, from 1')
    .addHelpText('after', cancelHelp)
    .action(async (place: string) => {
      const target = parseTarget(place);
      const { cancelCell } = await import('../cell.ts');
      await cancelCell(caller, target);
    });
  cell
    .command('output')
    .description('Print the last output of the cell at a line, and its error.')
    .argument('<file:line>', 'a line of the cell, from 1')
    .option('--file', 'print the path of a file with the output, kept up to date; of the image if the output is one')
    .addHelpText('after', outputHelp)
    .action(async (place: string, { file }: { readonly file?: boolean }) => {
      const target = parseTarget(place);
      const { printOutput } = await import('../cell.ts');
      await printOutput(caller, target, file === true);
    });
  cell
    .command('input')
    .description('Answer a question that the notebook asks with input() or getpass().')
    .argument('<file:line>', 'any line of the notebook, from 1')
    .argument('[text]', 'the answer')
    .option('--eof', 'end the input instead, which raises EOFError')
    .addHelpText('after', inputHelp)
    .action(async (place: string, text: string | undefined, { eof }: { readonly eof?: boolean }) => {
      const target = parseTarget(place);
      if (eof && text !== undefined) throw wrongUse('Give a text or --eof, not both.');
      const { answerInput } = await import('../cell.ts');
      await answerInput(caller, target, text, eof === true);
    });
  return cell;
}
