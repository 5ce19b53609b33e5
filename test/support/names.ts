/** Which file exports which name: the machinery of the test that one word stands for one thing. */
import type { Sources } from './imports.ts';

const exported = /^export (?:async )?(?:abstract )?(?:function\*?|class|interface|type|const) (\w+)/gm;

/** Names that several files declare and export, with those files. One file may give its schema and the type of it the same name. */
export function namesDeclaredAgain(sources: Sources): Readonly<Record<string, readonly string[]>> {
  const files = new Map<string, Set<string>>();
  for (const [path, text] of sources) {
    for (const [, name = ''] of text.matchAll(exported)) files.set(name, (files.get(name) ?? new Set()).add(path));
  }
  const again = [...files].filter(([, paths]) => paths.size > 1);
  return Object.fromEntries(again.map(([name, paths]) => [name, [...paths]]));
}
