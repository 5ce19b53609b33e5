/** The floor of a check as a whole process: Node, the grammar, and one parse of the file. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm')));
parser.parse(readFileSync(process.argv[2], 'utf8')).delete();
