import type { FileFormat, NotebookDocument, Unreadable } from './document.ts';
import { fromIpynb } from './from-ipynb.ts';
import { fromMarimo } from './from-marimo.ts';
import { fromMarkdown } from './from-markdown.ts';
import { fromPercent } from './from-percent.ts';

/** A file as a document. The format is believed. */
export function readDocument(text: string, format: FileFormat): NotebookDocument | Unreadable {
  const document = documentIn(text, format);
  if ('problem' in document) return document;
  // marimo writes no setup cell without code.
  return { ...document, cells: document.cells.filter(({ kind, text: code }) => kind !== 'setup' || code.trim() !== '') };
}

function documentIn(text: string, format: FileFormat): NotebookDocument | Unreadable {
  switch (format) {
    case 'marimo':
      return fromMarimo(text);
    case 'percent':
      return fromPercent(text);
    case 'ipynb':
      return fromIpynb(text);
    case 'markdown':
      return fromMarkdown(text);
  }
}
