/** Compiled code of a program, kept for its next process in the user's folder for such things. It can be deleted at any time. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import type { Script } from 'node:vm';

/** Files in the folder, each for a program and a Node: those written last stay. */
const filesMax = 12;
/** Commands whose functions a file holds. Beyond it, new ones compile at each start. */
const commandsMax = 32;
/** Some ten times what there is to keep. */
const fileBytesMax = 32 * 1024 * 1024;
const digestBytes = 32;
const lengthBytes = 4;

export class CompiledCode {
  readonly #folder: string;
  readonly #file: string;
  readonly #command: string;
  /** What ran before, whose functions are compiled. */
  #commands: readonly string[] = [];
  #wasRead = false;

  /** `program` names its content: V8 itself looks only at the length. `command` is what this process does with it. */
  constructor(program: string, command: string, environment: Readonly<Record<string, string | undefined>> = process.env) {
    this.#folder = join(cacheFolder(environment), 'headwater', 'compiled');
    this.#file = `${program.slice(0, 16)}-${cachedDataVersionTag().toString(16)}.code`;
    this.#command = /^[a-z]+$/.test(command) ? command : '';
  }

  /** Undefined where there is none, or none that is whole and our own. */
  read(): Buffer | undefined {
    if (!isAbsolute(this.#folder)) return undefined;
    try {
      const path = join(this.#folder, this.#file);
      const found = statSync(path);
      if (!found.isFile() || found.size > fileBytesMax || found.uid !== process.getuid?.()) return undefined;
      const content = readFileSync(path);
      const body = content.subarray(digestBytes);
      if (!digestOf(body).equals(content.subarray(0, digestBytes))) return undefined;
      const start = lengthBytes + body.readUInt32LE();
      this.#commands = JSON.parse(body.toString('utf8', lengthBytes, start));
      this.#wasRead = true;
      return body.subarray(start);
    } catch {
      return undefined;
    }
  }

  /** Keeps what is compiled by now, where that is more than was read. Where it cannot be written, the next process compiles again. */
  keep(script: Script): void {
    if (!isAbsolute(this.#folder)) return;
    try {
      const isUsed = this.#wasRead && script.cachedDataRejected === false;
      const before = isUsed ? this.#commands : [];
      if (isUsed && (before.includes(this.#command) || before.length >= commandsMax)) return;
      this.#write([...before, this.#command], script.createCachedData());
    } catch {
      // A folder that cannot be written is no reason to fail.
    }
  }

  /** Whoever reads the file sees the old one or the new one, never a part. */
  #write(commands: readonly string[], code: Buffer): void {
    const head = Buffer.from(JSON.stringify(commands));
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt32LE(head.length);
    const body = Buffer.concat([length, head, code]);
    makeFolder(this.#folder);
    const draft = join(this.#folder, `${this.#file}.${randomBytes(4).toString('hex')}`);
    try {
      writeFileSync(draft, Buffer.concat([digestOf(body), body]), { mode: 0o600, flag: 'wx' });
      renameSync(draft, join(this.#folder, this.#file));
    } finally {
      rmSync(draft, { force: true });
    }
    this.#removeOld();
  }

  #removeOld(): void {
    const files = readdirSync(this.#folder).map((name) => join(this.#folder, name));
    const byAge = files.map((path) => ({ path, time: statSync(path).mtimeMs })).sort((a, b) => b.time - a.time);
    for (const { path } of byAge.slice(filesMax)) rmSync(path, { force: true });
  }
}

function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const given = environment['XDG_CACHE_HOME'] ?? '';
  return isAbsolute(given) ? given : join(homedir(), '.cache');
}

/** At most three levels, each by itself: to make them all, Node tries for ever where the system says that an existing parent is not there. */
function makeFolder(folder: string): void {
  for (const level of [dirname(dirname(folder)), dirname(folder), folder]) {
    if (!existsSync(level)) mkdirSync(level, { mode: 0o700 });
  }
}

function digestOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
