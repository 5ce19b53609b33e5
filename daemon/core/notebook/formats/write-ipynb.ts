/** Jupyter's notebooks, byte for byte as nbformat writes them; without outputs, which no text has. */
import type { DocumentCell, NotebookDocument } from './document.ts';
import { passingMetadata } from './ipynb-metadata.ts';
import { anyPython, kernelIn, withoutKernel } from './kernelspec.ts';
import { uncommentMagics } from './magics.ts';
import { define } from './options.ts';
import { isList, type Json, jsonOf, sourceOf } from './values.ts';

const formatMajor = 4;
/** 4.5 asks each cell for an id that stays the same, and nothing keeps one here: 4.4 asks for none, and is read everywhere. */
const formatMinor = 4;

export function writeIpynb({ header, app, cells }: NotebookDocument): string {
  const kernel = kernelIn(header) ?? anyPython;
  const others = withoutKernel(header, kernel);
  const own = { ...(Object.keys(app).length > 0 && { app: sorted(app) }), ...(others !== '' && { header: others }) };
  const notebook = {
    cells: cells.map(writeCell),
    metadata: {
      ...(Object.keys(own).length > 0 && { headwater: own }),
      kernelspec: { display_name: kernel.display_name, language: kernel.language, name: kernel.name },
      language_info: { name: 'python' },
    },
    nbformat: formatMajor,
    nbformat_minor: formatMinor,
  };
  return `${JSON.stringify(notebook, undefined, 1)}\n`;
}

function writeCell(cell: DocumentCell): Json {
  const metadata = metadataOf(cell);
  switch (cell.kind) {
    case 'markdown':
    case 'raw':
      return { cell_type: cell.kind, metadata, source: linesOf(cell.text) };
    case 'unparsable':
      return codeCell({ ...metadata, unparsable: true }, uncommentMagics(cell.text));
    case 'setup':
      return codeCell({ ...metadata, setup: true }, uncommentMagics(cell.text));
    case 'code':
      return codeCell(metadata, uncommentMagics(cell.text));
  }
}

function codeCell(metadata: Readonly<Record<string, Json>>, text: string): Json {
  return { cell_type: 'code', execution_count: null, metadata: sorted(metadata), outputs: [], source: linesOf(text) };
}

/** Each option as its own JSON value, where Jupyter gives its key no other meaning; else aside, as its source. */
function metadataOf({ title, options }: DocumentCell): Readonly<Record<string, Json>> {
  const metadata: Record<string, Json> = {};
  const aside: Record<string, string> = {};
  for (const [key, source] of Object.entries(options)) {
    if (isPlain(key, source)) Object.defineProperty(metadata, key, { value: jsonOf(source), ...property });
    else define(aside, key, source);
  }
  if (Object.keys(aside).length > 0) metadata['headwater'] = { options: sorted(aside) };
  if (title !== '') metadata['title'] = title;
  return sorted(metadata);
}

const property = { enumerable: true, configurable: true, writable: true };
/** Keys that mean something to Jupyter or to us. */
const otherKeys = new Set([...passingMetadata, 'title', 'headwater', 'setup', 'unparsable']);

function isPlain(key: string, source: string): boolean {
  const value = jsonOf(source);
  if (otherKeys.has(key)) return false;
  if (key === 'name') return typeof value === 'string' && value !== '';
  if (key === 'format') return typeof value === 'string';
  if (key === 'tags') return isTags(value);
  if (key === 'jupyter') return isLook(value);
  return typeof value !== 'number' || sourceOf(value) === source;
}

/** As the schema of nbformat has them. */
function isTags(value: Json): boolean {
  if (!Array.isArray(value) || new Set(value).size !== value.length) return false;
  return value.every((tag) => typeof tag === 'string' && /^[^,]+$/.test(tag));
}

function isLook(value: Json): boolean {
  if (typeof value !== 'object' || value === null || isList(value)) return false;
  return ['source_hidden', 'outputs_hidden'].every((key) => !Object.hasOwn(value, key) || typeof value[key] === 'boolean');
}

/** nbformat sorts keys, by code points. */
function sorted<T extends Json>(object: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  const result: Record<string, T> = {};
  for (const [key, value] of Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))
    Object.defineProperty(result, key, { value, ...property });
  return result;
}

/** Each line with its end. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}
