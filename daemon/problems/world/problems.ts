/** What only the world can tell: syntax as Python's compiler sees it, modules and files that are missing. None of the notebook's code runs. */
import { type FileUse, surelyRead } from '../../core/analysis/file-uses.ts';
import { withoutHarmlessMagics } from '../../core/analysis/magics.ts';
import { type ImportedModule, importedModules } from '../../core/check/imports.ts';
import { type CheckedCell, type CheckedNotebook, type CheckProblem, type Finding, problemIn } from '../../core/check/problem.ts';
import { type StarImport, starFixes, starImportsOf } from '../../core/check/star-imports.ts';
import type { GraphCell } from '../../core/graph/graph.ts';
import { documentRange } from '../../core/notebook/notebook.ts';
import { fileNameOf, folderOf } from '../../core/paths.ts';
import type { Files } from '../../host.ts';
import type { Parse } from '../../parser/parser.ts';
import type { AskPython, PythonAnswer, PythonPlace, Unanswered } from './question.ts';

export interface World extends PythonPlace {
  readonly parse: Parse;
  readonly files: Files;
  readonly askPython: AskPython;
}

export interface WorldProblems {
  readonly problems: readonly CheckProblem[];
  /** Sentences about what could not be found out. */
  readonly unchecked: readonly string[];
}

/** With what the text told, whose star imports get a fix where their modules can be read. */
export async function worldProblems(
  notebook: CheckedNotebook,
  told: readonly CheckProblem[],
  world: World,
): Promise<WorldProblems> {
  const cells = notebook.cells.filter(isReadable);
  const imports = cells.flatMap((placed) => importsOf(placed, world.parse));
  const isStarTold = told.some(({ code }) => code === 'star-import');
  const stars = isStarTold ? cells.flatMap((placed) => starImportsOf(placed, world.parse)) : [];
  const [answer, files] = [await askPython(cells, imports, stars, world), missingFiles(notebook, cells, world)];
  const found = [...shadowed(imports, world.path), ...files];
  if ('problem' in answer) return { problems: [...told, ...found], unchecked: [nothingChecked(answer)] };
  const problems = [
    ...(stars.length > 0 ? withStarFixes(notebook, told, stars, answer) : told),
    ...answer.errors.flatMap((error) => refusal(cells, error)),
    ...missingImports(imports, new Set(answer.missing)),
    ...found,
  ];
  return { problems, unchecked: answer.unsure.length > 0 ? [modulesUnchecked(answer)] : [] };
}

function nothingChecked({ problem }: Unanswered): string {
  return `Not checked: which syntax Python rejects, and whether modules are missing, because ${problem}.`;
}

function modulesUnchecked({ unsure, unsureWhy }: PythonAnswer): string {
  return `Not checked: whether there are modules ${unsure.join(', ')}, because ${unsureWhy.replace(/\.$/, '')}.`;
}

/** What the parser already refuses needs no second word. */
function isReadable({ text, cell }: CheckedCell): boolean {
  const isCode = text.kind !== 'unparsable' && text.kind !== 'markdown';
  return isCode && !cell.facts.problems.some(({ code }) => code === 'syntax-error');
}

function askPython(
  cells: readonly CheckedCell[],
  imports: readonly PlacedImport[],
  stars: readonly StarImport[],
  world: World,
): ReturnType<AskPython> {
  const { path, environment, python } = world;
  const question = {
    // No-break spaces count as spaces here; they have a problem of their own.
    cells: cells.map(({ cell }) => withoutHarmlessMagics(cell.code.replaceAll('\u00a0', ' '))),
    modules: [...new Set(imports.map(({ module }) => module))],
    stars: [...new Set(stars.map(({ module }) => module))],
  };
  return world.askPython(question, { path, environment, python });
}

function withStarFixes(
  notebook: CheckedNotebook,
  told: readonly CheckProblem[],
  stars: readonly StarImport[],
  { exports }: PythonAnswer,
): readonly CheckProblem[] {
  const fixes = starFixes(notebook, stars, (module) => {
    const found = exports[module];
    return found ? { names: new Set(found.names), uncertain: new Set(found.uncertain) } : undefined;
  });
  const placed = [...fixes].map(([star, fix]) => ({ range: documentRange(star.placed.text, star.span), fix }));
  return told.map((problem) => {
    if (problem.code !== 'star-import') return problem;
    const own = placed.filter(({ range: { start } }) => isSamePosition(start, problem.range.start));
    return { ...problem, fixes: own.map(({ fix }) => fix) };
  });
}

