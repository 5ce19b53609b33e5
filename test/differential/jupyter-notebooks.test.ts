/**
 * Generated Jupyter notebooks through all formats and back. The sources are equal, and so is the metadata that jupytext keeps in a
 * script; whatever else is not is told, once. And where the file is the same byte for byte, there is nothing to tell.
 *
 * `NOTEBOOKS=5000 SEED=7 npx vitest run test/differential/jupyter-notebooks.test.ts` tries others.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertText } from '../../daemon/convert/convert.ts';
import type { FileFormat, Loss } from '../../daemon/core/notebook/formats/document.ts';
import { loadParser } from '../../daemon/node/parser.ts';
import { askingBy } from '../../daemon/node/python/ask.ts';
import { findOurPython } from '../../daemon/node/python/our-python.ts';
import { ProbeProcess } from '../../daemon/node/python/probe-process.ts';
import type { Parse } from '../../daemon/parser/parser.ts';
import { howMany } from '../support/histories.ts';
import { type JupyterCell, type JupyterNotebook, jupyterNotebook } from '../support/jupyter-notebooks.ts';
import { jupytextPython, type Kept, keptByJupytext } from '../support/jupytext.ts';

const millisecondsMax = 600_000;
const count = howMany(400, 'NOTEBOOKS');
const firstSeed = Number(process.env['SEED'] ?? 1) * 100_000;
const given = Array.from({ length: count }, (_, at) => jupyterNotebook(firstSeed + at));

const ways: readonly (readonly FileFormat[])[] = [
  ['percent'],
  ['marimo'],
  ['markdown'],
  ['percent', 'marimo'],
  ['marimo', 'percent', 'markdown'],
];

const environment = process.env as Record<string, string>;
const probe = new ProbeProcess({ findPython: () => findOurPython(environment) });
const askPython = askingBy((_, question) => probe.ask(question));

let parse: Parse;
let kept: readonly Kept[] | undefined;

beforeAll(async () => {
  parse = await loadParser();
  const found = await jupytextPython();
  if ('skipped' in found) console.warn(`skipped: what jupytext keeps: ${found.skipped}`);
  else kept = await keptByJupytext(found.python, given);
}, millisecondsMax);

afterAll(() => probe.close());

describe.each(ways)(`${count} notebooks by way of %s %s %s`, (...way) => {
  it('come back as they were, or it is told once', { timeout: millisecondsMax }, async () => {
    const wrong: object[] = [];
    for (const [index, text] of given.entries()) {
      const before = notebookIn(text);
      const { notebook: after, losses } = await thereAndBack(
        text,
        way.filter((format) => format !== undefined),
      );
      const found = [...differences(before, after)];
      const untold = found.filter((difference) => timesTold(difference, losses) !== 1);
      const noise = losses.filter((loss) => !found.some((difference) => isAbout(loss, difference)));
      const unlikeJupytext = [...lostUnlikeJupytext(kept?.[index], before, after)];
      if (untold.length + noise.length + unlikeJupytext.length > 0)
        wrong.push({ seed: firstSeed + index, untold, noise, unlikeJupytext });
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});

describe('the notebooks', () => {
  it('have all that may be lost', () => {
    const all = Array.from({ length: 400 }, (_, seed) => jupyterNotebook(seed)).join('');
    for (const part of [
      '%%bash',
      '\\\\\\n',
      '\\r\\n',
      '"raw"',
      '"attachments"',
      '"scrolled"',
      '"conda-env-lab-py"',
      '\r\n',
      '\ufeff',
    ])
      expect(all).toContain(part);
  });
});

interface Told extends Loss {
  readonly step: string;
}

async function thereAndBack(text: string, way: readonly FileFormat[]) {
  const losses: Told[] = [];
  let [written, from]: [string, FileFormat] = [text, 'ipynb'];
  for (const to of [...way, 'ipynb'] as const) {
    const converted = await convertText({ path: 'n.ipynb', text: written, from, to, parse, environment, askPython });
    losses.push(
      ...converted.losses.filter(({ code }) => ofContent.has(code)).map((loss) => ({ ...loss, step: `${from} to ${to}` })),
    );
    [written, from] = [converted.text, to];
  }
  return { notebook: notebookIn(written), losses };
}

/** Others say what the code means in its new place, or that Python does not run it. */
const ofContent = new Set([
  'text',
  'kind',
  'title',
  'options',
  'unparsable',
  'metadata',
  'outputs',
  'attachments',
  'header',
  'app-options',
]);

