/** A notebook in another format: read, written, and read again to tell what was lost on the way. */
import { refusal } from '../../protocol/errors.ts';
import { detectFormat } from '../core/notebook/formats/detect.ts';
import { type FileFormat, type Loss, loss, type NotebookDocument } from '../core/notebook/formats/document.ts';
import { lossesBetween } from '../core/notebook/formats/losses.ts';
import { readDocument } from '../core/notebook/formats/read-document.ts';
import { writeIpynb } from '../core/notebook/formats/write-ipynb.ts';
import { writeMarkdown } from '../core/notebook/formats/write-markdown.ts';
import { writePercent } from '../core/notebook/formats/write-percent.ts';
import { cellsMax, convertedCharactersMax } from '../limits.ts';
import type { Parse } from '../parser/parser.ts';
import type { AskPython } from '../problems/world/question.ts';
import { refusedCells } from '../problems/world/refused.ts';
import { whatChanges } from './meaning.ts';
import { laidOutByMarimo, toMarimo } from './to-marimo.ts';

export interface Conversion {
  /** For messages. */
  readonly path: string;
  readonly text: string;
  readonly from: FileFormat;
  readonly to: FileFormat;
  readonly parse: Parse;
  /** Of the client, to find a Python that says which cells it accepts. Where it gives none, no Python is asked. */
  readonly environment: Readonly<Record<string, string>> | undefined;
  readonly askPython: AskPython;
}

export interface Converted {
  readonly text: string;
  readonly cells: number;
  readonly losses: readonly Loss[];
}

export async function convertText(conversion: Conversion): Promise<Converted> {
  const { text, from, to, parse } = conversion;
  const before = documentOf(conversion);
  const { text: written, losses: unchecked } = await write(before, conversion);
  const after = readDocument(written, to);
  if ('problem' in after) throw new Error(`what was written cannot be read: ${after.problem}`);
  const meaning = whatChanges({ format: from, document: before, text }, { format: to, document: after, text: written }, parse);
  // Jupyter runs what is no Python elsewhere.
  const read = before.losses.filter(({ code }) => to !== 'ipynb' || code !== 'magic');
  const kept = to === 'marimo' ? laidOutByMarimo(before, parse) : before;
  const losses = [...read, ...lossesBetween(kept, after), ...meaning, ...mistakable(written, to), ...unchecked];
  return {
    text: from !== 'ipynb' && to !== 'ipynb' && hasWindowsBreaks(text) ? written.replaceAll('\n', '\r\n') : written,
    cells: after.cells.length,
    losses: inPageOrder(losses, before),
  };
}

function documentOf({ path, text, from }: Conversion): NotebookDocument {
  if (text.length > convertedCharactersMax) throw refusal('limit-reached', `${path} is too large.`);
  const document = readDocument(text, from);
  if ('problem' in document) throw refusal('not-a-notebook', `${path} cannot be converted: ${document.problem}.`);
  if (document.cells.length > cellsMax) throw refusal('limit-reached', `${path} has more than ${cellsMax} cells.`);
  return document;
}

async function write(document: NotebookDocument, conversion: Conversion): Promise<Pick<Converted, 'text' | 'losses'>> {
  switch (conversion.to) {
    case 'marimo':
      return writeForMarimo(document, conversion);
    case 'percent':
      return { text: writePercent(document), losses: [] };
    case 'ipynb':
      return { text: writeIpynb(document), losses: [] };
    case 'markdown':
      return { text: writeMarkdown(document), losses: [] };
  }
}

/** One cell that Python rejects would make marimo reject the whole file. */
async function writeForMarimo(document: NotebookDocument, { parse, environment, askPython }: Conversion) {
  const losses: Loss[] = [];
  const refusedAmong = async (codes: readonly string[]): Promise<ReadonlySet<number>> => {
    if (!environment) return new Set();
    const refused = await refusedCells(codes, environment, askPython);
    if (!('problem' in refused)) return refused;
    losses.push(loss('unchecked', 'warning', `Not checked: whether Python accepts each cell, because ${refused.problem}.`));
    return new Set();
  };
  return { text: await toMarimo(document, parse, refusedAmong), losses };
}

/** Code that makes an app at its top level makes a script look like marimo's. */
function mistakable(written: string, to: FileFormat): readonly Loss[] {
  if (to !== 'percent' || detectFormat(written) === 'percent') return [];
  return [loss('looks-like-marimo', 'warning', 'The code creates a marimo app: the script will be read as a marimo notebook.')];
}

/** The first line break of a text says how it breaks lines. */
function hasWindowsBreaks(text: string): boolean {
  return /^[^\n]*\r\n/.test(text);
}

/** With the line in the text that was read, where there is one; what is about the whole notebook comes first. */
function inPageOrder(losses: readonly Loss[], { cells }: NotebookDocument): readonly Loss[] {
  return losses
    .map((one) => {
      const line = one.line ?? cells[one.cell ?? -1]?.line;
      return line === undefined ? one : { ...one, line };
    })
    .sort((a, b) => (a.line ?? a.cell ?? -1) - (b.line ?? b.cell ?? -1));
}
