/** `headwater graph`: notebooks in the notation that was asked for. */
import type { Caller } from './caller.ts';
import { analyse } from './check.ts';
import { withStateless } from './embedded.ts';
import { wrongUse } from './exit.ts';
import { mentionsNotebook, mentionsOtherMarkers, type NotebookFile, notANotebook } from './files.ts';
import { type CheckedGraph, graphDot, graphMermaid, graphRecord, graphText } from './render/graph.ts';
import { say } from './say.ts';

export type Notation = 'text' | 'json' | 'mermaid' | 'dot';

export async function printGraphs(caller: Caller, files: readonly NotebookFile[], notation: Notation): Promise<void> {
  const other = files.find(({ text }) => !mentionsNotebook(text) && !mentionsOtherMarkers(text));
  if (other) throw wrongUse(notANotebook(other));
  await withStateless(caller.environment, { asksPython: false }, async (stateless) => {
    for (const file of files) {
      const graph = await analyse(caller, stateless, file, { isNamed: true });
      if (!graph) throw wrongUse(notANotebook(file));
      say(caller, inNotation(file, graph, notation));
    }
  });
}

function inNotation(file: NotebookFile, graph: CheckedGraph, notation: Notation): string {
  switch (notation) {
    case 'text':
      return graphText(file.shown, graph);
    case 'json':
      return JSON.stringify(graphRecord(file.shown, graph, file.text));
    case 'mermaid':
      return graphMermaid(file.shown, graph);
    case 'dot':
      return graphDot(file.shown, graph);
  }
}
