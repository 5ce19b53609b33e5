/** How any client keeps its copy of a notebook: fold the events over a snapshot. */
import { changeOutputs } from './fold-outputs.ts';
import { changePlaceless } from './fold-placeless.ts';
import { cellStreamCharactersMax } from './limits.ts';
import type { CellPlace, CellView, InputView, NotebookView, SessionEvent } from './types.ts';

/**
 * The view after one event. Events come in order; one that the view already contains changes nothing. The view before is
 * taken over: its table of cells is changed in place (the cells in it never are), for copying thousands of entries at each
 * event would cost more than everything else. Who needs the view before keeps a copy.
 */
export function applyChange(view: NotebookView, event: SessionEvent): NotebookView {
  if (event.seq <= view.seq) return view;
  changeCells(view.cells, event);
  // An event of a newer daemon may have a type that this build does not know; a later view contains its effect (P25).
  return { ...(change(view, event) ?? view), seq: event.seq };
}

/** Brings a table of cells to what it is after one event: the table is changed in place, the cells in it never are. */
export function changeCells(cells: Record<CellView['id'], CellView>, event: SessionEvent): void {
  if (event.type === 'text') {
    for (const id of event.removed) delete cells[id];
    for (const cell of event.cells) cells[cell.id] = cell;
  } else if (event.type === 'cells') patchCells(cells, event);
  else if ('step' in event && 'cell' in event && event.cell !== undefined) {
    const cell = cells[event.cell];
    if (cell) cells[event.cell] = changeCell(cell, event);
  }
}

/** The cell after one event that is about a step or an output of it. */
export function changeCell(cell: CellView, event: SessionEvent): CellView {
  switch (event.type) {
    case 'step.started':
      return {
        ...without(without(cell, 'error'), 'asOf'),
        outputs: [],
        lastStep: { step: event.step, startedAt: event.startedAt },
      };
    case 'step.finished':
      return finished(cell, event);
    case 'output.added':
    case 'output.appended':
    case 'output.gap':
    case 'output.updated':
      if (cell.lastStep?.step !== event.step) return cell;
      return { ...cell, outputs: changeOutputs(cell.outputs, event, cellStreamCharactersMax) };
    case 'output.cleared':
      return cleared(cell, event.step);
    default:
      return cell;
  }
}

function change(view: NotebookView, event: SessionEvent): NotebookView {
  switch (event.type) {
    case 'text':
      return withText(view, event);
    case 'problems':
      return { ...view, problems: event.problems };
    case 'kernel':
      return { ...view, kernel: event.kernel };
    case 'options':
      return { ...view, options: event.options };
    case 'notice':
      return event.message === undefined ? without(view, 'notice') : { ...view, notice: event.message };
    case 'run.accepted':
      return { ...view, runs: [...view.runs, event.run] };
    case 'run.continued':
      return { ...view, runs: view.runs.map((r) => (r.id === event.run ? { ...r, plan: event.plan, done: 0 } : r)) };
    case 'run.sealed':
      return { ...view, runs: view.runs.filter(({ id }) => id !== event.run) };
    case 'step.finished':
    case 'step.skipped':
      return countStep(view, event.run);
    case 'input.requested':
      return { ...view, input: inputView(event) };
    case 'input.ended':
      return view.input?.input === event.input ? without(view, 'input') : view;
    case 'placeless.started':
    case 'placeless.output':
    case 'placeless.finished':
      return { ...view, placeless: changePlaceless(view.placeless, event) };
    case 'cells':
    case 'step.started':
    case 'step.interrupt':
    case 'output.added':
    case 'output.appended':
    case 'output.gap':
    case 'output.updated':
    case 'output.cleared':
    case 'output.unattributed':
    case 'kernel.survivors':
    case 'hidden':
      return view;
  }
}

type Of<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;

function withText(view: NotebookView, event: Of<'text'>): NotebookView {
  const rest = without(view, 'format');
  const layout = event.layout ?? (event.shift ? shifted(view.layout, event.shift) : view.layout);
  return { ...rest, ...(event.format && { format: event.format }), version: event.version, layout };
}

function shifted(layout: readonly CellPlace[], { place, lines }: NonNullable<Of<'text'>['shift']>): readonly CellPlace[] {
  const at = layout.findIndex(({ id }) => id === place.id);
  if (at < 0) return layout;
  return layout.map((old, index) => {
    if (index < at) return old;
    if (index === at) return place;
    const { id, line, endLine, codeLine } = old;
    return lines === 0 ? old : { id, line: line + lines, endLine: endLine + lines, codeLine: codeLine + lines };
  });
}

function patchCells(cells: Record<CellView['id'], CellView>, event: Of<'cells'>): void {
  for (const { id, status, reason, unwatched, parameters, parents, children } of event.cells) {
    const cell = cells[id];
    if (!cell) continue;
    const edges = { parents: parents ?? cell.parents, children: children ?? cell.children };
    const known = without(without(without(cell, 'reason'), 'unwatched'), 'parameters');
    const standing = {
      ...(reason !== undefined && { reason }),
      ...(unwatched && { unwatched }),
      ...(parameters && { parameters }),
    };
    cells[id] = { ...known, status, ...edges, ...standing };
  }
}

function finished(cell: CellView, event: Of<'step.finished'>): CellView {
  if (cell.lastStep?.step !== event.step) return cell;
  const lastStep = { ...cell.lastStep, durationMs: event.durationMs, outcome: event.outcome };
  return { ...cell, lastStep, ...(event.error && { error: event.error }) };
}

function cleared(cell: CellView, step: number): CellView {
  const { lastStep } = cell;
  if (lastStep?.step !== step) return cell;
  return { ...cell, outputs: [], lastStep: { ...lastStep, clearings: (lastStep.clearings ?? 0) + 1 } };
}

function inputView({ input, cell, step, prompt, isPassword }: Of<'input.requested'>): InputView {
  return { input, ...(cell !== undefined && { cell }), step, prompt, isPassword };
}

function countStep(view: NotebookView, run: number): NotebookView {
  return { ...view, runs: view.runs.map((r) => (r.id === run ? { ...r, done: r.done + 1 } : r)) };
}

function without<T, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const { [key]: _, ...rest } = value;
  return rest;
}
