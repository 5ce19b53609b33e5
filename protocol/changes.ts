/** How any client keeps its copy of a notebook: fold the events over a snapshot. */
import { type CellView, type NotebookView, type Output, type SessionEvent, streamCharactersMax } from './types.ts';

/** The view after one event. Events come in order; one that the view already contains changes nothing. */
export function applyChange(view: NotebookView, event: SessionEvent): NotebookView {
  if (event.seq <= view.seq) return view;
  return { ...change(view, event), seq: event.seq };
}

function change(view: NotebookView, event: SessionEvent): NotebookView {
  switch (event.type) {
    case 'text':
      return withText(view, event);
    case 'cells':
      return event.cells.reduce(
        (v, { id, ...patch }) => withCell(v, id, (cell) => ({ ...without(cell, 'reason'), ...patch })),
        view,
      );
    case 'problems':
      return { ...view, problems: event.problems };
    case 'kernel':
      return { ...view, kernel: event.kernel };
    case 'mode':
      return { ...view, mode: event.mode };
    case 'path':
      return { ...view, path: event.path };
    case 'run.accepted':
      return { ...view, runs: [...view.runs, event.run] };
    case 'run.sealed':
      return { ...view, runs: view.runs.filter(({ id }) => id !== event.run) };
    case 'step.started':
      return withCell(view, event.cell, (cell) => ({
        ...without(cell, 'error'),
        outputs: [],
        lastStep: { step: event.step, startedAt: event.startedAt },
      }));
    case 'step.finished':
      return countStep(
        withCell(view, event.cell, (cell) => finished(cell, event)),
        event.run,
      );
    case 'step.skipped':
      return countStep(view, event.run);
    case 'output.added':
      return withOutputs(view, event, (outputs) => [...outputs, capped(event.output)]);
    case 'output.appended':
      return withOutputs(view, event, (outputs) =>
        outputs.map((output, at) => (at === event.index ? appended(output, event.text) : output)),
      );
    case 'output.updated':
      return withOutputs(view, event, (outputs) => outputs.map((output, at) => (at === event.index ? event.output : output)));
    case 'output.unattributed':
      return view;
  }
}

type Of<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;

function withText(view: NotebookView, event: Of<'text'>): NotebookView {
  const cells = { ...view.cells };
  for (const id of event.removed) delete cells[id];
  for (const cell of event.cells) cells[cell.id] = cell;
  const { format: _, ...rest } = view;
  return {
    ...rest,
    ...(event.format && { format: event.format }),
    version: event.version,
    layout: event.layout ?? view.layout,
    cells,
  };
}

function finished(cell: CellView, event: Of<'step.finished'>): CellView {
  if (cell.lastStep?.step !== event.step) return cell;
  const lastStep = { ...cell.lastStep, durationMs: event.durationMs, outcome: event.outcome };
  return { ...cell, lastStep, ...(event.error && { error: event.error }) };
}

function withCell(view: NotebookView, id: string, update: (cell: CellView) => CellView): NotebookView {
  const cell = view.cells[id];
  return cell ? { ...view, cells: { ...view.cells, [id]: update(cell) } } : view;
}

function withOutputs(
  view: NotebookView,
  { cell, step }: { cell: string; step: number },
  update: (outputs: Output[]) => Output[],
): NotebookView {
  return withCell(view, cell, (c) => (c.lastStep?.step === step ? { ...c, outputs: update(c.outputs) } : c));
}

function countStep(view: NotebookView, run: number): NotebookView {
  return { ...view, runs: view.runs.map((r) => (r.id === run ? { ...r, done: r.done + 1 } : r)) };
}

function appended(output: Output, text: string): Output {
  return output.type === 'stream' ? capped({ ...output, text: output.text + text }) : output;
}

/** A view keeps the head of a long stream and counts the rest. */
function capped(output: Output): Output {
  if (output.type !== 'stream' || output.text.length <= streamCharactersMax) return output;
  return {
    ...output,
    text: output.text.slice(0, streamCharactersMax),
    elided: output.elided + output.text.length - streamCharactersMax,
  };
}

function without<T, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const { [key]: _, ...rest } = value;
  return rest;
}
