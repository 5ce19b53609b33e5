/** Random expressions. What the compiler would fold away and never run is not made: conditions start with a name. */
import type { Context, Place } from './context.ts';

type Make = (on: Context, place: Place) => string;

export const expression: Make = (on, place) => {
  if (on.depth <= 0 || on.chance(3)) return on.deeper(() => on.one(simple)(on, place));
  return on.deeper(() => on.one(on.chance(3) ? scoped : compound)(on, place));
};

/** Its value is known only when it runs. */
export const condition: Make = (on, place) => {
  const name = on.name();
  if (on.chance(3)) return `${name}${on.one([' < ', ' == ', ' in ', ' is not '])}${operand(on, place)}`;
  return on.chance(3) ? `(${name} ${on.one(['and', 'or'])} ${on.name()}(${operand(on, place)}))` : name;
};

/** One that stands well beside an operator. */
export const operand: Make = (on, place) => {
  const made = expression(on, place);
  return /^[\p{L}_]\w*$/u.test(made) && !made.startsWith('lambda') ? made : `(${made})`;
};

const name: Make = (on) => on.name();
const constant: Make = (on) =>
  on.one(['0', '1.5', '"s"', "b'x'", 'None', 'True', '...', '2j', '"a" "b"', 'r"\\d"', '"""x\n  y"""']);

const simple: readonly Make[] = [name, name, name, constant];

const compound: readonly Make[] = [
  (on, place) =>
    `${operand(on, place)} ${on.one(['+', '-', '*', '@', '//', '|', '<', '!=', 'in', 'not in', 'is'])} ${operand(on, place)}`,
  (on, place) => `${on.one(['-', '~', 'not '])}${operand(on, place)}`,
  (on, place) => `${on.name()} ${on.one(['and', 'or'])} ${operand(on, place)}`,
  (on, place) => `${operand(on, place)} if ${condition(on, place)} else ${operand(on, place)}`,
  (on, place) => `${operand(on, place)}.${on.name()}`,
  (on, place) => `${operand(on, place)}[${subscript(on, place)}]`,
  (on, place) => `${operand(on, place)}(${argumentsOf(on, place)})`,
  (on, place) => `[${elements(on, place).join(', ')}]`,
  (on, place) => `(${elements(on, place).join(', ')},)`,
  (on, place) => `{${on.one(['*', ''])}${operand(on, place)}, ${operand(on, place)}}`,
  (on, place) => `{${operand(on, place)}: ${operand(on, place)}, **${operand(on, place)}}`,
  (on, place) => formatted(on, place),
  (on, place) => (place.awaits ? `(await ${operand(on, place)})` : on.name()),
  (on, place) => (place.yields ? on.one([`(yield ${operand(on, place)})`, '(yield)']) : on.name()),
  (on, place) => walrus(on, place),
  (on, place) => walrus(on, place),
];

function elements(on: Context, place: Place): string[] {
  return on.times(1, 3, () => (on.chance(5) ? `*${operand(on, place)}` : operand(on, place)));
}

function subscript(on: Context, place: Place): string {
  return on.one([
    () => operand(on, place),
    () => `${operand(on, place)}:${operand(on, place)}`,
    () => `::${operand(on, place)}`,
    () => `${operand(on, place)}, *${operand(on, place)}`,
    () => `${operand(on, place)}:${operand(on, place)}:${operand(on, place)}, ...`,
  ])();
}

export function argumentsOf(on: Context, place: Place): string {
  const given = on.times(0, 2, () => (on.chance(4) ? `*${operand(on, place)}` : operand(on, place)));
  const keywords = on.times(0, 1, () => `${on.target()}=${operand(on, place)}`);
  const rest = on.chance(6) ? [`**${operand(on, place)}`] : [];
  return [...given, ...keywords, ...rest].join(', ');
}

function walrus(on: Context, place: Place): string {
  if (place.walrus === 'refused') return on.name();
  return `(${on.target(place.loopNames)} := ${operand(on, place)})`;
}

/** Nested quotes of the same kind, formats with fields in fields, conversions, `=`. */
function formatted(on: Context, place: Place): string {
  const quote = on.one(['"', '"', "'", '"""']);
  const field = () => {
    const value = on.chance(6) ? on.deeper(() => inner(on, place)) : operand(on, place);
    const safe = /[\n\\]/.test(value) || (quote !== '"' && value.includes(quote)) ? on.name() : value;
    return `{${on.one([safe, ` ${safe} `])}${on.one(['', '', '!r', '=', ' = !s'])}${on.chance(3) ? `:${format(on, place)}` : ''}}`;
  };
  return `${on.one(['f', 'F', 'rf', 'fR'])}${quote}t ${field()} {{a}} ${on.chance(2) ? field() : ''}${quote}`;
}

