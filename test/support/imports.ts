/** What the source files import, and what is wrong with it: the machinery of the architecture test. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Source text by path from the repository's root. */
export type Sources = ReadonlyMap<string, string>;

export interface Layer {
  /** Layers, or single files of a layer, that it may import besides itself and the layers inside it. */
  readonly layers: readonly string[];
  /** npm packages; `node` stands for all of Node's own modules. */
  readonly packages?: readonly string[];
}

/** A layer is a folder or a file; the longest name that fits a path is its layer. */
export type Table = Readonly<Record<string, Layer>>;

export function readSources(root: string, folders: readonly string[]): Sources {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => posix.join(folder, path)),
  );
  const sources = paths.filter((path) => path.endsWith('.ts')).sort();
  return new Map(sources.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** Imports that the table does not allow, and files that it does not know. */
export function layerViolations(sources: Sources, table: Table): string[] {
  return [...sources].flatMap(([path, text]) => {
    const layer = layerOf(path, table);
    if (layer === undefined) return [`${path} belongs to no layer`];
    return importsOf(path, text)
      .filter((imported) => !isAllowed(imported, layer, table))
      .map((imported) => `${path} imports ${imported}`);
  });
}

/** Rows of the table that no file belongs to. */
export function emptyLayers(sources: Sources, table: Table): string[] {
  const used = new Set([...sources.keys()].map((path) => layerOf(path, table)));
  return Object.keys(table).filter((layer) => !used.has(layer));
}

function isAllowed(imported: string, layer: string, table: Table): boolean {
  const { layers, packages = [] } = table[layer] as Layer;
  if (!imported.endsWith('.ts')) return packages.includes(packageOf(imported));
  const target = layerOf(imported, table);
  if (target === undefined) return false;
  return target === layer || target.startsWith(`${layer}/`) || layers.includes(target) || layers.includes(imported);
}

function layerOf(path: string, table: Table): string | undefined {
  const fitting = Object.keys(table).filter((layer) => path === layer || path.startsWith(`${layer}/`));
  return fitting.sort((a, b) => b.length - a.length)[0];
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node';
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

const importForms = [
  /^(?:import|export)\b[^'";]*?\bfrom\s*'([^']+)'/gm,
  /^import\s*'([^']+)'/gm,
  /\bimport\(\s*'([^']+)'\s*\)/g,
  /\bcreateRequire\([^)]*\)\.resolve\(\s*'([^']+)'/g,
];

/** Names that begin with `#`, and what they stand for here. */
const { imports }: { readonly imports: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

/** Paths from the root for our own files, specifiers for all others. Types count as well: who knows a shape depends on it. */
export function importsOf(path: string, text: string): string[] {
  const specifiers = importForms.flatMap((form) => [...text.matchAll(form)].map((found) => found[1] as string));
  return specifiers.map((specifier) =>
    specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : (imports[specifier] ?? specifier),
  );
}

/** Groups of files that import each other, each as one way round. */
export function importCycles(sources: Sources): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) cycles.push([...way.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const imported of importsOf(path, sources.get(path) ?? '')) if (sources.has(imported)) visit(imported, [...way, path]);
    done.add(path);
  };
  for (const path of sources.keys()) visit(path, []);
  return cycles;
}

const clockOrChance =
  /\b(?:Date|performance|setTimeout|setInterval|setImmediate|queueMicrotask|crypto|Math\.random|Temporal|process|globalThis)\b/g;

/** Places where the result could depend on when or where the code runs. */
export function impurities(sources: Sources): string[] {
  return [...sources].flatMap(([path, text]) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        (withoutComment(line).match(clockOrChance) ?? []).map((word) => `${path}:${index + 1} uses ${word}`),
      ),
  );
}

function withoutComment(line: string): string {
  return /^\s*(?:\/?\*|\/\/)/.test(line) ? '' : line.replace(/\s\/\/ .*$/, '');
}
