/** The parser, whose wasm files package.json names: those of its packages, and in what is published the ones beside the program. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createParser, type Parse } from '../parser/parser.ts';
import { tierUpLater } from './tiering.ts';

export async function loadParser(): Promise<Parse> {
  tierUpLater();
  const [runtime, grammar] = await Promise.all([
    readFile(createRequire(import.meta.url).resolve('#wasm/web-tree-sitter.wasm')),
    readFile(createRequire(import.meta.url).resolve('#wasm/tree-sitter-python.wasm')),
  ]);
  return createParser({ runtime, grammar });
}
