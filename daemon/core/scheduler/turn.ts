/** One call of `step` under way: the state so far, the effects so far. It never leaves the call, so that `step` stays pure. */
import type { CellId } from '../notebook/notebook.ts';
import type { Effect } from './effects.ts';
import type { State } from './state.ts';

export class Turn {
  state: State;
  readonly effects: Effect[] = [];
  readonly touched = new Set<CellId>();

  constructor(state: State) {
    this.state = state;
  }

  update(changes: Partial<State>): void {
    this.state = { ...this.state, ...changes };
  }

  emit(effect: Effect): void {
    this.effects.push(effect);
  }

  /** Marks cells whose status may have become another. */
  touch(cells: Iterable<CellId>): void {
    for (const cell of cells) this.touched.add(cell);
  }
}
