import { setFlagsFromString } from 'node:v8';

/**
 * Node 20 compiles the parser's largest function anew, with all optimisations, as soon as it has read a few lines; that takes longer than most
 * commands, which have to wait for it at their end. Later ones give it so much more time themselves.
 */
export function tierUpLater(): void {
  if (process.versions.node.startsWith('20.')) setFlagsFromString('--wasm-tiering-budget=13000000');
}
