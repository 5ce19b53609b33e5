/** `headwater run FILE > out < in` is `python FILE > out < in`, byte for byte. */
import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownEnvironment } from '../../../clients/node/environment.ts';
import { EscapingDecoder } from '../../../daemon/kernel/escaped-text.ts';
import { bytesOfEscaped } from '../../../protocol/node/escaped-bytes.ts';
import { testPython } from '../../support/kernel.ts';
import { pick, random } from '../../support/random.ts';
import { emptyFolder, program, writeNotebook } from './headwater.ts';

const python = await testPython();
const folder = emptyFolder();

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** Bytes as Latin-1, so that a difference can be read. */
async function run(command: readonly string[], stdin: Buffer, env: Readonly<Record<string, string>>): Promise<Ended> {
  const path = join(folder, 'in');
  writeFileSync(path, stdin);
  const input = openSync(path, 'r');
  try {
    return await outputOf(command, input, env);
  } finally {
    closeSync(input);
  }
}

function outputOf([file = '', ...args]: readonly string[], input: number, env: Readonly<Record<string, string>>): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: [input, 'pipe', 'pipe'], env: { ...ownEnvironment(), ...env } });
    const parts: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
    for (const name of ['stdout', 'stderr'] as const) child[name]?.on('data', (chunk: Buffer) => parts[name].push(chunk));
    const text = (name: 'stdout' | 'stderr') => Buffer.concat(parts[name]).toString('latin1');
    child.on('close', (code) => resolve({ stdout: text('stdout'), stderr: text('stderr'), code }));
  });
}

async function compare(
  cells: readonly string[],
  stdin: Buffer | string = '',
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const path = writeNotebook(folder, 'bytes.py', cells.map((cell) => `# %%\n${cell}\n`).join(''));
  const given = Buffer.from(stdin);
  const plain = await run([python, path], given, env);
  const ours = await run([process.execPath, program, 'run', '--python', python, path], given, env);
  expect(ours.stdout, ours.stderr).toBe(plain.stdout);
  expect(ours.code).toBe(plain.code);
  expect(plain.stdout).not.toBe('');
}

const os = 'import os, subprocess, sys';

describe('what is printed (W43)', () => {
  it.each([
    ['bytes of the stream', [os, 'sys.stdout.buffer.write(b"a\\xff\\x00b\\n")', 'print("after")']],
    ['bytes of the descriptor', [os, 'os.write(1, bytes(range(256)))']],
    [
      'bytes of a child',
      [os, 'subprocess.run([sys.executable, "-c", "import os; os.write(1, bytes([0xe2, 0x82]))"])', 'print("x")'],
    ],
    [
      'a character in two pieces',
      [os, 'os.write(1, b"\\xe2\\x82")\nos.write(1, b"\\xac")', 'os.write(1, b"\\xe2")', 'os.write(1, b"\\x82\\xac")'],
    ],
    ['another encoding', [os, 'sys.stdout.reconfigure(encoding="latin-1")\nprint("dé")', 'print("é" * 10_000)']],
    ['a compressed file', [os, 'import zlib\nsys.stdout.buffer.write(zlib.compress(bytes(range(256)) * 100))']],
    [
      'megabytes of them',
      [os, 'import random\nrandom.seed(1)\nsys.stdout.buffer.write(random.randbytes(3_000_000))', 'print("end")'],
    ],
    ['UTF-16', [os, 'sys.stdout.buffer.write("häß😀\\n".encode("utf-16"))']],
  ] as const)('%s', async (_, cells) => {
    await compare(cells);
  });

  it('in the encoding that the environment asks for', async () => {
    await compare(['print("dé", "€")'], '', { PYTHONIOENCODING: 'latin-1:replace' });
  });

  it('slowly taken, all of it arrives', async () => {
    const code =
      'import random, sys\nrandom.seed(2)\nfor _ in range(400): sys.stdout.buffer.write(random.randbytes(10_000))\nprint("end")';
    const path = writeNotebook(folder, 'slow.py', `# %%\n${code}\n`);
    const out = (name: string) => join(folder, name);
    const shell = (command: string) =>
      new Promise<void>((resolve, reject) => {
        execFile('sh', ['-c', command], (error) => (error ? reject(error) : resolve()));
      });
    await shell(`"${python}" "${path}" > "${out('plain')}"`);
    await shell(`"${process.execPath}" "${program}" run --python "${python}" "${path}" | (sleep 1; cat) > "${out('ours')}"`);
    expect(readFileSync(out('ours')).equals(readFileSync(out('plain')))).toBe(true);
  });
});

describe('what is read', () => {
  const bytes = Buffer.from([0x61, 0xff, 0x00, 0x0d, 0x0a, 0x62]);

  it.each([
    ['all bytes', ['import sys', 'print(sys.stdin.buffer.read())'], bytes],
    ['no line end more than there is', ['import sys', 'print(repr(sys.stdin.read()))'], 'last'],
    ['lines, then bytes', ['import sys', 'print(repr(input()))', 'print(sys.stdin.buffer.read())'], 'one\r\ntwo\rthree'],
    ['the descriptor', ['import os', 'print(os.read(0, 3))', 'print(os.read(0, 99))'], bytes],
    ['a child', ['import subprocess', 'print(subprocess.run(["cat"], capture_output=True).stdout)'], bytes],
    ['a file opened by number', ['print(open(0, "rb").read())'], bytes],
    ['nothing', ['try:\n    input("? ")\nexcept EOFError:\n    print("end")'], ''],
    ['what cannot be decoded', ['import sys', 'print(ascii(sys.stdin.read()))'], bytes],
  ] as const)('%s', async (_, cells, stdin) => {
    await compare(cells, stdin, { PYTHONIOENCODING: '', LC_ALL: 'C.UTF-8', PYTHONUTF8: '0' });
  });
});

describe('text with escaped bytes', () => {
  it('is the bytes again, however they are cut', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const roll = random(seed);
      const alphabet = [
        0x61, 0x7f, 0x80, 0xbf, 0xc1, 0xc3, 0xe0, 0xa0, 0xed, 0xb2, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xf4, 0xff,
      ];
      const bytes = Buffer.from(Array.from({ length: 40 }, () => pick(roll, alphabet)));
      const decoder = new EscapingDecoder();
      let text = '';
      for (let at = 0; at < bytes.length; ) {
        const next = at + 1 + roll(5);
        text += decoder.write(bytes.subarray(at, next));
        at = next;
      }
      text += decoder.end();
      expect(bytesOfEscaped(text).equals(bytes), `seed ${seed}`).toBe(true);
      if (!bytes.toString().includes('\ufffd')) expect(text).toBe(bytes.toString());
    }
  });

  it('is plain text where the bytes are', () => {
    const text = 'plain, ä, €, 😀';
    expect(new EscapingDecoder().write(Buffer.from(text))).toBe(text);
  });
});
