/**
 * A few lines of Python, one statement each: `x = EXPRESSION`, `xs.append(EXPRESSION)`, `del x`, `print(EXPRESSION)`, `raise NAME`, an expression
 * alone. An expression is a sum of whole numbers, texts in quotes, names, `[…]` of one expression, and `input('…')`, which asks. `while True: pass`
 * never ends by itself. Values are what `repr` says of them.
 */
import type { KernelEvent, PythonError, StepNumber } from '../../daemon/kernel/kernel.ts';
import type { Ended, Globals, Thing } from '../simulation/program.ts';

type Shown = Extract<KernelEvent, { type: 'stream' | 'display' }>;
type Unplaced = { readonly text: string; readonly isResult: boolean };

const question = /\binput\('([^']*)'\)/;
const assignment = /^(\w+) = (.+)$/;
const appending = /^(\w+)\.append\((.+)\)$/;
const deletion = /^del (\w+)$/;
const printing = /^print\((.*)\)$/;
const raising = /^raise (\w+)$/;

export class LittlePython {
  /** What the step that runs is answered; at the end of its input undefined. */
  answer: string | undefined;
  /** Of the step that raised last. */
  error: PythonError = errorNamed('Exception', '');
  #shown: Unplaced[] = [];

  /** The prompt, where the code asks. */
  static questionIn(code: string): string | undefined {
    return question.exec(code)?.[1];
  }

  static isEndless(code: string): boolean {
    return code.includes('while True: pass');
  }

  run(code: string, globals: Globals, parameters: ReadonlyMap<string, string> = new Map()): 'ok' | Ended {
    try {
      for (const line of code.split('\n')) this.#perform(line.replace(/#.*/, '').trim(), globals, parameters);
      return 'ok';
    } catch (error) {
      if (!(error instanceof Raised)) throw error;
      this.error = errorNamed(error.name, error.message);
      return 'raised';
    }
  }

  /** What the step has printed and shown. */
  takeShown(step: StepNumber): readonly Shown[] {
    const shown = this.#shown;
    this.#shown = [];
    return shown.map(({ text, isResult }) =>
      isResult
        ? { type: 'display', step, bundle: { 'text/plain': text }, displayId: undefined, isUpdate: false, isResult }
        : { type: 'stream', step, stream: 'stdout', text },
    );
  }

  #perform(line: string, globals: Globals, parameters: ReadonlyMap<string, string>): void {
    if (line === '' || line === 'while True: pass') return;
    const [, target, value] = assignment.exec(line) ?? [];
    if (target !== undefined && value !== undefined)
      return void globals.set(target, this.#value(parameters.get(target) ?? value, globals));
    const [, list, item] = appending.exec(line) ?? [];
    if (list !== undefined && item !== undefined) return append(held(globals, list), this.#value(item, globals));
    const [, deleted] = deletion.exec(line) ?? [];
    if (deleted !== undefined) return void (held(globals, deleted) && globals.delete(deleted));
    const [, printed] = printing.exec(line) ?? [];
    if (printed !== undefined) return this.#show(`${textOf(this.#value(printed, globals))}\n`, false);
    const [, raised] = raising.exec(line) ?? [];
    if (raised !== undefined) throw new Raised(raised, '');
    this.#show(this.#value(line, globals).value, true);
  }

  #show(text: string, isResult: boolean): void {
    this.#shown.push({ text, isResult });
  }

  #value(expression: string, globals: Globals): Thing {
    const terms = expression.split(' + ').map((term) => this.#term(term.trim(), globals));
    const [first] = terms;
    if (first !== undefined && terms.length === 1) return first;
    const isNumber = terms.every(({ value }) => /^-?\d+$/.test(value));
    if (isNumber) return plain(String(terms.reduce((sum, { value }) => sum + Number(value), 0)));
    return plain(`'${terms.map(textOf).join('')}'`);
  }

  #term(term: string, globals: Globals): Thing {
    if (/^-?\d+$/.test(term) || /^'[^']*'$/.test(term)) return plain(term);
    if (term === '[]') return { value: '[]' };
    if (term.startsWith('[')) return { value: `[${this.#value(term.slice(1, -1), globals).value}]` };
    if (!question.test(term)) return held(globals, term);
    if (this.answer === undefined) throw new Raised('EOFError', 'the input is at an end');
    return plain(`'${this.answer}'`);
  }
}

class Raised extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

function plain(value: string): Thing {
  return { value, isPlain: true };
}

function held(globals: Globals, name: string): Thing {
  const thing = globals.get(name);
  if (thing === undefined) throw new Raised('NameError', `name '${name}' is not defined`);
  return thing;
}

function append(list: Thing, item: Thing): void {
  const before = list.value.slice(1, -1);
  list.value = `[${before === '' ? '' : `${before}, `}${item.value}]`;
}

/** What `str` says. */
function textOf({ value }: Thing): string {
  return value.startsWith("'") ? value.slice(1, -1) : value;
}

function errorNamed(name: string, message: string): PythonError {
  const text = message === '' ? name : `${name}: ${message}`;
  return { name, message, frames: [], text: `${text}\n` };
}
