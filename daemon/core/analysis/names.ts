import type { Name } from './facts.ts';

/** Identifiers that differ only in form are one name to Python: `ﬁ` is `fi`. */
export function normalised(identifier: string): Name {
  return isAscii(identifier) ? identifier : identifier.normalize('NFKC');
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** marimo's private names: exactly one leading underscore, and `__` itself. */
export function isCellLocal(name: Name): boolean {
  return name === '__' || (name.startsWith('_') && !name.startsWith('__'));
}

/** Inside `class Point`, Python reads `__x` as `_Point__x`. */
export function mangled(name: Name, className: Name | undefined): Name {
  if (className === undefined || !name.startsWith('__') || name.endsWith('__')) return name;
  const stem = withoutLeadingUnderscores(className);
  return stem === '' ? name : `_${stem}${name}`;
}

function withoutLeadingUnderscores(name: Name): string {
  let i = 0;
  while (name[i] === '_') i++;
  return name.slice(i);
}
