/** The open notebooks, by id and by path. */
import { type Refusal, refusal } from '../../protocol/errors.ts';
import { notebookBytesMax } from '../../protocol/limits.ts';
import type { Format } from '../core/notebook/notebook.ts';
import type { Host } from '../host.ts';
import type { CodeSurroundings, ProvideKernels } from '../kernel/provider.ts';
import { sessionsMax } from '../limits.ts';
import type { Parse } from '../parser/parser.ts';
import type { WatchWorld } from '../problems/live-problems.ts';
import { readSettings, type Settings } from '../problems/settings.ts';
import { LiveWorld } from '../problems/world/live.ts';
import type { World } from '../problems/world/problems.ts';
import type { AskPython } from '../problems/world/question.ts';
import { type LargeFrom, refuseLarge } from '../reading/large-text.ts';
import { readTextFile, requireNotebookPath } from '../reading/read-text.ts';
import { Reader } from '../reading/reading.ts';
import { Turns } from '../reading/turns.ts';
import type { Blobs } from '../store/blobs.ts';
import type { Spools } from '../store/spools.ts';
import type { Beginning, OpenedText } from './beginning.ts';
import { Session } from './session.ts';
import type { SessionOptions } from './session-options.ts';
import { KeptOutputs, type KeptTexts } from './shown/kept-outputs.ts';
import { orRefuse } from './sources/owned-text.ts';
import { openText, refuseIfTooMany, requireText, variantExists, type Wanted } from './variants.ts';

export interface SessionsOptions extends Pick<Host, 'timers' | 'bytes' | 'hashes' | 'files' | 'watchedFiles'> {
  readonly incarnation: string;
  /** Of the ids of sessions. Default: `s`. */
  readonly idPrefix?: string | undefined;
  /** A larger text is not read here. */
  readonly largeFrom?: LargeFrom | undefined;
  readonly parse: Parse;
  readonly blobs: Blobs;
  readonly spools: Spools;
  /** Where outputs are kept for the next life of the daemon, if they are. */
  readonly stateFiles?: KeptTexts | undefined;
  readonly provideKernels: ProvideKernels;
  /** Its kernels can be copied. */
  readonly forksKernels?: boolean;
  /** Asked, while notebooks are edited, what the compiler refuses and which modules there are; absent where nobody edits. */
  readonly askPython?: AskPython | undefined;
  /** Of the code of a notebook whose opener gives none; nothing at all where this is absent. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly plainFileNames: boolean;
  readonly keepsReturns: boolean;
  readonly now: () => number;
  readonly onError: (error: Error) => void;
  readonly onOpened?: (session: Session) => void;
  readonly onClosed?: (session: Session) => void;
}

export interface Opening {
  /** The client's buffer, where it has one. */
  readonly text?: string | undefined;
  readonly format?: Format | undefined;
}

export interface Variant {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface OpenSession {
  readonly session: Session;
  surroundings: CodeSurroundings;
  /** Of a variant that began with nothing run: others of the same text begin with it, too. */
  readonly opened?: OpenedText | undefined;
}

/** What sessions of one daemon do not have in common. */
type OwnOptions = Pick<SessionOptions, 'path' | 'text' | 'format' | 'settings' | 'kept'> & Partial<SessionOptions>;

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #open = new Map<string, OpenSession>();
  #count = 0;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  get all(): readonly Session[] {
    return [...this.#open.values()].map(({ session }) => session);
  }

  get forksKernels(): boolean {
    return this.#options.forksKernels ?? false;
  }

  get parse(): Parse {
    return this.#options.parse;
  }

