/** Tokens, with which clients are let in. */
import { randomBytes, timingSafeEqual } from 'node:crypto';

const tokenBytes = 32;

export function newToken(): string {
  return randomBytes(tokenBytes).toString('hex');
}

/** In a time that says nothing about where they differ. */
export function tokensEqual(expected: string, given: string | undefined): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given ?? '');
  return a.length === b.length && timingSafeEqual(a, b);
}
