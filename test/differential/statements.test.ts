import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { detectFormat } from '../../daemon/core/notebook/formats/detect.ts';
import { readLayout } from '../../daemon/core/notebook/lexer.ts';

interface PythonFile {
  readonly path: string;
  readonly text: string;
  /** First line, column, last line and end column of each, in characters. */
  readonly statements: readonly (readonly number[])[];
}

const dump = join(import.meta.dirname, '..', 'support', 'python_statements.py');
const dumpBytesMax = 128 * 1024 * 1024;
const tokenizeMillisecondsMax = 120_000;
const filesMin = 100;

it(
  'statements of the standard library start and end where Python’s tokenizer says',
  async () => {
    const { stdout } = await promisify(execFile)('python3', ['-I', '-W', 'ignore', dump], { maxBuffer: dumpBytesMax });
    const files = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as PythonFile);
    expect(files.length).toBeGreaterThan(filesMin);
    for (const { path, text, statements } of files) {
      expect(statementsOf(text), path).toEqual(statements);
      expect(detectFormat(text), path).toBeUndefined();
    }
  },
  tokenizeMillisecondsMax,
);

function statementsOf(text: string): readonly (readonly number[])[] {
  const { lines, statements } = readLayout(text);
  const column = (line: number, offset: number): number => [...text.slice(lines[line]?.start, offset)].length;
  return statements.map(({ firstLine, start, lastLine, end }) => [
    firstLine,
    column(firstLine, start),
    lastLine,
    column(lastLine, end),
  ]);
}
