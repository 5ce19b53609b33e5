/** `from __future__ import annotations` counts for a whole percent file, in whichever cell it stands. */
import type { Facts } from './facts.ts';

/** One of the cells has the import (and binds `annotations` in no other way): then no annotation of the file is evaluated, and every cell is analysed with `hasLazyAnnotations`. */
export function hasLazyAnnotations(cells: Iterable<Facts>): boolean {
  for (const facts of cells) {
    for (const { imported } of facts.defs.values()) if (imported?.split(', ').some(isAnnotations)) return true;
  }
  return false;
}

function isAnnotations(imported: string): boolean {
  return imported === '__future__.annotations' || imported.startsWith('__future__.annotations as ');
}