function inner(on: Context, place: Place): string {
  return on.depth <= 0 ? on.name() : formatted(on, place);
}

function format(on: Context, place: Place): string {
  return on.one([
    () => `{${on.name()}}>5`,
    () => `>{${on.name()}}.{${on.name()}}`,
    () => `{${on.name()}:{${on.name()}}}`,
    () => `{(lambda ${on.name()}: ${on.name()})}`,
    () => `{[${on.name()} for ${on.target()} in ${on.name()}]}`,
    () => (place.walrus === 'refused' ? '%d' : `{(${on.target(place.loopNames)} := ${on.name()})}`),
  ])();
}

const scoped: readonly Make[] = [
  (on, place) => lambda(on, place),
  (on, place) => {
    const { inner, clauses } = loops(on, place);
    return `[${operand(on, inner)}${clauses}]`;
  },
  (on, place) => {
    const { inner, clauses } = loops(on, place);
    return `{${operand(on, inner)}${clauses}}`;
  },
  (on, place) => {
    const { inner, clauses } = loops(on, place);
    return `{${operand(on, inner)}: ${operand(on, inner)}${clauses}}`;
  },
  (on, place) => {
    const { inner, clauses } = loops(on, place);
    return on.one([`(${operand(on, inner)}${clauses})`, `${on.name()}(${operand(on, inner)}${clauses})`]);
  },
];

function lambda(on: Context, place: Place): string {
  const names = on.distinct(on.roll(4));
  const inner: Place = {
    ...place,
    kind: 'function',
    walrus: 'allowed',
    yields: place.yields,
    awaits: false,
    isAsync: false,
    loopNames: new Set(),
    parameters: [...place.parameters, names],
  };
  return `lambda ${parameterList(on, place, names, false)}: ${operand(on, inner)}`;
}

/** Parameters of every kind, with defaults from outside. */
export function parameterList(on: Context, place: Place, names: readonly string[], isAnnotated: boolean): string {
  const note = (star = '') => (isAnnotated && on.chance(3) ? `: ${star}${annotation(on, place)}` : '');
  const [first, second, third, fourth] = names;
  const parts: string[] = [];
  if (first !== undefined) parts.push(first + note());
  if (first !== undefined && on.chance(4)) parts.push('/');
  if (second !== undefined)
    parts.push(on.chance(2) ? `${second}${note()} = ${operand(on, place)}` : on.one([`*${second}${note()}`]));
  const isStarred = second !== undefined && parts.at(-1)?.startsWith('*');
  if (third !== undefined)
    parts.push(...(isStarred ? [] : ['*']), `${third}${note()}${on.chance(2) ? ` = ${operand(on, place)}` : ''}`);
  if (fourth !== undefined) parts.push(`**${fourth}${note()}`);
  return parts.join(', ');
}

/** No walrus, `yield` or `await` in there. */
export function annotation(on: Context, place: Place): string {
  const quiet: Place = { ...place, walrus: 'refused', yields: false, awaits: false };
  return on.chance(2) ? on.name() : on.chance(4) ? `"${on.name()}"` : on.deeper(() => operand(on, quiet));
}

/** The `for … if …` of a comprehension, and the place inside it. */
function loops(on: Context, place: Place): { readonly inner: Place; readonly clauses: string } {
  const names = new Set(place.loopNames);
  const iterables: Place = { ...place, walrus: 'refused', yields: false };
  let inner: Place = { ...iterables, awaits: place.awaits };
  let clauses = '';
  for (let i = on.chance(3) ? 2 : 1; i > 0; i--) {
    const targets = on.distinct(1 + on.roll(2));
    for (const target of targets) names.add(target);
    if (on.chance(6)) targets.push(on.one([`${on.name()}.${on.name()}`, `${on.name()}[${on.name()}]`]));
    const word = place.awaits && on.chance(3) ? ' async for ' : ' for ';
    clauses += `${word}${targets.join(', ')} in ${operand(on, clauses === '' ? { ...iterables, awaits: place.awaits } : inner)}`;
    inner = { ...inner, loopNames: new Set(names) };
    if (on.chance(3)) clauses += ` if ${condition(on, { ...inner, walrus: walrusInside(place) })}`;
  }
  return { inner: { ...inner, walrus: walrusInside(place) }, clauses };
}

/** The variable would be the class's, which Python refuses. */
function walrusInside(place: Place): Place['walrus'] {
  return place.kind === 'class' ? 'refused' : place.walrus;
}
