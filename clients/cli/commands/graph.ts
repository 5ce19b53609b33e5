import { Command, Option } from 'commander';
import type { Caller } from '../caller.ts';
import { readNotebookFile } from '../files.ts';
import type { Notation } from '../graph.ts';

interface Options {
  readonly json?: boolean;
  readonly mermaid?: boolean;
  readonly dot?: boolean;
}

const help = `
With --json, one line per notebook: {path, format, cells, edges, problems}. Edges are [from, to, names]; cells are
named by their index; lines and columns count from 1, columns in characters.

Example:
  $ headwater graph --dot examples/tour.py | dot -Tsvg > tour.svg`;

export function graphCommand(caller: Caller): Command {
  return new Command('graph')
    .summary('show which cell reads what from which; runs nothing')
    .description('Show the cells of notebooks, what they define, and what they read from one another. Runs none of their code.')
    .argument('<notebook...>')
    .addOption(new Option('--json', 'print one JSON object per notebook').conflicts(['mermaid', 'dot']))
    .addOption(new Option('--mermaid', 'print a Mermaid flowchart').conflicts('dot'))
    .option('--dot', 'print a Graphviz digraph')
    .addHelpText('after', help)
    .action(async (notebooks: readonly string[], options: Options) => {
      const files = notebooks.map((notebook) => readNotebookFile(caller, notebook));
      const { printGraphs } = await import('../graph.ts');
      await printGraphs(caller, files, notationOf(options));
    });
}

function notationOf({ json, mermaid, dot }: Options): Notation {
  if (json) return 'json';
  if (mermaid) return 'mermaid';
  return dot ? 'dot' : 'text';
}
