/**
 * Random statements with holes for names, which `cells.ts` fills when a cell is placed in a notebook: `<a:2>` reads a number,
 * `<w:a:2>` binds one surely, `<W:a:2>` perhaps, `<m:p:2>` reads a list and changes it in place, `<A:2>` is a name that a
 * function may find later. The letter is the type of the name, so that most programs come to their end: a number, p list, d
 * dictionary, f function of one number, c class with a method, z made at run time. What names share
 * without saying so is in `families.ts`.
 */
import fc from 'fast-check';

export interface Statement {
  readonly text: string;
  /** Marimo's format refuses it, or gives it another meaning than a script. */
  readonly isPercentOnly: boolean;
}

export const indexMax = 23;
export const index = fc.integer({ min: 0, max: indexMax });
const digit = fc.integer({ min: 0, max: 9 });

/** An expression for a number. */
export const { number } = fc.letrec<{ number: string }>((tie) => {
  const n = tie('number');
  return {
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      digit.map(String),
      index.map((i) => `<a:${i}>`),
      index.map((i) => `<a:${i}>`),
      index.map((i) => `len(<p:${i}>)`),
      index.map((i) => `sum(<p:${i}>) % 100`),
      fc.tuple(index, digit).map(([i, k]) => `<d:${i}>.get(${k}, 7)`),
      fc.tuple(index, n).map(([i, e]) => `<f:${i}>(${e})`),
      index.map((i) => `<c:${i}>().m()`),
      index.map((i) => `<z:${i}>`),
      fc.tuple(n, n).map(([x, y]) => `(${x} + ${y}) % 100`),
      fc.tuple(n, n, n).map(([x, y, z]) => `(${x} if ${y} % 2 else ${z})`),
      fc.tuple(index, n).map(([i, e]) => `sum([v + ${e} for v in <p:${i}>]) % 100`),
      fc.tuple(index, n).map(([i, e]) => `sum(v * ${e} for v in <p:${i}>) % 100`),
      fc.tuple(n, n).map(([x, y]) => `(lambda v: v + ${x})(${y})`),
      fc.tuple(n, n).map(([x, y]) => `max([${x}, ${y}])`),
    ),
  };
});

