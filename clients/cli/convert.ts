/** `headwater convert`: a notebook in another format, and what that one does not say. */
import { statSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import { messageOf, refusalName } from '../../protocol/errors.ts';
import type { FileFormat, Loss, ResultOf } from '../../protocol/methods.ts';
import type { Caller } from './caller.ts';
import { withStateless } from './embedded.ts';
import { wrongUse } from './exit.ts';
import { absolutePath, isFolder, type NotebookFile, notANotebook, readNotebookFile } from './files.ts';
import { count } from './render/size.ts';
import { createFile, type FilePlace, replaceFile } from './replace-file.ts';
import { note } from './say.ts';

export interface ConvertOptions {
  /** Told from the name of the file to write unless given. */
  readonly to: FileFormat | undefined;
  /** A file that is there may be written over. */
  readonly isForced: boolean;
}

const standardOutput = '-';

export async function convertFile(
  caller: Caller,
  shown: string,
  shownOut: string,
  { to, isForced }: ConvertOptions,
): Promise<void> {
  const file = readNotebookFile(caller, shown);
  const target = shownOut === standardOutput ? undefined : targetOf(caller, file, shownOut, isForced);
  const wanted = target === undefined ? to : (to ?? formatOfName(shownOut));
  if (target !== undefined && wanted !== undefined) checkName(shownOut, wanted);
  const converted = await ask(caller, file, wanted);
  for (const loss of converted.losses) note(caller, `${lossLine(file.shown, converted.from, loss)}`);
  if (target === undefined) {
    caller.stdout.write(converted.text);
    return;
  }
  if (target.exists) replaceFile(target, converted.text);
  else createFile(target, converted.text);
  note(caller, `${shownOut}: ${formatNames[converted.to]}, ${count(converted.cells, 'cell')}`);
}

const formatNames: Readonly<Record<FileFormat, string>> = {
  marimo: 'a marimo notebook',
  percent: 'a script',
  ipynb: 'a Jupyter notebook',
  markdown: 'Markdown',
};

interface Target extends FilePlace {
  readonly exists: boolean;
}

/** Where to write; refused before anything is asked of a server. */
function targetOf(caller: Caller, file: NotebookFile, shown: string, isForced: boolean): Target {
  const path = absolutePath(caller, shown);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined) {
    if (!isFolder(caller, dirname(caller.resolve(shown))))
      throw wrongUse(`The folder of ${shown} does not exist. Create it with: mkdir -p ${dirname(shown)}`);
    return { shown, path, exists: false };
  }
  if (there.isDirectory())
    throw wrongUse(`${shown} is a folder; name the file to write, for example: ${shown}/${basename(file.shown)}`);
  if (!there.isFile()) throw wrongUse(`${shown} is not an ordinary file. For standard output, write: -`);
  const own = statSync(file.path);
  if (own.ino === there.ino && own.dev === there.dev)
    throw wrongUse(`${shown} is the notebook itself; name another file to write.`);
  if (!isForced) throw wrongUse(`${shown} exists. Name another file, or write over it with --force.`);
  return { shown, path, exists: true };
}

const endings: Readonly<Record<string, readonly FileFormat[]>> = {
  '.py': ['marimo', 'percent'],
  '.ipynb': ['ipynb'],
  '.md': ['markdown'],
};

/** Of Python there are two: which one is meant follows from what is converted. */
function formatOfName(shown: string): FileFormat | undefined {
  const formats = endings[extname(shown)];
  if (formats === undefined)
    throw wrongUse(`The name ${shown} does not show the format: end it in .py, .ipynb or .md, or add --to FORMAT.`);
  return formats.length === 1 ? formats[0] : undefined;
}

function checkName(shown: string, format: FileFormat): void {
  const formats = endings[extname(shown)];
  if (formats === undefined || formats.includes(format)) return;
  const ending = Object.keys(endings).find((other) => endings[other]?.includes(format));
  throw wrongUse(`${shown} would hold ${formatNames[format]}. End its name in ${ending}, or leave out --to.`);
}

async function ask(caller: Caller, file: NotebookFile, to: FileFormat | undefined): Promise<ResultOf<'notebook/convert'>> {
  const { path, shown, text } = file;
  try {
    return await withStateless(caller.environment, { asksPython: false }, (stateless) =>
      stateless.request('notebook/convert', { path, text, environment: caller.environment, ...(to !== undefined && { to }) }),
    );
  } catch (error) {
    if (refusalName(error) !== 'not-a-notebook') throw error;
    throw wrongUse(extname(path) === '.ipynb' ? messageOf(error).replace(path, shown) : notANotebook(file));
  }
}

function lossLine(shown: string, from: FileFormat, { code, severity, message, cell, line }: Loss): string {
  const place = line === undefined ? shown : `${shown}:${line + 1}`;
  // Lines of JSON lead nobody to a cell.
  const where = from === 'ipynb' && cell !== undefined ? `cell ${cell + 1}: ` : '';
  return `${place}: ${severity}[${code}] ${where}${message}`;
}
