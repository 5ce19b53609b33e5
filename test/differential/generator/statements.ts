/** Random statements, as lines. */
import type { Context, Place } from './context.ts';
import { annotation, argumentsOf, condition, expression, operand, parameterList } from './expressions.ts';
import { cases } from './patterns.ts';

type Lines = readonly string[];
type Make = (on: Context, place: Place) => Lines;

export function block(on: Context, place: Place, statementsMax: number): Lines {
  return on.deeper(() => on.times(1, statementsMax, () => statement(on, place))).flat();
}

function statement(on: Context, place: Place): Lines {
  if (on.depth <= 0 || on.chance(2)) return on.one(simple)(on, place);
  return on.one(compound)(on, place);
}

function indented(on: Context, place: Place, before: Lines = []): Lines {
  return [...before, ...block(on, place, 3)].map(deeper);
}

/** Lines inside three quotes move too: the text of such a string is of no interest. */
function deeper(line: string): string {
  return line
    .split('\n')
    .map((part) => `    ${part}`)
    .join('\n');
}

const simple: readonly Make[] = [
  (on, place) => [`${on.target()} = ${expression(on, place)}`],
  (on, place) => [`${on.target()} = ${expression(on, place)}`],
  (on, place) => [`${target(on, place)} = ${target(on, place)} = ${expression(on, place)}`],
  (on, place) => [`${target(on, place)} = ${expression(on, place)}; ${on.target()} = ${on.name()}`],
  (on, place) => [`${single(on, place)} ${on.one(['+=', '-=', '|=', '@=', '//='])} ${expression(on, place)}`],
  (on, place) => [`${on.target()}: ${annotation(on, place)} = ${expression(on, place)}`],
  (on, place) => [`${on.one([on.target(), `${on.name()}.${on.name()}`])}: ${annotation(on, place)}`],
  (on, place) => [expression(on, place)],
  (on, place) => [expression(on, place)],
  (on, place) => [`${on.name()}(${argumentsOf(on, place)})`],
  (on, place) => [`del ${on.one([on.target(), `${on.target()}, ${single(on, place)}`, `(${on.target()}, [${on.target()}])`])}`],
  (on, place) => [`assert ${condition(on, place)}, ${operand(on, place)}`],
  (on, place) => [`${target(on, place)} = ${starred(on, place)}`],
  (on, place) => oneLiner(on, place),
  (on) => [`print >> ${on.name()}, ${on.name()}`],
  (on) => [imported(on)],
  (on) => [imported(on)],
  (on, place) => typeAlias(on, place),
  (on, place) => [place.isInLoop ? `if ${condition(on, place)}: ${on.one(['break', 'continue'])}` : 'pass'],
  (on, place) => [
    place.kind === 'function'
      ? `if ${condition(on, place)}: return ${on.one([on.name(), returned(on, place)])}`
      : `if ${condition(on, place)}: raise ${on.one([on.name(), `${on.name()} from ${operand(on, place)}`])}`,
  ],
  (on, place) => [
    place.yields && !place.isAsync ? `yield from ${operand(on, place)}` : `${on.target()}: ${annotation(on, place)}`,
  ],
];

function starred(on: Context, place: Place): string {
  const named = `*${on.name()}${on.one(['', '.b', '[c]', '(d)'])}, ${operand(on, place)}`;
  return on.one([named, named, `*${operand(on, place)}, ${on.name()}`, `${on.name()}, *[${operand(on, place)}, ${on.name()}]`]);
}

/** An asynchronous generator returns nothing. */
function returned(on: Context, place: Place): string {
  return place.yields && place.isAsync ? '' : starred(on, place);
}

/** A block on the line of its head. */
function oneLiner(on: Context, place: Place): Lines {
  const body = `${on.target()} = ${operand(on, place)}; ${on.name()}`;
  return on.one<Make>([
    (): Lines => [`if ${condition(on, place)}: ${body}`],
    (): Lines => [`for ${target(on, place)} in ${starred(on, place)}: ${body}`],
    (): Lines => [`while ${condition(on, place)}: ${body}`],
    (): Lines => [`with ${operand(on, place)} as ${single(on, place)}: ${body}`],
    (): Lines => [`class ${on.target()}: ${on.target()} = ${on.name()}; ${on.target()} = ${on.name()}`],
    (): Lines => [`def ${on.target()}(): ${on.target()} = ${on.name()}; return ${on.name()}`],
  ])(on, place);
}

