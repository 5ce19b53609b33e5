#!/usr/bin/env node
/** The command line. Each command is a file in commands/; what it needs is loaded when it is asked for. */
import { Command, CommanderError } from 'commander';
import { packageVersion } from '../../protocol/version.ts';
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
import { CommandError, exitCodes } from './exit.ts';

const help = `
Examples:
  $ headwater run examples/tour.py
  $ headwater check examples/
  $ headwater help run`;

const program = new Command('headwater')
  .description('Reactive Python notebooks in the editor you already use.')
  .version(packageVersion)
  .addCommand(runCommand())
  .addCommand(checkCommand())
  .addCommand(graphCommand())
  .addCommand(convertCommand())
  .addCommand(cellCommand())
  .addCommand(psCommand())
  .addCommand(stopCommand())
  .addCommand(daemonCommand())
  .addCommand(lspCommand())
  .addCommand(connectCommand())
  .addHelpText('after', help);

for (const command of allCommands(program)) command.exitOverride().showHelpAfterError('Run it with --help to see its options.');

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = await report(error);
}

function allCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** Tells the person, and gives the exit code. */
async function report(error: unknown): Promise<number> {
  // Commander has printed the message; help and version are not errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.wrongUse;
  const { commandError } = await import('./refusals.ts');
  const known = commandError(error);
  if (known instanceof CommandError) {
    process.stderr.write(`headwater: ${known.message}\n`);
    return known.exitCode;
  }
  process.stderr.write(
    `headwater failed because of an internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return exitCodes.failed;
}
