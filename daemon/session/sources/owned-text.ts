/** The text of an open notebook: that of the client that owns it, else that of the file; and what was read of it. */
import { refusal } from '../../../protocol/errors.ts';
import type { ContentChange } from '../../../protocol/methods.ts';
import type { Format } from '../../core/notebook/notebook.ts';
import type { Parse } from '../../parser/parser.ts';
import { type Document, Text } from '../../reading/document.ts';
import { Reader, type Reading, type WhyUnreadable } from '../../reading/reading.ts';

export interface OwnedTextOptions {
  /** Of the notebook. */
  readonly path: string;
  readonly text: string;
  /** Told from the text where it is undefined. */
  readonly format: Format | undefined;
  readonly parse: Parse;
  /** Where the text was read already, with turns for others in between. */
  readonly read?: AlreadyRead | undefined;
}

export interface AlreadyRead {
  readonly reader: Reader;
  readonly reading: Reading;
}

/** What a session asks of its text, whoever's it is. */
export type SessionText = Pick<OwnedText, keyof OwnedText>;

export class OwnedText {
  readonly #path: string;
  readonly #reader: Reader;
  readonly #onRead: () => void;
  #document: Document;
  #reading: Reading;

  /** `onRead` is called when the text is another and has been read. Throws a refusal where it is no notebook. */
  constructor({ path, text, format, parse, read }: OwnedTextOptions, onRead: () => void) {
    this.#path = path;
    this.#reader = read?.reader ?? new Reader(parse, format);
    this.#onRead = onRead;
    this.#reading = read?.reading ?? this.#read(text);
    this.#document = { text: new Text(text), version: 0, owner: undefined };
  }

  get document(): Document {
    return this.#document;
  }

  get reading(): Reading {
    return this.#reading;
  }

  get version(): number {
    return this.#document.version;
  }

  /** The buffer of a client becomes the text. */
  open(owner: string, version: number, text: string): void {
    const other = this.#document.owner;
    if (other !== undefined && other !== owner) {
      throw refusal('not-owner', 'Another client has this notebook open and owns its text; close it there first.');
    }
    this.#set(text, version, owner);
  }

  change(owner: string, version: number, changes: readonly ContentChange[]): void {
    const { text, owner: current, version: before } = this.#document;
    if (current !== owner) throw refusal('not-owner', 'This client does not own the text; send text/open first.');
    if (version <= before) {
      throw refusal('stale-revision', `The text is already at version ${before}; ${version} came too late.`, { current: before });
    }
    const edits = text.apply(changes);
    const reading = this.#reader.readEdited(text, edits);
    if (typeof reading === 'string') {
      text.revert();
      throw unreadable(this.#path, reading);
    }
    this.#become({ text, version, owner }, reading);
  }

  /** The text is as it is in the buffer already. */
  save(): void {}

  /** The owner let go: the text is what the file says. */
  close(owner: string, fileText: string | undefined): void {
    if (this.#document.owner !== owner) return;
    this.#set(fileText ?? this.#document.text.toString(), 0, undefined);
  }

  /** The file changed while nobody owned the text. */
  reload(fileText: string): void {
    if (this.#document.owner !== undefined || fileText === this.#document.text.toString()) return;
    this.#set(fileText, 0, undefined);
  }

  #set(text: string, version: number, owner: string | undefined): void {
    // An editor mostly opens what the file says, and saves what it has.
    const isSame = text === this.#document.text.toString();
    const reading = isSame ? this.#reader.again() : this.#read(text);
    this.#become({ text: isSame ? this.#document.text : new Text(text), version, owner }, reading);
  }

  #become(document: Document, reading: Reading): void {
    this.#document = document;
    this.#reading = reading;
    this.#onRead();
  }

  #read(text: string): Reading {
    return readOrRefuse(this.#reader, this.#path, text);
  }
}

export function readOrRefuse(reader: Reader, path: string, text: string): Reading {
  return orRefuse(path, reader.read(text));
}

export function orRefuse(path: string, reading: Reading | WhyUnreadable): Reading {
  if (typeof reading === 'string') throw unreadable(path, reading);
  return reading;
}

function unreadable(path: string, why: WhyUnreadable): Error {
  if (why === 'too-large') return refusal('limit-reached', `${path} is too large to open as a notebook.`);
  return refusal('not-a-notebook', `${path} is not a notebook: it has no marimo app and no line that starts with "# %%".`);
}