function single(on: Context, place: Place): string {
  return on.one([
    () => on.target(),
    () => on.target(),
    () => `${on.name()}.${on.target()}`,
    () => `${on.name()}[${operand(on, place)}]`,
  ])();
}

function target(on: Context, place: Place): string {
  return on.one([
    () => single(on, place),
    () => `${single(on, place)}, ${single(on, place)}`,
    () => `(${single(on, place)}, [${single(on, place)}, *${on.target()}])`,
    () => `*${on.target()}, ${single(on, place)}`,
  ])();
}

function imported(on: Context): string {
  const [a, b] = [on.target(), on.target()];
  return on.one([
    `import ${a}`,
    `import ${a}.${b}`,
    `import ${a}.${b}.${a}, ${b} as ${a}`,
    `import ${a}.${b} as ${on.target()}, ${on.target()}`,
    `from ${a} import ${b}`,
    `from .${a} import ${b} as ${on.target()}`,
    `from .. import (${a}, ${b} as ${on.target()},)`,
  ]);
}

const compound: readonly Make[] = [
  (on, place) => [
    `if ${condition(on, place)}:`,
    ...indented(on, place),
    ...(on.chance(2) ? [`elif ${condition(on, place)}:`, ...indented(on, place)] : []),
    ...(on.chance(2) ? ['else:', ...indented(on, place)] : []),
  ],
  (on, place) => [
    `${place.isAsync && on.chance(2) ? 'async ' : ''}for ${target(on, place)} in ${expression(on, place)}:`,
    ...indented(on, { ...place, isInLoop: true }),
    ...otherwise(on, place),
  ],
  (on, place) => [`while ${condition(on, place)}:`, ...indented(on, { ...place, isInLoop: true }), ...otherwise(on, place)],
  (on, place) => withStatement(on, place),
  (on, place) => tryStatement(on, place),
  (on, place) => tryStatement(on, place),
  (on, place) => [
    `match ${on.one([operand, starred])(on, place)}:`,
    ...cases(on, place, (inner) => indented(on, inner)).map(deeper),
  ],
  functionDefinition,
  functionDefinition,
  functionDefinition,
  classDefinition,
  classDefinition,
];

function otherwise(on: Context, place: Place): Lines {
  return on.chance(3) ? ['else:', ...indented(on, place)] : [];
}

function withStatement(on: Context, place: Place): Lines {
  const items = on.times(
    1,
    2,
    () => `${operand(on, place)}${on.chance(3) ? '' : ` as ${on.one([single(on, place), `(${on.target()}, ${on.target()})`])}`}`,
  );
  const list = on.chance(3) ? `(${items.join(', ')},)` : items.join(', ');
  return [`${place.isAsync && on.chance(2) ? 'async ' : ''}with ${list}:`, ...indented(on, place)];
}

function tryStatement(on: Context, place: Place): Lines {
  if (on.chance(6)) return ['try:', ...indented(on, place), 'finally:', ...indented(on, { ...place, isInLoop: false })];
  const isGroup = on.chance(5);
  const inHandler = isGroup ? { ...place, isInLoop: false } : place;
  const handlers = on.times(1, 2, () => [
    `except${isGroup ? '*' : ''} ${operand(on, place)}${on.chance(3) ? '' : ` as ${on.target()}`}:`,
    // `break`, `continue` and `return` are refused in `except*`.
    ...(isGroup ? [`    ${on.target()} = ${operand(on, inHandler)}`] : indented(on, inHandler)),
  ]);
  const bare = !isGroup && on.chance(4) ? ['except:', ...indented(on, place)] : [];
  return [
    'try:',
    ...indented(on, place),
    ...handlers.flat(),
    ...bare,
    ...otherwise(on, place),
    ...(on.chance(3) ? ['finally:', ...indented(on, { ...place, isInLoop: false })] : []),
  ];
}

