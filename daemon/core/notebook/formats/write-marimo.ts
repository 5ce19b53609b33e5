/** marimo's format as marimo itself writes it, byte for byte but for the version line. Analysis is the caller's. */
import { itemAt } from '../../assert.ts';
import { layOutMarkdown } from './marimo-markdown.ts';
import { findReusable, type Placed } from './marimo-reusable.ts';
import type { RawOptions } from './options.ts';
import { indent, isIdentifier, readString, sortNames } from './python-text.ts';
import type { Annotation, WritableCell } from './writable-cell.ts';

export interface WritableNotebook {
  readonly header: string;
  readonly app: RawOptions;
  readonly setup: WritableCell | undefined;
  readonly cells: readonly WritableCell[];
  /** Of marimo, for the line that says who wrote the file. */
  readonly version: string;
}

const lineLengthMax = 80;

export function writeMarimo({ header, app, setup, cells, version }: WritableNotebook): string {
  const isSetup = setup?.isPython === true;
  const ordinary = setup === undefined || isSetup ? cells : [{ ...setup, name: 'setup' }, ...cells];
  const reuse = findReusable(ordinary, isSetup ? setup.defs : []);
  const scope: Scope = {
    allowed: reuse.allowed,
    used: new Set(ordinary.flatMap((cell) => (cell.isPython ? [...cell.refs] : []))),
    annotations: annotationsOf(ordinary, reuse.placed),
  };
  const blocks = reuse.placed.map((placed) => writeCell(placed, scope));
  const lines = [
    ...(header === '' ? [] : [header.trimEnd(), '']),
    'import marimo',
    '',
    `__generated_with = "${version}"`,
    tuple('app = marimo.App(...)', appArguments(app)),
    '',
    isSetup ? writeSetup(setup) : '',
    blocks.join('\n\n\n'),
    '\n',
    'if __name__ == "__main__":',
    '    app.run()',
    '',
  ];
  return lines.join('\n').trimStart();
}

interface Scope {
  readonly allowed: ReadonlySet<string>;
  readonly used: ReadonlySet<string>;
  readonly annotations: ReadonlyMap<string, Annotation>;
}

function annotationsOf(cells: readonly WritableCell[], placed: readonly Placed[]): ReadonlyMap<string, Annotation> {
  const found = new Map(cells.flatMap((cell) => cell.annotations.map((annotation) => [annotation.name, annotation] as const)));
  for (const { placing, name } of placed) if (placing === 'reusable') found.delete(name);
  return found;
}

function writeSetup({ code, isAsync, options }: WritableCell): string {
  if (code.trim() === '') return '';
  const isComment = code.split('\n').every((line) => line.trim() === '' || line.trim().startsWith('#'));
  const head = `${isAsync ? 'async ' : ''}with app.setup${isOn(options['hide_code']) ? '(hide_code=True)' : ''}:`;
  return [head, indent(isComment ? `${code}\npass` : code), '\n'].join('\n');
}

function writeCell({ cell, placing, name }: Placed, scope: Scope): string {
  switch (placing) {
    case 'unparsable':
      return writeUnparsable(cell, name);
    case 'reusable':
      return `${decorator(cell.definition?.kind === 'class' ? 'class_definition' : 'function', cell.options)}\n${pythonCode(cell).trim()}`;
    case 'cell':
      return writeFunction(cell, name, scope);
  }
}

function writeFunction(cell: WritableCell, name: string, { allowed, used, annotations }: Scope): string {
  const refs = sortNames(cell.refs).filter((ref) => !allowed.has(ref) && !cell.defs.has(ref) && isIdentifier(ref));
  const everywhere = new Set([...allowed, ...cell.defs]);
  const signature = refs.map((ref) => annotated(ref, annotations.get(ref), everywhere));
  const code = pythonCode(cell);
  const body = indent(cell.markdown === undefined ? code : layOutMarkdown(code, cell.markdown));
  return [
    decorator('cell', cell.options),
    tuple(`${cell.isAsync ? 'async ' : ''}def ${name}(...):`, signature),
    ...(body === '' ? [] : [body]),
    ...(cell.endsInDefinition ? [''] : []),
    writeReturn(sortNames(cell.defs).filter((def) => used.has(def))),
  ].join('\n');
}

