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

/** What a statement is made of. */
interface Words {
  readonly name: () => string;
  /** Some names, mostly of what there is, each after a blank. */
  readonly some: () => string;
  /** Mostly that of a function. */
  readonly called: () => string;
  /** Of a state that has no variable. */
  readonly state: () => string;
  readonly module: () => string;
  /** Tells the statement from all others. */
  readonly salt: number;
}

type Form = (words: Words) => string;

const sets: Form = ({ name, some, salt }) => `${name()} =${some()} #${salt}`;
const assignments: readonly Form[] = [sets, ({ name, some, salt }) => `${name()} =${some()} ~${salt}`];
const imports: readonly Form[] = [({ name, module }) => `import ${name()} #${module()}`];
const draws: readonly Form[] = [
  ({ name, state, salt }) => `${name()} = draw ${state()} #${salt}`,
  ({ state, some, salt }) => `seed ${state()}${some()} #${salt}`,
];
const raises: Form = ({ some, salt }) => `raise${some()} #${salt}`;
const makesFunction: Form = ({ name, some, salt }) => `fn ${name()} =${some()} #${salt}`;
const aliases: Form = ({ name, salt }) => `${name()} is ${name()} #${salt}`;
const pokes: Form = ({ called, salt }) => `poke ${called()} #${salt}`;
const changes: readonly Form[] = [
  ({ name, some, salt }) => `${name()} !${some()} #${salt}`,
  ({ name, some, salt }) => `${name()} ~${some()} #${salt}`,
];
const calls: Form = ({ name, called, salt }) => `${name()} = call ${called()} #${salt}`;

/** Statements that mean something together. */
type Group = readonly Form[];

const shared: readonly Group[] = [imports, draws];
/** What scripts may do, and code beside the cells. */
const ofScripts: readonly Group[] = [
  [makesFunction, ({ name, some, salt }) => `fn ${name()} =${some()} > ${name()} #${salt}`, calls, calls],
  [aliases, aliases, ...changes],
  [pokes, makesFunction, ...changes],
  [
    ({ name, some, salt }) => `maybe ${name()} =${some()} #${salt}`,
    ({ name, some, salt }) => `try ${name()} =${some()} #${salt}`,
    ({ name }) => `del ${name()}`,
  ],
  [raises, ({ name, salt }) => `exec ${name()} #${salt}`],
];
const ofMarimo: readonly Group[] = [[raises, makesFunction]];
const inPlace: readonly Group[] = [[aliases, pokes, ...changes]];

/** What was made earlier is mostly gone. */
const recentMax = 6;
const functionsMax = 2;

export class Texts {
  readonly #roll: Roll;
  readonly #options: TextOptions;
  readonly #ofCells: readonly Form[];
  readonly #ofSteps: readonly Form[];
  /** What lines have made so far, the newest first. */
  #made: readonly string[] = [];
  #functions: readonly string[] = [];
  /** Of the next cells. */
  #next: ((salt: number) => string)[] = [];
  #salt = 0;

  /** A history has about half of the groups, so that what takes several statements of one happens in some of them. */
  constructor(roll: Roll, options: TextOptions) {
    this.#roll = roll;
    this.#options = options;
    const others = options.format === 'percent' ? ofScripts : ofMarimo;
    this.#ofCells = this.#someOf([...shared, ...others, ...(options.changesInPlace ? inPlace : [])]);
    this.#ofSteps = this.#someOf([draws, ...ofScripts]);
  }

  /** Texts differ from those that the other has made. */
  goOnFrom(other: Texts): void {
    this.#salt = other.#salt;
  }

