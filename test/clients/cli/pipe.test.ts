/** What `headwater run` prints into a pipe whose reader is slow, or leaves. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { closeWriters, makePipes } from '../../../daemon/kernel/pipes.ts';
import { testPython } from '../../support/kernel.ts';
import { until } from '../../support/until.ts';
import { emptyFolder, program, writeNotebook } from './headwater.ts';

const blockBytes = 100_000;
const blocks = 400;
/** What may be on its way: pipes, what is read at once, and what waits in the streams of the command. */
const blocksAheadMax = 100;
/** So often nothing new was written: whoever writes waits. */
const looksWithoutNews = 100;

/** Prints numbered blocks, and counts in a file beside how many it has written. */
const flood = (end = '') => `# %%
import os, sys
def block(number):
    return f"{number:08d}" + "." * ${blockBytes - 9} + "\\n"
with open("kernel", "w") as pid:
    pid.write(str(os.getpid()))
for number in range(${blocks}):
    print(block(number), end="")
    with open("written", "w") as written:
        written.write(str(number + 1))
${end}`;

interface Piped {
  readonly reader: Socket;
  readonly ended: Promise<number | null>;
  readonly stderr: () => string;
  readonly signal: (name: NodeJS.Signals) => void;
  /** What the program says in a file beside it. */
  readonly said: (file: string) => number;
  /** Resolves when it has written as much as it can without a reader. */
  readonly stuck: () => Promise<void>;
}

/** The command with a pipe that nobody reads yet: not the socket that Node would give it. */
async function piped(text: string, ...options: readonly string[]): Promise<Piped> {
  const folder = emptyFolder();
  const path = writeNotebook(folder, 'n.py', text);
  const pipes = await makePipes();
  const [out, unused] = pipes.output;
  const child = spawn(process.execPath, [program, 'run', '--python', await testPython(), ...options, path], {
    stdio: ['ignore', out.writer, 'pipe'],
  });
  closeWriters(pipes.output);
  unused.reader.destroy();
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    stderr += part;
  });
  const said = (file: string) => (existsSync(join(folder, file)) ? Number(readFileSync(join(folder, file), 'utf8')) : 0);
  const stuck = async () => {
    let [last, looks] = [0, 0];
    await until(() => {
      const now = said('written');
      looks = now > 0 && now === last ? looks + 1 : 0;
      last = now;
      return looks === looksWithoutNews;
    }, 'the program waits for a reader');
  };
  return {
    reader: out.reader,
    ended: once(child, 'close').then(([code]) => code as number | null),
    stderr: () => stderr,
    signal: (name) => void child.kill(name),
    said,
    stuck,
  };
}

async function readAll(reader: Socket): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of reader) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** The numbers of whole blocks, and what comes after. */
function blocksOf(text: string): { readonly numbers: readonly number[]; readonly rest: string } {
  const lines = text.split('\n');
  const rest = lines.findIndex((line) => line.length !== blockBytes - 1);
  const whole = rest < 0 ? lines : lines.slice(0, rest);
  return { numbers: whole.map((line) => Number(line.slice(0, 8))), rest: lines.slice(whole.length).join('\n') };
}

/** With what code it ends, and all that it says on standard error. */
async function endOf(child: ChildProcess): Promise<readonly [code: number | null, stderr: string]> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    stderr += part;
  });
  const [code] = await once(child, 'close');
  return [code, stderr];
}

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

it('waits for a slow reader, and loses nothing', async () => {
  const { reader, ended, said, stuck, stderr } = await piped(flood('print("the end")\nsys.exit(3)\n'));
  await stuck();
  expect(said('written')).toBeLessThan(blocksAheadMax);
  const { numbers, rest } = blocksOf(await readAll(reader));
  expect(numbers).toEqual(upTo(blocks));
  expect(rest).toBe('the end\n');
  expect([await ended, stderr()]).toEqual([3, expect.not.stringContaining('not kept')]);
});

it('waits for a slow reader of events as JSON', async () => {
  const { reader, ended, said, stuck } = await piped(flood(), '--json');
  await stuck();
  expect(said('written')).toBeLessThan(blocksAheadMax);
  const events = (await readAll(reader))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly type: string; readonly text?: string });
  expect(blocksOf(events.map(({ text }) => text ?? '').join('')).numbers).toEqual(upTo(blocks));
  expect([await ended, events.at(-1)?.type]).toEqual([0, 'run.sealed']);
});

it('ends with its kernel when the reader leaves', async () => {
  const { reader, ended, said, stuck } = await piped(flood());
  await stuck();
  reader.destroy();
  expect(await ended).toBe(141);
  const pid = said('kernel');
  expect(pid).toBeGreaterThan(1);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

it('is interrupted while it waits for its reader', async () => {
  const { reader, ended, stuck, signal, stderr } = await piped(flood());
  await stuck();
  signal('SIGINT');
  await until(() => stderr().includes('Interrupted'), 'the interrupt is told');
  await readAll(reader);
  expect(await ended).toBe(130);
});

it.each([[['help', 'run']], [['check', '--help']], [['--version']]])(
  'says nothing more to a reader that has gone: %j',
  async (args) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    expect(await endOf(child)).toEqual([141, '']);
  },
);

it.each(['graph', 'graph --json', 'graph --mermaid', 'graph --dot', 'check', 'check --json', 'convert - --to', 'run'])(
  'ends quietly where the reader of a long answer goes: %s',
  async (command) => {
    const path = writeNotebook(emptyFolder(), 'n.py', Array.from({ length: 1500 }, (_, n) => `# %%\nx${n} = y${n}\n`).join(''));
    const [name = '', ...options] = command.split(' ');
    const args = name === 'convert' ? [name, path, '-', '--to', 'ipynb'] : [name, path, ...options];
    for (const reader of ['head -n 1', 'true']) {
      const line = `"${process.execPath}" "${program}" ${args.map((arg) => `"${arg}"`).join(' ')} 2>&1 >&3 | cat >&2`;
      const child = spawn('sh', ['-c', `(${line}) 3>&1 | ${reader}`], { stdio: ['ignore', 'pipe', 'pipe'] });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.stdout.resume();
      expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
      expect(stderr).not.toMatch(/EPIPE|internal error|\n {4}at /);
    }
  },
);

it.each([[['check', '--help']], [['run']]])(
  'says so where the output cannot be written: %j',
  { skip: !existsSync('/dev/full') },
  async (args) => {
    const path = writeNotebook(emptyFolder(), 'n.py', '# %%\nprint(1)\n');
    const full = openSync('/dev/full', 'w');
    const all = args[0] === 'run' ? ['run', '--python', await testPython(), path] : args;
    const child = spawn(process.execPath, [program, ...all], { stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    expect(await endOf(child)).toEqual([1, expect.stringMatching(/^headwater: the output could not be written: ENOSPC/)]);
  },
);

it('says nothing of the end of a run whose reader has gone', async () => {
  const path = writeNotebook(emptyFolder(), 'n.py', '# %%\nname = input()\nfor number in range(1_000_000): print(number)\n');
  const child = spawn(process.execPath, [program, 'run', '--python', await testPython(), path], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end('Ada\n');
  child.stdout.once('data', () => child.stdout.destroy());
  expect(await endOf(child)).toEqual([141, '']);
});