/** An annotation whose names are not there when the file is imported is written as a string. */
function annotated(name: string, annotation: Annotation | undefined, allowed: ReadonlySet<string>): string {
  if (annotation === undefined) return name;
  const isKnown = [...annotation.refs].every((ref) => allowed.has(ref));
  return `${name}: ${isKnown ? annotation.text : `"${annotation.text.replace(/(?<!\\)"/g, '\\"')}"`}`;
}

function writeReturn(names: readonly string[]): string {
  if (names.length === 0) return '    return';
  const flat = names.length === 1 ? `    return (${names[0]},)` : `    return ${names.join(', ')}`;
  if ([...flat].length < lineLengthMax) return flat;
  return indent(`return ${multiline(names)}`);
}

/** `before(...)after` with its elements, one a line when the line becomes too long. */
function tuple(template: string, elements: readonly string[]): string {
  const flat = template.replace('(...)', () => `(${elements.join(', ')})`);
  if (elements.length === 0 || [...flat].length < lineLengthMax) return flat;
  return template.replace('(...)', () => multiline(elements));
}

function multiline(elements: readonly string[]): string {
  return `(\n${indent(elements.join(',\n'))},\n)`;
}

/** No-break spaces count as spaces, in marimo as here. */
function pythonCode({ code }: WritableCell): string {
  return code.replaceAll('\u00a0', ' ');
}

const cellOptions = ['column', 'disabled', 'hide_code', 'expand_output'] as const;
type CellOption = (typeof cellOptions)[number];
const optionDefaults: Readonly<Record<CellOption, string>> = {
  column: 'None',
  disabled: 'False',
  hide_code: 'False',
  expand_output: 'False',
};

export const marimoOptions: ReadonlySet<string> = new Set(cellOptions);

function decorator(kind: string, options: RawOptions): string {
  const given = cellOptions
    .map((key) => [key, optionValue(options, key)] as const)
    .filter(([key, value]) => value !== optionDefaults[key]);
  if (given.length === 0) return `@app.${kind}`;
  return tuple(
    `@app.${kind}(...)`,
    given.map(([key, value]) => `${key}=${value}`),
  );
}

function optionValue(options: RawOptions, key: CellOption): string {
  const value = options[key] ?? optionDefaults[key];
  if (value === 'true') return 'True';
  return value === 'false' ? 'False' : value;
}

function isOn(value: string | undefined): boolean {
  return value === 'True' || value === 'true';
}

function writeUnparsable({ code, options }: WritableCell, name: string): string {
  const text = code.includes('"""') ? `"""\n${code.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}\n"""` : `r"""\n${code}\n"""`;
  const hasOptions = cellOptions.some((key) => optionValue(options, key) !== optionDefaults[key]);
  const flags = [...(hasOptions ? cellOptions.map((key) => `${key}=${optionValue(options, key)}`) : []), `name="${name}"`];
  return ['app._unparsable_cell(', indent(`${text},`), indent(flags.join(', ')), ')'].join('\n');
}

const appOptions = ['width', 'app_title', 'layout_file', 'css_file', 'html_head_file', 'auto_download', 'sql_output'] as const;
const appDefaults: Readonly<Record<string, string>> = { width: '"compact"', auto_download: '[]', sql_output: '"auto"' };

function appArguments(app: RawOptions): readonly string[] {
  return appOptions.flatMap((key) => {
    const source = app[key];
    if (source === undefined) return [];
    const value = appValue(source);
    return value === (appDefaults[key] ?? 'None') ? [] : [`${key}=${value}`];
  });
}

function appValue(source: string): string {
  const text = readString(source);
  if (text !== undefined) return `"${text.value}"`.replaceAll('\\', '\\\\');
  const list = /^[[(]([\s\S]*?),?\s*[\])]$/.exec(source);
  if (list === null) return source;
  const items = itemAt(list, 1)
    .split(',')
    .map((item) => item.trim());
  return `[${items
    .filter((item) => item !== '')
    .map(appValue)
    .join(', ')}]`;
}
