/** What makes it uncertain that a read happens: branches around it, and before it whatever may end the program or bind any name. */
import type { Name } from './facts.ts';

/** Whoever has one of these, or asks IPython to run something, can bind any name. */
const makersOfNames: ReadonlySet<Name> = new Set(['exec', 'eval', 'globals', '__import__', '__builtins__', 'get_ipython']);
/** Outside functions these give what `globals()` gives. */
const makersAtTop: ReadonlySet<Name> = new Set(['vars', 'locals']);
/** `sys.modules`, `frame.f_globals`, `function.__globals__`: of whatever object, since the way there can be long. */
const attributesWithNames: ReadonlySet<string> = new Set(['modules', 'f_globals', '__globals__']);
const modulesWithNames = /^(?:__main__|builtins|sys\.modules)(?!\w)/;
/** `sys.exit`, `os._exit`, `headwater.stop` … under whatever name the module goes. */
const exits: ReadonlySet<string> = new Set(['exit', 'quit', '_exit', 'stop']);
const exceptionsThatEnd = /\b(?:SystemExit|KeyboardInterrupt)\b/;

export class Certainty {
  #doubts = 0;
  #mayExit = false;
  #mayBindAny = false;

  /** The cell visibly ends the program, if only in a branch or in a function. */
  get mayExit(): boolean {
    return this.#mayExit;
  }

  /** The cell may bind names that its text does not show. */
  get mayBindAny(): boolean {
    return this.#mayBindAny;
  }

  /** Whether what is read here may not be read, or may fail without ending the program. */
  get isLost(): boolean {
    return this.#doubts > 0 || this.#mayExit || this.#mayBindAny;
  }

  inDoubt(visit: () => void): void {
    this.#doubts += 1;
    visit();
    this.#doubts -= 1;
  }

  noteRead(name: Name, isInFunction: boolean): void {
    if (makersOfNames.has(name) || (!isInFunction && makersAtTop.has(name))) this.#mayBindAny = true;
  }

  noteAttribute(attribute: string): void {
    if (attributesWithNames.has(attribute)) this.#mayBindAny = true;
  }

  /** Also one by one: `sys.modules`. */
  noteImport(imported: string): void {
    if (modulesWithNames.test(imported)) this.#mayBindAny = true;
  }

  noteStarImport(): void {
    this.#mayBindAny = true;
  }

  /** What is called by this name, or by this attribute, has been called. */
  noteCall(called: string): void {
    if (exits.has(called)) this.#mayExit = true;
  }

  /** What a function raises is a failure of its call, but where it ends the program. */
  noteRaise(statement: string, isInFunction: boolean): void {
    if (!isInFunction || exceptionsThatEnd.test(statement)) this.#mayExit = true;
  }
}
