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

export function codeActionsAt(uri: string, view: NotebookView, placed: PlacedCell | undefined, plans: Plans): CodeAction[] {
  const action = actionOf(uri, placed);
  const actions: CodeAction[] = [];
  if (placed && plans.run) actions.push(action(`Run cell${counts(plans.run)}`, 'headwater.runCell'));
  if (placed && plans.run && plans.runOnly && plans.run.below > 0) {
    actions.push(action(`Run cell only${counts(plans.runOnly)}`, 'headwater.runCellOnly'));
  }
  if (plans.stale > 0) actions.push(action(`Run stale cells (${plans.stale})`, 'headwater.runStale'));
  if (placed?.cell.status === 'queued') actions.push(action('Cancel cell', 'headwater.cancel'));
  if (isRunning(view)) {
    actions.push(action('Interrupt', 'headwater.interrupt'), action('Kill kernel, values are lost', 'headwater.kill'));
  }
  if (placed && hasOutput(placed.cell)) {
    actions.push(action('Open output', 'headwater.openOutput'), action('Copy output', 'headwater.copyOutput'));
  }
  if (view.layout.length > 0) actions.push(action('Run all', 'headwater.runAll'));
  if (hasKernel(view)) actions.push(action('Restart kernel', 'headwater.restart'));
  actions.push(action('Which Python', 'headwater.whichPython'));
  return actions;
}

/** As LSP defines `only`: the kind itself and those below it. */
export function isWanted(kind: string, only: readonly string[] | undefined): boolean {
  return (
    only === undefined ||
    only.some((wanted) => wanted === CodeActionKind.Empty || kind === wanted || kind.startsWith(`${wanted}.`))
  );
}

/** `(+2 above, 7 below)`, without what is zero. */
export function counts({ above, below }: PlanCounts): string {
  const parts = [above > 0 ? `+${above} above` : '', below > 0 ? `${above > 0 ? '' : '+'}${below} below` : ''].filter(
    (part) => part !== '',
  );
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
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
