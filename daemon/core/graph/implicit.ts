/**
 * Implicit names: states that Python code shares without a variable, such as a generator of random numbers, an environment variable or an
 * open figure. Each has a name that no variable can have, `<os.environ HOME>`. Unlike an object that was changed in place, an earlier
 * version of such a state can be given again, so a change is like `x = x + 1`. The names are no names of the program: they are never
 * defined twice, and no client is told of them as of variables.
 */
import type { Facts, Implicit, Name } from '../analysis/facts.ts';
import { hasSameItems } from '../collections/same.ts';

export const nothingImplicit: Implicit = { reads: [], writes: [], consumes: [] };

export function isImplicit(name: Name): boolean {
  return name.startsWith('<');
}

/** What is drawn from goes on with each draw. */
export function isGenerator(name: Name): boolean {
  return name.startsWith('<state of ');
}

/** What is known of a cell. */
export interface WithImplicit {
  readonly facts: Facts;
  readonly observed: { readonly implicit?: Implicit | undefined; readonly files?: Implicit | undefined };
}

/** What a cell does with implicit names, by its text and as it was seen. Without code it does nothing. */
export function implicitOf({ facts, observed }: WithImplicit): Implicit {
  if (!observed.implicit && !observed.files) return facts.implicit ?? nothingImplicit;
  const seen = facts.tokens === '' ? [] : [observed.implicit, observed.files];
  return [facts.implicit, ...seen].reduce(joined) ?? nothingImplicit;
}

export function sameImplicit(a: Implicit = nothingImplicit, b: Implicit = nothingImplicit): boolean {
  if (a === b) return true;
  const both = (one: keyof Implicit) => hasSameItems(a[one] ?? [], b[one] ?? []);
  return both('reads') && both('writes') && both('adds') && both('consumes');
}

function joined(a: Implicit | undefined, b: Implicit | undefined): Implicit | undefined {
  if (!a || !b) return a ?? b;
  const both = (one: keyof Implicit) => [...new Set([...(a[one] ?? []), ...(b[one] ?? [])])];
  const adds = both('adds');
  return { reads: both('reads'), writes: both('writes'), ...(adds.length > 0 && { adds }), consumes: both('consumes') };
}

/** Whoever mentions one of these modules may read the state: to read it leaves no trace. */
interface Table {
  readonly prefix: string;
  readonly modules: readonly string[];
  /** Any import may read it. */
  readonly isReadByImports?: true;
}

const tables: readonly Table[] = [
  { prefix: '<os.environ ', modules: ['os', 'subprocess', 'pathlib', 'shutil', 'tempfile', 'multiprocessing'] },
  {
    prefix: '<working directory',
    modules: [
      'os',
      'io',
      'pathlib',
      'shutil',
      'glob',
      'subprocess',
      'tempfile',
      'numpy',
      'pandas',
      'matplotlib',
      'polars',
      ':open',
    ],
  },
  { prefix: '<sys.path', modules: ['sys', 'importlib', 'pkgutil', 'site'], isReadByImports: true },
  { prefix: '<matplotlib.rcParams ', modules: ['matplotlib', 'pylab', 'seaborn', 'pandas'] },
  { prefix: '<pandas.options ', modules: ['pandas'] },
  { prefix: '<numpy.printoptions ', modules: ['numpy'] },
  { prefix: '<pyplot>', modules: ['matplotlib', 'pylab'] },
  { prefix: '<warnings.filters', modules: ['warnings'] },
  { prefix: '<numpy.errstate ', modules: ['numpy', 'scipy', 'pandas'] },
  { prefix: '<decimal.context ', modules: ['decimal'] },
  { prefix: '<locale', modules: ['locale', 'time', 'datetime'] },
];

/**
 * Generators that a whole program shares. A draw is seen, but only from the first seeding on: whoever mentions one of these modules may have drawn
 * before.
 */
const sharedGenerators: ReadonlyMap<Name, readonly string[]> = new Map([
  ['<state of random>', ['random']],
  ['<state of numpy.random>', ['numpy', 'scipy', 'pandas', 'sklearn', 'seaborn', 'statsmodels', 'networkx']],
  ['<state of torch>', ['torch', 'torchvision', 'torchaudio']],
]);

export function isSharedGenerator(name: Name): boolean {
  return sharedGenerators.has(name);
}

export function mayDraw(name: Name, { modules }: Mentions): boolean {
  return sharedGenerators.get(name)?.some((one) => modules.has(one)) ?? false;
}

/** The table that holds the state; undefined for one whose reads are seen when a step runs. */
export function tableOf(name: Name): Table | undefined {
  return tables.find(({ prefix }) => name.startsWith(prefix));
}

/** What a cell mentions, itself or through functions. */
export interface Mentions {
  readonly modules: ReadonlySet<string>;
  readonly hasImports: boolean;
}

export function mayRead(name: Name, { modules, hasImports }: Mentions): boolean {
  const table = tableOf(name);
  return table !== undefined && ((table.isReadByImports && hasImports) || table.modules.some((one) => modules.has(one)));
}
