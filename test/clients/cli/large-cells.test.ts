/** Cells of more than a million characters run as under python, and hide no other file from a check. */
import { expect, it } from 'vitest';
import { callHeadwater, emptyFolder, writeNotebook } from './headwater.ts';

const units = 1_200_000;

it.each([
  ['a text', `x = '${'a'.repeat(units)}'\nprint(len(x))`, `${units}\n`],
  ['lines of comments', `x = 7\n${"# don't\n".repeat(units / 8)}print(x)`, '7\n'],
  ['a list', `x = [\n${'  123456789012345678901234567890123456789012345678,\n'.repeat(units / 50)}]\nprint(len(x))`, '24000\n'],
])('%s', { timeout: 60_000 }, async (_, code, printed) => {
  const folder = emptyFolder();
  writeNotebook(folder, 'large.py', `# %%\nprint('first')\n# %%\n${code}\n# %%\nprint(type(x))\n`);
  writeNotebook(folder, 'other.py', '# %%\nprint(nowhere)\n');
  const { stdout, code: exit } = await callHeadwater(['run', 'large.py'], { cwd: folder });
  expect([stdout.startsWith(`first\n${printed}<class`), exit]).toEqual([true, 0]);
  const checked = await callHeadwater(['check', '.'], { cwd: folder });
  expect(checked.stdout).toMatch(/other\.py:2:7: error\[undefined-name\]/);
  expect(checked.stdout).not.toMatch(/large\.py.*error/);
});
