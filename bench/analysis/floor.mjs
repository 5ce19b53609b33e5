/** The floor: tree-sitter alone, parsing cells and reading nothing of them. */
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';
import { serve } from '../support/serve.mjs';

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm')));

let open = [];

function parse(code) {
  const start = performance.now();
  parser.parse(code).delete();
  return performance.now() - start;
}

await serve({
  cold: ({ codes }) => ({ ms: codes.reduce((sum, code) => sum + parse(code), 0) }),
  open({ codes }) {
    open = codes;
    return {};
  },
  edit: ({ cell, rounds }) => ({
    ms: Array.from({ length: rounds }, (_, turn) => parse(`${open[cell]}  # ${turn % 2 === 0 ? 'a' : 'b'}`)),
  }),
});
