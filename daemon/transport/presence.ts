/** Keeps the daemon to be found: programs that clean temporary folders take its socket, and the file that names it. */
import { type FSWatcher, watch } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { messageOf } from '../../protocol/errors.ts';
import type { Discovery } from '../../protocol/node/discovery.ts';
import { secureFolder } from '../../protocol/node/runtime-folder.ts';
import { presenceLookMilliseconds, presenceSoonMilliseconds } from '../limits.ts';
import { incarnationIn, publish, withdraw } from './discovery.ts';
import { AlreadyListeningError, type Listening } from './socket.ts';

export interface PresenceOptions {
  readonly folder: string;
  /** Path of the discovery file. */
  readonly path: string;
  /** What it says, but for the socket. */
  readonly discovery: Omit<Discovery, 'socket'>;
  readonly listen: () => Promise<Listening>;
  readonly tell: (sentence: string) => void;
}

export class Presence {
  readonly #options: PresenceOptions;
  #listening: Listening;
  #timer: NodeJS.Timeout | undefined;
  #look: Promise<void> = Promise.resolve();
  #complaint: string | undefined;
  #isOver = false;
  #watcher: FSWatcher | undefined;

  private constructor(options: PresenceOptions, listening: Listening) {
    this.#options = options;
    this.#listening = listening;
  }

  /** Listens, and says where from then on. */
  static async begin(options: PresenceOptions): Promise<Presence> {
    const presence = new Presence(options, await options.listen());
    await presence.#publish();
    presence.#watch();
    presence.#lookLater(presenceLookMilliseconds);
    return presence;
  }

  get socket(): string {
    return this.#listening.path;
  }

  /** Nobody finds it any more. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#watcher?.close();
    clearTimeout(this.#timer);
    await this.#look;
    await withdraw(this.#options.path, this.#options.discovery.incarnation);
    await this.#listening.close();
  }

  #lookLater(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      this.#look = this.#lookNow().finally(() => this.#lookLater(presenceLookMilliseconds));
    }, milliseconds).unref();
  }

  /** Soon after a file goes, so that nobody starts another daemon meanwhile; where that cannot be had, the next look finds it. */
  #watch(): void {
    this.#watcher?.close();
    try {
      this.#watcher = watch(this.#options.folder, { persistent: false }, (event) => {
        if (event === 'rename') this.#lookLater(presenceSoonMilliseconds);
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      this.#watcher = undefined;
    }
  }

  /** Where another daemon has taken the place, it keeps it. What cannot be put back now is tried again. */
  async #lookNow(): Promise<void> {
    try {
      const { path, discovery, listen, folder, tell } = this.#options;
      const published = incarnationIn(await readFile(path, 'utf8').catch(() => ''));
      if (published !== undefined && published !== discovery.incarnation) return;
      const hasSocket = await isSocket(this.#listening.path);
      if (hasSocket && published !== undefined) return;
      await secureFolder(folder);
      if (!hasSocket) await this.#move(await listen());
      await this.#publish();
      this.#watch();
      tell(`${hasSocket ? path : `${path} and the socket`} had been removed, and is there again.`);
    } catch (error) {
      if (!(error instanceof AlreadyListeningError)) this.#complain(`Clients cannot find this daemon: ${messageOf(error)}`);
    }
  }

  /** The same is said once, not at every look. */
  #complain(sentence: string): void {
    if (sentence !== this.#complaint) this.#options.tell(sentence);
    this.#complaint = sentence;
  }

  async #move(listening: Listening): Promise<void> {
    const before = this.#listening;
    this.#listening = listening;
    await before.close();
  }

  #publish(): Promise<void> {
    return publish(this.#options.path, { ...this.#options.discovery, socket: this.#listening.path });
  }
}

async function isSocket(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isSocket(),
    () => false,
  );
}
