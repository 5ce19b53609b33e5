/** What can be run here, with the counts of the moment in the titles. Each action has a kind of its own, so that one key can run it. */
import { type CodeAction, CodeActionKind } from 'vscode-languageserver';
import type { NotebookView } from '../../protocol/types.ts';
import { hasOutput, isRunning, type PlacedCell } from '../cells.ts';
import type { ActionName } from './commands.ts';

/** What graph/plan said of a run; undefined when it refused. */
export interface PlanCounts {
  readonly above: number;
  readonly below: number;
}

export interface Plans {
  readonly run?: PlanCounts | undefined;
  readonly runOnly?: PlanCounts | undefined;
  /** How many cells a run of the stale ones would run. */
  readonly stale: number;
}

/** `only` as the editor sent it: an action whose own kind is asked for is there also where the menu would leave it out. */
export function codeActionsAt(
  uri: string,
  view: NotebookView,
  placed: PlacedCell | undefined,
  plans: Plans,
  only: readonly string[] = [],
): CodeAction[] {
  const action = actionOf(uri, placed);
  const offered: readonly Offered[] = [
    ['headwater.runCell', placed && plans.run, `Run cell${counts(plans.run)}`],
    [
      'headwater.runCellOnly',
      placed && plans.run && plans.runOnly && plans.run.below > 0,
      `Run cell only${counts(plans.runOnly)}`,
    ],
    ['headwater.runStale', plans.stale > 0, `Run stale cells (${plans.stale})`],
    ['headwater.cancel', placed?.cell.status === 'queued', 'Cancel cell'],
    ['headwater.interrupt', isRunning(view), 'Interrupt'],
    ['headwater.kill', isRunning(view), 'Kill kernel, values are lost'],
    ['headwater.openOutput', placed && hasOutput(placed.cell), 'Open output'],
    ['headwater.copyOutput', placed && hasOutput(placed.cell), 'Copy output'],
    ['headwater.runAll', view.layout.length > 0, 'Run all'],
    ['headwater.restart', hasKernel(view), 'Restart kernel'],
    ['headwater.whichPython', true, 'Which Python'],
  ];
  return offered
    .filter(([command, isOfUse]) => isOfUse || only.includes(kindOf(command)))
    .map(([command, _, title]) => action(title, command));
}

type Offered = readonly [command: ActionName, isOfUse: unknown, title: string];

/** As LSP defines `only`: the kind itself and those below it. */
export function isWanted(kind: string, only: readonly string[] | undefined): boolean {
  return (
    only === undefined ||
    only.some((wanted) => wanted === CodeActionKind.Empty || kind === wanted || kind.startsWith(`${wanted}.`))
  );
}

/** `(+2 above, 7 below)`, without what is zero. */
export function counts({ above, below }: PlanCounts = { above: 0, below: 0 }): string {
  const parts = [above > 0 ? `${above} above` : '', below > 0 ? `${below} below` : ''].filter((part) => part !== '');
  return parts.length > 0 ? ` (+${parts.join(', ')})` : '';
}

export function kindOf(command: ActionName): string {
  return `source.${command}`;
}

/** The cell's id goes along: it is still right when lines have moved since the menu opened. */
function actionOf(uri: string, placed: PlacedCell | undefined) {
  const place = placed ? [placed.place.line, placed.cell.id] : [];
  return (title: string, command: ActionName): CodeAction => ({
    title,
    kind: kindOf(command),
    command: { title, command, arguments: [uri, ...place] },
  });
}

function hasKernel({ kernel }: NotebookView): boolean {
  return kernel.phase === 'idle' || kernel.phase === 'busy' || kernel.phase === 'dead';
}
