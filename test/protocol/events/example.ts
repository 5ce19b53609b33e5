/** What the examples of `spec/vectors/events` are made of. */
import { defaultOptions } from '../../../protocol/running-options.ts';
import type { CellView, NotebookView, SessionEvent } from '../../../protocol/types.ts';
import { cellView } from '../../support/cell-view.ts';

/** A view, events that follow it, and the view after them. */
export interface Example {
  readonly name: string;
  readonly view: NotebookView;
  readonly events: readonly SessionEvent[];
  readonly after: NotebookView;
  /** Numbers are missing before the last event: the client asks for them, and its view waits. */
  readonly asks?: true;
}

/** An event without what every event has. */
export type News = SessionEvent extends infer E
  ? E extends SessionEvent
    ? Omit<E, 'session' | 'seq'> & { readonly seq?: number }
    : never
  : never;

/** Of the view of an example; the events after it have the numbers from 8 on. */
const seq = 7;

/** `after` has what the events change of the view, besides its number. */
export function example(
  name: string,
  view: NotebookView,
  events: readonly News[],
  after: Partial<Omit<NotebookView, 'seq' | 'session'>>,
): Example {
  const numbered = events.map((event, at) => ({ session: view.session, seq: view.seq + 1 + at, ...event })) as SessionEvent[];
  return { name, view, events: numbered, after: { ...view, seq: numbered.at(-1)?.seq ?? view.seq, ...after } };
}

export function view(fields: Partial<NotebookView> = {}): NotebookView {
  return {
    session: 's1',
    incarnation: 'b7e2',
    seq,
    path: '/notes/river.py',
    format: 'percent',
    options: defaultOptions,
    version: 3,
    layout: [place('a', 0), place('b', 3)],
    cells: { a: cell('a'), b: cell('b') },
    problems: [],
    kernel: { phase: 'idle', generation: 1 },
    runs: [],
    placeless: [],
    ...fields,
  };
}

export function cell(id: string, fields: Partial<CellView> = {}): CellView {
  return cellView({ id, code: `${id} = 1`, defs: [id], ...fields });
}

/** A cell of two lines of code below its marker. */
export function place(id: string, line: number) {
  return { id, line, endLine: line + 2, codeLine: line + 1 };
}