/** A number that a function computes when it is called: it may know names that come later. */
const later = fc.oneof(
  number,
  index.map((i) => `<A:${i}> + v`),
  fc.tuple(index, number).map(([i, e]) => `(<A:${i}> + ${e}) % 100`),
  index.map((i) => `<F:${i}>(v)`),
);
export const list = fc.oneof(
  fc.array(number, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
  fc.tuple(index, number).map(([i, e]) => `[*<p:${i}>, ${e}]`),
  fc.tuple(index, number).map(([i, e]) => `[v + ${e} for v in <p:${i}>]`),
  index.map((i) => `sorted(<p:${i}>)`),
);

const always = (text: string): Statement => ({ text, isPercentOnly: false });
const scriptsOnly = (text: string): Statement => ({ text, isPercentOnly: true });

const binding = fc.oneof(
  { arbitrary: fc.tuple(index, number).map(([i, e]) => `<w:a:${i}> = ${e}`), weight: 6 },
  fc.tuple(index, index, number, number).map(([i, j, x, y]) => `<w:a:${i}>, <w:a:${j}> = ${x}, ${y}`),
  fc.tuple(index, number).map(([i, e]) => `<w:a:${i}>: int = ${e}`),
  fc.tuple(index, number).map(([i, e]) => `print(<w:a:${i}> := ${e})`),
  { arbitrary: fc.tuple(index, list).map(([i, e]) => `<w:p:${i}> = ${e}`), weight: 3 },
  fc.tuple(index, digit, number).map(([i, k, e]) => `<w:d:${i}> = {${k}: ${e}}`),
  fc.tuple(index, index, number).map(([i, j, e]) => `<w:d:${i}> = {**<d:${j}>, 4: ${e}}`),
);
const defining = fc.oneof(
  { arbitrary: fc.tuple(index, later).map(([i, e]) => `def <w:f:${i}>(v):\n    return (${e}) % 100`), weight: 3 },
  fc.tuple(index, later).map(([i, e]) => `<w:f:${i}> = lambda v: (${e}) % 100`),
  fc.tuple(index, number).map(([i, e]) => `def <w:f:${i}>(v, w=${e}):\n    return v + w`),
  fc
    .tuple(index, later, number)
    .map(([i, e, b]) => `def <w:f:${i}>(v):\n    def inner(w):\n        return w + ${e}\n    return inner(${b}) % 100`),
  fc
    .tuple(index, number, later)
    .map(([i, b, e]) => `class <w:c:${i}>:\n    base = ${b}\n    def m(self, v=1):\n        return (self.base + ${e}) % 100`),
);
const branching = fc.oneof(
  fc.tuple(number, index, number).map(([c, i, e]) => `if ${c} % 2:\n    <W:a:${i}> = ${e}`),
  fc
    .tuple(number, index, number, number)
    .map(([c, i, x, y]) => `if ${c} % 2:\n    <w:a:${i}> = ${x}\nelse:\n    <w:a:${i}> = ${y}`),
  fc.tuple(number, index, list).map(([c, i, e]) => `if ${c} % 3:\n    <W:p:${i}> = ${e}`),
  fc
    .tuple(index, number, number, index)
    .map(([i, x, c, j]) => `try:\n    <W:a:${i}> = ${x} // (${c} % 2)\nexcept ZeroDivisionError:\n    <W:a:${j}> = 3`),
  fc
    .tuple(index, number, number)
    .map(([i, x, e]) => `<w:a:${i}> = ${x}\nfor _ in range(${e} % 3):\n    <w:a:${i}> = (<a:${i}> * 2 + 1) % 100`),
  fc.tuple(number, index, number).map(([c, i, e]) => `for _ in range(${c} % 3):\n    <W:a:${i}> = ${e}`),
  fc
    .tuple(number, index, number, index, number)
    .map(([c, i, x, j, y]) => `match ${c} % 3:\n    case 0:\n        <W:a:${i}> = ${x}\n    case 1:\n        <W:a:${j}> = ${y}`),
);
/** Changes of objects. In a marimo notebook the name is always one that the cell has bound. */
const changing = fc.oneof(
  { arbitrary: fc.tuple(index, number).map(([i, e]) => `<m:p:${i}>.append(${e})`), weight: 3 },
  fc.tuple(index, number).map(([i, e]) => `<m:p:${i}> += [${e}]`),
  fc.tuple(index, number).map(([i, e]) => `<m:p:${i}>[:1] = [${e}]`),
  index.map((i) => `<m:p:${i}>.sort()`),
  index.map((i) => `del <m:p:${i}>[:1]`),
  fc.tuple(index, digit, number).map(([i, k, e]) => `<m:d:${i}>[${k}] = ${e}`),
  fc.tuple(index, digit).map(([i, k]) => `<m:d:${i}>.pop(${k}, None)`),
  fc.tuple(index, digit, number).map(([i, k, e]) => `<m:d:${i}>.update({${k}: ${e}})`),
  fc.tuple(number, index, number).map(([c, i, e]) => `if ${c} % 2:\n    <m:p:${i}>.append(${e})`),
  fc.tuple(index, number).map(([i, e]) => `<m:a:${i}> += ${e}`),
);
const failing = fc.oneof(
  number.map((c) => `if ${c} % 4 == 1:\n    raise ValueError("no")`),
  number.map((c) => `assert ${c} % 5, "no"`),
);
const other = fc.oneof(
  number.map((e) => `print("see", ${e})`),
  fc.tuple(number, index).map(([e, i]) => `_t = ${e}\n<w:a:${i}> = _t + 1`),
  fc.tuple(index, number).map(([i, e]) => `import math\n<w:a:${i}> = math.gcd(${e}, 12)`),
  index.map((i) => `from math import floor\n<w:a:${i}> = floor(2.5)`),
);
/** Always a new object: a name that is bound to the very object that it has already cannot be noticed at run time. */
const atRunTime = fc.oneof(
  fc.tuple(index, number).map(([i, e]) => `globals()["<e:z:${i}>"] = 1000 + ${e}`),
  fc.tuple(index, digit).map(([i, e]) => `exec("<e:z:${i}> = 1000 + ${e}")`),
);
/**
 * A function that stores a global name, whoever calls it. HEADWATER_GLOBAL_STORES=1 brings them in: not all of them are followed
 * yet.
 */
const hasGlobalStores = process.env['HEADWATER_GLOBAL_STORES'] === '1';
const storing = fc
  .tuple(index, index, later)
  .map(([i, j, e]) => `def <w:f:${i}>(v):\n    global <e:a:${j}>\n    <e:a:${j}> = (${e}) % 100\n    return v`);
const deleting = index.map((i) => `del <x:a:${i}>`);

export const plainStatement: fc.Arbitrary<Statement> = fc.oneof(
  { arbitrary: binding.map(always), weight: 12 },
  { arbitrary: defining.map(always), weight: 4 },
  { arbitrary: branching.map(always), weight: 4 },
  { arbitrary: changing.map(always), weight: 6 },
  { arbitrary: failing.map(always), weight: 1 },
  { arbitrary: other.map(always), weight: 3 },
  { arbitrary: atRunTime.map(scriptsOnly), weight: 1 },
  { arbitrary: deleting.map(scriptsOnly), weight: 1 },
  ...(hasGlobalStores ? [{ arbitrary: storing.map(scriptsOnly), weight: 1 }] : []),
);
