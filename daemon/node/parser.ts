/** The parser of the installed package. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createParser, type Parse } from '../parser/parser.ts';
import { tierUpLater } from './tiering.ts';

export async function loadParser(): Promise<Parse> {
  tierUpLater();
  const [runtime, grammar] = await Promise.all([
    readFile(createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm')),
    readFile(createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm')),
  ]);
  return createParser({ runtime, grammar });
}
