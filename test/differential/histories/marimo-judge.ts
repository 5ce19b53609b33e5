/** marimo as a second judge of marimo notebooks in which every cell ran to its end. */
import { join } from 'node:path';
import { marimoOutput } from '../../support/marimo.ts';
import { notebookText } from '../../support/notebook-text.ts';
import type { Played } from './play.ts';

interface MarimoRun {
  readonly names: string;
  readonly lines: readonly string[];
}

/** What marimo says otherwise, in words. */
export async function judgeByMarimo(all: readonly Played[]): Promise<readonly string[]> {
  const texts = all.map(({ cells }) => notebookText('marimo', cells));
  const runs = JSON.parse(await marimoOutput(join(import.meta.dirname, 'marimo_run.py'), JSON.stringify(texts))) as MarimoRun[];
  return all.flatMap(({ cells, names }, at) => {
    const ours = { names, lines: linesOf(cells.map(({ printed }) => printed).join('')) };
    const theirs = runs[at] as MarimoRun;
    const isSame = ours.names === theirs.names && ours.lines.join() === theirs.lines.join();
    return isSame ? [] : [`${texts[at]}\nThe session shows ${JSON.stringify(ours)}, marimo ${JSON.stringify(theirs)}.`];
  });
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').slice(0, -1).sort();
}
