/** Under which file name each step compiles, and where its lines stood. A cell that runs again as it is keeps its name: compiled once, it is not again. */
import type { CellId } from '../../core/notebook/notebook.ts';
import type { StepNumber } from '../../kernel/kernel.ts';
import { type StepPlace, stepFileName } from './tracebacks.ts';

interface StepFile {
  /** The step that it was named for. */
  readonly named: StepNumber;
  readonly code: string;
  readonly place: StepPlace;
  /** Steps that are not forgotten. */
  users: number;
}

export class StepFiles {
  readonly #path: string;
  readonly #ofStep = new Map<StepNumber, StepFile>();
  readonly #named = new Map<StepNumber, StepFile>();
  readonly #newest = new Map<CellId, StepFile>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Of a copy of the kernel: what is noted or forgotten in one is not in the other. */
  copy(): StepFiles {
    const copy = new StepFiles(this.#path);
    const copies = new Map<StepFile, StepFile>();
    const copyOf = (file: StepFile): StepFile => {
      const known = copies.get(file) ?? { ...file };
      copies.set(file, known);
      return known;
    };
    for (const [step, file] of this.#ofStep) copy.#ofStep.set(step, copyOf(file));
    for (const [step, file] of this.#named) copy.#named.set(step, copyOf(file));
    for (const [cell, file] of this.#newest) copy.#newest.set(cell, copyOf(file));
    return copy;
  }

  /** The file name for a step. `place.codeLine` and the code decide whether it is that of the cell's step before. */
  nameFor(step: StepNumber, code: string, place: StepPlace): string {
    const before = this.#newest.get(place.cell);
    const isSame = before?.code === code && before.place.codeLine === place.codeLine && before.place.tokens === place.tokens;
    const file = isSame ? before : { named: step, code, place, users: 0 };
    file.users += 1;
    this.#ofStep.set(step, file);
    this.#named.set(file.named, file);
    this.#newest.set(place.cell, file);
    return stepFileName(this.#path, file.named);
  }

  cellOf(step: StepNumber): CellId | undefined {
    return this.#ofStep.get(step)?.place.cell;
  }

  placeOf(step: StepNumber): StepPlace | undefined {
    return this.#ofStep.get(step)?.place;
  }

  /** Of the file that was named for the step. */
  placeOfFile(named: StepNumber): StepPlace | undefined {
    return this.#named.get(named)?.place;
  }

  forget(step: StepNumber): void {
    const file = this.#ofStep.get(step);
    this.#ofStep.delete(step);
    if (!file || --file.users > 0) return;
    this.#named.delete(file.named);
    if (this.#newest.get(file.place.cell) === file) this.#newest.delete(file.place.cell);
  }
}