  /** In a script now and then one that Python has by birth. */
  name(): string {
    if (this.#options.format === 'percent' && this.#roll(12) === 0) return pick(this.#roll, ['abs', 'id']);
    return String.fromCharCode(97 + this.#roll(this.#options.names));
  }

  /** Often what goes with the lines before: what a function reads, and a call of it, or a change of an object that has two names. */
  cell(): string {
    const next = this.#next.shift();
    if (next !== undefined) return this.#noted(next(++this.#salt));
    if (this.#roll(4) > 0) return this.#lines(this.#formsOfCell());
    if (this.#roll(2) === 0) return this.#lines(imports);
    return `${this.#line(imports)}\n${this.#line(this.#roll(2) === 0 ? [raises] : this.#ofCells)}`;
  }

  /** What a cell of this text becomes: mostly the same statements with other values. A cell of imports may get another, or lose one. */
  edited(code: string): string {
    const lines = code.split('\n');
    const isOfImports = lines.every((line) => line.startsWith('import'));
    if (this.#roll(2) === 0) return lines.map((line) => this.#withOtherValue(line, isOfImports)).join('\n');
    if (!isOfImports || this.#roll(3) === 0) return this.cell();
    const at = this.#roll(lines.length + 1);
    return lines.toSpliced(at, lines.length > 1 ? this.#roll(2) : 0, this.#line(imports)).join('\n');
  }

  #withOtherValue(line: string, isOfImports: boolean): string {
    if (line.startsWith('import')) return isOfImports ? line.replace(/#(\d)/, (_, module) => `#${1 - Number(module)}`) : line;
    return line.replace(/([#~])\d+$/, (_, mark) => `${mark}${++this.#salt}`);
  }

  /** Like that of cells, with names that no cell has. */
  placeless(): string {
    const name = () => (this.#roll(4) === 0 ? pick(this.#roll, ['y', 'z']) : this.name());
    return this.#lines(this.#ofSteps, name);
  }

  #someOf(groups: readonly Group[]): readonly Form[] {
    return [...assignments, ...groups.filter(() => this.#roll(2) === 0).flat()];
  }

  #formsOfCell(): readonly Form[] {
    return this.#options.draws && this.#roll(4) > 0 ? [...draws, ...draws, sets] : this.#ofCells;
  }

  #lines(forms: readonly Form[], name?: () => string): string {
    return Array.from({ length: 1 + this.#roll(2) }, () => this.#line(forms, name)).join('\n');
  }

  #line(forms: readonly Form[], name = () => this.name()): string {
    const roll = this.#roll;
    const known = (names: readonly string[]) => (names.length > 0 && roll(4) > 0 ? pick(roll, names) : name());
    const line = pick(
      roll,
      forms,
    )({
      name,
      some: () => Array.from({ length: roll(3) }, () => ` ${known(this.#made)}`).join(''),
      called: () => known(this.#functions),
      state: () => pick(roll, ['p', 'q']),
      module: () => String(roll(2)),
      salt: ++this.#salt,
    });
    this.#expect(line);
    return this.#noted(line);
  }

  #noted(line: string): string {
    const [, made] = /^(?:fn |import )?(\w+) (?:= |#)/.exec(line) ?? [];
    if (made === undefined) return line;
    this.#made = [made, ...this.#made].slice(0, recentMax);
    if (line.startsWith('fn')) this.#functions = [made, ...this.#functions].slice(0, functionsMax);
    return line;
  }

  #expect(line: string): void {
    if (this.#options.format === 'marimo' || this.#next.length > 0 || this.#roll(3) === 0) return;
    const [, called, read] = /^fn (\w+) = (\w+)/.exec(line) ?? [];
    const [, other, one] = /^(\w+) is (\w+)/.exec(line) ?? [];
    const [, imported] = /^import (\w+)/.exec(line) ?? [];
    const sign = pick(this.#roll, ['!', '~']);
    if (called && read) this.#next = [(salt) => `${read} = #${salt}`, (salt) => `${this.name()} = call ${called} #${salt}`];
    else if (other && one) this.#next = [(salt) => `${pick(this.#roll, [other, one])} ${sign} #${salt}`];
    else if (imported) this.#next = [(salt) => `${this.name()} = ${imported} #${salt}`];
  }
}
