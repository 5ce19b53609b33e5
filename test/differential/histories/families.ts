/**
 * Statements that share state in ways which names alone do not show. A history draws from a few of these families beside the plain
 * statements of `statements.ts`, so that what they do meets often. The letters of their names: h changes a list when it is called, l
 * gives a list, o keeps a list under a key, n as an attribute, m is a method of a list, r is a generator of random numbers.
 */
import fc from 'fast-check';
import { index, list, number, type Statement } from './statements.ts';

export const familyNames = [
  'functions over globals',
  'aliases',
  'generators',
  'tables',
  'files',
  'guarded reads',
  'builtins',
  'figures',
] as const;
export type FamilyName = (typeof familyNames)[number];

const digit = fc.integer({ min: 0, max: 9 });
const key = fc.constantFrom('HW_A', 'HW_B');
/** Files that cells write. */
export const written: readonly string[] = ['one.txt', 'two.txt'];
const file = fc.constantFrom(...written);
const folder = fc.constantFrom('sub', 'sub/sub', '.');

const lists = fc.tuple(index, list).map(([i, e]) => `<w:p:${i}> = ${e}`);

const functionsOverGlobals = [
  lists,
  fc.tuple(index, index, number).map(([i, j, e]) => `def <w:h:${i}>(v):\n    <P:${j}>.append((v + ${e}) % 100)`),
  fc
    .tuple(index, index)
    .map(([i, j]) => `def <w:h:${i}>(v):\n    if v % 2:\n        <P:${j}>.append(v)\n    else:\n        <P:${j}>.clear()`),
  fc.tuple(index, index).map(([i, j]) => `def <w:l:${i}>():\n    return <P:${j}>`),
  fc.tuple(index, number).map(([i, e]) => `<h:${i}>(${e})`),
  fc.tuple(index, number).map(([i, e]) => `<h:${i}>(${e})`),
  fc.tuple(index, number).map(([i, e]) => `<l:${i}>().append(${e})`),
  index.map((i) => `print("l", <l:${i}>())`),
  index.map((i) => `print("p", <p:${i}>)`),
  fc
    .tuple(index, index, digit)
    .map(([i, j, k]) => `def <w:f:${i}>(v, seen=[${k}]):\n    seen.append(v)\n    return sum(seen) % 100 + len(<P:${j}>)`),
];

const aliases = [
  lists,
  fc.tuple(index, index).map(([i, j]) => `<w:p:${i}> = <p:${j}>`),
  fc.tuple(index, index, number).map(([i, j, e]) => `<w:p:${i}> = <w:p:${j}> = [${e}]`),
  fc.tuple(index, index).map(([i, j]) => `<w:o:${i}> = {"k": <p:${j}>}`),
  fc.tuple(index, index).map(([i, j]) => `<w:n:${i}> = types.SimpleNamespace(items=<p:${j}>)`),
  fc.tuple(index, index).map(([i, j]) => `<w:m:${i}> = <p:${j}>.append`),
  fc.tuple(index, number).map(([i, e]) => `<o:${i}>["k"].append(${e})`),
  fc.tuple(index, number).map(([i, e]) => `<n:${i}>.items.append(${e})`),
  fc.tuple(index, number).map(([i, e]) => `<m:${i}>(${e})`),
  fc.tuple(index, number).map(([i, e]) => `[1, <p:${i}>][1].append(${e})`),
  index.map((i) => `print("o", <o:${i}>)`),
  index.map((i) => `print("n", <n:${i}>)`),
  index.map((i) => `print("p", <p:${i}>)`),
];

const generators = [
  digit.map((k) => `random.seed(${k})`),
  fc.tuple(index, digit).map(([i, k]) => `<w:r:${i}> = random.Random(${k})`),
  fc.tuple(index, index).map(([i, j]) => `<w:r:${i}> = <r:${j}>`),
  index.map((i) => `<w:a:${i}> = random.randrange(100)`),
  fc.tuple(index, index).map(([i, j]) => `<w:a:${i}> = <r:${j}>.randrange(100)`),
  fc.tuple(index, number).map(([i, e]) => `print([<r:${i}>.randrange(100) for _ in range(${e} % 3)])`),
  index.map((i) => `random.shuffle(<m:p:${i}>)`),
  fc.tuple(index, index).map(([i, j]) => `def <w:f:${i}>(v):\n    return (<R:${j}>.randrange(100) + v) % 100`),
];

