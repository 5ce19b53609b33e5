import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach } from 'vitest';
import { TestDaemon } from './daemon.ts';

/** One daemon for all tests of a file; each test has a folder, sessions and clients of its own. Where life and death are the subject: `TestDaemon.create`. */
export function sharedDaemon(extra: Record<string, string> = {}): TestDaemon {
  const daemon = new TestDaemon(mkdtempSync(join(tmpdir(), 'hw-')), extra);
  beforeEach(() => daemon.enter());
  afterEach(() => daemon.leave());
  afterAll(() => daemon.stop());
  return daemon;
}
