// A tiny language whose programs define, change, delete and read names as Python does, for the simulation.
// A cell is lines of one statement each:
//   x = a b #7      x becomes a new object made of a and b (and 7, to tell texts apart)
//   maybe x = a #7  the same, if a hash of a and 7 is even: a binding in a branch
//   x = a b ~7      x becomes one of two plain values, as numbers are: equal ones cannot be told apart
//   x ! a #7        x's object is changed in place, or x becomes another plain value
//   x ~ a #7        the same, though no analysis can see it
//   poke f #7       the object of the first name that f reads is changed in place; no analysis can see that either
//   del x           x is unbound
//   fn f = a b #7   f becomes a function that reads a and b when it is called
//   fn f = a b > c #7  f also binds c when it is called: to a new object, or it changes c in place if it reads c
//   x = call f #7   x becomes a new object made of what f reads now
//   exec x #7       x becomes a new object, though no analysis can see it
//   x is a #7       x becomes the very object that a is
//   try x = a #7    the same as `x = a`, but where a is not there: then x is made without it
//   x = draw r #7   x becomes a new object made of the state r, which goes on: nobody sees that by the text
//   seed r a #7     the state r is set from a; nobody sees that either
//   import x #1    x becomes the module 1, which is one object for ever
//   raise a #7      raises if a hash of a and 7 is even
import { type Facts, noFacts } from '../../daemon/core/analysis/facts.ts';

export interface Thing {
  value: string;
  /** Nobody can tell it from another of the same value, and nobody can change it. */
  readonly isPlain?: boolean;
  /** Of a function: what it reads, and the name that it binds. */
  readonly reads?: readonly string[];
  readonly binds?: string | undefined;
}

export type Globals = Map<string, Thing>;

export interface Statement {
  readonly kind:
    | 'set'
    | 'plain'
    | 'maybe'
    | 'mutate'
    | 'del'
    | 'fn'
    | 'call'
    | 'exec'
    | 'raise'
    | 'touch'
    | 'poke'
    | 'alias'
    | 'try'
    | 'draw'
    | 'seed'
    | 'import';
  readonly name: string;
  readonly reads: readonly string[];
  readonly salt: string;
  /** Of a function: the name that it binds when it is called. */
  readonly binds?: string | undefined;
}

