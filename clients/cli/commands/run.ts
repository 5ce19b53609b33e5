import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Command } from 'commander';
import type { Caller } from '../caller.ts';
import { type ExitWith, wrongUse } from '../exit.ts';
import { isFolder, readNotebookFile } from '../files.ts';

interface Options {
  readonly parameter: readonly string[];
  readonly keepGoing?: boolean;
  readonly detectMutations: boolean;
  readonly json?: boolean;
  readonly python?: string;
  readonly cwd?: string;
}

const help = `
What cells print goes to standard output and standard error as in "python NOTEBOOK"; what Headwater adds (values
of last expressions, progress, errors, a summary) goes to standard error.

Exit: 0 all ran; 1 a cell failed or the graph has errors; 2 wrong use, a file that cannot be read, a parameter
that does not fit; 130 interrupted; the code of sys.exit() when the notebook calls it.

Example:
  $ headwater run examples/tour.py -p planet_count=4 > table.txt`;

export function runCommand(caller: Caller, exitWith: ExitWith): Command {
  return new Command('run')
    .summary('run a notebook from top to bottom, without a daemon')
    .description('Run every cell of a notebook in a fresh Python, in an order that respects their dependencies.')
    .argument('<notebook>', 'a .py file with "# %%" lines, or a marimo notebook')
    .argument('[args...]', 'sys.argv[1:] of the notebook; write them after --')
    .option('-p, --parameter <name=value>', 'replace the value that a top-level definition assigns (repeatable)', collect, [])
    .option('--keep-going', 'after a failure, run the cells that do not depend on it')
    .option('--no-detect-mutations', 'do not look for objects that a cell changes although its text only reads them')
    .option('--json', 'print one JSON object per event instead')
    .option('--python <path>', 'the interpreter to use')
    .option('--cwd <folder>', "the working directory (default: the notebook's folder)")
    .addHelpText('after', help)
    .action(async (notebook: string, args: readonly string[], options: Options) => {
      const file = readNotebookFile(caller, notebook);
      const parameters = parseParameters(options.parameter);
      const python = options.python === undefined ? undefined : findProgram(caller, options.python);
      const directory = options.cwd === undefined ? undefined : existingFolder(caller, options.cwd);
      const { runNotebook } = await import('../run/run.ts');
      const code = await runNotebook(caller, {
        file,
        parameters,
        arguments: args,
        isKeepingGoing: options.keepGoing === true,
        isJson: options.json === true,
        options: options.detectMutations ? {} : { detectMutations: false },
        ...(python !== undefined && { python }),
        ...(directory !== undefined && { directory }),
      });
      exitWith(code);
    });
}

/** name=value pairs; each name once. */
export function parseParameters(pairs: readonly string[]): Readonly<Record<string, string>> {
  const parameters: Record<string, string> = Object.create(null);
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) {
      const example = at < 0 && pair !== '' ? `${pair}=VALUE` : 'rate=0.5';
      throw wrongUse(`"${pair}" is not a parameter. Write -p name=value, for example: -p ${example}`);
    }
    const name = pair.slice(0, at).trim();
    if (name === '__proto__') throw wrongUse(`${name} cannot be a parameter: it is no name of a value.`);
    if (name in parameters) throw wrongUse(`The parameter ${name} is given twice. Give it once.`);
    parameters[name] = pair.slice(at + 1);
  }
  return { ...parameters };
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** An interpreter by path, or by name as a shell finds it. */
function findProgram({ environment, resolve }: Caller, name: string): string {
  const candidates = name.includes('/')
    ? [resolve(name)]
    : (environment['PATH'] ?? '').split(delimiter).map((folder) => resolve(join(folder, name)));
  const found = candidates.find(isExecutable);
  if (found === undefined)
    throw wrongUse(`No interpreter ${name} was found. Give --python the path of one, for example: --python .venv/bin/python`);
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return !statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function existingFolder(caller: Caller, shown: string): string {
  if (!isFolder(caller, shown))
    throw wrongUse(`${shown} is not a folder. Choose an existing one for --cwd, or create it with: mkdir -p ${shown}`);
  return caller.resolve(shown);
}