type Position = CheckProblem['range']['start'];

function isSamePosition(a: Position, b: Position): boolean {
  return a.line === b.line && a.character === b.character;
}

function refusal(cells: readonly CheckedCell[], { cell, line, column, message }: PythonAnswer['errors'][number]): CheckProblem[] {
  const placed = cells[cell];
  if (!placed) return [];
  const span = spanAt(placed.cell.code, line, column);
  return [problemIn(placed, { code: 'syntax-error', severity: 'error', message: `Python rejects this: ${message}.`, span })];
}

function spanAt(code: string, line: number, column: number): Finding['span'] {
  const lines = code.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const characters = [...(lines[line - 1] ?? '')];
  const start = Math.min(before + characters.slice(0, column - 1).join('').length, code.length);
  return { start, end: Math.min(start + 1, code.length) };
}

interface PlacedImport extends ImportedModule {
  readonly placed: CheckedCell;
}

const knownImports = new WeakMap<GraphCell, readonly ImportedModule[]>();

/** A cell is the same value as long as nobody edits it. */
function importsOf(placed: CheckedCell, parse: Parse): readonly PlacedImport[] {
  const { cell } = placed;
  const known = knownImports.get(cell) ?? (/\bimport\b/.test(cell.code) ? importedModules(cell.code, parse(cell.code)) : []);
  knownImports.set(cell, known);
  return known.map((one) => ({ ...one, placed }));
}

function missingImports(imports: readonly PlacedImport[], missing: ReadonlySet<string>): CheckProblem[] {
  return imports
    .filter(({ module }) => missing.has(module))
    .map(({ placed, module, span }) => {
      const message = `The Python of this notebook has no module ${module}. Install it there, or choose another Python.`;
      return problemIn(placed, { code: 'missing-import', severity: 'warning', message, span });
    });
}

/** Python looks in the notebook's folder first, and finds the notebook. */
function shadowed(imports: readonly PlacedImport[], path: string): CheckProblem[] {
  const own = fileNameOf(path).replace(/\.py$/, '');
  return imports
    .filter(({ module }) => module === own)
    .map(({ placed, module, span }) => {
      const message = `${fileNameOf(path)} hides the module ${module} that it imports: Python finds this file instead. Rename the file.`;
      return problemIn(placed, { code: 'shadowed-module', severity: 'warning', message, span });
    });
}

function missingFiles(notebook: CheckedNotebook, cells: readonly CheckedCell[], { path, files }: World): CheckProblem[] {
  const text = notebook.cells.map(({ cell }) => cell.code).join('\n');
  if (/\bchdir\b/.test(text)) return [];
  const reads = cells.flatMap((placed) => readsOf(placed));
  const counts = new Map<string, number>();
  for (const { path: file } of reads) counts.set(file, (counts.get(file) ?? 0) + 1);
  return reads.flatMap(({ placed, path: file, span }) => {
    const isLocal = !/:\/\/|[*?~${}]|^\/(?:dev|proc)\//.test(file);
    if (!isLocal || files.exists(file, folderOf(path))) return [];
    // What is named elsewhere too may be made there: the file, or the folder it is in.
    const [folder = ''] = file.split('/');
    const mentions = (word: string) => text.split(word).length - 1;
    const own = counts.get(file) ?? 0;
    if (mentions(file) > own || (folder !== '' && folder !== file && folder !== '.' && mentions(folder) > own)) return [];
    const message = `There is no file ${file} in the notebook's folder or at that path, and no cell writes it.`;
    return [problemIn(placed, { code: 'missing-file', severity: 'warning', message, span })];
  });
}

function readsOf(placed: CheckedCell): readonly (FileUse & { readonly placed: CheckedCell })[] {
  const { code, facts } = placed.cell;
  return surelyRead(code, facts.files).map((one) => ({ ...one, placed }));
}
