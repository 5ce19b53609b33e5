/** One call of `step` under way: the state so far, the effects so far. It never leaves the call, so that `step` stays pure. */
import type { CellId } from '../notebook/notebook.ts';
import type { Effect } from './effects.ts';
import type { State } from './state.ts';

export class Turn {
  /** From the first update on its own: what was taken out of it before is as it was, the whole is not. */
  #state: State;
  #isOwn = false;
  readonly effects: Effect[] = [];
  readonly touched = new Set<CellId>();

  constructor(state: State) {
    this.#state = state;
  }

  get state(): State {
    return this.#state;
  }

  update(changes: Partial<State>): void {
    if (!this.#isOwn) this.#state = { ...this.#state };
    this.#isOwn = true;
    Object.assign(this.#state, changes);
  }

  emit(effect: Effect): void {
    this.effects.push(effect);
  }

  /** Marks cells whose status may have become another. */
  touch(cells: Iterable<CellId>): void {
    for (const cell of cells) this.touched.add(cell);
  }
}