const tables = [
  fc.tuple(key, number).map(([k, e]) => `os.environ["${k}"] = str(${e})`),
  key.map((k) => `os.environ.pop("${k}", None)`),
  key.map((k) => `print(os.environ.get("${k}"))`),
  fc.tuple(index, key).map(([i, k]) => `def <w:f:${i}>(v):\n    return len(os.environ.get("${k}", "")) + v`),
  folder.map((name) => `os.chdir(os.path.join(here, "${name}"))`),
  fc.constant('print(os.path.relpath(os.getcwd(), here))'),
  digit.map((k) => `sys.path.append("hw-${k}")`),
  fc.constant('print([p for p in sys.path if p.startswith("hw-")])'),
  number.map((e) => `decimal.getcontext().prec = 3 + ${e} % 5`),
  fc.constant('print(decimal.Decimal(1) / 7)'),
];

const files = [
  fc.tuple(file, number).map(([name, e]) => `open("${name}", "w").write(str(${e}))`),
  fc.tuple(file, list).map(([name, e]) => `pathlib.Path("${name}").write_text(str(${e}))`),
  file.map((name) => `try:\n    print(open("${name}").read())\nexcept OSError:\n    print("no ${name}")`),
  fc.tuple(index, file).map(([i, name]) => `<w:a:${i}> = len(open("${name}").read())`),
  fc.constant('print(open("given.txt").read())'),
  index.map((i) => `<w:a:${i}> = int(open("given.txt").read())`),
  index.map((i) => `def <w:f:${i}>(v):\n    return int(open("given.txt").read()) + v`),
];

const guardedReads = [
  index.map((i) => `try:\n    print("g", <G:${i}>)\nexcept NameError:\n    print("none")`),
  fc.tuple(index, index).map(([i, j]) => `try:\n    <W:a:${i}> = <G:${j}> + 1\nexcept NameError:\n    <w:a:${i}> = 0`),
  fc.tuple(number, index).map(([c, i]) => `if ${c} % 2:\n    print("if", <G:${i}>)`),
  fc.tuple(number, index).map(([c, i]) => `for _ in range(${c} % 2):\n    print("for", <G:${i}>)`),
  fc.tuple(index, index).map(([i, j]) => `def <w:f:${i}>(v):\n    if v > 50:\n        return <F:${j}>(1)\n    return v`),
  fc
    .tuple(index, index)
    .map(([i, j]) => `def <w:f:${i}>(v):\n    try:\n        return <G:${j}> + v\n    except NameError:\n        return v`),
  index.map((i) => `print([<G:${i}> for _ in <p:${i}> if False])`),
  index.map((i) => `print("late", <G:${i}>)`),
];

const builtinsAsNames = [
  number.map((e) => `def len(v):\n    return 3 + ${e}`),
  fc.constant('from math import fsum as sum'),
  fc.constant('max = min'),
  number.map((e) => `def max(v):\n    return ${e}`),
  digit.map((k) => `sum = lambda v: ${k}`),
  index.map((i) => `print(len(<p:${i}>), sum(<p:${i}>))`),
  fc.tuple(index, index).map(([i, j]) => `def <w:f:${i}>(v):\n    return len(<P:${j}>) + v`),
];

const figures = [
  number.map((e) => `plt.plot([1, ${e}])`),
  fc.constant('plt.figure()'),
  fc.constant('plt.close()'),
  index.map((i) => `<w:x:${i}> = plt.subplots()[1]`),
  fc.tuple(index, number).map(([i, e]) => `<x:${i}>.plot([${e}])`),
  fc.constant('print(plt.get_fignums())'),
  fc.constant('print([line.get_ydata().tolist() for line in plt.gca().lines])'),
  index.map((i) => `print(len(<x:${i}>.lines))`),
];

const statementsOf: Readonly<Record<FamilyName, readonly fc.Arbitrary<string>[]>> = {
  'functions over globals': functionsOverGlobals,
  aliases,
  generators,
  tables,
  files,
  'guarded reads': guardedReads,
  builtins: builtinsAsNames,
  figures,
};
/** In a marimo notebook two cells with the same name are in conflict. */
const scriptsOnly: readonly FamilyName[] = ['builtins'];

export function statementOf(family: FamilyName): fc.Arbitrary<Statement> {
  const isPercentOnly = scriptsOnly.includes(family);
  return fc.oneof(...statementsOf[family]).map((text) => ({ text, isPercentOnly }));
}

export const modules: readonly string[] = ['decimal', 'os', 'pathlib', 'random', 'sys', 'types'];

/** The first cell of each history, which no edit touches: what the families need. */
export function firstCell(families: readonly FamilyName[]): string {
  const imports = [`import ${modules.join(', ')}`];
  if (families.includes('figures')) imports.push('import matplotlib.pyplot as plt');
  return [
    ...imports,
    'here = os.path.dirname(os.path.abspath(__file__))',
    'os.makedirs(os.path.join(here, "sub", "sub"), exist_ok=True)',
    'random.seed(7)',
  ].join('\n');
}
