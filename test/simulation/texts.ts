// Random texts of cells and of placeless steps.
import type { Format } from '../../daemon/core/notebook/notebook.ts';
import { pick, type Roll } from '../support/random.ts';

export interface TextOptions {
  readonly format: Format;
  readonly names: number;
  readonly changesInPlace?: boolean;
  /** Most cells share states that have no variable. */
  readonly draws?: boolean;
}

export class Texts {
  readonly #roll: Roll;
  readonly #options: TextOptions;
  #salt = 0;

  constructor(roll: Roll, options: TextOptions) {
    this.#roll = roll;
    this.#options = options;
  }

  /** Texts differ from those that the other has made. */
  goOnFrom(other: Texts): void {
    this.#salt = other.#salt;
  }

  /** Of a state that has no variable. */
  state(): string {
    return pick(this.#roll, ['p', 'q']);
  }

  /** In a script now and then one that Python has by birth. */
  name(): string {
    if (this.#options.format === 'percent' && this.#roll(12) === 0) return pick(this.#roll, ['abs', 'id']);
    return String.fromCharCode(97 + this.#roll(this.#options.names));
  }

  cell(): string {
    return this.#roll(4) === 0 ? this.#lines(() => this.#importLine()) : this.#lines(() => this.#cellLine());
  }

  /** What a cell of this text becomes: a cell of imports may get another, or lose one. */
  edited(code: string): string {
    const lines = code.split('\n');
    if (!lines.every((line) => line.startsWith('import')) || this.#roll(3) === 0) return this.cell();
    const at = this.#roll(lines.length + 1);
    return lines.toSpliced(at, lines.length > 1 ? this.#roll(2) : 0, this.#importLine()).join('\n');
  }

  /** Like that of cells, with names that no cell has, and with one object under two names. */
  placeless(): string {
    return this.#lines(() => this.#placelessLine());
  }

  #lines(line: () => string): string {
    return Array.from({ length: 1 + this.#roll(2) }, line).join('\n');
  }

  #placelessLine(): string {
    const name = () => (this.#roll(4) === 0 ? pick(this.#roll, ['y', 'z']) : this.name());
    const salt = `#${++this.#salt}`;
    const some = this.#roll(2) ? ` ${name()}` : '';
    return pick(this.#roll, [
      `${name()} =${some} ${salt}`,
      `${name()} =${some} ~${this.#salt}`,
      `maybe ${name()} =${some} ${salt}`,
      `try ${name()} =${some} ${salt}`,
      `${name()} is ${name()} ${salt}`,
      `${name()} is ${name()} ${salt}`,
      `${name()} !${some} ${salt}`,
      `${name()} ~${some} ${salt}`,
      `poke ${name()} ${salt}`,
      `del ${name()}`,
      `fn ${name()} =${some} ${salt}`,
      `fn ${name()} =${some} > ${name()} ${salt}`,
      `${name()} = call ${name()} ${salt}`,
      `exec ${name()} ${salt}`,
      `${name()} = draw ${this.state()} ${salt}`,
      `seed ${this.state()}${some} ${salt}`,
      `raise${some} ${salt}`,
    ]);
  }

  #importLine(): string {
    return `import ${this.name()} #${this.#roll(2)}`;
  }

  #cellLine(): string {
    const name = () => this.name();
    const some = () =>
      Array.from({ length: this.#roll(3) }, name)
        .map((n) => ` ${n}`)
        .join('');
    const salt = `#${++this.#salt}`;
    const plain = [
      () => this.#importLine(),
      () => `${name()} =${some()} ${salt}`,
      () => `${name()} =${some()} ~${this.#salt}`,
      () => `${name()} = draw ${this.state()} ${salt}`,
      () => `seed ${this.state()}${some()} ${salt}`,
    ];
    const percent = [
      () => `${name()} !${some()} ${salt}`,
      () => `maybe ${name()} =${some()} ${salt}`,
      () => `try ${name()} =${some()} ${salt}`,
      () => `raise${some()} ${salt}`,
      () => `del ${name()}`,
      () => `fn ${name()} =${some()} ${salt}`,
      () => `fn ${name()} =${some()} > ${name()} ${salt}`,
      () => `${name()} = call ${name()} ${salt}`,
      () => `${name()} = call ${name()} ${salt}`,
      () => `exec ${name()} ${salt}`,
      () => `${name()} ~${some()} ${salt}`,
      () => `poke ${name()} ${salt}`,
      () => `${name()} is ${name()} ${salt}`,
      () => `${name()} is ${name()} ${salt}`,
    ];
    const marimo = [() => `raise${some()} ${salt}`, () => `fn ${name()} =${some()} ${salt}`];
    const changes = [
      () => `${name()} !${some()} ${salt}`,
      () => `${name()} ~${some()} ${salt}`,
      () => `poke ${name()} ${salt}`,
      () => `${name()} is ${name()} ${salt}`,
    ];
    const others = this.#options.format === 'percent' ? percent : marimo;
    const draws = [() => `${name()} = draw ${this.state()} ${salt}`, () => `seed ${this.state()}${some()} ${salt}`];
    if (this.#options.draws && this.#roll(4) > 0) return pick(this.#roll, [...draws, ...draws, plain[0] as () => string])();
    return pick(this.#roll, [...plain, ...others, ...(this.#options.changesInPlace ? changes : [])])();
  }
}
