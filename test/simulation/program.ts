// A tiny language whose programs define, change, delete and read names as Python does, for the simulation.
// A cell is lines of one statement each:
//   x = a b #7      x becomes a new object made of a and b (and 7, to tell texts apart)
//   maybe x = a #7  the same, if a hash of a and 7 is even: a binding in a branch
//   x ! a #7        x's object is changed in place
//   x ~ a #7        the same, though no analysis can see it
//   poke f #7       the object of the first name that f reads is changed in place; no analysis can see that either
//   del x           x is unbound
//   fn f = a b #7   f becomes a function that reads a and b when it is called
//   x = call f #7   x becomes a new object made of what f reads now
//   exec x #7       x becomes a new object, though no analysis can see it
//   raise a #7      raises if a hash of a and 7 is even
import { type Facts, noFacts } from '../../daemon/core/analysis/facts.ts';

export interface Thing {
  value: string;
  /** Of a function: what it reads. */
  readonly reads?: readonly string[];
}

export type Globals = Map<string, Thing>;

export interface Statement {
  readonly kind: 'set' | 'maybe' | 'mutate' | 'del' | 'fn' | 'call' | 'exec' | 'raise' | 'touch' | 'poke';
  readonly name: string;
  readonly reads: readonly string[];
  readonly salt: string;
}

const forms: readonly [RegExp, Statement['kind']][] = [
  [/^maybe (\w) =([ \w]*)#(\d+)$/, 'maybe'],
  [/^fn (\w) =([ \w]*)#(\d+)$/, 'fn'],
  [/^(\w) = call (\w) #(\d+)$/, 'call'],
  [/^(\w) =([ \w]*)#(\d+)$/, 'set'],
  [/^(\w) !([ \w]*)#(\d+)$/, 'mutate'],
  [/^(\w) ~([ \w]*)#(\d+)$/, 'touch'],
  [/^poke()( \w) #(\d+)$/, 'poke'],
  [/^del (\w)()()$/, 'del'],
  [/^exec (\w)() #(\d+)$/, 'exec'],
  [/^raise()([ \w]*)#(\d+)$/, 'raise'],
];

export function parse(code: string): Statement[] {
  return code.split('\n').map((line) => {
    for (const [form, kind] of forms) {
      const [, name, reads, salt] = form.exec(line) ?? [];
      if (reads !== undefined) return { kind, name: name ?? '', reads: reads.split(' ').filter(Boolean), salt: salt ?? '' };
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
  const read = (name: string, isDeferred = false) => {
    if (sure.has(name) && !isDeferred) return;
    if (defs.has(name) && !isDeferred) {
      maybeReads.add(name);
      return;
    }
    refs.set(name, { isDeferred: isDeferred && (refs.get(name)?.isDeferred ?? true), spans: [span] });
  };
  for (const { kind, name, reads } of parse(code)) {
    if (kind === 'fn') for (const r of reads) deferredReads.add(r);
    else for (const r of reads) read(r);
    if (kind === 'touch') read(name);
    if (kind === 'mutate' && !sure.has(name)) {
      read(name);
      mutations.set(name, { spans: [span] });
    }
    if (kind === 'del') {
      read(name);
      deleted.add(name);
      sure.delete(name);
    }
    if (kind === 'set' || kind === 'fn' || kind === 'call' || kind === 'maybe') {
      const isConditional = kind === 'maybe' && (defs.get(name)?.isConditional ?? true);
      defs.set(name, { kind: kind === 'fn' ? 'function' : 'variable', spans: [span], imported: undefined, isConditional });
      if (kind !== 'maybe') sure.add(name);
    }
  }
  for (const name of deferredReads) if (!defs.has(name)) read(name, true);
  return { ...noFacts, defs, refs, maybeReads, mutations, deleted, deferredReads, tokens: code };
}

/** Runs the code and tells how it ended. */
export function execute(code: string, globals: Globals): 'ok' | 'raised' | 'stopped' {
  try {
    for (const statement of parse(code)) perform(statement, globals);
    return 'ok';
  } catch (error) {
    if (error instanceof Raised) return error.outcome;
    throw error;
  }
}

class Raised extends Error {
  readonly outcome: 'raised' | 'stopped';

  constructor(message: string, outcome: 'raised' | 'stopped' = 'raised') {
    super(message);
    this.outcome = outcome;
  }
}

function perform({ kind, name, reads, salt }: Statement, globals: Globals): void {
  const look = (read: string): Thing => {
    const thing = globals.get(read);
    if (!thing) throw new Raised(`NameError: ${read}`);
    return thing;
  };
  const made = () =>
    digest(
      [['mutate', 'touch', 'poke', 'maybe'].includes(kind) ? 'set' : kind, salt, ...reads.map((read) => look(read).value)].join(),
    );
  switch (kind) {
    case 'set':
    case 'exec':
      return void globals.set(name, { value: made() });
    case 'maybe':
      if (isEven(made())) globals.set(name, { value: made() });
      return;
    case 'mutate':
    case 'touch':
    case 'poke': {
      const changed = kind === 'poke' ? look(reads[0] as string).reads?.[0] : name;
      if (changed === undefined) return;
      const thing = look(changed);
      thing.value = digest(`${thing.value}!${made()}`);
      return;
    }
    case 'del':
      look(name);
      return void globals.delete(name);
    case 'fn':
      return void globals.set(name, { value: digest(`fn${salt}`), reads });
    case 'call': {
      const values = (look(reads[0] as string).reads ?? []).map((read) => look(read).value);
      return void globals.set(name, { value: digest(`call${salt}${values.join()}`) });
    }
    case 'raise': {
      const value = made();
      if (isEven(value)) throw new Raised('raise', isEven(value.slice(0, 1)) ? 'stopped' : 'raised');
    }
  }
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
