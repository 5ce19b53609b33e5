/** The command line as a function. Each command is a file in commands/; what it needs is loaded when it is asked for. */
import { Command, CommanderError } from 'commander';
import { packageVersion } from '../../protocol/version.ts';
import type { Caller } from './caller.ts';
import { cellCommand } from './commands/cell.ts';
import { checkCommand } from './commands/check.ts';
import { connectCommand } from './commands/connect.ts';
import { convertCommand } from './commands/convert.ts';
import { daemonCommand } from './commands/daemon.ts';
import { graphCommand } from './commands/graph.ts';
import { lspCommand } from './commands/lsp.ts';
import { psCommand } from './commands/ps.ts';
import { runCommand } from './commands/run.ts';
import { stopCommand } from './commands/stop.ts';
import { variablesCommand } from './commands/variables.ts';
import { CommandError, type ExitWith, exitCodes, wrongUse } from './exit.ts';
import { note, visible } from './say.ts';

const help = `
Examples:
  $ headwater run examples/tour.py
  $ headwater check examples/
  $ headwater help run`;

/** Does what the arguments say, and gives the exit code. */
export async function main(args: readonly string[], caller: Caller): Promise<number> {
  let code: number = exitCodes.ok;
  const program = createProgram(caller, (given) => {
    code = given;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return report(error, caller);
  }
}

function createProgram(caller: Caller, exitWith: ExitWith): Command {
  const program = new Command('headwater')
    .description('Reactive Python notebooks in the editor you already use.')
    .version(packageVersion)
    .addCommand(runCommand(caller, exitWith))
    .addCommand(checkCommand(caller, exitWith))
    .addCommand(graphCommand(caller))
    .addCommand(convertCommand(caller))
    .addCommand(cellCommand(caller, exitWith))
    .addCommand(variablesCommand(caller))
    .addCommand(psCommand(caller))
    .addCommand(stopCommand(caller))
    .addCommand(daemonCommand(caller, exitWith))
    .addCommand(lspCommand())
    .addCommand(connectCommand(caller))
    .addCommand(otherName('fix', 'check --fix'), { hidden: true })
    .addHelpText('after', help);
  for (const command of allCommands(program))
    command
      .exitOverride()
      .showHelpAfterError('Run it with --help to see its options.')
      .configureOutput({
        writeOut: (text) => caller.stdout.write(visible(text)),
        writeErr: (text) => caller.stderr.write(visible(text)),
      });
  return program;
}

/** What a person may look for under a name of its own. */
function otherName(name: string, meant: string): Command {
  return new Command(name)
    .argument('[arguments...]')
    .allowUnknownOption()
    .action(() => {
      throw wrongUse(`There is no command ${name}. Did you mean headwater ${meant}?`);
    });
}

function allCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** Tells the person, and gives the exit code. */
async function report(error: unknown, caller: Caller): Promise<number> {
  // Commander has printed the message; help and version are not errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.wrongUse;
  const { commandError } = await import('./refusals.ts');
  const known = commandError(error);
  if (known instanceof CommandError) {
    note(caller, `headwater: ${known.message}`);
    return known.exitCode;
  }
  note(
    caller,
    `headwater failed because of an internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return exitCodes.failed;
}
