/**
 * What the daemon's parts need of what they run in: Node, or a page. Each part is given the interfaces that it uses. A part that is written
 * against these compiles without the types of Node and without those of a browser.
 */

export interface Timer {
  stop(): void;
}

export interface Timers {
  /** Calls once, after so many milliseconds. */
  after(milliseconds: number, call: () => void): Timer;
  /** Calls once, when this turn is over and what has come in meanwhile has been heard. */
  defer(call: () => void): void;
  /** Milliseconds since some moment. They never go back. */
  elapsed(): number;
}

/** Text and its bytes. */
export interface TextBytes {
  fromText(text: string): Uint8Array;
  /** Writes the UTF-8 of a text at the beginning of bytes that have room for it. Returns their number. */
  writeText(text: string, into: Uint8Array): number;
  /** Of UTF-8. A byte order mark stays. */
  toText(bytes: Uint8Array): string;
  fromBase64(text: string): Uint8Array;
  toBase64(bytes: Uint8Array): string;
}

export interface Hashes {
  /** In hexadecimal digits; of a text, that of its UTF-8. */
  sha256(content: Uint8Array | string): string;
}

export interface Files {
  /**
   * Of a regular file, without waiting for anyone. Rejects with an error whose `code` says why not: `ENOENT`, `EACCES`, `EISDIR`, `ENOTREG` for
   * what is neither file nor folder, `EFBIG` for more bytes than that. The message of the last three is half a sentence.
   */
  readText(path: string, bytesMax: number): Promise<string>;
  /** In bytes; undefined where there is no such file. */
  sizeOf(path: string): Promise<number | undefined>;
  /** Undefined where there is nothing. `other` is a pipe, a socket or a device. */
  kindOf(path: string): Promise<'file' | 'folder' | 'other' | undefined>;
  /** Absolute, and without links where there is such a file. */
  realPath(path: string): Promise<string>;
  /** Whether there is a file or a folder. A path that is not absolute starts in the folder. */
  exists(path: string, folder: string): boolean;
}

/** Files that are looked at while a request is answered, and watched in between. */
export interface WatchedFiles {
  /** Differs when the file may have changed, or where a symbolic link leads. Undefined where there is neither. As `signature_of` of the worker makes it. */
  signatureOf(path: string): string | undefined;
  /**
   * What tells its content from others: SHA-256 in hexadecimal digits, and of a file with more bytes than `wholeBytesMax` its size, the time
   * of its last change, and that of its ends; of a symbolic link where it leads. Undefined where it cannot be read.
   */
  markOf(path: string, wholeBytesMax: number): string | undefined;
  /** Undefined where the folder cannot be watched. The name is that of the file in it that the news is about, where that is known. */
  watch(folder: string, onNews: (name: string | undefined) => void): { close(): void } | undefined;
}

/** Tokens, with which clients are let in. */
export interface Secrets {
  /** Nobody can guess it. */
  newToken(): string;
  /** In a time that says nothing about where they differ. */
  tokensEqual(expected: string, given: string | undefined): boolean;
}

/** The process that all this runs in. */
export interface OwnProcess {
  readonly pid: number;
  memoryBytes(): number;
}

export interface Host {
  readonly timers: Timers;
  readonly bytes: TextBytes;
  readonly hashes: Hashes;
  readonly files: Files;
  /** Where there are none, nobody hears that a module or a data file has changed. */
  readonly watchedFiles: WatchedFiles | undefined;
  readonly process: OwnProcess;
  readonly secrets: Secrets;
}
