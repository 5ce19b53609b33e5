/** Random `case` clauses. */
import type { Context, Place } from './context.ts';
import { condition } from './expressions.ts';

type Lines = readonly string[];

export function cases(on: Context, place: Place, body: (place: Place) => Lines): Lines {
  const clauses = on.times(1, 2, () => {
    // A capture alone would make the clauses after it unreachable, which Python refuses.
    const guard = ` if ${condition(on, place)}`;
    return [`case ${pattern(on, new Captures(on))}${guard}:`, ...body(place)];
  });
  const last = on.chance(2) ? [`case ${on.one(['_', on.distinct(1)[0] ?? 'a'])}:`, ...body(place)] : [];
  return [...clauses.flat(), ...last];
}

/** A pattern may capture a name once. */
class Captures {
  readonly #names: string[];

  constructor(on: Context) {
    this.#names = on.distinct(8).filter((name) => name !== '_');
  }

  next(): string {
    return this.#names.pop() ?? '_';
  }

  star(): string {
    return `*${this.next()}`;
  }
}

function pattern(on: Context, captures: Captures): string {
  if (on.depth <= 0 || on.chance(3)) return leaf(on, captures);
  return on.deeper(() =>
    on.one([
      () => `[${pattern(on, captures)}, ${on.one([captures.star(), '*_'])}]`,
      () => `(${pattern(on, captures)}, ${pattern(on, captures)})`,
      () => `{${constant(on)}: ${pattern(on, captures)}, **${captures.next().replace(/^_$/, 'rest')}}`,
      () => `${on.target()}(${pattern(on, captures)}, ${on.target()}=${pattern(on, captures)})`,
      () => `${on.target()}.${on.target()}()`,
      () => named(captures, `(${constant(on)} | ${constant(on)})`),
      () => named(captures, `[${leaf(on, captures)}]`),
      () => `${constant(on)} | ${on.name()}.${on.name()}`,
      () => alternatives(on, captures),
      () => `${on.target()}.${on.name()}(${on.target()}=${pattern(on, captures)})`,
      () => named(captures, `${on.target()}()`),
      () => `{"k": ${pattern(on, captures)}, ${on.name()}.${on.name()}: ${leaf(on, captures)}}`,
    ])(),
  );
}

/** Each alternative captures the same names. */
function alternatives(on: Context, captures: Captures): string {
  const name = captures.next();
  return `([${name}, ${constant(on)}] | {${constant(on)}: ${name}} | ${on.target()}(${name}))`;
}

function named(captures: Captures, inner: string): string {
  const name = captures.next();
  return name === '_' ? inner : `${inner} as ${name}`;
}

function leaf(on: Context, captures: Captures): string {
  return on.one([() => captures.next(), () => '_', () => constant(on), () => `${on.name()}.${on.target()}`])();
}

function constant(on: Context): string {
  return on.one(['0', '-1', '"s"', 'None', 'True', '1 + 2j', `${on.name()}.b`]);
}
