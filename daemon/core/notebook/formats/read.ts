import type { Format, NotebookText } from '../notebook.ts';
import { detectFormat } from './detect.ts';
import { readMarimo } from './marimo.ts';
import { readPercent } from './percent.ts';

/** The cells of a file; `undefined` when it is no notebook. A format that is given is believed, also while the file does not look like it. */
export function readNotebook(text: string, format: Format | undefined = detectFormat(text)): NotebookText | undefined {
  switch (format) {
    case 'marimo':
      return readMarimo(text);
    case 'percent':
      return readPercent(text);
    case undefined:
      return undefined;
  }
}
