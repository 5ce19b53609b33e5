/** The open notebooks, by id and by path. */
import { type Refusal, refusal } from '../../protocol/errors.ts';
import type { Format } from '../core/notebook/notebook.ts';
import type { Host } from '../host.ts';
import type { CodeSurroundings, ProvideKernels } from '../kernel/provider.ts';
import { sessionsMax } from '../limits.ts';
import type { Parse } from '../parser/parser.ts';
import type { WatchWorld } from '../problems/live-problems.ts';
import { readSettings } from '../problems/settings.ts';
import { LiveWorld } from '../problems/world/live.ts';
import type { World } from '../problems/world/problems.ts';
import type { AskPython } from '../problems/world/question.ts';
import { readTextFile } from '../reading/read-text.ts';
import type { Blobs } from '../store/blobs.ts';
import type { Spools } from '../store/spools.ts';
import { Session } from './session.ts';
import { KeptOutputs, type KeptTexts } from './shown/kept-outputs.ts';

export interface SessionsOptions extends Pick<Host, 'timers' | 'bytes' | 'hashes' | 'files' | 'watchedFiles'> {
  readonly incarnation: string;
  readonly parse: Parse;
  readonly blobs: Blobs;
  readonly spools: Spools;
  /** Where outputs are kept for the next life of the daemon, if they are. */
  readonly stateFiles?: KeptTexts | undefined;
  readonly provideKernels: ProvideKernels;
  /** Asked, while notebooks are edited, what the compiler refuses and which modules there are; absent where nobody edits. */
  readonly askPython?: AskPython | undefined;
  readonly plainFileNames: boolean;
  readonly keepsReturns: boolean;
  readonly now: () => number;
  readonly onError: (error: Error) => void;
}

export interface Opening {
  /** The client's buffer, where it has one. */
  readonly text?: string | undefined;
  readonly format?: Format | undefined;
}

export interface OpenSession {
  readonly session: Session;
  surroundings: CodeSurroundings;
}

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

  get parse(): Parse {
    return this.#options.parse;
  }

  /** The session that has the file open, or a new one. The text is the client's buffer where it has one. */
  async open(path: string, opening: Opening, surroundings: Partial<CodeSurroundings>): Promise<Session> {
    const { text, format } = opening;
    const file = await this.#options.files.realPath(path);
    const existing = this.#byPath(file);
    if (existing) {
      this.#renew(existing, surroundings);
      await this.refresh(existing.session);
      await this.lookAround(existing.session);
      return existing.session;
    }
    if (this.#open.size >= sessionsMax)
      throw refusal('limit-reached', `${sessionsMax} notebooks are open; close one with "headwater stop NOTEBOOK".`);
    const content = text ?? (await readTextFile(this.#options.files, file));
    const settings = await readSettings(this.#options.files, file);
    const kept = await this.#keptOutputs(file);
    const again = this.#byPath(file);
    if (again) return again.session;
    const id = `s${++this.#count}`;
    const session = new Session({
      ...this.#options,
      id,
      path: file,
      text: content,
      format,
      settings,
      kept,
      surroundings: () => open.surroundings,
      watchWorld: this.#watchWorld(id, file),
    });
    const open: OpenSession = {
      session,
      surroundings: { environment: {}, python: undefined, arguments: [], directory: undefined, ...defined(surroundings) },
    };
    this.#open.set(id, open);
    return session;
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
  }

  /** Looks again at what is around the notebook: the settings of its project, and files that it reads. */
  async lookAround(session: Session): Promise<void> {
    session.lookAround(await readSettings(this.#options.files, session.path));
  }

  /** Reads the file again where no client's buffer is the text. A file that cannot be read leaves the text as it is. */
  async refresh(session: Session): Promise<void> {
    if (session.document.owner !== undefined) return;
    const text = await this.#options.files.readText(session.path).catch(() => undefined);
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

  #byPath(path: string): OpenSession | undefined {
    return [...this.#open.values()].find(({ session }) => session.path === path);
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