function functionDefinition(on: Context, place: Place): Lines {
  const names = on.distinct(on.roll(5));
  const isAsync = on.chance(4);
  const inner: Place = {
    kind: 'function',
    isAsync,
    isInLoop: false,
    walrus: 'allowed',
    yields: on.chance(2),
    awaits: isAsync,
    loopNames: new Set(),
    parameters: [...place.parameters, names],
  };
  const generic = typeParameters(on, place);
  // In the scope of type parameters a walrus, `yield` or `await` is refused; defaults are evaluated outside of it.
  const returned = on.chance(3) ? ` -> ${annotation(on, place)}` : '';
  const head = `${isAsync ? 'async ' : ''}def ${on.target()}${generic}(${parameterList(on, place, names, true)})${returned}:`;
  if (on.chance(8)) return [...decorators(on, place), `${head} return ${operand(on, inner)}`];
  return [...decorators(on, place), head, ...indented(on, inner, declarations(on, place, names))];
}

function decorators(on: Context, place: Place): Lines {
  return on.chance(3) ? on.times(1, 2, () => `@${on.one([on.name(), 'property', operand(on, place)])}`) : [];
}

/** `global` and `nonlocal` come before every use, and never name a parameter. */
function declarations(on: Context, place: Place, own: readonly string[]): Lines {
  const free = (name: string) => !own.includes(name);
  const outer = place.parameters.flat().filter(free);
  const lines: string[] = [];
  const nonlocal = outer.length > 0 && on.chance(2) ? on.one(outer) : undefined;
  if (nonlocal !== undefined) lines.push(`nonlocal ${nonlocal}`);
  const global = on.target();
  if (on.chance(3) && free(global) && global !== nonlocal)
    lines.push(`global ${global}`, ...(on.chance(2) ? [`${global} = ${on.name()}`] : []));
  return lines;
}

function classDefinition(on: Context, place: Place): Lines {
  const inner: Place = {
    ...place,
    kind: 'class',
    isInLoop: false,
    walrus: 'allowed',
    isAsync: false,
    yields: false,
    awaits: false,
    loopNames: new Set(),
  };
  const generic = typeParameters(on, place);
  const outside: Place = generic === '' ? place : { ...place, walrus: 'refused', yields: false, awaits: false };
  const bases = on.chance(2) ? `(${argumentsOf(on, outside)})` : '';
  return [
    ...decorators(on, place),
    `class ${on.target()}${generic}${bases}:`,
    ...indented(on, inner, declarations(on, place, [])),
  ];
}

function typeAlias(on: Context, place: Place): Lines {
  const quiet: Place = { ...place, walrus: 'refused', yields: false, awaits: false };
  return [
    `type ${on.one(['A', 'B', 'a', 'x'])}${typeParameters(on, place)} = ${on.one([on.name(), `${on.name()}[${on.name()}]`, operand(on, quiet)])}`,
  ];
}

/** Bounds, constraints and defaults; who follows one with a default has one, too. No walrus, `yield` or `await` in there. */
function typeParameters(on: Context, place: Place): string {
  if (!on.chance(4)) return '';
  const quiet: Place = { ...place, walrus: 'refused', yields: false, awaits: false };
  const value = (): string => on.deeper(() => on.one([operand(on, quiet), on.name(), `${on.name()}[${on.name()}]`]));
  const bound = () => (on.chance(2) ? `: ${on.one([value, () => `(${value()}, ${value()})`])()}` : '');
  const names = on.distinct(1 + on.roll(3));
  const firstDefault = on.chance(2) ? on.roll(names.length) : names.length;
  let hasStar = false;
  const made = names.map((name, at) => {
    const isLast = at === names.length - 1;
    const star = isLast && !hasStar ? on.one(['', '', '*', '**']) : '';
    hasStar ||= star === '*';
    if (at < firstDefault) return star === '' ? `${name}${bound()}` : `${star}${name}`;
    if (star === '*') return `*${name} = ${on.one([`*${value()}`, value()])}`;
    if (star === '**') return `**${name} = ${on.one([`[${value()}, ${on.name()}]`, value()])}`;
    return `${name}${bound()} = ${value()}`;
  });
  return `[${made.join(', ')}]`;
}
