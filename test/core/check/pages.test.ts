import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rules } from '../../../daemon/core/check/rules.ts';

const pages = join(import.meta.dirname, '..', '..', '..', 'docs', 'problems');

it('has a page for each rule, which begins with its summary, and no other', () => {
  expect(readdirSync(pages).sort()).toEqual(rules.map(({ code }) => `${code}.md`).sort());
  for (const { code, summary } of rules) {
    expect(readFileSync(join(pages, `${code}.md`), 'utf8')).toMatch(`# ${code}\n\n${summary}\n`);
  }
});