const forms: readonly [RegExp, Statement['kind']][] = [
  [/^maybe (\w+) =([ \w]*)#(\d+)$/, 'maybe'],
  [/^try (\w+) =([ \w]*)#(\d+)$/, 'try'],
  [/^fn (\w+) =([ \w]*?)(?:> (\w+) )?#(\d+)$/, 'fn'],
  [/^(\w+) = call (\w+) #(\d+)$/, 'call'],
  [/^(\w+) = draw( \w+) #(\d+)$/, 'draw'],
  [/^(\w+) =([ \w]*)#(\d+)$/, 'set'],
  [/^(\w+) =([ \w]*)~(\d+)$/, 'plain'],
  [/^(\w+) !([ \w]*)#(\d+)$/, 'mutate'],
  [/^(\w+) ~([ \w]*)#(\d+)$/, 'touch'],
  [/^poke()( \w+) #(\d+)$/, 'poke'],
  [/^del (\w+)()()$/, 'del'],
  [/^exec (\w+)() #(\d+)$/, 'exec'],
  [/^(\w+) is( \w+) #(\d+)$/, 'alias'],
  [/^seed (\w+)([ \w]*)#(\d+)$/, 'seed'],
  [/^import (\w+)() #(\d+)$/, 'import'],
  [/^raise()([ \w]*)#(\d+)$/, 'raise'],
];

export function parse(code: string): Statement[] {
  return code.split('\n').map((line) => {
    for (const [form, kind] of forms) {
      const [, name, reads, ...rest] = form.exec(line) ?? [];
      if (reads === undefined) continue;
      return { kind, name: name ?? '', reads: reads.split(' ').filter(Boolean), salt: rest.pop() ?? '', binds: rest.pop() };
    }
    throw new Error(`not a statement: ${line}`);
  });
}

const span = { start: 0, end: 0 };

/** What analysis would say of the code. */
export function factsOf(code: string): Facts {
  const defs = new Map();
  const refs = new Map();
  const mutations = new Map();
  const deleted = new Set<string>();
  const deferredReads = new Set<string>();
  const sure = new Set<string>();
  const maybeReads = new Set<string>();
  // What a conditional read finds, or one in a function, or what an exit stands before, is not certain.
  let [mayExit, mayBindAny] = [false, false];
  const read = (name: string, how: 'certainly' | 'perhaps' | 'deferred') => {
    const isDeferred = how === 'deferred';
    if (sure.has(name) && !isDeferred) return;
    if (defs.has(name) && !isDeferred) {
      maybeReads.add(name);
      return;
    }
    const known = refs.get(name);
    const isCertain = (how === 'certainly' && !mayExit && !mayBindAny) || (known?.isCertain ?? false);
    refs.set(name, { isDeferred: isDeferred && (known?.isDeferred ?? true), isCertain, spans: [span] });
  };
  const statements = parse(code);
  const functions = new Map<string, Statement>();
  for (const statement of statements) {
    const { kind, name, reads } = statement;
    if (kind === 'fn') for (const r of reads) deferredReads.add(r);
    else if (kind !== 'draw') for (const r of reads) read(r, kind === 'try' || kind === 'touch' ? 'perhaps' : 'certainly');
    if (kind === 'touch') read(name, 'certainly');
    if (kind === 'fn') functions.set(name, statement);
    else if (kind !== 'draw') for (const called of reads) for (const r of functions.get(called)?.reads ?? []) read(r, 'perhaps');
    mayExit ||= kind === 'raise';
    mayBindAny ||= kind === 'exec';
    if (kind === 'mutate' && !sure.has(name)) {
      read(name, 'certainly');
      mutations.set(name, { spans: [span] });
    }
    if (kind === 'del') {
      read(name, 'perhaps');
      deleted.add(name);
      sure.delete(name);
    }
    if (binders.has(kind)) {
      const isConditional = kind === 'maybe' && (defs.get(name)?.isConditional ?? true);
      defs.set(name, {
        kind: kind === 'fn' ? 'function' : 'variable',
        spans: [span],
        imported: importedAs(statements, name),
        isConditional,
        isLate: false,
      });
      if (kind !== 'maybe') sure.add(name);
    }
  }
  for (const name of deferredReads) if (!defs.has(name)) read(name, 'deferred');
  const deferredWrites = new Set<string>();
  for (const { name, binds } of statements) {
    if (binds === undefined) continue;
    const isUsed = statements.some(({ kind, reads }) => kind !== 'fn' && reads.includes(name));
    const def = defs.get(binds) ?? { kind: 'variable', spans: [span], imported: undefined, isConditional: true, isLate: true };
    defs.set(binds, { ...def, isLate: def.isLate && !isUsed });
    deferredWrites.add(binds);
  }
  const parameters = [...plainNames(code)].map((name) => ({
    name,
    span,
    value: span,
    annotation: undefined,
    literal: undefined,
  }));
  const isImportCell = statements.every(({ kind }) => kind === 'import');
  const names = { defs, refs, maybeReads, mutations, deleted, deferredReads, deferredWrites };
  return { ...noFacts, ...names, mayExit, mayBindAny, parameters, isImportCell, tokens: code };
}

const binders: ReadonlySet<Statement['kind']> = new Set([
  'set',
  'plain',
  'fn',
  'call',
  'maybe',
  'alias',
  'try',
  'draw',
  'import',
]);

/** What a name is that nothing but imports bind. */
function importedAs(statements: readonly Statement[], name: string): string | undefined {
  const bindings = statements.filter((one) => one.name === name && binders.has(one.kind));
  const modules = new Set(bindings.map(({ salt }) => `m${salt}`));
  return bindings.every(({ kind }) => kind === 'import') ? [...modules].join(', ') : undefined;
}

function isAssignment({ kind }: Statement): boolean {
  return kind === 'set' || kind === 'plain';
}

/** Names that the code assigns: what a parameter may replace. */
function plainNames(code: string): Set<string> {
  return new Set(
    parse(code)
      .filter(isAssignment)
      .map(({ name }) => name),
  );
}

/** States that have no variable, by their implicit names. All begin alike. */
export class States {
  readonly values = new Map<string, string>();
  readonly reads = new Set<string>();
  readonly writes = new Set<string>();

  constructor(values: Iterable<readonly [string, string]> = []) {
    this.values = new Map(values);
  }

  draw(letter: string): string {
    const name = `<${letter}>`;
    const value = this.values.get(name) ?? '';
    if (!this.writes.has(name)) this.reads.add(name);
    this.set(letter, digest(`next${value}`));
    return value;
  }

  set(letter: string, value: string): void {
    this.values.set(`<${letter}>`, value);
    this.writes.add(`<${letter}>`);
  }
}

/** Runs the code, with `parameters` for what plain assignments say, and tells how it ended. */
export function execute(
  code: string,
  globals: Globals,
  parameters: ReadonlyMap<string, string> = new Map(),
  states: States = new States(),
): 'ok' | Ended {
  try {
    for (const statement of parse(code)) {
      const given = isAssignment(statement) ? parameters.get(statement.name) : undefined;
      perform(given === undefined ? statement : { ...statement, reads: [], salt: given }, globals, states);
    }
    return 'ok';
  } catch (error) {
    if (error instanceof Raised) return error.outcome;
    throw error;
  }
}

export type Ended = 'raised' | 'stopped' | 'exited';

class Raised extends Error {
  readonly outcome: Ended;

  constructor(message: string, outcome: Ended = 'raised') {
    super(message);
    this.outcome = outcome;
  }
}

function perform({ kind, name, reads, salt, binds }: Statement, globals: Globals, states: States): void {
  const look = (read: string): Thing => {
    const thing = globals.get(read) ?? builtins.get(read);
    if (!thing) throw new Raised(`NameError: ${read}`);
    return thing;
  };
  const madeOf = (things: readonly string[]) =>
    digest([['mutate', 'touch', 'poke', 'maybe'].includes(kind) ? 'set' : kind, salt, ...things].join());
  const made = () => madeOf(reads.map((read) => look(read).value));
  switch (kind) {
    case 'try':
      return void globals.set(name, {
        value: madeOf(reads.map((read) => (globals.get(read) ?? builtins.get(read))?.value ?? '')),
      });
    case 'set':
    case 'exec':
      return void globals.set(name, { value: made() });
    case 'alias':
      return void globals.set(name, look(reads[0] as string));
    case 'maybe':
      if (isEven(made())) globals.set(name, { value: made() });
      return;
    case 'import':
      return void globals.set(name, moduleOf(salt));
    case 'plain':
      return void globals.set(name, plain(made()));
    case 'mutate':
    case 'touch':
    case 'poke': {
      const changed = kind === 'poke' ? look(reads[0] as string).reads?.[0] : name;
      if (changed === undefined) return;
      const thing = look(changed);
      if (thing.isPlain) return void (kind === 'mutate' && globals.set(name, plain(`${thing.value}!${made()}`)));
      thing.value = digest(`${thing.value}!${made()}`);
      return;
    }
    case 'draw':
      return void globals.set(name, { value: digest(`draw${salt}${states.draw(reads[0] as string)}`) });
    case 'seed':
      return states.set(name, made());
    case 'del':
      if (!globals.has(name)) throw new Raised(`NameError: ${name}`);
      return void globals.delete(name);
    case 'fn':
      return void globals.set(name, { value: digest(`fn${salt}`), reads, binds });
    case 'call': {
      const called = look(reads[0] as string);
      const values = (called.reads ?? []).map((read) => look(read).value);
      if (called.binds !== undefined) bindFrom(called, called.binds, values, globals);
      return void globals.set(name, { value: digest(`call${salt}${values.join()}`) });
    }
    case 'raise': {
      const value = made();
      const quiet = isEven(value.slice(1, 2)) ? 'stopped' : 'exited';
      if (isEven(value)) throw new Raised('raise', isEven(value.slice(0, 1)) ? quiet : 'raised');
    }
  }
}

/** Names by birth. */
const builtins: Globals = new Map(['abs', 'id'].map((name) => [name, { value: digest(name), isPlain: true }]));

/** What Python has made itself, whatever it is called. */
export function isByBirth(thing: Thing): boolean {
  return [...builtins.values()].includes(thing);
}

export function isBuiltin(name: string): boolean {
  return builtins.has(name);
}

/** As `global c; c = …` does, or `c += …` where the function reads c. */
function bindFrom({ value, reads = [] }: Thing, name: string, values: readonly string[], globals: Globals): void {
  const made = digest(`${value}${values.join()}`);
  const thing = reads.includes(name) ? globals.get(name) : undefined;
  if (thing?.isPlain) globals.set(name, plain(made));
  else if (thing) thing.value = made;
  else globals.set(name, { value: made });
}

const modules = new Map<string, Thing>();

/** The same object in all kernels: nothing changes it in place. */
function moduleOf(salt: string): Thing {
  const known = modules.get(salt) ?? { value: `m${salt}`, isPlain: true };
  modules.set(salt, known);
  return known;
}

export function isModule(thing: Thing): boolean {
  return modules.get(thing.value.slice(1)) === thing;
}

function plain(text: string): Thing {
  return { value: isEven(digest(text)) ? 'even' : 'odd', isPlain: true };
}

function isEven(text: string): boolean {
  return text.charCodeAt(text.length - 1) % 2 === 0;
}

/** Short and the same for the same text: values would grow without bound otherwise. */
function digest(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(i), 0x85ebca6b) + a;
  }
  return ((a ^ (a >>> 13)) >>> 0).toString(16) + ((b ^ (b >>> 11)) >>> 0).toString(16);
}
