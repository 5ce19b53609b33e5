import { expect } from 'vitest';
import type { Implicit } from '../../../daemon/core/analysis/facts.ts';
import { seenFiles } from '../../../daemon/core/analysis/implicit-files.ts';
import type { GraphCell } from '../../../daemon/core/graph/graph.ts';
import { nothingObserved } from '../../../daemon/core/graph/observed.ts';
import { noOptions } from '../../../daemon/core/notebook/notebook.ts';
import type { Event } from '../../../daemon/core/scheduler/events.ts';
import { initialState, type RunMode, type State } from '../../../daemon/core/scheduler/state.ts';
import { statusOf } from '../../../daemon/core/scheduler/status.ts';
import { step } from '../../../daemon/core/scheduler/step.ts';
import { defaultOptions } from '../../../protocol/running-options.ts';
import { FakeKernel } from '../../simulation/fake-kernel.ts';
import { violations } from '../../simulation/invariants.ts';
import { factsOf } from '../../simulation/program.ts';

/** What the steps of a cell do with files. */
export interface FileUses {
  readonly imports?: readonly string[];
  readonly reads?: string;
  /** The step gives the file this mark, or where it is `+` one more than it has. */
  readonly writes?: readonly [file: string, mark: string];
  /** The kernel says it with the end of the step, too, so that writers and readers are linked. */
  readonly isSeen?: true;
}

/** A notebook of the simulation's language whose cells load modules, and read and write data files: `uses[2]` are those of cell 2. */
export class FileBench {
  readonly #kernel = new FakeKernel(1);
  readonly #uses: Readonly<Record<string, FileUses>>;
  /** What the disk has. */
  readonly disk = new Map<string, string>();
  state: State = initialState('percent', defaultOptions);
  ran: string[] = [];

  constructor(lines: readonly string[], uses: Readonly<Record<number, FileUses>>) {
    this.#uses = uses;
    for (const { imports = [] } of Object.values(uses)) for (const file of imports) this.disk.set(file, '1');
    const cells = lines.map((code, at) => fileCell(String(at), code));
    this.take({ type: 'edited', cells, removed: [], order: cells.map(({ id }) => id) });
  }

  take(event: Event): void {
    const { state, effects } = step(this.state, event);
    this.state = state;
    expect(violations(state)).toEqual([]);
    for (const effect of effects) {
      if (effect.type === 'start-kernel') this.take({ type: 'kernel-started', generation: effect.generation });
      if (effect.type !== 'evaluate') continue;
      this.ran.push(effect.cell.id);
      this.#kernel.evaluate(effect);
      const finished = this.#kernel.finish();
      if (finished?.type !== 'finished') continue;
      this.#finish(effect.cell.id, finished);
    }
  }

  #finish(cell: string, finished: Extract<Event, { type: 'finished' }>): void {
    const { imports = [] } = this.#uses[cell] ?? {};
    const files = new Map(imports.map((file) => [file, this.disk.get(file) ?? '']));
    const data = this.#usedBy(cell);
    const { isSeen } = this.#uses[cell] ?? {};
    this.take(isSeen ? { ...finished, observed: { ...finished.observed, files: seenIn(data) } } : finished);
    const place = { cell, step: finished.step };
    if (files.size > 0) this.take({ type: 'files-loaded', ...place, files });
    this.take({ type: 'data-used', ...place, ...data, hasMore: false });
  }

  #usedBy(id: string): { read: Map<string, string>; written: Map<string, string> } {
    const { reads, writes } = this.#uses[id] ?? {};
    const read = new Map(reads === undefined ? [] : [[reads, this.disk.get(reads) ?? 'missing']]);
    if (!writes) return { read, written: new Map() };
    const [file, mark] = writes;
    this.disk.set(file, mark === '+' ? `${this.disk.get(file) ?? ''}+` : mark);
    read.delete(file);
    return { read, written: new Map([[file, this.disk.get(file) ?? '']]) };
  }

  run(mode: RunMode, ...roots: number[]): this {
    this.ran = [];
    this.take({ type: 'run-requested', mode, roots: roots.map(String), parameters: undefined, stopAtFailure: false });
    return this;
  }

  change(file: string, mark: string): this {
    this.disk.set(file, mark);
    this.take({ type: 'files-changed', files: new Map([[file, mark]]) });
    return this;
  }

  move(...order: number[]): this {
    this.take({ type: 'edited', cells: [], removed: [], order: order.map(String) });
    return this;
  }

  get statuses(): string {
    return this.state.graph.order.map((id) => statusOf(this.state, id).status).join(' ');
  }
}

function seenIn({ read, written }: { readonly read: Map<string, string>; readonly written: Map<string, string> }): Implicit {
  return seenFiles({ read: [...read.keys()], written: [...written.keys()], changed: [], added: [], databases: [] });
}

export function fileCell(id: string, code: string): GraphCell {
  return { id, kind: 'code', name: undefined, code, options: noOptions, facts: factsOf(code), observed: nothingObserved };
}
