/** Jupyter's notebooks (nbformat 4) as documents: magics go into comments, and what no Python file can hold is reported. */
import {
  type DocumentCell,
  type Loss,
  loss,
  type NotebookDocument,
  type Unreadable,
  withoutBlankEnds,
  withoutKey,
} from './document.ts';
import { magicLoss } from './from-percent.ts';
import { passingMetadata } from './ipynb-metadata.ts';
import { anyPython, isPython, kernelIn, withKernel } from './kernelspec.ts';
import { commentMagics } from './magics.ts';
import { define, isTrue, type RawOptions } from './options.ts';
import { isList, type Json, parseJson, sourceOf } from './values.ts';

type JsonObject = { readonly [key: string]: Json };

export function fromIpynb(text: string): NotebookDocument | Unreadable {
  const notebook = parseJson(text.replace(/^\ufeff/, ''));
  if (!isObject(notebook))
    return { problem: 'it is not the JSON of a notebook; it may be cut off, or hold the marks of a merge' };
  const metadata = objectIn(notebook, 'metadata');
  const problem = versionProblem(notebook) ?? languageProblem(metadata) ?? cellsProblem(notebook['cells']);
  if (problem !== undefined) return { problem };
  const losses: Loss[] = [];
  const read = cellsIn(notebook).map((cell, index) => readCell(cell, index, losses));
  const own = objectIn(metadata, 'headwater');
  const header = withItsKernel(textIn(own['header']), objectIn(metadata, 'kernelspec'));
  return {
    header,
    app: optionsIn(own['app']),
    cells: read,
    losses: [...notebookLosses(notebook, header), ...losses],
  };
}

function versionProblem({ nbformat, cells }: JsonObject): string | undefined {
  if (nbformat === 4 && Array.isArray(cells)) return undefined;
  if (typeof nbformat !== 'number') return 'it has no "nbformat": it is JSON, but no notebook';
  if (nbformat < 4)
    return `it uses version ${nbformat} of the format, but version 4 is needed; convert it with: jupyter nbconvert --to notebook --nbformat 4`;
  return nbformat === 4 ? 'it has no list of cells' : `it uses version ${nbformat} of the format, but version 4 is needed`;
}

function languageProblem(metadata: JsonObject): string | undefined {
  const language = objectIn(metadata, 'language_info')['name'] ?? objectIn(metadata, 'kernelspec')['language'];
  return typeof language !== 'string' || isPython(language) ? undefined : `it is a notebook of ${language}, not of Python`;
}

const cellTypes: ReadonlySet<Json | undefined> = new Set(['code', 'markdown', 'raw']);

function cellsProblem(cells: Json | undefined): string | undefined {
  const isRead = (cell: Json) => isObject(cell) && cellTypes.has(cell['cell_type']) && isText(cell['source']);
  const at = isList(cells) ? cells.findIndex((cell) => !isRead(cell)) : -1;
  return at === -1 ? undefined : `its cell ${at + 1} has no "cell_type" of code, markdown or raw, or no text in "source"`;
}

function cellsIn(notebook: JsonObject): readonly JsonObject[] {
  const cells = notebook['cells'];
  return isList(cells) ? cells.filter(isObject) : [];
}

/** `python3` is any Python 3, whatever it is called on the machine that saved the notebook. */
function withItsKernel(header: string, { name, display_name, language }: JsonObject): string {
  if (typeof name !== 'string' || (name === anyPython.name && kernelIn(header) === undefined)) return header;
  return withKernel(header, {
    name,
    display_name: typeof display_name === 'string' ? display_name : name,
    language: typeof language === 'string' && isPython(language) ? language : anyPython.language,
  });
}