/** What is not as it was: which cell, the code that tells it, and the word in its message. */
interface Difference {
  readonly cell?: number;
  readonly code: string;
  readonly word: string;
}

function* differences(before: JupyterNotebook, after: JupyterNotebook): Iterable<Difference> {
  expect(after.cells).toHaveLength(before.cells.length);
  if (before.cells.some(({ outputs }) => Array.isArray(outputs) && outputs.length > 0))
    yield { code: 'outputs', word: 'outputs' };
  if (before.cells.some(({ source }) => sourceOf(source).includes('\r'))) yield { code: 'text', word: 'line breaks' };
  yield* lostOf(before.metadata['kernelspec'], after.metadata['kernelspec'], (key) => ({
    code: 'metadata',
    word: `kernelspec.${key}`,
  }));
  for (const key of Object.keys(before.metadata))
    if (key !== 'kernelspec' && key !== 'language_info') yield { code: 'metadata', word: key };
  for (const [cell, old] of before.cells.entries()) yield* cellDifferences(old, after.cells[cell] as JupyterCell, cell);
}

function* cellDifferences(before: JupyterCell, after: JupyterCell, cell: number): Iterable<Difference> {
  if (before.cell_type !== after.cell_type) yield { cell, code: 'kind', word: before.cell_type };
  if (textOf(before) !== textOf(after)) yield { cell, code: 'text', word: 'text' };
  if (before['attachments'] !== undefined) yield { cell, code: 'attachments', word: 'attached' };
  if (after.metadata['unparsable'] === true) yield { cell, code: 'unparsable', word: 'Python' };
  yield* lostOf(before.metadata, after.metadata, (key) => {
    if (passing.has(key)) return { code: 'metadata', word: key };
    return key === 'title' ? { cell, code: 'title', word: 'title' } : { cell, code: 'options', word: key };
  });
}

/** Of how a cell looks just now and of its runs, jupytext keeps nothing either. */
const passing = new Set(['autoscroll', 'collapsed', 'scrolled', 'trusted', 'execution', 'ExecuteTime']);

function* lostOf(before: unknown, after: unknown, difference: (key: string) => Difference): Iterable<Difference> {
  const left = new Map(Object.entries((after ?? {}) as object));
  for (const [key, value] of Object.entries((before ?? {}) as object))
    if (JSON.stringify(sorted(left.get(key))) !== JSON.stringify(sorted(value)) && value !== false) yield difference(key);
}

/** Intended: a title loses its line breaks, and any Python 3 has one name. */
function* lostUnlikeJupytext(theirs: Kept | undefined, before: JupyterNotebook, after: JupyterNotebook): Iterable<Difference> {
  const kernelspec = theirs?.kernelspec?.['name'] === 'python3' ? undefined : theirs?.kernelspec;
  yield* lostOf(kernelspec, after.metadata['kernelspec'], (key) => ({ code: 'metadata', word: `kernelspec.${key}` }));
  for (const [cell, metadata] of (theirs?.cells ?? []).entries()) {
    const lost = new Set([...lostOf(before.cells[cell]?.metadata, metadata, word)].map((one) => one.word));
    for (const difference of lostOf(before.cells[cell]?.metadata, after.cells[cell]?.metadata, word))
      if (!lost.has(difference.word) && difference.word !== 'title') yield { ...difference, cell };
  }
}

function word(key: string): Difference {
  return { code: 'options', word: key };
}

function isAbout({ code, cell, message }: Loss, difference: Difference): boolean {
  return code === difference.code && cell === difference.cell && message.includes(difference.word);
}

function timesTold(difference: Difference, losses: readonly Loss[]): number {
  return losses.filter((loss) => isAbout(loss, difference)).length;
}

function notebookIn(text: string): JupyterNotebook {
  return JSON.parse(text.replace(/^\ufeff/, '')) as JupyterNotebook;
}

/** White space above and behind code says nothing, and marimo lays the text of a call of mo.md out on lines of its own. */
function textOf({ cell_type, source }: JupyterCell): string {
  const text = sourceOf(source).replace(/\r\n?/g, '\n');
  const laidOut = text.replaceAll('mo.md("""\nTitle\n""")', 'mo.md("Title")');
  return cell_type === 'code' ? laidOut.replace(/^(?:[ \t\f]*\n)+|\s+$/g, '').replace(/[ \t]+$/gm, '') : text;
}

function sourceOf(source: JupyterCell['source']): string {
  return typeof source === 'string' ? source : source.join('');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