  /** The session that has the file open, or a new one. The text is the client's buffer where it has one. Throws `LargeText`. */
  async open(path: string, opening: Opening, surroundings: Partial<CodeSurroundings>): Promise<Session> {
    const { text, format } = opening;
    await requireNotebookPath(this.#options.files, path);
    const file = await this.#options.files.realPath(path);
    const existing = this.#byPath(file);
    if (existing) return this.#join(existing, surroundings);
    this.#refuseIfFull();
    const content = text ?? (await readTextFile(this.#options.files, file));
    refuseLarge(content, this.#options.largeFrom);
    const settings = await readSettings(this.#options.files, file);
    const kept = await this.#keptOutputs(file);
    const { parse, timers } = this.#options;
    const reader = new Reader(parse, format);
    const reading = orRefuse(file, await reader.readInTurns(content, new Turns(timers)));
    const again = this.#byPath(file);
    if (again) return again.session;
    return this.#add({ path: file, text: content, format, settings, kept, read: { reader, reading } }, surroundings);
  }

  /**
   * The variant of the file, or a new one, with the text that is given, or that of the session of the file, or of the file itself. Throws a
   * refusal where it is open with another text, and `LargeText`.
   */
  async openVariant(
    path: string,
    { name, parameters }: Variant,
    opening: Opening,
    surroundings: Partial<CodeSurroundings>,
  ): Promise<Session> {
    await requireNotebookPath(this.#options.files, path);
    const file = await this.#options.files.realPath(path);
    const wanted = await this.#wantedText(file, opening);
    const settings = await readSettings(this.#options.files, file);
    const existing = this.#variant(file, name);
    if (existing) {
      requireText(existing.session, wanted);
      return this.#join(existing, surroundings);
    }
    if (!this.#byPath(file)) refuseLarge(wanted.text, this.#options.largeFrom);
    this.#refuseIfFull();
    refuseIfTooMany(this.all, file);
    const opened = openText([...this.#open.values()], wanted, this.parse);
    const own = { ...this.#byPath(file)?.surroundings, ...defined(surroundings) };
    return this.#addVariant(file, settings, opened.beginning(name, parameters, settings), own, opened);
  }

  /** A variant that goes on from where the session is, with a copy of its kernel. Throws a refusal where that cannot be had. */
  async fork(original: Session, { name, parameters }: Variant): Promise<Session> {
    const { path, id } = original;
    this.#refuseFork(path, name);
    const surroundings = this.#open.get(id)?.surroundings ?? {};
    const beginning = await original.fork(name, parameters);
    const settings = await readSettings(this.#options.files, path);
    try {
      this.#refuseFork(path, name);
    } catch (error) {
      await beginning.copied?.kernel(() => {}).stop();
      throw error;
    }
    return this.#addVariant(path, settings, beginning, surroundings);
  }

  byId(id: string): Session | undefined {
    return this.#open.get(id)?.session;
  }

  /** By id or by path. */
  async find(name: string): Promise<Session | undefined> {
    return this.byId(name) ?? this.#byPath(await this.#options.files.realPath(name))?.session;
  }

  /** As `find`; throws a refusal where it is not open. */
  async get(name: string): Promise<Session> {
    const found = await this.find(name);
    if (!found) throw noSuchSession(name);
    return found;
  }

  async close(session: Session): Promise<void> {
    this.#open.delete(session.id);
    await session.close();
    this.#options.onClosed?.(session);
  }

  /** Looks again at what is around the notebook: the settings of its project, and files that it reads. */
  async lookAround(session: Session): Promise<void> {
    session.lookAround(await readSettings(this.#options.files, session.path));
  }

  /** Reads the file again where it is the text. A file that cannot be read leaves the text as it is. */
  async refresh(session: Session): Promise<void> {
    if (session.variant !== undefined || session.document.owner !== undefined) return;
    const text = await this.#options.files.readText(session.path, notebookBytesMax).catch(() => undefined);
    if (text !== undefined) session.reloadText(text);
  }

  async #keptOutputs(path: string): Promise<KeptOutputs | undefined> {
    const { stateFiles: files, onError, ...options } = this.#options;
    return files && KeptOutputs.open({ ...options, path, files, onDamage: onError });
  }

  #watchWorld(id: string, path: string): WatchWorld {
    const { timers, parse, files, askPython } = this.#options;
    if (!askPython) return undefined;
    const world = (): World => {
      const { environment = {}, python } = this.#open.get(id)?.surroundings ?? {};
      return { path, parse, files, environment, python, askPython };
    };
    return (onNews) => new LiveWorld({ timers, world, onNews });
  }

  /** The session of the file: its variants are not found by it. */
  #byPath(path: string): OpenSession | undefined {
    return this.#variant(path, undefined);
  }

  #variant(path: string, name: string | undefined): OpenSession | undefined {
    return [...this.#open.values()].find(({ session }) => session.path === path && session.variant === name);
  }

  async #join(open: OpenSession, surroundings: Partial<CodeSurroundings>): Promise<Session> {
    this.#renew(open, surroundings);
    await this.refresh(open.session);
    await this.lookAround(open.session);
    return open.session;
  }

  #refuseIfFull(): void {
    if (this.#open.size >= sessionsMax)
      throw refusal('limit-reached', `${sessionsMax} notebooks are open; close one with "headwater stop NOTEBOOK".`);
  }

  #refuseFork(path: string, name: string): void {
    const existing = this.#variant(path, name);
    if (existing) throw variantExists(existing.session, 'and a fork is always another session');
    this.#refuseIfFull();
    refuseIfTooMany(this.all, path);
  }

  /** What a variant that is opened without a text has as its text. */
  async #wantedText(path: string, { text, format }: Opening): Promise<Wanted> {
    if (text !== undefined) return { path, text, format };
    const session = this.#byPath(path)?.session;
    if (!session) return { path, text: await readTextFile(this.#options.files, path), format };
    await this.refresh(session);
    return { path, text: session.document.text.toString(), format: format ?? session.format };
  }

  /** Nobody edits it, restarts it again and again, or looks for what it showed in an earlier life. */
  #addVariant(
    path: string,
    settings: Settings,
    beginning: Beginning,
    surroundings: Partial<CodeSurroundings>,
    opened?: OpenedText,
  ): Session {
    const text = beginning.text.document.text.toString();
    const own = { path, text, format: undefined, settings, beginning, kept: undefined, watchWorld: undefined };
    return this.#add(own, surroundings, opened);
  }

  #add(own: OwnOptions, surroundings: Partial<CodeSurroundings>, opened?: OpenedText): Session {
    const id = `${this.#options.idPrefix ?? 's'}${++this.#count}`;
    const session = new Session({
      ...this.#options,
      id,
      surroundings: () => open.surroundings,
      watchWorld: this.#watchWorld(id, own.path),
      ...own,
    });
    const open: OpenSession = {
      session,
      surroundings: {
        environment: this.#options.environment ?? {},
        python: undefined,
        arguments: [],
        directory: undefined,
        ...defined(surroundings),
      },
      opened,
    };
    this.#open.set(id, open);
    this.#options.onOpened?.(session);
    return session;
  }

  /** A kernel that runs keeps its surroundings; the next one gets those of whoever opened the notebook last. */
  #renew(open: OpenSession, surroundings: Partial<CodeSurroundings>): void {
    open.surroundings = { ...open.surroundings, ...defined(surroundings) };
  }
}

export function noSuchSession(name: string): Refusal {
  return refusal('no-such-session', `${name} is not open; open it first.`);
}

function defined(surroundings: Partial<CodeSurroundings>): Partial<CodeSurroundings> {
  return Object.fromEntries(Object.entries(surroundings).filter(([, value]) => value !== undefined));
}
