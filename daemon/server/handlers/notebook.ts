import type { Handlers } from '../../../protocol/connection.ts';
import { refusal } from '../../../protocol/errors.ts';
import type { FileFormat } from '../../../protocol/methods.ts';
import type { Converted } from '../../convert/convert.ts';
import { detectFormat } from '../../core/notebook/formats/detect.ts';
import { hasOtherMarkers } from '../../core/notebook/formats/percent.ts';
import type { Files } from '../../host.ts';
import type { Parse } from '../../parser/parser.ts';
import { type AskPython, askNobody } from '../../problems/world/question.ts';
import { type LargeFrom, refuseLarge } from '../../reading/large-text.ts';
import { readTextFile } from '../../reading/read-text.ts';

export interface ConvertContext {
  readonly parse: Parse;
  readonly files: Files;
  readonly askPython?: AskPython | undefined;
  /** A larger text is not read here: `LargeText` is thrown. */
  readonly largeFrom?: LargeFrom | undefined;
}

/** Needs no session. */
export function notebookHandlers({
  parse,
  files,
  askPython = askNobody,
  largeFrom,
}: ConvertContext): Pick<Required<Handlers>, 'notebook/convert'> {
  return {
    'notebook/convert': async ({ path, text: given, from: told, to: wanted, environment }) => {
      const text = given ?? (await readTextFile(files, path));
      refuseLarge(text, largeFrom);
      const from = told ?? formatOf(path, text);
      const to = wanted ?? (from === 'percent' ? 'marimo' : 'percent');
      // It knows all formats, and most daemons are never asked.
      const { convertText } = await import('../../convert/convert.ts');
      const converted = await convertText({ path, text, from, to, parse, environment, askPython });
      return { ...converted, from, to, losses: converted.losses.map(lossView) };
    },
  };
}

/** By the file's ending, and of Python by its text. Whoever asks to convert it takes it for a notebook. */
function formatOf(path: string, text: string): FileFormat {
  if (path.endsWith('.ipynb')) return 'ipynb';
  if (path.endsWith('.md')) return 'markdown';
  const format = detectFormat(text) ?? (hasOtherMarkers(text) ? 'percent' : undefined);
  if (format === undefined)
    throw refusal('not-a-notebook', `${path} is not a notebook: it has no marimo app and no line that starts with "# %%".`);
  return format;
}

function lossView({ cell, ...loss }: Converted['losses'][number]) {
  return { ...loss, ...(cell !== undefined && { cell }) };
}