function notebookLosses(notebook: JsonObject, header: string): readonly Loss[] {
  const metadata = objectIn(notebook, 'metadata');
  const others = [
    ...lostOfKernel(objectIn(metadata, 'kernelspec'), header),
    ...Object.keys(metadata).filter((key) => !ownMetadata.has(key)),
  ];
  const cells = cellsIn(notebook);
  const passing = cells.flatMap((cell) =>
    Object.entries(objectIn(cell, 'metadata')).flatMap(([key, value]) =>
      passingMetadata.has(key) && value !== false ? key : [],
    ),
  );
  const broken = cells.filter(({ source }) => rawText(source).includes('\r')).length;
  const outputs = cells.filter((cell) => Array.isArray(cell['outputs']) && cell['outputs'].length > 0).length;
  return [
    ...(others.length === 0 ? [] : [loss('metadata', 'hint', `Metadata of the notebook is not kept: ${others.join(', ')}.`)]),
    ...(passing.length === 0
      ? []
      : [loss('metadata', 'hint', `Metadata of cells is not kept: ${[...new Set(passing)].join(', ')}.`)]),
    ...(broken === 0
      ? []
      : [loss('text', 'hint', `The line breaks of ${broken === 1 ? '1 cell' : `${broken} cells`} become those of Unix.`)]),
    ...(outputs === 0
      ? []
      : [loss('outputs', 'warning', `The outputs of ${outputs === 1 ? '1 cell' : `${outputs} cells`} are not kept.`)]),
  ];
}

function lostOfKernel(kernel: JsonObject, header: string): readonly string[] {
  const kept: JsonObject = { ...(kernelIn(header) ?? anyPython) };
  return Object.keys(kernel).flatMap((key) => (kept[key] === kernel[key] ? [] : `kernelspec.${key}`));
}

/** Said of every Python notebook, or read. */
const ownMetadata = new Set(['kernelspec', 'language_info', 'headwater']);

function readCell(cell: JsonObject, index: number, losses: Loss[]): DocumentCell {
  const source = textIn(cell['source']);
  const metadata = objectIn(cell, 'metadata');
  const options = readMetadata(metadata);
  const title = typeof metadata['title'] === 'string' ? metadata['title'] : '';
  if (Object.keys(objectIn(cell, 'attachments')).length > 0)
    losses.push(loss('attachments', 'warning', 'The files attached to this cell are not kept.', index));
  const type = cell['cell_type'];
  if (type === 'markdown' || type === 'raw') return { kind: type, title, text: source, options, line: undefined };
  const own = withoutKey(options, 'unparsable');
  const filled = withoutBlankEnds(source);
  const isUnparsable = isTrue(options['unparsable']);
  const { code, magics } = commentMagics(isUnparsable ? source : filled);
  losses.push(...magics.map((magic) => magicLoss(magic, index)));
  if (isUnparsable) return { kind: 'unparsable', title, text: code, options: own, line: undefined };
  const isSetup = index === 0 && isTrue(options['setup']);
  return {
    kind: isSetup ? 'setup' : 'code',
    title,
    text: code,
    options: isSetup ? withoutKey(own, 'setup') : own,
    line: undefined,
  };
}

function readMetadata(metadata: JsonObject): RawOptions {
  const options: Record<string, string> = {};
  for (const [key, value] of Object.entries(metadata)) {
    if (!passingMetadata.has(key) && key !== 'title' && key !== 'headwater') define(options, key, sourceOf(value));
  }
  return { ...options, ...optionsIn(objectIn(metadata, 'headwater')['options']) };
}

function optionsIn(value: Json | undefined): RawOptions {
  const options: Record<string, string> = {};
  for (const [key, source] of Object.entries(isObject(value) ? value : {}))
    if (typeof source === 'string') define(options, key, source);
  return options;
}

function isText(value: Json | undefined): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((line) => typeof line === 'string'));
}

function textIn(value: Json | undefined): string {
  return rawText(value).replace(/\r\n?/g, '\n');
}

function rawText(value: Json | undefined): string {
  return isList(value) ? value.join('') : typeof value === 'string' ? value : '';
}

function objectIn(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return isObject(value) ? value : {};
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
