/** Which modules a cell imports, at its top level or in a function. */
import type { Walk } from './walk.ts';

const none: ReadonlySet<string> = new Set();

/** By their first name: that of `os.path` is `os`. */
export function modulesIn({ scopes, starred }: Walk): ReadonlySet<string> {
  let found: Set<string> | undefined;
  const add = (imported: string) => {
    const first = firstName(imported);
    if (first !== '') found = (found ?? new Set()).add(first);
  };
  for (const { bindings } of scopes) {
    for (const several of bindings.values()) for (const { imported } of several) if (imported !== undefined) add(imported);
  }
  for (const module of starred) add(module);
  return found ?? none;
}

/** Of what a definition imports: `os.path as path` begins with `os`. Empty for a module that stands beside this one. */
export function firstName(imported: string): string {
  return /^\w*/.exec(imported)?.[0] ?? '';
}
